import { listOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { nodesOf } from './setting';
import type { ClusterRule, ClusterWith, NodeSetting, OnNodes } from './setting';
import { TALOS_MINORS } from './versions';
import type { VipSetting } from './vip';

export interface LinksSetting {
  /**
   * Names of the links (network interfaces) that the nodes have, `['bond0', 'eth0.10']`, as `talosctl get links` shows them; not every node
   * has each. It changes no patch: with it, names and patterns in Cilium's values and resources that match no link are found. Aliases
   * (`LinkAliasConfig`) are not names to Cilium.
   * @default - unknown
   */
  readonly links?: readonly string[];
}

/** What Linux allows as the name of a link. */
const LONGEST = 15;

type LinksCluster = ClusterWith<OnNodes<LinksSetting> & VipSetting>;

const RULES: readonly ClusterRule<LinksCluster>[] = [
  {
    id: 'talos-cluster/link',
    level: 'error',
    find: (talos) =>
      nodesOf<LinksSetting>(talos).flatMap(({ place, props: { links: own } }) => [
        ...(own?.length === 0
          ? [problem(`talos.${place}links`, 'The list is empty.', 'Name at least one link, or leave it out.')]
          : []),
        ...(own ?? []).flatMap((name, i) => nameProblem(`talos.${place}links[${String(i)}]`, name)),
      ]),
    examples: { bad: { links: ['eth+'] }, good: { links: ['eth0', 'bond0.10'] } },
  },
  {
    id: 'talos-cluster/vip-unknown-link',
    level: 'warning',
    find: ({ given }) => {
      const { link } = given.vip ?? {};
      const list = given.controlPlanes?.links ?? given.links;
      if (link === undefined || list === undefined || list.includes(link)) return [];
      const place = given.controlPlanes?.links === undefined ? 'links' : 'controlPlanes.links';
      return problem(
        ['talos.vip.link', `talos.${place}`],
        `No control plane has a link '${link}', so none gets the virtual IP, unless it is an alias.`,
        `Use one of ${list.join(', ')}, or add the link to the list.`,
      );
    },
    examples: {
      bad: { links: ['eth0'], vip: { ip: '192.168.0.5', link: 'eth1' } },
      good: { links: ['eth0'], vip: { ip: '192.168.0.5', link: 'eth0' } },
    },
  },
];

/** Which links the nodes have. */
export const links: NodeSetting<LinksSetting, object, ClusterWith<VipSetting>> = {
  name: 'links',
  nodeShape: { links: listOf(text) },
  elsewhere: { interfaces: 'Write `links`.' },
  since: TALOS_MINORS[0],
  sections: [],
  wanted: () => false,
  section: () => [],
  documents: () => [],
  rules: RULES,
};

function nameProblem(path: string, name: string): Problem | readonly Problem[] {
  if (/[+*?^$[\](){}|\\]/.test(name)) {
    return problem(path, `'${name}' is a pattern, not the name of a link.`, 'Name each link: eth0, eth1.');
  }
  if (!/^[^\s/:]+$/.test(name) || ['.', '..'].includes(name) || Buffer.byteLength(name) > LONGEST) {
    return problem(
      path,
      `'${name}' is not a valid link name.`,
      `Write it as eth0 or bond0.10, at most ${String(LONGEST)} bytes.`,
    );
  }
  return [];
}
