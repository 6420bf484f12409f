import type { Context } from '../context';
import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { wordList } from '../parts/config-text';
import { errorOnTalos } from '../values-rule';

/** The few iptables rules that Cilium still installs. */
export const iptables: Feature = {
  name: 'iptables',
  contribute: (ctx) => ({
    config: {
      'disable-iptables-feeder-rules': wordList(ctx.v.disableIptablesFeederRules),
      'enable-xt-socket-fallback': ctx.v.enableXTSocketFallback,
      'install-no-conntrack-iptables-rules': isTracked(ctx) ? false : ctx.v.installNoConntrackIptablesRules,
      'iptables-lock-timeout': ctx.v.iptablesLockTimeout,
      'iptables-random-fully': ctx.v.iptablesRandomFully,
    },
  }),
  rules: [
    {
      id: 'iptables/untracked-in-cloud',
      level: 'warning',
      find: (ctx) =>
        isTruthy(ctx.v.installNoConntrackIptablesRules) &&
        isTracked(ctx) &&
        problem(
          'installNoConntrackIptablesRules',
          'With cloud IPAM and CNI chaining pod connections stay tracked: this value has no effect.',
          'Remove installNoConntrackIptablesRules.',
        ),
      examples: {
        bad: { values: { installNoConntrackIptablesRules: true, cni: { chainingMode: 'portmap' } } },
        good: { values: { cni: { chainingMode: 'portmap' } } },
      },
    },
    {
      id: 'iptables/untracked-needs-bpf',
      level: errorOnTalos,
      find: (ctx) =>
        isTruthy(ctx.v.installNoConntrackIptablesRules) &&
        !isTracked(ctx) &&
        needsTracking(ctx) &&
        problem(
          'installNoConntrackIptablesRules',
          'Untracked pod connections need IPv4, native routing, kube-proxy replacement and BPF masquerading; otherwise the agent refuses to start.',
          'Set routingMode to native, and kubeProxyReplacement and bpf.masquerade to true, or remove installNoConntrackIptablesRules.',
        ),
      examples: {
        bad: { values: { installNoConntrackIptablesRules: true } },
        good: {
          values: {
            installNoConntrackIptablesRules: true,
            routingMode: 'native',
            ipv4NativeRoutingCIDR: '10.244.0.0/16',
            kubeProxyReplacement: true,
            bpf: { masquerade: true },
          },
        },
      },
    },
  ],
};

/** The cloud or another plugin routes pods there, and their connections must be tracked. */
function isTracked({ v, facts }: Context): boolean {
  return (
    isTruthy(v.azure.enabled) || isTruthy(v.eni.enabled) || isTruthy(v.gke.enabled) || facts.chainingMode !== 'none'
  );
}

/** Whether a feature of Cilium needs the kernel's connection tracking. */
function needsTracking({ v, facts }: Context): boolean {
  const inIptables = facts.masqueradesIPv4 && !facts.masqueradesInBpf;
  return (
    facts.routingMode === 'tunnel' || !isTruthy(v.ipv4.enabled) || facts.kubeProxyReplacement !== 'true' || inIptables
  );
}
