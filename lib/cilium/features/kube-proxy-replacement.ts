import type { Context } from '../context';
import type { Feature } from '../feature';
import { isTruthy, defaultTo } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** Kube-proxy replacement. */
export const kubeProxyReplacement: Feature = {
  name: 'kube-proxy-replacement',
  contribute: ({ v, facts }) => ({
    config: {
      'kube-proxy-replacement': facts.kubeProxyReplacement,
      'kube-proxy-replacement-healthz-bind-address':
        facts.kubeProxyReplacement === 'true' ? defaultTo(v.kubeProxyReplacementHealthzBindAddr, '') : undefined,
    },
  }),
  rules: [
    {
      id: 'kube-proxy-replacement/word',
      level: 'error',
      find: ({ facts }) =>
        facts.hasConfigMap &&
        !['true', 'false'].includes(facts.kubeProxyReplacement) &&
        problem(
          'kubeProxyReplacement',
          `kubeProxyReplacement is '${facts.kubeProxyReplacement}'; since Cilium 1.14 it is true or false.`,
          'Set kubeProxyReplacement to true (and disable kube-proxy) or to false.',
        ),
      chart: 'cilium-configmap.yaml',
      examples: {
        bad: { values: { kubeProxyReplacement: null, upgradeCompatibility: '1.13' } },
        good: { values: { kubeProxyReplacement: true, upgradeCompatibility: '1.13' } },
      },
    },
    {
      id: 'kube-proxy-replacement/unsaid',
      level: 'error',
      find: ({ v, facts }) =>
        (isTruthy(v.envoyConfig.enabled) || isTruthy(v.ingressController.enabled) || isTruthy(v.gatewayAPI.enabled)) &&
        (String(v.kubeProxyReplacement) === 'disabled' ||
          (v.kubeProxyReplacement === undefined && !facts.compat('1.14'))) &&
        problem(
          'kubeProxyReplacement',
          'Ingress, Gateway API and Envoy configs depend on kubeProxyReplacement, which has a value from before Cilium 1.14.',
          'Set kubeProxyReplacement to true or false.',
        ),
      chart: 'validate.yaml',
      examples: {
        bad: {
          version: '1.19.6',
          values: { gatewayAPI: { enabled: true }, kubeProxyReplacement: null, upgradeCompatibility: '1.13' },
        },
        good: {
          version: '1.19.6',
          values: { gatewayAPI: { enabled: true }, kubeProxyReplacement: true, upgradeCompatibility: '1.13' },
        },
      },
    },
    {
      id: 'kube-proxy-replacement/api-server',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.kubeProxyReplacement === 'true' &&
        !knowsApiServer(ctx) &&
        problem(
          ['kubeProxyReplacement', 'k8sServiceHost'],
          "Without kube-proxy only Cilium serves the API server's Service, which Cilium itself needs to start.",
          'Set k8sServiceHost and k8sServicePort: localhost and 7445 with KubePrism, or the address of the control plane.',
        ),
      examples: {
        bad: { values: { kubeProxyReplacement: true } },
        good: { values: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } },
      },
    },
  ],
};

function knowsApiServer({ v }: Context): boolean {
  return (
    isTruthy(v.k8sServiceHost) ||
    isTruthy(v.k8sServiceHostRef.name) ||
    isTruthy(v.k8s.apiServerURLs) ||
    isTruthy(v.kubeConfigPath)
  );
}
