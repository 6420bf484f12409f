import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { hostProblems, sessionFamily } from './addresses';
import { ON, clusterWith } from './example-props';
import type { BgpNodeConfigOverrideProps } from './node-override';
import { asnProblems, listenProblems } from './numbers';
import { clustersOf, instancesOf, mapsOf, overridesOf, sessionsOf } from './sessions';

type Check = ResourceRule<BgpNodeConfigOverrideProps>;
type Instance = BgpNodeConfigOverrideProps['bgpInstances'][number];
type Peer = NonNullable<Instance['peers']>[number];

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-configuration-override';
const good = { props: { bgpInstances: [{ name: 'rack', routerID: '10.255.0.1' }] } } as const;
const others = [clusterWith(65000)];

function withPeer(peer: Peer): { readonly props: Pick<BgpNodeConfigOverrideProps, 'bgpInstances'> } {
  return { props: { bgpInstances: [{ name: 'rack', peers: [peer] }] } };
}

const NAME_CHECKS: readonly Check[] = [
  {
    id: 'bgp-node-override/unknown-instance',
    level: 'warning',
    docs: DOCS,
    find: ({ props, others }) => {
      const known = clustersOf(others)
        .flatMap((cluster) => mapsOf(cluster.props.bgpInstances))
        .map(({ name }) => name);
      return instancesOf(props)
        .filter(({ instance: { name } }) => known.length > 0 && !known.includes(name))
        .map(({ instance: { name }, at }) => ({
          paths: [`${at}.name`],
          message: `No BgpClusterConfig of the app has an instance '${name}', but ${known.join(', ')}; Cilium passes over it.`,
          hint: 'Write the name that the instance has in the BgpClusterConfig.',
        }));
    },
    examples: {
      bad: { props: { bgpInstances: [{ name: 'rak', routerID: '10.255.0.1' }] }, others },
      good: { ...good, others },
    },
  },
  {
    id: 'bgp-node-override/unknown-peer',
    level: 'warning',
    docs: DOCS,
    find: ({ props, others }) => {
      const sessions = clustersOf(others).flatMap((cluster) => sessionsOf(cluster.props));
      return peersOf(props).flatMap(({ instance, peer, at }) => {
        const known = sessions
          .filter((session) => session.instance.name === instance.name)
          .map((session) => session.peer.name);
        if (known.length === 0 || known.includes(peer.name)) return [];
        return [
          {
            paths: [`${at}.name`],
            message: `The instance '${instance.name}' has no peer '${peer.name}', but ${known.join(', ')}; Cilium passes over it.`,
            hint: 'Write the name that the peer has in the BgpClusterConfig.',
          },
        ];
      });
    },
    examples: {
      bad: { ...withPeer({ name: 'tor-1', localAddress: '10.0.0.11' }), others },
      good: { ...withPeer({ name: 'tor', localAddress: '10.0.0.11' }), others },
    },
  },
];

const VALUE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-node-override/reserved-asn',
    level: 'warning',
    docs: 'https://www.iana.org/assignments/as-numbers',
    find: ({ props }) =>
      instancesOf(props).flatMap(({ instance, at }) => asnProblems(`${at}.localASN`, instance.localASN)),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localASN: 23456 }] } }, good },
  },
  {
    id: 'bgp-node-override/listen',
    level: 'error',
    docs: DOCS,
    find: ({ props, cilium }) =>
      instancesOf(props).flatMap(({ instance: { localPort }, at }) =>
        listenProblems(`${at}.localPort`, localPort, cilium),
      ),
    examples: {
      bad: { props: { bgpInstances: [{ name: 'rack', localPort: 179 }] }, values: ON },
      good: { props: { bgpInstances: [{ name: 'rack', localPort: 1790 }] }, values: ON },
    },
  },
  {
    id: 'bgp-node-override/port',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      instancesOf(props)
        .filter(({ instance: { localPort = 1 } }) => localPort < 1 || localPort > 65535)
        .map(({ instance: { localPort }, at }) => ({
          paths: [`${at}.localPort`],
          message: `${String(localPort)} is no port.`,
          hint: 'Write a number from 1 to 65535.',
        })),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', localPort: 70000 }] } }, good },
  },
  {
    id: 'bgp-node-override/peer-port',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      peersOf(props)
        .filter(({ peer }) => peer.localPort !== undefined)
        .map(({ at }) => ({
          paths: [`${at}.localPort`],
          message: 'Cilium reads no port of its own side for single peers.',
          hint: 'Leave it out, or set `localPort` of the instance.',
        })),
    examples: { bad: withPeer({ name: 'tor', localPort: 1790 }), good },
  },
  {
    id: 'bgp-node-override/local-address',
    level: 'error',
    docs: DOCS,
    find: ({ props, others }) => {
      const sessions = clustersOf(others).flatMap((cluster) => sessionsOf(cluster.props));
      return peersOf(props).flatMap(({ instance, peer, at }) => {
        const wrong = hostProblems(`${at}.localAddress`, peer.localAddress);
        const session = sessions.find((one) => one.instance.name === instance.name && one.peer.name === peer.name);
        return wrong.length > 0
          ? wrong
          : familyProblems(`${at}.localAddress`, peer.localAddress, session?.peer.peerAddress);
      });
    },
    examples: {
      bad: { ...withPeer({ name: 'tor', localAddress: 'fd00::11' }), others },
      good: { ...withPeer({ name: 'tor', localAddress: '10.0.0.11' }), others },
    },
  },
  {
    id: 'bgp-node-override/router-id',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      instancesOf(props).flatMap(({ instance, at }) => hostProblems(`${at}.routerID`, instance.routerID)),
    examples: { bad: { props: { bgpInstances: [{ name: 'rack', routerID: '0.0.0.0' }] } }, good },
  },
  {
    id: 'bgp-node-override/router-id-twice',
    level: 'warning',
    docs: DOCS,
    find: ({ props, earlier }) => {
      const taken = overridesOf(earlier).flatMap((override) =>
        mapsOf(override.props.bgpInstances).map(({ routerID }) => ({ routerID, where: `the node '${override.name}'` })),
      );
      const own = instancesOf(props);
      return own.flatMap(({ instance: { routerID }, at }, i) => {
        const before = own
          .slice(0, i)
          .map(({ instance }) => ({ routerID: instance.routerID, where: `the instance '${instance.name}'` }));
        const first = [...taken, ...before].find((other) => routerID !== undefined && other.routerID === routerID);
        if (first === undefined) return [];
        return [
          {
            paths: [`${at}.routerID`],
            message: `The router id ${routerID ?? ''} is that of ${first.where}, too; routers take two speakers with one id for the same.`,
            hint: 'Give each a router id of its own.',
          },
        ];
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'bgp-node-override', props: { name: 'worker-2', ...good.props } }] },
      good: {
        ...good,
        others: [
          {
            subject: 'bgp-node-override',
            props: { name: 'worker-2', bgpInstances: [{ name: 'rack', routerID: '10.255.0.2' }] },
          },
        ],
      },
    },
  },
];

/** What is checked of node overrides, beyond their shape. */
export const OVERRIDE_CHECKS: readonly Check[] = [...NAME_CHECKS, ...VALUE_CHECKS];

function peersOf(
  props: BgpNodeConfigOverrideProps,
): readonly { readonly instance: Instance; readonly peer: Peer; readonly at: string }[] {
  return instancesOf(props).flatMap(({ instance, at }) =>
    mapsOf(instance.peers).map((peer, i) => ({ instance, peer, at: `${at}.peers[${String(i)}]` })),
  );
}

function familyProblems(at: string, local: string | undefined, remote: string | undefined): readonly Problem[] {
  const [own, theirs] = [sessionFamily(local), sessionFamily(remote)];
  if (own === undefined || theirs === undefined || own === theirs) return [];
  return [
    {
      paths: [at],
      message: `A session with ${remote ?? ''} cannot come from ${local ?? ''}.`,
      hint: `Give an IPv${String(theirs)} address of the node.`,
    },
  ];
}
