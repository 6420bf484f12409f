import { isTruthy } from '../../helm/truth';
import { cilium } from './fault';
import type { ValuesFault } from './fault';

/** Faults of Gateways and Ingresses that values decide. */
export const PROXY_FAULTS: readonly ValuesFault[] = [
  {
    id: 'known-fault/l7-services-skip-ingress-policies',
    title: 'L7 Services, endpoint routes and ingress policies (GHSA-hxv8-4j4r-cqgv)',
    affected: [
      { from: '1.18.0', until: '1.18.7' },
      { from: '1.19.0', until: '1.19.1' },
    ],
    find: ({ v, facts }) =>
      isTruthy(v.endpointRoutes.enabled) &&
      !facts.bpfHostRouting &&
      facts.envoyConfigs && ['endpointRoutes.enabled', 'bpf.masquerade'],
    message: 'Ingress policies are not enforced for traffic of pods to an L7 Service with a backend on the same node.',
    avoid: 'disable endpointRoutes',
    source: 'https://github.com/cilium/cilium/security/advisories/GHSA-hxv8-4j4r-cqgv',
    example: {
      version: '1.19.1',
      values: { kubeProxyReplacement: true, gatewayAPI: { enabled: true }, endpointRoutes: { enabled: true } },
    },
  },
  {
    id: 'known-fault/host-network-ingress',
    title: 'Dedicated Ingresses on the host network',
    affected: [{ from: '1.18.0', until: '1.18.0' }],
    find: ({ v: { ingressController } }) =>
      isTruthy(ingressController.enabled) &&
      isTruthy(ingressController.hostNetwork.enabled) &&
      ingressController.loadbalancerMode === 'dedicated' && [
        'ingressController.hostNetwork.enabled',
        'ingressController.loadbalancerMode',
      ],
    message: 'The API server rejects the Service of each Ingress: it has type ClusterIP and an externalTrafficPolicy.',
    source: cilium(40232),
    example: {
      version: '1.18.0',
      values: {
        kubeProxyReplacement: true,
        ingressController: { enabled: true, loadbalancerMode: 'dedicated', hostNetwork: { enabled: true } },
      },
    },
  },
];
