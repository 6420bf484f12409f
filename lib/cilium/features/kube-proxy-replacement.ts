import type { Context } from '../context';
import type { Feature } from '../feature';
import { isTruthy, defaultTo } from '../../helm/truth';

/** Cilium in place of kube-proxy. */
export const kubeProxyReplacement: Feature = {
  name: 'kube-proxy-replacement',
  contribute: ({ v, facts }) => ({
    config: {
      'kube-proxy-replacement': facts.kubeProxyReplacement,
      'kube-proxy-replacement-healthz-bind-address':
        facts.kubeProxyReplacement === 'true' ? defaultTo(v.kubeProxyReplacementHealthzBindAddr, '') : undefined,
    },
  }),
  checks: [
    {
      id: 'kube-proxy-replacement/word',
      level: 'error',
      when: ({ facts }) => facts.hasConfigMap && !['true', 'false'].includes(facts.kubeProxyReplacement),
      paths: ['kubeProxyReplacement'],
      message: ({ facts }) =>
        `Kube-proxy replacement is '${facts.kubeProxyReplacement}', and since Cilium 1.14 there is only on and off.`,
      hint: 'Set kubeProxyReplacement to true (and switch kube-proxy off) or to false.',
      chart: 'cilium-configmap.yaml',
      examples: {
        bad: { values: { kubeProxyReplacement: null, upgradeCompatibility: '1.13' } },
        good: { values: { kubeProxyReplacement: true, upgradeCompatibility: '1.13' } },
      },
    },
    {
      id: 'kube-proxy-replacement/unsaid',
      level: 'error',
      when: ({ v, facts }) =>
        (isTruthy(v.envoyConfig.enabled) || isTruthy(v.ingressController.enabled) || isTruthy(v.gatewayAPI.enabled)) &&
        (String(v.kubeProxyReplacement) === 'disabled' ||
          (v.kubeProxyReplacement === undefined && !facts.compat('1.14'))),
      paths: ['kubeProxyReplacement'],
      message:
        'Ingress, Gateway API and Envoy configurations need to know whether kube-proxy is replaced, and nothing of after Cilium 1.14 says so.',
      hint: 'Set kubeProxyReplacement to true or false.',
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
      when: (ctx) => ctx.facts.kubeProxyReplacement === 'true' && !knowsApiServer(ctx),
      paths: ['kubeProxyReplacement', 'k8sServiceHost'],
      message:
        'Without kube-proxy nobody but Cilium answers for the Service of the API server, which Cilium itself needs to start.',
      hint: 'Set k8sServiceHost and k8sServicePort: localhost and 7445 with KubePrism, or the address of the control plane.',
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
