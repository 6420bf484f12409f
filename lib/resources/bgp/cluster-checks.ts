import type { ResourceRule } from '../../resource/kind';
import { asnProblems, listenProblems } from './numbers';
import type { BgpClusterConfigProps } from './cluster';
import { ON, TOR } from './example-props';
import { PEER_SESSION_CHECKS } from './session-checks';
import { clustersOf, instancesOf, mapsOf, overridesOf } from './sessions';

type Check = ResourceRule<BgpClusterConfigProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-cluster-configuration';
const RACK = { name: 'rack', localASN: 65010, peers: [TOR] } as const;
const good = { props: { bgpInstances: [RACK] } } as const;
const rackOne = { nodeSelector: { matchLabels: { rack: 'one' } } } as const;

const INSTANCE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-cluster/no-asn',
    level: 'error',
    docs: DOCS,
    find: ({ props, others }) => {
      const given = overridesOf(others)
        .flatMap((override) => mapsOf(override.props.bgpInstances))
        .filter(({ localASN }) => localASN !== undefined)
        .map(({ name }) => name);
      return instancesOf(props)
        .filter(({ instance: { name, localASN } }) => localASN === undefined && !given.includes(name))
        .map(({ at }) => ({
          paths: [`${at}.localASN`],
          message: 'Without an AS number of its own no node starts the instance.',
          hint: 'Set `localASN`, such as 64512; a BgpNodeConfigOverride can still give a node another one.',
        }));
    },
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', peers: [TOR] }] } }, good },
  },
  {
    id: 'bgp-cluster/reserved-asn',
    level: 'warning',
    docs: 'https://www.iana.org/assignments/as-numbers',
    find: ({ props }) =>
      instancesOf(props).flatMap(({ instance, at }) => [
        ...asnProblems(`${at}.localASN`, instance.localASN),
        ...mapsOf(instance.peers).flatMap(({ peerASN }, i) =>
          asnProblems(`${at}.peers[${String(i)}].peerASN`, peerASN),
        ),
      ]),
    examples: { bad: { props: { bgpInstances: [{ ...RACK, localASN: 65535 }] } }, good },
  },
  {
    id: 'bgp-cluster/listen',
    level: 'error',
    docs: DOCS,
    find: ({ props, cilium }) =>
      instancesOf(props).flatMap(({ instance: { localPort }, at }) =>
        listenProblems(`${at}.localPort`, localPort, cilium),
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
    docs: DOCS,
    find: ({ props }) => {
      const all = instancesOf(props);
      return all.flatMap(({ instance: { localPort }, at }, i) => {
        const first = all
          .slice(0, i)
          .find(({ instance }) => localPort !== undefined && instance.localPort === localPort);
        if (first === undefined) return [];
        return [
          {
            paths: [`${at}.localPort`, `${first.at}.localPort`],
            message: `Two instances of a node cannot both listen on port ${String(localPort)}.`,
            hint: 'Give each a port of its own, or leave it out: then nodes open all sessions.',
          },
        ];
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
    docs: DOCS,
    find: ({ props }) =>
      instancesOf(props)
        .filter(({ instance }) => mapsOf(instance.peers).length === 0)
        .map(({ at }) => ({
          paths: [`${at}.peers`],
          message:
            'The instance has no peers, so it talks to nobody: Cilium takes no sessions of routers that it does not know.',
          hint: 'Write `peers: [{ name, peerASN, peerAddress, peerConfigRef }]`.',
        })),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localASN: 65010 }] } }, good },
  },
];

const CLUSTER_WIDE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-cluster/same-nodes',
    level: 'error',
    docs: DOCS,
    find: ({ props, earlier }) =>
      clustersOf(earlier)
        .filter((other) => sameNodes(props, other.props))
        .map((other) => ({
          paths: ['nodeSelector'],
          message: `The BgpClusterConfig '${other.name}' selects the same nodes; a node listens to one of them, and the other does nothing there.`,
          hint: 'Make one of them, with an instance or peers more, or tell the nodes apart by labels.',
        })),
    examples: {
      bad: { props: { ...good.props, ...rackOne }, others: [{ subject: 'bgp-cluster', props: good.props }] },
      good: {
        props: { ...good.props, ...rackOne },
        others: [{ subject: 'bgp-cluster', props: { ...good.props, nodeSelector: { matchLabels: { rack: 'two' } } } }],
      },
    },
  },
];

/** What is checked of cluster configs, beyond their shape. */
export const CLUSTER_CHECKS: readonly Check[] = [...INSTANCE_CHECKS, ...PEER_SESSION_CHECKS, ...CLUSTER_WIDE_CHECKS];

/** Whether two selectors share nodes for certain: they are the same, or one of them selects all. */
function sameNodes(one: BgpClusterConfigProps, other: BgpClusterConfigProps): boolean {
  const [a, b] = [one, other].map(({ nodeSelector = {} }) => conditions(nodeSelector));
  return a === '' || b === '' || a === b;
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
