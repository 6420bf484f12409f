import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import type { Level } from '../../rules/rule';
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
      level: (ctx) => (ctx.has('big-tcp-in-tunnels') ? 'warning' : errorOnTalos(ctx)),
      when: ({ v, facts }) => facts.routingMode === 'tunnel' && !isTruthy(v.enableTunnelBIGTCP),
      with: 'routingMode',
      message: ({ has }) =>
        has('big-tcp-in-tunnels')
          ? 'BIG TCP in tunnels needs a kernel that supports it on tunnel devices: on others no agent starts.'
          : 'BIG TCP needs native routing; the agent refuses to start with tunnels.',
      bad: { enableIPv4BIGTCP: true },
    }),
    conflict({
      id: 'big-tcp/dispatch',
      level: (ctx) => (ctx.v.loadBalancer.dsrDispatch === 'ipip' ? errorOnTalos(ctx) : 'warning'),
      when: ({ v, has }) =>
        has('big-tcp-in-tunnels') && ['geneve', 'ipip'].includes(String(v.loadBalancer.dsrDispatch)),
      with: 'loadBalancer.dsrDispatch',
      message: ({ v }) =>
        v.loadBalancer.dsrDispatch === 'ipip'
          ? 'BIG TCP does not work with DSR dispatch ipip; the agent refuses to start with both.'
          : 'BIG TCP with DSR dispatch geneve needs a kernel that supports it on tunnel devices: on others no agent starts.',
      bad: { ...NATIVE, loadBalancer: { dsrDispatch: 'ipip' } },
      version: '1.19.6',
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
  /** Default: {@link errorOnTalos}. */
  readonly level?: (ctx: Context) => Level;
  readonly when: (ctx: Context) => boolean;
  readonly message: string | ((ctx: Context) => string);
  readonly with: string;
  readonly bad: CiliumValues;
  /** Of the examples. */
  readonly version?: string;
}

function conflict({ id, level = errorOnTalos, when, message, with: other, bad, version }: Conflict): ValuesRule {
  const release = version === undefined ? {} : { version };
  return {
    id,
    level,
    find: (ctx) =>
      isOn(ctx) &&
      when(ctx) &&
      problem(
        ['enableIPv4BIGTCP', 'enableIPv6BIGTCP', other],
        typeof message === 'string' ? message : message(ctx),
        `Remove BIG TCP, or change ${other}.`,
      ),
    docs: 'https://docs.cilium.io/en/stable/operations/performance/tuning/#ipv6-big-tcp',
    examples: { bad: { values: bad, ...release }, good: { values: NATIVE, ...release } },
  };
}

function isOn({ v }: Context): boolean {
  return isTruthy(v.enableIPv4BIGTCP) || isTruthy(v.enableIPv6BIGTCP);
}
