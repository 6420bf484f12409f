import type { Problem } from '../../rules/rule';
import type { ResourceRule, Subject } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { isDnsSubdomain } from '../../kubernetes/names';
import { ON, V4, clusterWith } from './example-props';
import { FAMILY_CHECKS } from './family-checks';
import type { BgpPeerConfigProps, BgpSecret } from './peer';
import { referredName } from '../../resource/references';
import { allAre, clustersOf, sessionsWith } from './sessions';

type Check = ResourceRule<BgpPeerConfigProps>;

const DOCS =
  'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/#bgp-peer-configuration';
const good = { props: { families: [V4] } } as const;

/** What Cilium takes where nothing is said; the API server fills it in before it compares. */
const HOLD_SECONDS = 90;
const KEEP_ALIVE_SECONDS = 30;

const SESSION_CHECKS: readonly Check[] = [
  {
    id: 'bgp-peer/timers',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const { hold, keepAlive, said } = timersOf(props);
      if (!said || keepAlive <= hold) return [];
      return [
        {
          paths: ['timers.keepAliveTimeSeconds', 'timers.holdTimeSeconds'],
          message: `Keep-alives every ${String(keepAlive)} seconds come too late for a hold time of ${String(hold)}; the API server refuses that.`,
          hint: `Set \`keepAliveTimeSeconds: ${String(third(hold))}\`.`,
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, timers: { holdTimeSeconds: 9 } } },
      good: { props: { ...good.props, timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 } } },
    },
  },
  {
    id: 'bgp-peer/slow-keep-alive',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) => {
      const { hold, keepAlive, said } = timersOf(props);
      if (!said || keepAlive > hold || keepAlive * 3 <= hold) return [];
      return [
        {
          paths: ['timers.keepAliveTimeSeconds', 'timers.holdTimeSeconds'],
          message: `With keep-alives every ${String(keepAlive)} seconds and a hold time of ${String(hold)} a session ends when one or two are lost.`,
          hint: `Set \`keepAliveTimeSeconds: ${String(third(hold))}\`, a third of the hold time.`,
        },
      ];
    },
    examples: {
      bad: { props: { ...good.props, timers: { holdTimeSeconds: 30, keepAliveTimeSeconds: 20 } } },
      good: { props: { ...good.props, timers: { holdTimeSeconds: 30, keepAliveTimeSeconds: 10 } } },
    },
  },
  {
    id: 'bgp-peer/multihop-inside',
    level: 'warning',
    docs: DOCS,
    find: ({ name, props: { ebgpMultihop = 1 }, others }) =>
      ebgpMultihop > 1 && allAre('internal', sessionsWith(name, others), others)
        ? [
            {
              paths: ['ebgpMultihop'],
              message: 'All peers with this config have the AS number of the nodes; there it does nothing.',
              hint: 'Leave it out: sessions within one AS have no limit of hops.',
            },
          ]
        : [],
    examples: {
      bad: { props: { ...good.props, name: 'rack', ebgpMultihop: 4 }, others: [clusterWith(65010)] },
      good: { props: { ...good.props, name: 'rack', ebgpMultihop: 4 }, others: [clusterWith(65000)] },
    },
  },
  {
    id: 'bgp-peer/secret-name',
    level: 'error',
    docs: DOCS,
    find: ({ props: { authSecretRef } }) => {
      const name = referredName(authSecretRef);
      return name === undefined || isDnsSubdomain(name)
        ? []
        : [
            {
              paths: ['authSecretRef'],
              message: `'${name}' is no name of a Secret.`,
              hint: 'Give the name of a Secret that has the password under the key `password`.',
            },
          ];
    },
    examples: {
      bad: { props: { ...good.props, authSecretRef: 'Pass word' } },
      good: { props: { ...good.props, authSecretRef: { name: 'bgp-password' } } },
    },
  },
  {
    id: 'bgp-peer/secret-namespace',
    level: 'error',
    docs: DOCS,
    find: secretProblems,
    examples: {
      bad: { props: { ...good.props, authSecretRef: { name: 'bgp-password', namespace: 'default' } }, values: ON },
      good: { props: { ...good.props, authSecretRef: { name: 'bgp-password', namespace: 'kube-system' } }, values: ON },
    },
  },
  {
    id: 'bgp-peer/unused',
    level: 'warning',
    docs: DOCS,
    find: ({ name, others }) =>
      clustersOf(others).length === 0 || sessionsWith(name, others).length > 0
        ? []
        : [
            {
              paths: ['name'],
              message: `No BgpClusterConfig of the app has a peer with the config '${name}'.`,
              hint: 'Refer to it: `peers: [{ …, peerConfigRef: peer }]`.',
            },
          ],
    examples: {
      bad: { props: { ...good.props, name: 'spare' }, others: [clusterWith(65000)] },
      good: { props: { ...good.props, name: 'rack' }, others: [clusterWith(65000)] },
    },
  },
];

/** What is checked of peer configs, beyond their shape. */
export const PEER_CHECKS: readonly Check[] = [...SESSION_CHECKS, ...FAMILY_CHECKS];

function timersOf({ timers }: BgpPeerConfigProps): {
  readonly hold: number;
  readonly keepAlive: number;
  readonly said: boolean;
} {
  const { holdTimeSeconds: hold = HOLD_SECONDS, keepAliveTimeSeconds: keepAlive = KEEP_ALIVE_SECONDS } = timers ?? {};
  return { hold, keepAlive, said: timers !== undefined };
}

function third(seconds: number): number {
  return Math.max(1, Math.floor(seconds / 3));
}

function secretProblems({ props: { authSecretRef }, cilium }: Subject<BgpPeerConfigProps>): readonly Problem[] {
  if (authSecretRef === undefined || cilium === undefined) return [];
  const expected = cilium.v.bgpControlPlane.secretsNamespace.name;
  const paths = ['authSecretRef', 'cilium.bgpControlPlane.secretsNamespace.name'];
  if (!isTruthy(expected)) {
    return [
      {
        paths,
        message: 'Agents may read Secrets for BGP from no namespace.',
        hint: "Set `bgpControlPlane: { secretsNamespace: { name: 'kube-system' } }` in Cilium's values.",
      },
    ];
  }
  const actual = namespaceOf(authSecretRef);
  if (actual === undefined || actual === expected) return [];
  return [
    {
      paths,
      message: `The Secret is in the namespace ${actual}, and agents read Secrets for BGP from ${expected} only.`,
      hint: `Put it into ${expected}, or set \`bgpControlPlane: { secretsNamespace: { name: '${actual}' } }\` in Cilium's values.`,
    },
  ];
}

/** The namespace of a Secret that is given as an object; `undefined` where only its name is known. */
function namespaceOf(secret: BgpSecret): string | undefined {
  if (typeof secret === 'string') return undefined;
  return secret.namespace ?? (secret.metadata === undefined ? undefined : (secret.metadata.namespace ?? 'default'));
}
