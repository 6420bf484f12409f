import type { Feature } from '../feature';
import { given } from '../../helm/truth';

/** Services balanced where a program connects, before any packet exists. */
export const socketLb: Feature = {
  name: 'socket-lb',
  contribute: ({ v, has }) => {
    // hostServices is the older name of the section; it counts only when the newer one is empty.
    const values = given(v.socketLB) ? v.socketLB : v.hostServices;
    if (!given(values)) return {};
    return {
      config: {
        'bpf-lb-sock': values.enabled,
        // Weights of TCP and UDP routes need the packets of pods, so Gateway API insists on it.
        'bpf-lb-sock-hostns-only': given(v.gatewayAPI.enabled) && has('gateway-weights') ? true : values.hostNamespaceOnly,
        'bpf-lb-sock-terminate-pod-connections': values.terminatePodConnections,
        'trace-sock': values.tracing,
      },
    };
  },
};
