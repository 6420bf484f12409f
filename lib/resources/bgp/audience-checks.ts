import type { ResourceRule } from '../../resource/kind';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { classOf, isLoadBalancer, selectableLabels } from '../load-balancer/services';
import type { BgpAdvertisementProps } from './advertisement';
import { clusterWith, peerWith } from './example-props';
import { announcing, routesOf } from './routes';
import { allAre, announces, mapsOf, peersOf, sessionsWith } from './sessions';

type Check = ResourceRule<BgpAdvertisementProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-advertisements';
const LOAD_BALANCERS = {
  advertisementType: 'Service',
  service: { addresses: ['LoadBalancerIP'] },
  selector: 'all',
} as const;
const good = { props: { advertisements: [LOAD_BALANCERS] } } as const;
const SERVICE: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
  spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
};
const blue = {
  props: { advertisements: [{ ...LOAD_BALANCERS, selector: { matchLabels: { bgp: 'blue' } } }] },
} as const;
const preferred = {
  props: { name: 'pods', advertisements: [{ advertisementType: 'PodCIDR', attributes: { localPreference: 200 } }] },
} as const;

const SERVICE_CHECKS: readonly Check[] = [
  {
    id: 'bgp-advertisement/no-service',
    level: 'warning',
    docs: DOCS,
    find: ({ props, services }) => {
      const candidates = services.filter(
        (one) => isLoadBalancer(one) && [undefined, 'io.cilium/bgp-control-plane'].includes(classOf(one)),
      );
      if (candidates.length === 0) return [];
      return announcing(props, 'LoadBalancerIP')
        .filter(({ routes: { selector } }) => selector !== undefined && selector !== 'all')
        .filter(({ routes }) => !candidates.some((one) => selects(routes.selector as object, selectableLabels(one))))
        .map(({ at }) => ({
          paths: [at.replace(/service\.addresses$/, 'selector')],
          message: `The selector matches none of the app's ${String(candidates.length)} Services that could be announced.`,
          hint: "Match the labels of the Services, `io.kubernetes.service.namespace` and `io.kubernetes.service.name`, or write `selector: 'all'`.",
        }));
    },
    examples: { bad: { ...blue, services: [SERVICE] }, good: { ...good, services: [SERVICE] } },
  },
];

const PEER_CHECKS: readonly Check[] = [
  {
    id: 'bgp-advertisement/no-peer',
    level: 'warning',
    docs: DOCS,
    find: ({ name, props, others }) => {
      const peers = peersOf(others);
      if (
        peers.length === 0 ||
        peers.some((peer) => mapsOf(peer.props.families).some((family) => announces(family, { name, props })))
      ) {
        return [];
      }
      return [
        {
          paths: ['name'],
          message: `No BgpPeerConfig of the app refers to the advertisement '${name}', so nothing of it is announced.`,
          hint: "Add it to `families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [ … ] }]` of a BgpPeer.",
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, name: 'services' }, others: [peerWith(['pods'])] },
      good: { props: { ...good.props, name: 'services' }, others: [peerWith(['services'])] },
    },
  },
  {
    id: 'bgp-advertisement/preference-outside',
    level: 'warning',
    docs: DOCS,
    find: ({ name, props, others }) => {
      const peers = peersOf(others).filter((peer) =>
        mapsOf(peer.props.families).some((family) => announces(family, { name, props })),
      );
      const sessions = peers.flatMap((peer) => sessionsWith(peer.name, others));
      if (!allAre('external', sessions, others)) return [];
      return routesOf(props)
        .filter(({ routes }) => routes.attributes?.localPreference !== undefined)
        .map(({ at }) => ({
          paths: [`${at}.attributes.localPreference`],
          message: 'All peers that it is announced to have another AS number; a local preference stays within one.',
          hint: 'Leave it out; communities or the router can set it on their side.',
        }));
    },
    examples: {
      bad: { ...preferred, others: [peerWith(['pods']), clusterWith(65000)] },
      good: { ...preferred, others: [peerWith(['pods']), clusterWith(65010)] },
    },
  },
];

/** What is checked of advertisements together with what they meet: Services, peers and clusters of the app. */
export const AUDIENCE_CHECKS: readonly Check[] = [...SERVICE_CHECKS, ...PEER_CHECKS];
