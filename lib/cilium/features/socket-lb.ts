import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** Socket load balancing. */
export const socketLb: Feature = {
  name: 'socket-lb',
  contribute: ({ v, has }) => {
    // hostServices is the older name of the section; it counts only when the newer one is empty.
    const values = isTruthy(v.socketLB) ? v.socketLB : v.hostServices;
    if (!isTruthy(values)) return {};
    return {
      config: {
        'bpf-lb-sock': values.enabled,
        // Weights of TCP and UDP routes need the packets of pods, so Gateway API needs it.
        'bpf-lb-sock-hostns-only':
          isTruthy(v.gatewayAPI.enabled) && has('gateway-weights') ? true : values.hostNamespaceOnly,
        'bpf-lb-sock-terminate-pod-connections': values.terminatePodConnections,
        'trace-sock': values.tracing,
      },
    };
  },
  rules: [
    {
      id: 'socket-lb/gateway-insists',
      level: 'warning',
      find: ({ v, has }) =>
        has('gateway-weights') &&
        isTruthy(v.gatewayAPI.enabled) &&
        v.socketLB.hostNamespaceOnly === false &&
        problem(
          ['socketLB.hostNamespaceOnly', 'gatewayAPI.enabled'],
          'With Gateway API, socket load balancing applies to the host only, whatever socketLB.hostNamespaceOnly is.',
          'Leave socketLB.hostNamespaceOnly out.',
        ),
      examples: {
        bad: { version: '1.20.0', values: { gatewayAPI: { enabled: true }, socketLB: { hostNamespaceOnly: false } } },
        good: { version: '1.20.0', values: { gatewayAPI: { enabled: true } } },
      },
    },
  ],
};
