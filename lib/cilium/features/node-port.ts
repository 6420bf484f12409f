import type { Feature } from '../feature';
import { isTruthy } from '../../helm/truth';
import { wordList } from '../parts/config-text';

/** Services on the addresses of nodes: ports, devices, health checks. */
export const nodePort: Feature = {
  name: 'node-port',
  contribute: ({ v, facts }) => {
    const { nodePort: values } = v;
    if (!isTruthy(values)) return {};
    return {
      config: {
        'direct-routing-device': values.directRoutingDevice,
        'enable-auto-protect-node-port-range': values.autoProtectPortRange,
        'enable-dynamic-source-lookup-nodeport': values.enableDynamicSourceLookup,
        // GKE's load balancers send health checks to their own address.
        'enable-health-check-loadbalancer-ip': isTruthy(v.gke.enabled) ? true : values.enableHealthCheckLoadBalancerIP,
        'enable-health-check-nodeport': values.enableHealthCheck,
        'enable-node-port': facts.kubeProxyReplacement === 'false' ? values.enabled : undefined,
        'node-port-bind-protection': values.bindProtection,
        'node-port-range': values.range,
        'nodeport-addresses': wordList(values.addresses, ','),
      },
    };
  },
};
