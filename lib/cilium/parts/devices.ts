import type { TalosFacts } from '../../talos/cluster/facts';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';

/**
 * The network devices in the value `devices`. `undefined` when the agent detects them, or with patterns
 * (`eth+`, `!eth1`), which only the agent can resolve.
 */
export function deviceNames(devices: unknown): readonly string[] | undefined {
  const names = deviceWords(devices);
  return names.length === 0 || names.some((name) => name.includes('+') || name.startsWith('!')) ? undefined : names;
}

/** The names and patterns (`eth+`, `!eth1`) of the value `devices`; none when the agent detects them. */
export function deviceWords(devices: unknown): readonly string[] {
  const words = Array.isArray(devices) ? devices : typeof devices === 'string' ? devices.split(/[\s,]+/) : [];
  return words.map(String).filter((word) => word !== '');
}

/** Links that Linux, Talos, Cilium and other programs of nodes make, which a list of links need not name. */
const MADE = /^(lo|dummy\d*|kubespan|siderolink|cilium_.+|lxc.+|veth.*|vrf.*|wg\d+|tailscale\d+)$/;

/** Whether the agent takes a link by an entry of `devices`, `eth0` or `eth+`. */
export function matchesDevice(entry: string, link: string): boolean {
  return entry.endsWith('+') ? link.startsWith(entry.replace(/\++$/, '')) : link === entry;
}

/** Whether nodes may have a link that an entry of `devices` names, besides those in a list. */
export function mayBeMade(entry: string): boolean {
  const name = entry.replace(/\++$/, '');
  return MADE.test(name) || (entry.endsWith('+') && ['', 'dummy', 'veth', 'vrf', 'wg', 'tailscale'].includes(name));
}

/** The links that the agent selects by `devices`: the first entry that matches decides. All of them when it detects devices. */
export function selectedLinks(devices: unknown, links: readonly string[]): readonly string[] {
  const entries = deviceWords(devices);
  if (entries.length === 0) return links;
  return links.filter((link) => {
    const first = entries.find((entry) => matchesDevice(entry.replace(/^!/, ''), link));
    return first !== undefined && !first.startsWith('!');
  });
}

/** The links of all nodes of a Talos cluster; `undefined` where those of some are unknown. */
export function linksOfNodes(talos: TalosFacts | undefined): readonly string[] | undefined {
  if (talos === undefined) return undefined;
  const lists = nodeKindsOf(talos).map(({ links }) => links);
  return lists.includes(undefined) ? undefined : [...new Set(lists.flatMap((list) => list ?? []))];
}
