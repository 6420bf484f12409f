import type { Feature } from '../feature';
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
};
