import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { parseCidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import { durationRules } from '../parts/duration-rules';

type Config = Readonly<Record<string, ConfigValue>>;

const WIREGUARD_PORT = 51871;

const STRICT_RULES: readonly ValuesRule[] = [
  {
    id: 'encryption/strict-cidr',
    level: errorOnTalos,
    find: ({ v }) => {
      const egress = strictEgress(v);
      return (
        egress !== undefined &&
        parseCidr(egress.cidr ?? '') === undefined &&
        problem(
          'encryption.strictMode',
          'Strict encryption needs the CIDR to protect; without it the agent refuses to start.',
          'Set the CIDR of all pods, such as 10.244.0.0/16.',
        )
      );
    },
    examples: {
      bad: { values: { encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true } } } },
      good: {
        values: {
          encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.244.0.0/16' } },
        },
      },
    },
  },
  {
    id: 'encryption/strict-ingress',
    level: errorOnTalos,
    find: (ctx) =>
      isTruthy(ctx.v.encryption.strictMode.ingress?.enabled) &&
      (encryptsBy(ctx, 'ipsec') || ctx.facts.routingMode !== 'tunnel') &&
      problem(
        ['encryption.strictMode.ingress.enabled', 'encryption.type', 'routingMode'],
        'Strict ingress encryption works only with WireGuard and tunnels; otherwise the agent refuses to start.',
        'Use WireGuard and remove routingMode, or remove strictMode.ingress.',
      ),
    examples: {
      bad: {
        version: '1.19.6',
        values: { encryption: { enabled: true, type: 'ipsec', strictMode: { ingress: { enabled: true } } } },
      },
      good: {
        version: '1.19.6',
        values: { encryption: { enabled: true, type: 'wireguard', strictMode: { ingress: { enabled: true } } } },
      },
    },
  },
];

/** Encryption between nodes: IPsec, WireGuard or ztunnel, and strict mode. */
export const encryption: Feature = {
  name: 'encryption',
  contribute: (ctx) => ({
    config: { ...(isTruthy(ctx.v.encryption.enabled) ? kindKeys(ctx) : {}), ...strictKeys(ctx) },
    agent: isTruthy(ctx.v.encryption.enabled) ? keyFiles(ctx) : {},
  }),
  rules: [
    ...durationRules(['encryption.ipsec.keyRotationDuration'], {
      when: (ctx) => ctx.facts.hasConfigMap && encryptsBy(ctx, 'ipsec'),
      beside: { encryption: { enabled: true, type: 'ipsec' } },
    }),
    ...STRICT_RULES,
    {
      id: 'encryption/tunnel-port',
      level: errorOnTalos,
      find: (ctx) =>
        encryptsBy(ctx, 'wireguard') &&
        ctx.facts.routingMode === 'tunnel' &&
        ctx.v.tunnelPort === WIREGUARD_PORT &&
        problem(
          ['tunnelPort', 'encryption.type'],
          `Cilium's WireGuard listens on UDP port ${String(WIREGUARD_PORT)}, and its tunnels cannot listen there too.`,
          "Remove tunnelPort for the protocol's default, or use another port.",
        ),
      examples: {
        bad: { values: { encryption: { enabled: true, type: 'wireguard' }, tunnelPort: WIREGUARD_PORT } },
        good: { values: { encryption: { enabled: true, type: 'wireguard' } } },
      },
    },
    {
      id: 'encryption/nodes-in-ipsec',
      level: 'warning',
      find: (ctx) =>
        encryptsBy(ctx, 'ipsec') &&
        isTruthy(ctx.v.encryption.nodeEncryption) &&
        problem(
          ['encryption.nodeEncryption', 'encryption.type'],
          'IPsec encrypts pod traffic only: node encryption has no effect.',
          'Use WireGuard, or remove encryption.nodeEncryption.',
        ),
      examples: {
        bad: { values: { encryption: { enabled: true, type: 'ipsec', nodeEncryption: true } } },
        good: { values: { encryption: { enabled: true, type: 'wireguard', nodeEncryption: true } } },
      },
    },
  ],
};

function encryptsBy({ v: { encryption: values } }: Context, type: string): boolean {
  return isTruthy(values.enabled) && values.type === type;
}

function kindKeys(ctx: Context): Config {
  const { enabled, type, nodeEncryption, wireguard, ztunnel } = ctx.v.encryption;
  const kinds: Readonly<Record<string, () => Config>> = {
    ipsec: () => ipsecKeys(ctx),
    wireguard: () => ({
      'enable-wireguard': enabled,
      'wireguard-persistent-keepalive': whenTruthy(wireguard.persistentKeepalive),
    }),
    ztunnel: () =>
      ctx.has('ztunnel-encryption') ? { 'enable-ztunnel': enabled, 'ztunnel-ca-type': ztunnel?.ca?.type } : {},
  };
  return { ...kinds[String(type)]?.(), 'encrypt-node': whenTruthy(nodeEncryption) };
}

function ipsecKeys({
  v: {
    encryption: { enabled, ipsec },
  },
  has,
}: Context): Config {
  return {
    'enable-ipsec': enabled,
    'enable-ipsec-encrypted-overlay': ipsec.encryptedOverlay,
    'enable-ipsec-key-watcher': ipsec.keyWatcher,
    'encrypt-interface': has('ipsec-interface') ? whenTruthy(ipsec.interface) : undefined,
    'ipsec-key-file':
      isTruthy(ipsec.mountPath) && isTruthy(ipsec.keyFile) ? `${ipsec.mountPath}/${ipsec.keyFile}` : undefined,
    'ipsec-key-rotation-duration': whenTruthy(ipsec.keyRotationDuration),
  };
}

/** The agent's encryption keys, or the certificates of ztunnel's CA. */
function keyFiles({ v, has }: Context): PodContribution {
  const { type, ipsec } = v.encryption;
  if (type === 'ipsec') return secretFiles('cilium-ipsec-secrets', ipsec.secretName ?? '', ipsec.mountPath ?? '');
  const name = 'cilium-ztunnel-secrets';
  return type === 'ztunnel' && has('ztunnel-encryption') ? secretFiles(name, name, '/etc/ztunnel') : {};
}

function secretFiles(name: string, secretName: string, mountPath: string): PodContribution {
  return { volumes: [{ name, secret: { secretName } }], mounts: [{ name, mountPath }] };
}

/** Strict mode by direction; the values without a direction are the older spelling of egress. */
function strictKeys({ v, has }: Context): Config {
  const egress = strictEgress(v);
  if (!has('strict-mode-by-direction')) {
    return egress === undefined
      ? {}
      : {
          'enable-encryption-strict-mode': egress.enabled,
          'encryption-strict-mode-allow-remote-node-identities': egress.allowRemoteNodeIdentities,
          'encryption-strict-mode-cidr': egress.cidr,
        };
  }
  return {
    'enable-encryption-strict-mode-egress': egress?.enabled,
    'enable-encryption-strict-mode-ingress': whenTruthy(v.encryption.strictMode.ingress?.enabled),
    'encryption-strict-egress-allow-remote-node-identities': egress?.allowRemoteNodeIdentities,
    'encryption-strict-egress-cidr': egress?.cidr,
  };
}

function strictEgress({
  encryption: { strictMode },
}: ChartValues): Pick<typeof strictMode, 'enabled' | 'cidr' | 'allowRemoteNodeIdentities'> | undefined {
  if (isTruthy(strictMode.egress?.enabled)) return strictMode.egress;
  return isTruthy(strictMode.enabled) ? strictMode : undefined;
}
