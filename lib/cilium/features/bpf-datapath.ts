import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import { filledList } from '../parts/config-text';
import { errorOnTalos } from '../values-rule';

/** The BPF datapath: kind of pod device, host routing, clock, transparent proxy. */
export const bpfDatapath: Feature = {
  name: 'bpf-datapath',
  contribute: ({ v, facts }) => ({
    config: {
      'datapath-mode': v.bpf.datapathMode,
      'disable-external-ip-mitigation': whenTruthy(v.bpf.disableExternalIPMitigation),
      'enable-bpf-clock-probe': v.bpfClockProbe ?? (facts.compat('1.8') ? true : undefined),
      'enable-bpf-tproxy': v.bpf.tproxy,
      // With CNI chaining the other plugin owns the routes, which BPF host routing would bypass.
      'enable-host-legacy-routing': v.bpf.hostLegacyRouting ?? (facts.chainingMode === 'none' ? undefined : true),
      'enable-ipv4-fragment-tracking': v.fragmentTracking,
      'enable-tcx': v.bpf.enableTCX,
      'vlan-bpf-bypass': filledList(v.bpf.vlanBypass),
    },
  }),
  rules: [
    {
      id: 'bpf-datapath/tproxy-with-netkit',
      level: 'error',
      find: ({ v, has }) =>
        has('tproxy-without-netkit') &&
        isTruthy(v.bpf.tproxy) &&
        isNetkit(v.bpf.datapathMode) &&
        problem(
          ['bpf.tproxy', 'bpf.datapathMode'],
          'The BPF transparent proxy does not work with netkit devices.',
          'Remove bpf.tproxy, or set bpf.datapathMode to veth.',
        ),
      docs: 'https://github.com/cilium/cilium/issues/39892',
      chart: 'validate.yaml',
      examples: {
        bad: { version: '1.19.6', values: { bpf: { tproxy: true, datapathMode: 'netkit' } } },
        good: { version: '1.19.6', values: { bpf: { tproxy: true, datapathMode: 'veth' } } },
      },
    },
    {
      id: 'bpf-datapath/netkit-in-host-stack',
      level: (ctx) => (ctx.has('netkit-needs-host-routing') ? errorOnTalos(ctx) : 'warning'),
      find: ({ v, facts, has }) =>
        isNetkit(v.bpf.datapathMode) &&
        !facts.bpfHostRouting &&
        problem(
          ['bpf.datapathMode', 'bpf.hostLegacyRouting'],
          `Netkit devices need BPF host routing, which these values do not enable${has('netkit-needs-host-routing') ? '; the agent refuses to start' : ''}.`,
          'Set kubeProxyReplacement and bpf.masquerade to true and remove bpf.hostLegacyRouting, or set bpf.datapathMode to veth.',
        ),
      docs: 'https://docs.cilium.io/en/stable/operations/performance/tuning/#netkit-device-mode',
      examples: {
        bad: { values: { bpf: { datapathMode: 'netkit' }, kubeProxyReplacement: true } },
        good: { values: { bpf: { datapathMode: 'netkit', masquerade: true }, kubeProxyReplacement: true } },
      },
    },
    {
      id: 'bpf-datapath/host-routing-unavailable',
      level: 'warning',
      find: ({ v, facts }) =>
        v.bpf.hostLegacyRouting === false &&
        !facts.bpfHostRouting &&
        problem(
          'bpf.hostLegacyRouting',
          'BPF host routing is requested, but the agent falls back to legacy host routing: IPsec, iptables masquerading or kube-proxy needs it.',
          'Set kubeProxyReplacement and bpf.masquerade to true and use WireGuard, or remove bpf.hostLegacyRouting.',
        ),
      examples: {
        bad: { values: { bpf: { hostLegacyRouting: false } } },
        good: { values: { bpf: { hostLegacyRouting: false, masquerade: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};

function isNetkit(mode: string | null | undefined): boolean {
  return mode === 'netkit' || mode === 'netkit-l2';
}
