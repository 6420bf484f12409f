import type { CiliumBGPPeerConfigFamily, CiliumBGPPeerConfigSpec } from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import type { Json } from '../../kubernetes/json';
import { isMap } from '../../kubernetes/json';
import { MAP } from '../../kubernetes/object-shape';
import type { LabelSelector } from '../../kubernetes/selector';
import { propFindings } from '../../props/check';
import { nearest } from '../../rules/nearest';
import { checked, either, listOf, needed, props, text } from '../../props/shape';
import { isPlain } from '../../rules/words';
import { PEER_CHECKS } from './peer-checks';
import { CONSTRUCT, referredName } from '../../resource/references';
import { selectorOf } from './references';
import { mapsOf } from './sessions';
import type { BgpReference } from './references';
import { BGP_DOCS, CONTROL_PLANE, ON, V4 } from './example-props';

/** An address family of a session, and what is announced in it. */
export interface BgpFamily extends Omit<CiliumBGPPeerConfigFamily, 'advertisements'> {
  /**
   * What is announced: BgpAdvertisements, as constructs or names, or Cilium's own selector over the labels of advertisements.
   * A reference relies on the label that the construct `BgpAdvertisement` writes; for advertisements made otherwise take a selector.
   * @default - nothing
   */
  readonly advertisements?: readonly BgpReference[] | LabelSelector;
}

/** A Secret: its name, or an object of it, such as an `ApiObject`. */
export type BgpSecret =
  | string
  | {
      readonly name: string;
      readonly namespace?: string;
      readonly metadata?: { readonly namespace?: string };
    };

/** Props of `BgpPeerConfig`. */
export interface BgpPeerConfigProps
  extends ClusterResourceProps, Omit<CiliumBGPPeerConfigSpec, 'authSecretRef' | 'families'> {
  /**
   * The Secret whose key `password` protects the sessions (TCP MD5), in the namespace `bgpControlPlane.secretsNamespace.name`.
   * While it is missing, agents try without a password.
   * @default - no password
   */
  readonly authSecretRef?: BgpSecret;
  /** What the sessions carry: `ipv4` and `ipv6` with `unicast`. @default - both, and nothing is announced */
  readonly families?: readonly BgpFamily[];
  /**
   * The router keeps the routes of a node while its agent restarts, for as long as the agent needs to come back.
   * @default - off: they are withdrawn with each restart
   */
  readonly gracefulRestart?: NonNullable<CiliumBGPPeerConfigSpec['gracefulRestart']>;
  /** How many hops a peer with another AS number may be away. @default 1 */
  readonly ebgpMultihop?: number;
  /** In seconds. Keep-alives at a third of the hold time are usual. @default - 90 hold, 30 keep-alive, 120 retry */
  readonly timers?: NonNullable<CiliumBGPPeerConfigSpec['timers']>;
}

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

/** Something with a name, be it misspelt; what is otherwise no reference a rule tells of. */
const ADVERTISEMENT = checked('a BgpAdvertisement or its name', (value, at) =>
  isPlain(value) && Object.keys(value).some((name) => nearest(name, ['name']) !== undefined)
    ? propFindings('bgp-peer', value, NAMED, at)
    : [],
);

/** References, or a selector, which the schema judges. */
const ADVERTISEMENTS = either(listOf(ADVERTISEMENT), MAP);

/** How nodes talk to routers: CiliumBGPPeerConfig. */
export const bgpPeer = resourceKind<BgpPeerConfigProps>({
  api: ciliumApi('CiliumBGPPeerConfig'),
  subject: 'bgp-peer',
  docs: `${BGP_DOCS}#bgp-peer-configuration`,
  example: { props: { families: [V4] }, values: ON },
  needs: [CONTROL_PLANE],
  selectors: [{ path: 'families[].advertisements', over: 'labels' }],
  families: {
    of: ({ props: { families } }) =>
      mapsOf(families).flatMap(({ afi }, i) =>
        afi === 'ipv4' || afi === 'ipv6' ? [{ at: `families[${String(i)}]`, family: afi === 'ipv4' ? 4 : 6 }] : [],
      ),
    effect: 'there are no addresses of this family to announce',
    example: { families: [V4, { ...V4, afi: 'ipv6' }] },
  },
  elsewhere: {
    namespace: 'Leave it out: peer configs belong to no namespace.',
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
  rules: PEER_CHECKS,
});

function family(written: Json): Json {
  if (!isMap(written) || !Array.isArray(written.advertisements)) return written;
  return {
    ...written,
    advertisements: selectorOf(written.advertisements as readonly BgpReference[]) as Json | undefined,
  };
}
