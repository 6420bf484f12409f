import { ON, TOR } from './examples';
import { groupedBy } from '../../kubernetes/groups';
import { mapsOf } from '../../resource/each';
import type { Others, ReadResource } from '../../resource/kind';
import { othersOfGroup } from '../../resource/sharing';
import { someOf } from '../../rules/words';
import { clustersOf, renumbered } from './model';
import type { ClusterModel, ClusterRule } from './model';
import type { BgpClusterConfigProps } from './props';
import { PEER_SESSION_RULES } from './session-rules';
import { problem } from '../../rules/rule';
import { asnProblem, listenProblem } from './numbers';
import { TALOS_CLUSTER_RULES } from './talos-session-rules';

const RACK = { name: 'rack', localASN: 65010, peers: [TOR] } as const;
const good = { props: { bgpInstances: [RACK] } } as const;
const rackOne = { nodeSelector: { matchLabels: { rack: 'one' } } } as const;

const INSTANCE_RULES: readonly ClusterRule[] = [
  {
    id: 'bgp-cluster/no-asn',
    level: 'warning',
    find: ({ model, others }) => {
      const given = renumbered(others);
      return model.instances
        .filter(({ instance: { name, localASN } }) => localASN === undefined && !given.includes(name))
        .map(({ at }) =>
          problem(
            `${at}.localASN`,
            'Without a local AS number no node starts the instance.',
            'Set `localASN`, such as 64512; a BgpNodeConfigOverride can still give a node another one.',
          ),
        );
    },
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', peers: [TOR] }] } }, good },
  },
  {
    id: 'bgp-cluster/reserved-asn',
    level: 'warning',
    docs: 'https://www.iana.org/assignments/as-numbers',
    find: ({ model }) =>
      [
        ...model.instances.map(({ instance, at }) => ({ at: `${at}.localASN`, asn: instance.localASN })),
        ...model.sessions.map(({ peer, at }) => ({ at: `${at}.peerASN`, asn: peer.peerASN })),
      ].flatMap(({ at, asn }) => asnProblem(at, asn) ?? []),
    examples: { bad: { props: { bgpInstances: [{ ...RACK, localASN: 65535 }] } }, good },
  },
  {
    id: 'bgp-cluster/listen',
    level: 'warning',
    find: ({ model, cilium }) =>
      model.instances.flatMap(
        ({ instance: { localPort }, at }) => listenProblem(`${at}.localPort`, localPort, cilium) ?? [],
      ),
    examples: {
      bad: { props: { bgpInstances: [{ ...RACK, localPort: 179 }] }, values: ON },
      good: {
        props: { bgpInstances: [{ ...RACK, localPort: 179 }] },
        values: {
          ...ON,
          securityContext: { capabilities: { ciliumAgent: ['NET_ADMIN', 'NET_BIND_SERVICE', 'SYS_ADMIN'] } },
        },
      },
    },
  },
  {
    id: 'bgp-cluster/port-twice',
    level: 'error',
    find: ({ model }) => {
      const all = model.instances;
      return all.flatMap(({ instance: { localPort }, at }, i) => {
        const first = all
          .slice(0, i)
          .find(({ instance }) => localPort !== undefined && instance.localPort === localPort);
        if (first === undefined) return [];
        return problem(
          [`${at}.localPort`, `${first.at}.localPort`],
          `Two instances of a node cannot both listen on port ${String(localPort)}.`,
          'Give each another port, or leave it out: then nodes open all sessions.',
        );
      });
    },
    examples: {
      bad: {
        props: {
          bgpInstances: [
            { ...RACK, localPort: 1790 },
            { name: 'other', localASN: 65020, localPort: 1790, peers: [TOR] },
          ],
        },
      },
      good: {
        props: {
          bgpInstances: [
            { ...RACK, localPort: 1790 },
            { name: 'other', localASN: 65020, localPort: 1791, peers: [TOR] },
          ],
        },
      },
    },
  },
  {
    id: 'bgp-cluster/no-peers',
    level: 'warning',
    find: ({ model }) =>
      model.instances
        .filter(({ instance }) => mapsOf(instance.peers).length === 0)
        .map(({ at }) =>
          problem(
            `${at}.peers`,
            'The instance has no peers, and Cilium accepts no sessions from unknown ones.',
            'Write `peers: [{ name, peerASN, peerAddress, peerConfigRef }]`.',
          ),
        ),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localASN: 65010 }] } }, good },
  },
];

const CLUSTER_WIDE_RULES: readonly ClusterRule[] = [
  {
    id: 'bgp-cluster/same-nodes',
    level: 'error',
    find: (subject) => {
      const group = subject.others.ofCluster(clustersByNodes).get(conditions(subject.props.nodeSelector ?? {}));
      const others = othersOfGroup(subject, group).map(({ name }) => `'${name}'`);
      return (
        others.length > 0 &&
        problem(
          'nodeSelector',
          others.length === 1
            ? `The BgpClusterConfig ${someOf(others)} selects the same nodes; a node uses only one of them.`
            : `The BgpClusterConfigs ${someOf(others)} select the same nodes; a node uses only one of them.`,
          'Unite them, or select different nodes by labels.',
        )
      );
    },
    examples: {
      bad: { props: { ...good.props, ...rackOne }, others: [{ subject: 'bgp-cluster', props: good.props }] },
      good: {
        props: { ...good.props, ...rackOne },
        others: [{ subject: 'bgp-cluster', props: { ...good.props, nodeSelector: { matchLabels: { rack: 'two' } } } }],
      },
    },
  },
];

/** Rules of cluster configs. */
export const CLUSTER_RULES: readonly ClusterRule[] = [
  ...INSTANCE_RULES,
  ...PEER_SESSION_RULES,
  ...CLUSTER_WIDE_RULES,
  ...TALOS_CLUSTER_RULES,
];

type Cluster = ReadResource<BgpClusterConfigProps, ClusterModel>;

/** Cluster configs that certainly share nodes, by their selectors: those are the same, or one of them selects all. */
function clustersByNodes(all: Others): ReadonlyMap<string, readonly Cluster[]> {
  const clusters = clustersOf(all);
  const bySelector = groupedBy(clusters, ({ props }) => conditions(props.nodeSelector ?? {}));
  return bySelector.has('') ? new Map([...bySelector.keys()].map((key) => [key, clusters])) : bySelector;
}

function conditions({
  matchLabels = {},
  matchExpressions = [],
}: NonNullable<BgpClusterConfigProps['nodeSelector']>): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => JSON.stringify([key, 'In', [value]]));
  const expressions = mapsOf(matchExpressions).map(({ key, operator, values = [] }) =>
    JSON.stringify([key, operator, [...values].sort()]),
  );
  return [...labels, ...expressions].sort().join();
}
