import { LOAD_BALANCERS, clusterWith, peerWith } from './examples';
import { allAre, announces, announcing, peersOf, referredNames, sessionsWith } from './model';
import { ADVERTISEMENT_LABEL, advertisementLabels } from './references';
import type { AdvertisementRule } from './model';
import { problem } from '../../rules/rule';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { copyHint, selectableLabels, servicesOfClass, servicesSelected } from '../load-balancer/services';

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

const SERVICE_RULES: readonly AdvertisementRule[] = [
  {
    id: 'bgp-advertisement/no-service',
    level: 'warning',
    find: ({ model, services }) => {
      const candidates = servicesOfClass(services, 'io.cilium/bgp-control-plane');
      if (candidates.length === 0) return [];
      return announcing(model, 'LoadBalancerIP')
        .filter(({ routes: { selector } }) => selector !== undefined && selector !== 'all')
        .filter(
          ({ routes }) =>
            servicesSelected(services, 'io.cilium/bgp-control-plane', routes.selector as object).length === 0,
        )
        .map(({ at, routes: { selector } }) =>
          problem(
            at.replace(/service\.addresses$/, 'selector'),
            `The selector matches none of the app's ${String(candidates.length)} Services that could be announced.`,
            copyHint(candidates, (one) => selects(selector as object, selectableLabels(one))) ??
              "Match the labels of the Services, `io.kubernetes.service.namespace` and `io.kubernetes.service.name`, or write `selector: 'all'`.",
          ),
        );
    },
    examples: { bad: { ...blue, services: [SERVICE] }, good: { ...good, services: [SERVICE] } },
  },
];

const PEER_RULES: readonly AdvertisementRule[] = [
  {
    id: 'bgp-advertisement/no-peer',
    level: 'warning',
    find: ({ name, props, others }) => {
      const peers = peersOf(others);
      const label = advertisementLabels(name, props.metadata?.labels)?.[ADVERTISEMENT_LABEL];
      if (
        peers.length === 0 ||
        (label !== undefined && others.ofCluster(referredNames).has(label)) ||
        peers.some(({ model: { families } }) => families.some((one) => announces(one, { name, props })))
      )
        return undefined;
      return problem(
        'name',
        `No BgpPeerConfig of the app refers to the advertisement '${name}', so it is not announced.`,
        "Add it to `families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [ … ] }]` of a BgpPeerConfig.",
      );
    },
    examples: {
      bad: { props: { ...good.props, name: 'services' }, others: [peerWith(['pods'])] },
      good: { props: { ...good.props, name: 'services' }, others: [peerWith(['services'])] },
    },
  },
  {
    id: 'bgp-advertisement/preference-outside',
    level: 'warning',
    find: ({ name, props, model, others }) => {
      const preferring = model.routes.filter(({ routes }) => routes.attributes?.localPreference !== undefined);
      if (preferring.length === 0) return [];
      const peers = peersOf(others).filter(({ model: { families } }) =>
        families.some((one) => announces(one, { name, props })),
      );
      const sessions = peers.flatMap((peer) => sessionsWith(peer.name, others));
      if (!allAre('external', sessions, others)) return [];
      return preferring.map(({ at }) =>
        problem(
          `${at}.attributes.localPreference`,
          'All its peers have another AS number; a local preference stays within one.',
          'Leave it out; communities or the router can set it on their side.',
        ),
      );
    },
    examples: {
      bad: { ...preferred, others: [peerWith(['pods']), clusterWith(65000)] },
      good: { ...preferred, others: [peerWith(['pods']), clusterWith(65010)] },
    },
  },
];

/** Rules of advertisements with the Services, peers and clusters of the app. */
export const AUDIENCE_RULES: readonly AdvertisementRule[] = [...SERVICE_RULES, ...PEER_RULES];
