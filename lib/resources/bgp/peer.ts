import { readPeer } from './model';
import type { PeerModel } from './model';
import type { BgpPeerConfigProps, BgpReference, BgpSecret } from './props';
import { PEER_RULES } from './peer-rules';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import { MAP } from '../../kubernetes/object-shape';
import { propFindings } from '../../props/check';
import { nearest } from '../../rules/nearest';
import { checked, either, listOf, needed, props, text } from '../../props/shape';
import { isPlain } from '../../rules/words';
import { CONSTRUCT, referredName } from '../../resource/references';
import { selectorOf } from './references';
import { BGP_DOCS, CONTROL_PLANE, ON, V4 } from './examples';

type NamedSecret = Exclude<BgpSecret, string>;

const SECRET = either(
  either(
    text,
    props<NamedSecret>({
      name: needed(text),
      namespace: text,
      metadata: props<NonNullable<NamedSecret['metadata']>>({ namespace: text }),
    }),
  ),
  CONSTRUCT,
);

const NAMED = props<{ readonly name: string }>({ name: needed(text) });

/** Something with a name, even misspelt; a rule reports anything else. */
const ADVERTISEMENT = checked('a BgpAdvertisement or its name', (value, at) =>
  isPlain(value) && Object.keys(value).some((name) => nearest(name, ['name']) !== undefined)
    ? propFindings('bgp-peer', value, NAMED, at)
    : [],
);

/** References, or a selector, which the schema judges. */
const ADVERTISEMENTS = either(listOf(ADVERTISEMENT), MAP);

/** Session settings: CiliumBGPPeerConfig. */
export const bgpPeer = resourceKind<BgpPeerConfigProps, PeerModel>({
  api: ciliumApi('CiliumBGPPeerConfig'),
  construct: 'BgpPeerConfig',
  subject: 'bgp-peer',
  docs: `${BGP_DOCS}#bgp-peer-configuration`,
  example: { props: { families: [V4] }, values: ON },
  needs: [CONTROL_PLANE],
  selectors: [{ path: 'families[].advertisements', over: 'labels' }],
  families: {
    of: ({ model }) =>
      model.families.flatMap(({ at, family: { afi } }) =>
        afi === 'ipv4' || afi === 'ipv6' ? [{ at, family: afi === 'ipv4' ? 4 : 6 }] : [],
      ),
    effect: 'there are no addresses of this family to announce',
    example: { families: [V4, { ...V4, afi: 'ipv6' }] },
  },
  elsewhere: {
    namespace: 'Leave it out: peer configs are cluster-scoped.',
    advertisements: 'They belong into one of `families`.',
    peerAddress: 'It belongs to a peer of a BgpClusterConfig.',
    peerASN: 'It belongs to a peer of a BgpClusterConfig.',
    password: 'Put it into a Secret and name that in `authSecretRef`.',
    localPort: 'It belongs to an instance of a BgpClusterConfig.',
    'transport.localPort': 'It belongs to an instance of a BgpClusterConfig.',
    holdTimeSeconds: 'Write `timers: { holdTimeSeconds: … }`.',
    keepAliveTimeSeconds: 'Write `timers: { keepAliveTimeSeconds: … }`.',
    ebgpMultihopTTL: 'It is called `ebgpMultihop`.',
    eBGPMultihopTTL: 'It is called `ebgpMultihop`.',
  },
  forms: [
    ['authSecretRef', SECRET],
    ['families[].advertisements', ADVERTISEMENTS],
  ],
  body: (fields, { authSecretRef }) => ({
    spec: {
      ...fields,
      authSecretRef: referredName(authSecretRef) ?? fields.authSecretRef,
      families: Array.isArray(fields.families) ? fields.families.map(family) : fields.families,
    },
  }),
  read: readPeer,
  rules: PEER_RULES,
});

function family(written: Json): Json {
  if (!isMap(written) || !Array.isArray(written.advertisements)) return written;
  return {
    ...written,
    advertisements: selectorOf(written.advertisements as readonly BgpReference[]) as Json | undefined,
  };
}
