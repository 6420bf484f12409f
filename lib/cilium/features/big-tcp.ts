import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Context } from '../context';
import type { Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

const NATIVE = { enableIPv4BIGTCP: true, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const;

/** Larger packets than 64 KiB inside a node. */
export const bigTcp: Feature = {
  name: 'big-tcp',
  contribute: ({ v }) => ({
    config: {
      'enable-ipv4-big-tcp': v.enableIPv4BIGTCP,
      'enable-ipv6-big-tcp': v.enableIPv6BIGTCP,
      'enable-tunnel-big-tcp': v.enableTunnelBIGTCP,
    },
  }),
  rules: [
    conflict({
      id: 'big-tcp/tunnel',
      when: ({ v, facts }) => facts.routingMode === 'tunnel' && !isTruthy(v.enableTunnelBIGTCP),
      with: 'routingMode',
      message: 'BIG TCP needs native routing; the agent refuses to start with tunnels.',
      bad: { enableIPv4BIGTCP: true },
    }),
    conflict({
      id: 'big-tcp/ipsec',
      when: ({ v }) => isTruthy(v.encryption.enabled) && v.encryption.type === 'ipsec',
      with: 'encryption.type',
      message: 'BIG TCP packets cannot be encrypted; the agent refuses to start with IPsec.',
      bad: { ...NATIVE, encryption: { enabled: true, type: 'ipsec' } },
    }),
    conflict({
      id: 'big-tcp/host-stack',
      when: ({ v }) => isTruthy(v.bpf.hostLegacyRouting),
      with: 'bpf.hostLegacyRouting',
      message: 'BIG TCP needs BPF host routing; the agent refuses to start with legacy host routing.',
      bad: { ...NATIVE, bpf: { hostLegacyRouting: true } },
    }),
  ],
};

interface Conflict extends Pick<ValuesRule, 'id'> {
  readonly when: (ctx: Context) => boolean;
  readonly message: string;
  readonly with: string;
  readonly bad: CiliumValues;
}

function conflict({ id, when, message, with: other, bad }: Conflict): ValuesRule {
  return {
    id,
    level: 'warning',
    find: (ctx) =>
      isOn(ctx) &&
      when(ctx) &&
      problem(['enableIPv4BIGTCP', 'enableIPv6BIGTCP', other], message, `Remove BIG TCP, or change ${other}.`),
    docs: 'https://docs.cilium.io/en/stable/operations/performance/tuning/#ipv6-big-tcp',
    examples: { bad: { values: bad }, good: { values: NATIVE } },
  };
}

function isOn({ v }: Context): boolean {
  return isTruthy(v.enableIPv4BIGTCP) || isTruthy(v.enableIPv6BIGTCP);
}
