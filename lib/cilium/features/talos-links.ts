import type { CiliumValues } from '../../../imports/cilium-chart';
import { parseGoRegexp } from '../../helm/go-regexp';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Level, Problem } from '../../rules/rule';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { deviceWords, linksOfNodes, matchesDevice, mayBeMade, selectedLinks } from '../parts/devices';
import { exampleTalos } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';

const BOND = exampleTalos({ given: { links: ['bond0', 'bond0.10'] } });

/** Names of links in Cilium's values, and the links of the nodes where they are known. It contributes nothing and only has rules. */
export const talosLinks: Feature = {
  name: 'talos-links',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/no-device',
      level: levelOfNoDevice,
      find: (ctx) => {
        const without = nodesWithoutDevice(ctx);
        if (without.length === 0) return [];
        const end = needsDevice(ctx)
          ? 'the agent determines no direct routing device and does not start'
          : 'Cilium attaches to none';
        const lists = without.map(({ who, links }) => `${who} (${links.join(', ')})`);
        return problem(
          ['devices', ...without.map(({ path }) => path)],
          `devices, ${deviceWords(ctx.v.devices).join(' ')}, matches none of the links of ${lists.join(' and ')}: ${end}.`,
          'Set devices to links of the nodes, or remove it, so that the agent detects them; or add the link to the list.',
        );
      },
      docs: 'https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free/#nodeport-devices-port-and-bind-settings',
      bad: { devices: 'eth+', kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
      good: { devices: 'bond+', kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 },
      on: BOND,
    }),
    talosRule({
      id: 'talos/unknown-link',
      level: 'warning',
      find: unknownLinks,
      bad: { nodePort: { directRoutingDevice: 'eth0' } } as CiliumValues,
      good: { nodePort: { directRoutingDevice: 'bond0' } } as CiliumValues,
      on: BOND,
    }),
  ],
};

/** Nodes with one list of links. */
interface NodesWithout {
  readonly who: string;
  readonly links: readonly string[];
  /** Where the list is. */
  readonly path: string;
}

/** The nodes that have no link that `devices` selects. */
function nodesWithoutDevice({ v, has, talos }: Context): readonly NodesWithout[] {
  if (talos === undefined || isTruthy(v.forceDeviceDetection)) return [];
  // Before, an exclusion is the name of a device, which does not exist.
  const entries = deviceWords(v.devices).filter((entry) => has('devices-left-out') || !entry.startsWith('!'));
  const positive = entries.filter((entry) => !entry.startsWith('!'));
  if (positive.length === 0 || positive.some(mayBeMade)) return [];
  const found = nodeKindsOf(talos).flatMap(({ name, links }): readonly NodesWithout[] => {
    if (links === undefined || selectedLinks(entries, links).length > 0) return [];
    const role = name === 'workers' ? 'workers' : 'controlPlanes';
    const path = talos.given?.[role]?.links === undefined ? 'talos.links' : `talos.${role}.links`;
    return [{ who: name, links, path }];
  });
  const [first, second] = found;
  return first !== undefined && first.path === second?.path ? [{ ...first, who: 'the nodes' }] : found;
}

function levelOfNoDevice(ctx: Context): Level {
  return needsDevice(ctx) ? 'error' : 'warning';
}

/** Whether the agent ends without a direct routing device (`AreDevicesRequired`). */
function needsDevice({ v, facts, has }: Context): boolean {
  return (
    facts.kubeProxyReplacement === 'true' ||
    isTruthy(v.hostFirewall.enabled) ||
    isTruthy(v.encryption.enabled) ||
    isTruthy(v.l2announcements.enabled) ||
    // From 1.19 on.
    (has('devices-left-out') && isTruthy(v.bpf.masquerade))
  );
}

/** Values that name a link which no node has. */
function unknownLinks(ctx: Context): readonly Problem[] {
  const { v, talos } = ctx;
  const links = linksOfNodes(talos);
  if (links === undefined) return [];
  const isUnknown = (entry: string): boolean => !mayBeMade(entry) && !links.some((link) => matchesDevice(entry, link));
  const found = (path: string, names: readonly string[], end: string): readonly Problem[] =>
    names.length === 0
      ? []
      : [
          problem(
            [path, 'talos.links'],
            `No node has a link '${names.join("', '")}' (${links.join(', ')}): ${end}.`,
            'Use a link of the nodes, or add it to links of the Talos cluster.',
          ),
        ];
  const named = (path: string, value: unknown, end: string): readonly Problem[] =>
    found(path, deviceWords(value).filter(isUnknown), end);
  const { l2podAnnouncements: pods, encryption, nodePort } = v;
  const isMissing = nodesWithoutDevice(ctx).length > 0;
  return [
    // Lists of patterns for several machines are usual.
    ...(isMissing
      ? []
      : found(
          'devices',
          deviceWords(v.devices).filter((entry) => !/^!|\+$/.test(entry) && isUnknown(entry)),
          'Cilium attaches to the others only',
        )),
    ...named('nodePort.directRoutingDevice', nodePort.directRoutingDevice, 'the agent uses that of the node address'),
    ...(v.egressMasqueradeInterfaces === undefined
      ? []
      : named(
          'egressMasqueradeInterfaces',
          v.egressMasqueradeInterfaces,
          'packets of pods leave the node without being masqueraded',
        )),
    ...(isTruthy(encryption.enabled) && encryption.type === 'ipsec'
      ? named('encryption.ipsec.interface', encryption.ipsec.interface, 'the agent finds no link to encrypt')
      : []),
    ...(isTruthy(pods.enabled) ? unannouncedPods(ctx, links, found) : []),
  ];
}

function unannouncedPods(
  { v: { l2podAnnouncements: pods } }: Context,
  links: readonly string[],
  found: (path: string, names: readonly string[], end: string) => readonly Problem[],
): readonly Problem[] {
  const end = 'pods are announced on none';
  const pattern = pods.interfacePattern ?? '';
  if (pattern !== '') {
    const regexp = parseGoRegexp(pattern);
    const isIdle = 'matches' in regexp && !links.some((link) => regexp.matches(link));
    return found('l2podAnnouncements.interfacePattern', isIdle ? [pattern] : [], end);
  }
  const name = pods.interface ?? '';
  return found('l2podAnnouncements.interface', name === '' || links.includes(name) ? [] : [name], end);
}
