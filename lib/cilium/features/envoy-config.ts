import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Feature } from '../feature';
import { duration } from '../parts/config-text';
import { durationRules } from '../parts/duration-rules';

/** CiliumEnvoyConfig resources: listeners and routes of Envoy, the user's or those of ingress, gateways and L7 load balancing. */
export const envoyConfig: Feature = {
  name: 'envoy-config',
  contribute: ({ v, facts }) => {
    if (!facts.envoyConfigs) return {};
    return {
      config: {
        'enable-envoy-config': true,
        'envoy-config-retry-interval': duration(v.envoyConfig.retryInterval),
        'envoy-secrets-namespace': isTruthy(v.envoyConfig.enabled) ? v.envoyConfig.secretsNamespace.name : undefined,
      },
    };
  },
  rules: [
    ...durationRules(['envoyConfig.retryInterval'], {
      when: ({ facts }) => facts.hasConfigMap && facts.envoyConfigs,
      beside: { envoyConfig: { enabled: true } },
    }),
    {
      id: 'envoy-config/l7-proxy-off',
      level: 'error',
      find: ({ v }) =>
        v.l7Proxy !== undefined &&
        !isTruthy(v.l7Proxy) &&
        (isTruthy(v.ingressController.enabled) ||
          isTruthy(v.gatewayAPI.enabled) ||
          v.loadBalancer.l7.backend === 'envoy') &&
        problem(
          ['l7Proxy', 'ingressController.enabled', 'gatewayAPI.enabled', 'loadBalancer.l7.backend'],
          'Ingress, Gateway API and L7 load balancing need Envoy, but the L7 proxy is off.',
          'Enable l7Proxy, or disable these three.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/servicemesh/ingress/#prerequisites',
      chart: 'validate.yaml',
      examples: {
        bad: { values: { l7Proxy: false, gatewayAPI: { enabled: true } } },
        good: { values: { l7Proxy: true, gatewayAPI: { enabled: true } } },
      },
    },
  ],
};
