import type { Subject } from '../../resource/kind';
import { ON, V4, clusterWith } from './examples';
import { FAMILY_RULES } from './family-rules';
import { allAre, clustersOf, sessionsWith } from './model';
import type { PeerModel, PeerRule } from './model';
import type { BgpPeerConfigProps, BgpSecret } from './props';
import { TALOS_PREFIX_RULES } from './talos-route-rules';
import { TALOS_PEER_RULES } from './talos-session-rules';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { isTruthy } from '../../helm/truth';
import { isDnsSubdomain } from '../../kubernetes/names';
import { referredName } from '../../resource/references';

const good = { props: { families: [V4] } } as const;

/** Cilium's defaults; the API server fills them in before it compares. */
const HOLD_SECONDS = 90;
const KEEP_ALIVE_SECONDS = 30;

const SESSION_RULES: readonly PeerRule[] = [
  {
    id: 'bgp-peer/timers',
    level: 'error',
    find: ({ props }) => {
      const { hold, keepAlive, isGiven } = timersOf(props);
      if (!isGiven || keepAlive <= hold) return undefined;
      return problem(
        ['timers.keepAliveTimeSeconds', 'timers.holdTimeSeconds'],
        `Keep-alives every ${String(keepAlive)} seconds are too rare for a hold time of ${String(hold)}; the API server refuses that.`,
        `Set \`keepAliveTimeSeconds: ${String(third(hold))}\`.`,
      );
    },
    examples: {
      bad: { props: { ...good.props, timers: { holdTimeSeconds: 9 } } },
      good: { props: { ...good.props, timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 } } },
    },
  },
  {
    id: 'bgp-peer/slow-keep-alive',
    level: 'warning',
    find: ({ props }) => {
      const { hold, keepAlive, isGiven } = timersOf(props);
      if (!isGiven || keepAlive > hold || keepAlive * 3 <= hold) return undefined;
      return problem(
        ['timers.keepAliveTimeSeconds', 'timers.holdTimeSeconds'],
        `With keep-alives every ${String(keepAlive)} seconds and a hold time of ${String(hold)} a session ends when one or two are lost.`,
        `Set \`keepAliveTimeSeconds: ${String(third(hold))}\`, a third of the hold time.`,
      );
    },
    examples: {
      bad: { props: { ...good.props, timers: { holdTimeSeconds: 30, keepAliveTimeSeconds: 20 } } },
      good: { props: { ...good.props, timers: { holdTimeSeconds: 30, keepAliveTimeSeconds: 10 } } },
    },
  },
  {
    id: 'bgp-peer/multihop-inside',
    level: 'warning',
    find: ({ name, props: { ebgpMultihop = 1 }, others }) =>
      ebgpMultihop > 1 && allAre('internal', sessionsWith(name, others), others)
        ? problem(
            'ebgpMultihop',
            'All peers with this config have the AS number of the nodes; there it has no effect.',
            'Leave it out: sessions within one AS have no hop limit.',
          )
        : [],
    examples: {
      bad: { props: { ...good.props, name: 'rack', ebgpMultihop: 4 }, others: [clusterWith(65010)] },
      good: { props: { ...good.props, name: 'rack', ebgpMultihop: 4 }, others: [clusterWith(65000)] },
    },
  },
  {
    id: 'bgp-peer/secret-name',
    level: 'error',
    find: ({ props: { authSecretRef } }) => {
      const name = referredName(authSecretRef);
      return name === undefined || isDnsSubdomain(name)
        ? []
        : problem(
            'authSecretRef',
            `'${name}' is not a valid name of a Secret.`,
            'Give the name of a Secret that has the password under the key `password`.',
          );
    },
    examples: {
      bad: { props: { ...good.props, authSecretRef: 'Pass word' } },
      good: { props: { ...good.props, authSecretRef: { name: 'bgp-password' } } },
    },
  },
  {
    id: 'bgp-peer/secret-namespace',
    level: 'error',
    find: secretProblem,
    examples: {
      bad: { props: { ...good.props, authSecretRef: { name: 'bgp-password', namespace: 'default' } }, values: ON },
      good: { props: { ...good.props, authSecretRef: { name: 'bgp-password', namespace: 'kube-system' } }, values: ON },
    },
  },
  {
    id: 'bgp-peer/unused',
    level: 'warning',
    find: ({ name, others }) =>
      clustersOf(others).length === 0 || sessionsWith(name, others).length > 0
        ? []
        : problem(
            'name',
            `No BgpClusterConfig of the app has a peer with the config '${name}'.`,
            'Refer to it: `peers: [{ …, peerConfigRef: peer }]`.',
          ),
    examples: {
      bad: { props: { ...good.props, name: 'spare' }, others: [clusterWith(65000)] },
      good: { props: { ...good.props, name: 'rack' }, others: [clusterWith(65000)] },
    },
  },
];

/** Rules of peer configs. */
export const PEER_RULES: readonly PeerRule[] = [
  ...SESSION_RULES,
  ...FAMILY_RULES,
  ...TALOS_PEER_RULES,
  ...TALOS_PREFIX_RULES,
];

function timersOf({ timers }: BgpPeerConfigProps): {
  readonly hold: number;
  readonly keepAlive: number;
  readonly isGiven: boolean;
} {
  const { holdTimeSeconds: hold = HOLD_SECONDS, keepAliveTimeSeconds: keepAlive = KEEP_ALIVE_SECONDS } = timers ?? {};
  return { hold, keepAlive, isGiven: timers !== undefined };
}

function third(seconds: number): number {
  return Math.max(1, Math.floor(seconds / 3));
}

function secretProblem({
  props: { authSecretRef },
  cilium,
}: Subject<BgpPeerConfigProps, PeerModel>): Problem | undefined {
  if (authSecretRef === undefined || cilium === undefined) return undefined;
  const expected = cilium.v.bgpControlPlane.secretsNamespace.name;
  const paths = ['authSecretRef', 'cilium.bgpControlPlane.secretsNamespace.name'];
  if (!isTruthy(expected)) {
    return problem(
      paths,
      'Agents may not read Secrets for BGP from any namespace.',
      "Set `bgpControlPlane: { secretsNamespace: { name: 'kube-system' } }` in Cilium's values.",
    );
  }
  const actual = namespaceOf(authSecretRef);
  if (actual === undefined || actual === expected) return undefined;
  return problem(
    paths,
    `The Secret is in the namespace ${actual}, and agents read Secrets for BGP only from ${expected}.`,
    `Put it into ${expected}, or set \`bgpControlPlane: { secretsNamespace: { name: '${actual}' } }\` in Cilium's values.`,
  );
}

/** The namespace of a Secret that is given as an object; `undefined` where only its name is known. */
function namespaceOf(secret: BgpSecret): string | undefined {
  if (typeof secret === 'string') return undefined;
  return secret.namespace ?? (secret.metadata === undefined ? undefined : (secret.metadata.namespace ?? 'default'));
}
