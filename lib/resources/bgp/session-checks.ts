import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { hostProblems, inside, sameAddress, sessionFamily } from './addresses';
import type { BgpPeer, BgpClusterConfigProps } from './cluster';
import { TOR, V4, peerWith } from './example-props';
import { referredName } from '../../resource/references';
import { familySelector, mapsOf, peersOf, sessionsOf } from './sessions';
import type { Session } from './sessions';

type Check = ResourceRule<BgpClusterConfigProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-cluster-configuration';
const GATEWAY = { name: 'tor', peerASN: 65000, peerConfigRef: { name: 'rack' } } as const;

function withPeers(...peers: readonly BgpPeer[]): { readonly props: Pick<BgpClusterConfigProps, 'bgpInstances'> } {
  return { props: { bgpInstances: [{ name: 'rack', localASN: 65010, peers }] } };
}

const good = withPeers(TOR);
const onGateway = withPeers({
  ...GATEWAY,
  autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } },
});

const ADDRESS_CHECKS: readonly Check[] = [
  {
    id: 'bgp-cluster/peer-address',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      sessionsOf(props).flatMap(({ peer, at }) => hostProblems(`${at}.peerAddress`, peer.peerAddress)),
    examples: { bad: withPeers({ ...TOR, peerAddress: ' 10.0.0.1' }), good },
  },
  {
    id: 'bgp-cluster/link-local',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      sessionsOf(props)
        .filter(({ peer: { peerAddress = '' } }) => inside(peerAddress, 'fe80::/10'))
        .map(({ peer: { peerAddress = '' }, at }) => ({
          paths: [`${at}.peerAddress`],
          message: `'${peerAddress}' is there on every link, and without the interface nothing says which is meant: no session is opened.`,
          hint: `Write '${peerAddress}%eth0' with the interface of the nodes, or an address of the network.`,
        })),
    examples: {
      bad: withPeers({ ...TOR, peerAddress: 'fe80::1' }),
      good: withPeers({ ...TOR, peerAddress: 'fe80::1%eth0' }),
    },
  },
  {
    id: 'bgp-cluster/no-address',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      sessionsOf(props)
        .filter(({ peer }) => peer.peerAddress === undefined && peer.autoDiscovery === undefined)
        .map(({ at }) => ({
          paths: [`${at}.peerAddress`],
          message: 'Nothing says where the peer is; Cilium passes over it without a word.',
          hint: "Set `peerAddress`, or `autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } }` for the nodes' gateway.",
        })),
    examples: { bad: withPeers(GATEWAY), good },
  },
  {
    id: 'bgp-cluster/discovery',
    level: 'error',
    docs: `${DOCS.slice(0, DOCS.indexOf('#'))}#auto-discovery`,
    find: ({ props }) =>
      sessionsOf(props)
        .filter(
          ({ peer: { autoDiscovery } }) =>
            autoDiscovery?.mode === 'DefaultGateway' && autoDiscovery.defaultGateway === undefined,
        )
        .map(({ at }) => ({
          paths: [`${at}.autoDiscovery.defaultGateway`],
          message: 'Without a family the agent crashes when it looks for the gateway.',
          hint: "Set `defaultGateway: { addressFamily: 'ipv4' }` or `'ipv6'`.",
        })),
    examples: { bad: withPeers({ ...GATEWAY, autoDiscovery: { mode: 'DefaultGateway' } }), good: onGateway },
  },
  {
    id: 'bgp-cluster/two-addresses',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      sessionsOf(props)
        .filter(({ peer }) => peer.peerAddress !== undefined && peer.autoDiscovery !== undefined)
        .map(({ at }) => ({
          paths: [`${at}.autoDiscovery`, `${at}.peerAddress`],
          message: 'Where an address is given nothing is looked for.',
          hint: 'Leave one of them out.',
        })),
    examples: {
      bad: withPeers({ ...TOR, autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } } }),
      good: onGateway,
    },
  },
  {
    id: 'bgp-cluster/address-twice',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const all = sessionsOf(props);
      return all.flatMap((session, i) => {
        const first = all
          .slice(0, i)
          .find((other) => other.instance === session.instance && sameRouter(other.peer, session.peer));
        return first === undefined ? [] : [twice(session, first)];
      });
    },
    examples: {
      bad: withPeers(TOR, { ...TOR, name: 'other' }),
      good: withPeers(TOR, { ...TOR, name: 'other', peerAddress: '10.0.0.2' }),
    },
  },
];

const CONFIG_CHECKS: readonly Check[] = [
  {
    id: 'bgp-cluster/no-peer-config',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      sessionsOf(props)
        .filter(({ peer }) => (referredName(peer.peerConfigRef) ?? '') === '')
        .map(({ at }) => ({
          paths: [`${at}.peerConfigRef`],
          message: 'To a peer without a config nothing is announced.',
          hint: 'Make a BgpPeerConfig with families and advertisements, and refer to it: `peerConfigRef: peer`.',
        })),
    examples: { bad: withPeers({ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1' }), good },
  },
  {
    id: 'bgp-cluster/unknown-peer-config',
    level: 'warning',
    docs: DOCS,
    find: ({ props, others }) => {
      const known = peersOf(others).map(({ name }) => name);
      return known.length === 0
        ? []
        : sessionsOf(props).flatMap(({ peer, at }) => {
            const name = referredName(peer.peerConfigRef) ?? '';
            if (name === '' || known.includes(name)) return [];
            return [
              {
                paths: [`${at}.peerConfigRef`],
                message: `The app has no BgpPeerConfig '${name}' for this cluster, but ${known.join(', ')}; without it there is no session.`,
                hint: 'Give the BgpPeerConfig itself: `peerConfigRef: peer`.',
              },
            ];
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
    find: ({ props, others }) =>
      sessionsOf(props).flatMap(({ peer, at }) => {
        const config = peersOf(others).find(({ name }) => name === referredName(peer.peerConfigRef));
        const announced = mapsOf(config?.props.families).filter((family) => familySelector(family) !== undefined);
        return otherFamily(
          at,
          peer,
          announced.map(({ afi }) => afi),
        );
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

/** What is checked of the peers of a cluster config. */
export const PEER_SESSION_CHECKS: readonly Check[] = [...ADDRESS_CHECKS, ...CONFIG_CHECKS];

function sameRouter(a: BgpPeer, b: BgpPeer): boolean {
  if (a.peerAddress !== undefined || b.peerAddress !== undefined)
    return sameAddress(a.peerAddress ?? '', b.peerAddress ?? '');
  const [one, other] = [a, b].map(({ autoDiscovery }) => autoDiscovery?.defaultGateway?.addressFamily);
  return one !== undefined && one === other;
}

function twice({ at, peer }: Session, first: Session): Problem {
  const what = peer.peerAddress ?? 'the default gateway';
  return {
    paths: [peer.peerAddress === undefined ? `${at}.autoDiscovery` : `${at}.peerAddress`, first.at],
    message: `'${first.peer.name}' and '${peer.name}' are both ${what}; an instance has one session with an address, and stops at the second.`,
    hint: 'Give each peer an address of its own, and several families to one BgpPeerConfig.',
  };
}

function otherFamily(
  at: string,
  { peerAddress, autoDiscovery }: BgpPeer,
  announced: readonly string[],
): readonly Problem[] {
  const gateway = autoDiscovery?.defaultGateway?.addressFamily;
  const family = sessionFamily(peerAddress) ?? (gateway === undefined ? undefined : gateway === 'ipv6' ? 6 : 4);
  const other = family === 6 ? 'ipv4' : 'ipv6';
  if (family === undefined || !announced.includes(other)) return [];
  const message =
    family === 6
      ? 'IPv4 routes over an IPv6 session have an IPv6 next hop; the router must know extended next hops.'
      : 'IPv6 routes over an IPv4 session have an IPv4 next hop in IPv6 clothes (::ffff:…), which most routers cannot use.';
  return [
    {
      paths: [peerAddress === undefined ? `${at}.autoDiscovery` : `${at}.peerAddress`],
      message,
      hint: `Add a peer with the router's IPv${family === 6 ? '4' : '6'} address and a BgpPeerConfig of its own, unless the router is set up for it.`,
    },
  ];
}
