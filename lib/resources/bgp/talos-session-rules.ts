import { problem } from '../../rules/rule';
import { TALOS_BGP_PORT } from '../../talos/cluster/bgp-model';
import type { BgpNodes, BgpPairing } from '../../talos/cluster/bgp-model';
import type { Context } from '../../cilium/context';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import type { LabelSelector } from '../../kubernetes/selector';
import { mapsOf } from '../../resource/each';
import type { Others } from '../../resource/kind';
import { isSameAddress, readHost } from './addresses';
import { ON, V4 } from './examples';
import { peersOf, renumbered } from './model';
import type { ClusterRule, PeerRule } from './model';
import type { BgpClusterConfigProps, BgpInstance, BgpPeer } from './props';
import {
  CLUSTER_WITH_TALOS,
  TALOS_BGP_DOCS,
  TALOS_PEER,
  WITH_TALOS_BGP,
  hasLocalAddress,
  ownPairingsAt,
  pairingsAt,
  talosBgpOf,
  talosSessionsWith,
} from './talos';

const HERE = { talos: WITH_TALOS_BGP, values: ON, version: '1.19.6' } as const;
const CAPABLE = {
  ...ON,
  securityContext: { capabilities: { ciliumAgent: ['NET_ADMIN', 'NET_BIND_SERVICE', 'SYS_ADMIN'] } },
} as const;

function clusterWith(peer: Partial<BgpPeer> = {}, instance: Partial<BgpInstance> = {}): ClusterExample {
  return {
    ...HERE,
    props: {
      bgpInstances: [{ name: 'talos', localASN: 4200000003, ...instance, peers: [{ ...TALOS_PEER, ...peer }] }],
    },
  };
}

type ClusterExample = ClusterRule['examples']['bad'];
type PeerExample = PeerRule['examples']['bad'];

const goodCluster = clusterWith();

/** Rules of cluster configs with the BGP instances of Talos on the same nodes. */
export const TALOS_CLUSTER_RULES: readonly ClusterRule[] = [
  {
    id: 'bgp-cluster/talos-asn',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ model, cilium, others, props }) => {
      const overridden = renumbered(others);
      return model.sessions.flatMap(({ at, instance, peer, address }) => {
        const { pairings, areAll } = pairingsOn(props, pairingsAt(address, cilium));
        const { peerASN = 0 } = peer;
        const localASN = overridden.includes(instance.name) ? undefined : instance.localASN;
        const otherwise = pairings.filter((one) => peerASN !== 0 && one.localASN !== peerASN);
        const unexpected = pairings.filter((one) => localASN !== undefined && one.peerASN !== localASN);
        // Where a selector may select either role, one that agrees is enough.
        const certain = (wrong: readonly BgpPairing[]): readonly BgpPairing[] =>
          areAll || wrong.length === pairings.length ? wrong.slice(0, 1) : [];
        return [
          ...certain(otherwise).map((one) =>
            problem(
              [`${at}.peerASN`, `${one.at}.localASN`],
              `Talos has the AS number ${String(one.localASN)} in this session, not ${String(peerASN)}.`,
              `Write \`peerASN: ${String(one.localASN)}\`, or make the resources with \`TalosBgpPeering\`.`,
            ),
          ),
          ...certain(unexpected).map((one) =>
            problem(
              [`${at.replace(/\.peers\[\d+\]$/, '')}.localASN`, `${one.at}.peerASN`],
              `Talos expects Cilium with the AS number ${String(one.peerASN)}, not ${String(localASN)}.`,
              `Write \`localASN: ${String(one.peerASN)}\`, or make the resources with \`TalosBgpPeering\`.`,
            ),
          ),
        ];
      });
    },
    examples: { bad: clusterWith({ peerASN: 65001 }), good: goodCluster },
  },
  {
    id: 'bgp-cluster/talos-own-address',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ model, cilium }) =>
      model.sessions.flatMap(({ at, address }) =>
        ownPairingsAt(address, cilium)
          .slice(0, 1)
          .map((pairing) =>
            problem(
              [`${at}.peerAddress`, `${pairing.at}.network`],
              `${pairing.ciliumAddress} is Cilium's own end of the veth pair.`,
              `Write \`peerAddress: '${pairing.talosAddress}'\`, the end of Talos.`,
            ),
          ),
      ),
    examples: { bad: clusterWith({ peerAddress: '169.254.179.0' }), good: goodCluster },
  },
  {
    id: 'bgp-cluster/talos-listens',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ model, cilium, props }) => {
      const nodes = sharedNodes(props, cilium);
      if (nodes.length === 0) return [];
      return model.instances
        .filter(({ instance }) => instance.localPort === TALOS_BGP_PORT)
        .map(({ at }) =>
          problem(
            [`${at}.localPort`, `${nodes[0]?.at ?? ''}.fabric`],
            `The BGP instance of Talos listens on port ${String(TALOS_BGP_PORT)} of the node, so Cilium's cannot.`,
            'Leave it out: Cilium opens the sessions.',
          ),
        );
    },
    examples: {
      bad: { ...clusterWith({}, { localPort: 179 }), values: CAPABLE },
      good: clusterWith({}, { localPort: 1790 }),
    },
  },
  {
    id: 'bgp-cluster/talos-same-router',
    level: 'warning',
    docs: TALOS_BGP_DOCS,
    find: ({ model, cilium, props, others }) => {
      const neighbors = sharedNodes(props, cilium).flatMap(({ at, props: { fabric } }) =>
        fabric.neighbors.flatMap(({ address }, i) => readHost(`${at}.fabric.neighbors[${String(i)}]`, address) ?? []),
      );
      return model.sessions.flatMap(({ at, address, peerConfig }) => {
        const neighbor = address && neighbors.find((one) => isSameAddress(one, address));
        if (neighbor === undefined || hasOwnSource(peerConfig, others)) return [];
        return problem(
          [`${at}.peerAddress`, `${neighbor.at}.address`],
          `Talos and Cilium both open a session with ${neighbor.text}; from one address of a node a router accepts one.`,
          'Let one of them peer with it: give Cilium the session with Talos (`bgp.workload`, `TalosBgpPeering`).',
        );
      });
    },
    examples: { bad: clusterWith({ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1' }), good: goodCluster },
  },
];

/** The sessions of the nodes that a cluster config selects, and whether it certainly selects all of these. */
function pairingsOn(
  { nodeSelector }: BgpClusterConfigProps,
  pairings: readonly BgpPairing[],
): { readonly pairings: readonly BgpPairing[]; readonly areAll: boolean } {
  const role = roleOf(nodeSelector);
  const selected = pairings.filter(({ output }) => role === undefined || output === 'all' || output === role);
  return { pairings: selected, areAll: role !== undefined || nodeSelector === undefined };
}

/** The role that a selector is for; `undefined` when it may select both. */
function roleOf(selector: LabelSelector | undefined): 'controlplane' | 'worker' | undefined {
  if (selector?.matchLabels?.[CONTROL_PLANE_LABEL] !== undefined) return 'controlplane';
  const operators = mapsOf(selector?.matchExpressions)
    .filter(({ key }) => key === CONTROL_PLANE_LABEL)
    .map(({ operator }) => operator);
  if (operators.includes('DoesNotExist')) return 'worker';
  return operators.includes('Exists') ? 'controlplane' : undefined;
}

/** The nodes with BGP instances of Talos that a cluster config certainly selects too. */
function sharedNodes({ nodeSelector }: BgpClusterConfigProps, cilium: Context | undefined): readonly BgpNodes[] {
  const nodes = talosBgpOf(cilium);
  const areAll = nodes.length > 1 || nodes.some(({ output }) => output === 'all');
  const role = roleOf(nodeSelector);
  if (areAll || nodeSelector === undefined) return nodes;
  return nodes.filter(({ output }) => output === role);
}

/** Whether sessions with a peer config have an address of a link of their own as source. */
function hasOwnSource(peerConfig: string, others: Others): boolean {
  return peersOf(others).some(
    ({ name, props: { transport } }) => name === peerConfig && transport?.sourceInterface !== undefined,
  );
}

function peerWith(config: Partial<PeerExample['props']> = {}): PeerExample {
  return { ...HERE, props: { name: 'rack', families: [V4], ...config }, others: [CLUSTER_WITH_TALOS] };
}

const goodPeer = peerWith({ transport: { peerPort: 179, sourceInterface: 'veth-workload' } });

/** Rules of peer configs of sessions with Talos. */
export const TALOS_PEER_RULES: readonly PeerRule[] = [
  {
    id: 'bgp-peer/talos-port',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ name, props, others, cilium }) => {
      const { peerPort = TALOS_BGP_PORT } = props.transport ?? {};
      if (peerPort === TALOS_BGP_PORT || talosSessionsWith(name, others, cilium).length === 0) return [];
      return problem(
        'transport.peerPort',
        `Talos listens on port ${String(TALOS_BGP_PORT)} only, not on ${String(peerPort)}.`,
        'Leave it out.',
      );
    },
    examples: { bad: peerWith({ transport: { peerPort: 1790 } }), good: goodPeer },
  },
  {
    id: 'bgp-peer/talos-password',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ name, props: { authSecretRef }, others, cilium }) =>
      authSecretRef === undefined || talosSessionsWith(name, others, cilium).length === 0
        ? []
        : problem(
            'authSecretRef',
            'BGP instances of Talos have no passwords, so a session with one is never established.',
            'Leave it out: the session stays within the node.',
          ),
    examples: { bad: peerWith({ authSecretRef: 'bgp-password' }), good: goodPeer },
  },
  {
    id: 'bgp-peer/talos-source',
    level: 'error',
    docs: TALOS_BGP_DOCS,
    find: ({ name, props, others, cilium }) => {
      const { sourceInterface } = props.transport ?? {};
      if (sourceInterface === undefined) return [];
      return talosSessionsWith(name, others, cilium)
        .filter(
          ({ session, pairings }) =>
            pairings.every(({ link }) => link !== sourceInterface) && !hasLocalAddress(session, others),
        )
        .slice(0, 1)
        .map(({ pairings: [first] }) =>
          problem(
            ['transport.sourceInterface', `${first?.at ?? ''}.link`],
            `Talos accepts sessions from ${first?.ciliumAddress ?? ''} only, which is not an address of ${sourceInterface}.`,
            `Write \`sourceInterface: '${first?.link ?? ''}'\`.`,
          ),
        );
    },
    examples: { bad: peerWith({ transport: { sourceInterface: 'veth-router' } }), good: goodPeer },
  },
  {
    id: 'bgp-peer/talos-graceful-restart',
    level: 'warning',
    docs: TALOS_BGP_DOCS,
    find: ({ name, props: { gracefulRestart }, others, cilium }) =>
      gracefulRestart?.enabled !== true || talosSessionsWith(name, others, cilium).length === 0
        ? []
        : problem(
            'gracefulRestart.enabled',
            'BGP instances of Talos do not negotiate graceful restart: routes are withdrawn while the agent restarts.',
            'Leave it out.',
          ),
    examples: { bad: peerWith({ gracefulRestart: { enabled: true } }), good: goodPeer },
  },
  {
    id: 'bgp-peer/talos-family',
    level: 'warning',
    docs: TALOS_BGP_DOCS,
    find: ({ name, model, others, cilium }) => {
      const announced: readonly string[] = model.families
        .filter(({ selector }) => selector !== undefined)
        .map(({ family }) => family.afi);
      if (announced.length === 0) return [];
      const prefixes = talosSessionsWith(name, others, cilium).flatMap(({ pairings }) =>
        pairings.flatMap((one) => one.prefixes),
      );
      return [4, 6].flatMap((family) => {
        const afi = `ipv${String(family)}`;
        const missed = prefixes.find(({ network }) => network?.family === family);
        if (missed === undefined || announced.includes(afi)) return [];
        return problem(
          ['families', missed.at],
          `Talos imports ${missed.text}, and the sessions announce no routes of ${afi}/unicast.`,
          `Add \`{ afi: '${afi}', safi: 'unicast', advertisements: [ … ] }\`, or leave the prefix out.`,
        );
      });
    },
    examples: { bad: peerWith({ families: [{ ...V4, afi: 'ipv6' }] }), good: goodPeer },
  },
];
