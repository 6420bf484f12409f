import type { CiliumBGPAdvertisementAdvertisement } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import type { LabelExpression, LabelSelector } from '../../kubernetes/selector';
import { ADVERTISEMENT_CHECKS } from './advertisement-checks';
import { BGP_DOCS, CONTROL_PLANE, LOAD_BALANCERS, ON } from './example-props';

/** Routes to announce. Each type has one field of its own: `service`, `interface`, or for pools and services `selector`. */
export interface BgpRoutes extends Omit<CiliumBGPAdvertisementAdvertisement, 'selector'> {
  /**
   * Which Services, or which CiliumPodIPPools, are announced: `all`, or a selector. Beside labels,
   * `io.kubernetes.service.name`, `io.kubernetes.service.namespace` and `io.cilium.podippool.name` are known as keys.
   * Services and pools need one: without it Cilium announces none.
   */
  readonly selector?: 'all' | LabelSelector;
}

/** Props of `BgpAdvertisement`. */
export interface BgpAdvertisementProps extends ClusterResourceProps {
  /** What nodes announce to the peers whose config refers to this advertisement. */
  readonly advertisements: readonly BgpRoutes[];
}

/** Keys that Cilium gives to every Service and every pool: what has them is every one. */
const ALL: Readonly<Record<string, LabelExpression>> = {
  Service: { key: 'io.kubernetes.service.name', operator: 'Exists' },
  CiliumPodIPPool: { key: 'io.cilium.podippool.name', operator: 'Exists' },
};

/** Routes that nodes announce: CiliumBGPAdvertisement. */
export const bgpAdvertisement = resourceKind<BgpAdvertisementProps>({
  api: ciliumApi('CiliumBGPAdvertisement'),
  subject: 'bgp-advertisement',
  docs: `${BGP_DOCS}#bgp-advertisements`,
  example: { props: { advertisements: [LOAD_BALANCERS] }, values: ON },
  needs: [CONTROL_PLANE],
  selectors: [
    {
      path: 'advertisements[].selector',
      over: ({ advertisementType }) => (advertisementType === 'Service' ? 'services' : 'labels'),
    },
  ],
  elsewhere: {
    namespace: 'Leave it out: advertisements belong to no namespace.',
    labels: 'Labels stand in `metadata: { labels: { … } }`; references from a BgpPeerConfig need none.',
    selector: 'It belongs into each of `advertisements`.',
    'advertisements[].serviceSelector': 'It is called `selector`.',
    'advertisements[].addresses': 'Write `service: { addresses: [ … ] }`.',
    service: 'It belongs into one of `advertisements`.',
    advertisementType: 'Write `advertisements: [{ advertisementType: … }]`.',
    families: 'They belong to a BgpPeerConfig, which refers to this advertisement.',
  },
  body: (fields) => ({
    spec: {
      ...fields,
      advertisements: Array.isArray(fields.advertisements) ? fields.advertisements.map(written) : fields.advertisements,
    },
  }),
  rules: ADVERTISEMENT_CHECKS,
});

function written(routes: Json): Json {
  if (!isMap(routes) || routes.selector !== 'all') return routes;
  const every = ALL[String(routes.advertisementType)];
  return { ...routes, selector: every && { matchExpressions: [every as unknown as Json] } };
}
