import type { Feature } from '../feature';
import { given } from '../../helm/truth';
import { whenGiven } from '../../helm/truth';
import { filledList } from '../parts/config-text';

/** How packets pass the BPF programs: kind of pod device, host routing, clock, transparent proxy. */
export const bpfDatapath: Feature = {
  name: 'bpf-datapath',
  contribute: ({ v, facts }) => ({
    config: {
      'datapath-mode': v.bpf.datapathMode,
      'disable-external-ip-mitigation': whenGiven(v.bpf.disableExternalIPMitigation),
      'enable-bpf-clock-probe': v.bpfClockProbe ?? (facts.compat('1.8') ? true : undefined),
      'enable-bpf-tproxy': v.bpf.tproxy,
      // The plugin chained to owns the routes, which BPF host routing would bypass.
      'enable-host-legacy-routing': v.bpf.hostLegacyRouting ?? (facts.chainingMode === 'none' ? undefined : true),
      'enable-ipv4-fragment-tracking': v.fragmentTracking,
      'enable-tcx': v.bpf.enableTCX,
      'vlan-bpf-bypass': filledList(v.bpf.vlanBypass),
    },
  }),
  checks: [
    {
      id: 'bpf-datapath/tproxy-with-netkit',
      level: 'error',
      when: ({ v, has }) =>
        has('tproxy-without-netkit') && given(v.bpf.tproxy) && ['netkit', 'netkit-l2'].includes(String(v.bpf.datapathMode)),
      at: ['bpf.tproxy', 'bpf.datapathMode'],
      says: 'The BPF transparent proxy does not work with netkit devices.',
      fix: 'Leave bpf.tproxy out, or set bpf.datapathMode to veth.',
      docs: 'https://github.com/cilium/cilium/issues/39892',
      chart: 'validate.yaml',
      examples: {
        bad: { version: '1.19.6', values: { bpf: { tproxy: true, datapathMode: 'netkit' } } },
        good: { version: '1.19.6', values: { bpf: { tproxy: true, datapathMode: 'veth' } } },
      },
    },
    {
      id: 'bpf-datapath/host-routing-unavailable',
      level: 'warning',
      when: ({ v, facts }) => v.bpf.hostLegacyRouting === false && !facts.bpfHostRouting,
      at: ['bpf.hostLegacyRouting'],
      says: 'BPF host routing is asked for, and the agent falls back to the routing of the host: IPsec, iptables masquerading or kube-proxy needs it.',
      fix: 'Set kubeProxyReplacement and bpf.masquerade to true and encrypt with WireGuard, or leave bpf.hostLegacyRouting out.',
      examples: {
        bad: { values: { bpf: { hostLegacyRouting: false } } },
        good: { values: { bpf: { hostLegacyRouting: false, masquerade: true }, kubeProxyReplacement: true } },
      },
    },
  ],
};
