import { hostProblems, isAmbiguous, isSameAddress } from './addresses';
import { BGP_DOCS, TOR, V4, peerWith } from './examples';
import { peersByName, peersOf } from './model';
import type { ClusterRule, Session } from './model';
import type { BgpClusterConfigProps, BgpPeer } from './props';
import { pairingsAt } from './talos';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';

const GATEWAY = { name: 'tor', peerASN: 65000, peerConfigRef: { name: 'rack' } } as const;

function withPeers(...peers: readonly BgpPeer[]): { readonly props: Pick<BgpClusterConfigProps, 'bgpInstances'> } {
  return { props: { bgpInstances: [{ name: 'rack', localASN: 65010, peers }] } };
}

const good = withPeers(TOR);
const onGateway = withPeers({
  ...GATEWAY,
  autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } },
});

const ADDRESS_RULES: readonly ClusterRule[] = [
  {
    id: 'bgp-cluster/peer-address',
    level: 'error',
    find: ({ model }) => model.sessions.flatMap(({ address }) => hostProblems(address)),
    examples: { bad: withPeers({ ...TOR, peerAddress: ' 10.0.0.1' }), good },
  },
  {
    id: 'bgp-cluster/link-local',
    level: 'warning',
    find: ({ model }) =>
      model.sessions.flatMap(({ address }) =>
        address !== undefined && isAmbiguous(address)
          ? problem(
              address.at,
              `'${address.text}' is link-local; without the interface no session is opened.`,
              `Write '${address.text}%eth0' with the interface of the nodes, or an address of the network.`,
            )
          : [],
      ),
    examples: {
      bad: withPeers({ ...TOR, peerAddress: 'fe80::1' }),
      good: withPeers({ ...TOR, peerAddress: 'fe80::1%eth0' }),
    },
  },
  {
    id: 'bgp-cluster/no-address',
    level: 'error',
    find: ({ model }) =>
      model.sessions
        .filter(({ peer }) => peer.peerAddress === undefined && peer.autoDiscovery === undefined)
        .map(({ at }) =>
          problem(
            `${at}.peerAddress`,
            'The peer has no address; Cilium ignores it silently.',
            "Set `peerAddress`, or `autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } }` for the nodes' gateway.",
          ),
        ),
    examples: { bad: withPeers(GATEWAY), good },
  },
  {
    id: 'bgp-cluster/discovery',
    level: 'error',
    docs: `${BGP_DOCS}#auto-discovery`,
    find: ({ model }) =>
      model.sessions
        .filter(
          ({ peer: { autoDiscovery } }) =>
            autoDiscovery?.mode === 'DefaultGateway' && autoDiscovery.defaultGateway === undefined,
        )
        .map(({ at }) =>
          problem(
            `${at}.autoDiscovery.defaultGateway`,
            'Without a family the agent crashes when it looks for the gateway.',
            "Set `defaultGateway: { addressFamily: 'ipv4' }` or `'ipv6'`.",
          ),
        ),
    examples: { bad: withPeers({ ...GATEWAY, autoDiscovery: { mode: 'DefaultGateway' } }), good: onGateway },
  },
  {
    id: 'bgp-cluster/two-addresses',
    level: 'warning',
    find: ({ model }) =>
      model.sessions
        .filter(({ peer }) => peer.peerAddress !== undefined && peer.autoDiscovery !== undefined)
        .map(({ at }) =>
          problem(
            [`${at}.autoDiscovery`, `${at}.peerAddress`],
            'With an address auto-discovery has no effect.',
            'Leave one of them out.',
          ),
        ),
    examples: {
      bad: withPeers({ ...TOR, autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } } }),
      good: onGateway,
    },
  },
  {
    id: 'bgp-cluster/address-twice',
    level: 'error',
    find: ({ model }) => {
      const all = model.sessions;
      return all.flatMap((session, i) => {
        const first = all
          .slice(0, i)
          .find((other) => other.instance === session.instance && isSamePeer(other, session));
        return first === undefined ? [] : [twice(session, first)];
      });
    },
    examples: {
      bad: withPeers(TOR, { ...TOR, name: 'other' }),
      good: withPeers(TOR, { ...TOR, name: 'other', peerAddress: '10.0.0.2' }),
    },
  },
];

const CONFIG_RULES: readonly ClusterRule[] = [
  {
    id: 'bgp-cluster/no-peer-config',
    level: 'warning',
    find: ({ model }) =>
      model.sessions
        .filter(({ peerConfig }) => peerConfig === '')
        .map(({ at }) =>
          problem(
            `${at}.peerConfigRef`,
            'Nothing is announced to a peer without a config.',
            'Make a BgpPeerConfig with families and advertisements, and refer to it: `peerConfigRef: peer`.',
          ),
        ),
    examples: { bad: withPeers({ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1' }), good },
  },
  {
    id: 'bgp-cluster/unknown-peer-config',
    level: 'warning',
    find: ({ model, others }) => {
      const known = others.ofCluster(peersByName);
      return known.size === 0
        ? []
        : model.sessions.flatMap(({ peerConfig: name, at }) => {
            if (name === '' || known.has(name)) return [];
            return problem(
              `${at}.peerConfigRef`,
              `The app has no BgpPeerConfig '${name}' for this cluster, only ${peersOf(others)
                .map((one) => one.name)
                .join(', ')}; without it there is no session.`,
              'Give the BgpPeerConfig itself: `peerConfigRef: peer`.',
            );
          });
    },
    examples: {
      bad: { ...withPeers({ ...TOR, peerConfigRef: 'rak' }), others: [peerWith(V4.advertisements)] },
      good: { ...good, others: [peerWith(V4.advertisements)] },
    },
  },
  {
    id: 'bgp-cluster/other-family',
    level: 'warning',
    docs: 'https://www.rfc-editor.org/rfc/rfc8950',
    find: ({ model, others, cilium }) =>
      model.sessions.flatMap((session) => {
        // Talos keeps the routes in its RIB, and announces them with its own next hop.
        if (pairingsAt(session.address, cilium).length > 0) return [];
        const config = others.ofCluster(peersByName).get(session.peerConfig);
        const announced = (config?.model.families ?? []).filter(({ selector }) => selector !== undefined);
        const families = announced.map(({ family: { afi } }) => afi);
        return otherFamily(session, families) ?? [];
      }),
    examples: {
      bad: {
        ...withPeers({ ...TOR, peerAddress: 'fd00::1' }),
        others: [peerWith(V4.advertisements)],
      },
      good: {
        ...withPeers({ ...TOR, peerAddress: 'fd00::1' }),
        others: [{ subject: 'bgp-peer', props: { name: 'rack', families: [{ ...V4, afi: 'ipv6' }] } }],
      },
    },
  },
];

/** Rules of the peers of a cluster config. */
export const PEER_SESSION_RULES: readonly ClusterRule[] = [...ADDRESS_RULES, ...CONFIG_RULES];

function isSamePeer(a: Session, b: Session): boolean {
  if (a.address !== undefined && b.address !== undefined) return isSameAddress(a.address, b.address);
  const [one, other] = [a, b].map(({ peer }) => peer.autoDiscovery?.defaultGateway?.addressFamily);
  return a.address === b.address && one !== undefined && one === other;
}

function twice({ at, peer, address }: Session, first: Session): Problem {
  return problem(
    [address === undefined ? `${at}.autoDiscovery` : address.at, first.at],
    `'${first.peer.name}' and '${peer.name}' are both ${address?.text ?? 'the default gateway'}; an instance has one session with an address, and stops at the second.`,
    'Give each peer another address, and several families to one BgpPeerConfig.',
  );
}

function otherFamily({ at, address, family }: Session, announced: readonly string[]): Problem | undefined {
  if (family === undefined || !announced.includes(family === 6 ? 'ipv4' : 'ipv6')) return undefined;
  return problem(
    address === undefined ? `${at}.autoDiscovery` : address.at,
    family === 6
      ? 'IPv4 routes over an IPv6 session have an IPv6 next hop; the router must support extended next hops.'
      : 'IPv6 routes over an IPv4 session have an IPv4-mapped next hop (::ffff:…), which most routers cannot use.',
    `Add a peer with the router's IPv${family === 6 ? '4' : '6'} address and another BgpPeerConfig, unless the router is set up for it.`,
  );
}
