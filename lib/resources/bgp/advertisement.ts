import { readAdvertisement } from './model';
import type { AdvertisementModel } from './model';
import type { BgpAdvertisementProps } from './props';
import { ADVERTISEMENT_RULES } from './advertisement-rules';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import type { LabelExpression } from '../../kubernetes/selector';
import { BGP_DOCS, CONTROL_PLANE, LOAD_BALANCERS, ON } from './examples';

/** Keys that every Service and every pool has: they select all. */
const ALL: Readonly<Record<string, LabelExpression>> = {
  Service: { key: 'io.kubernetes.service.name', operator: 'Exists' },
  CiliumPodIPPool: { key: 'io.cilium.podippool.name', operator: 'Exists' },
};

/** Routes to announce: CiliumBGPAdvertisement. */
export const bgpAdvertisement = resourceKind<BgpAdvertisementProps, AdvertisementModel>({
  api: ciliumApi('CiliumBGPAdvertisement'),
  construct: 'BgpAdvertisement',
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
    namespace: 'Leave it out: advertisements are cluster-scoped.',
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
  read: readAdvertisement,
  rules: ADVERTISEMENT_RULES,
});

function written(routes: Json): Json {
  if (!isMap(routes) || routes.selector !== 'all') return routes;
  const every = ALL[String(routes.advertisementType)];
  return { ...routes, selector: every && { matchExpressions: [every as unknown as Json] } };
}
