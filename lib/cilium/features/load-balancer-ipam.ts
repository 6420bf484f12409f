import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import { inDoubleQuotes } from '../../helm/yaml-scalars';

/** Node IPAM is the default. */
const NODES = { kubeProxyReplacement: true, nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' } as const;
const SHARED = { enabled: true, loadbalancerMode: 'shared' } as const;

/** Where LoadBalancer Services get their addresses: from pools (LB IPAM) or from nodes (node IPAM). */
export const loadBalancerIpam: Feature = {
  name: 'load-balancer-ipam',
  contribute: ({ v }) => ({
    config: {
      'enable-lb-ipam': v.enableLBIPAM,
      'enable-node-ipam': isTruthy(v.nodeIPAM.enabled) ? true : undefined,
      'default-lb-service-ipam': inDoubleQuotes(v.defaultLBServiceIPAM ?? ''),
    },
  }),
  rules: [
    {
      id: 'load-balancer-ipam/default-is-off',
      level: 'warning',
      find: ({ v }) =>
        ((v.defaultLBServiceIPAM === 'nodeipam' && !isTruthy(v.nodeIPAM.enabled)) ||
          (v.defaultLBServiceIPAM === 'lbipam' && !isTruthy(v.enableLBIPAM))) &&
        problem(
          ['defaultLBServiceIPAM', 'nodeIPAM.enabled', 'enableLBIPAM'],
          `LoadBalancer Services get their addresses from ${String(v.defaultLBServiceIPAM)} by default, which is off.`,
          'Enable nodeIPAM.enabled or enableLBIPAM to match, or set defaultLBServiceIPAM to `none`.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      examples: {
        bad: { values: { defaultLBServiceIPAM: 'nodeipam' } },
        good: { values: { defaultLBServiceIPAM: 'nodeipam', nodeIPAM: { enabled: true } } },
      },
    },
    {
      id: 'load-balancer-ipam/nodes-without-pods',
      level: errorOnTalos,
      find: (ctx) =>
        localOnNodes(ctx).length > 0 &&
        problem(
          ['ingressController.service.externalTrafficPolicy', 'gatewayAPI.externalTrafficPolicy', 'nodeIPAM.enabled'],
          `With ${localOnNodes(ctx).join(' and ')} at Local, node IPAM selects nodes with a pod of the Service, and Envoy's placeholder endpoint is on none: the Service gets no address.`,
          'Set the externalTrafficPolicy to Cluster, or use addresses from a pool.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      examples: {
        bad: { values: { ...NODES, ingressController: { ...SHARED, service: { externalTrafficPolicy: 'Local' } } } },
        good: { values: { ...NODES, ingressController: { ...SHARED, service: { externalTrafficPolicy: 'Cluster' } } } },
      },
    },
  ],
};

/** Services of ingress and gateways that get the addresses of nodes with their pods, which do not exist. */
function localOnNodes({ v }: Context): readonly string[] {
  if (!isTruthy(v.nodeIPAM.enabled)) return [];
  const { ingressController, gatewayAPI, defaultLBServiceIPAM } = v;
  const { service, hostNetwork, loadbalancerMode } = ingressController;
  const byDefault = defaultLBServiceIPAM === 'nodeipam';
  const ingressOnNodes =
    service.loadBalancerClass === 'io.cilium/node' || (byDefault && !isTruthy(service.loadBalancerClass));
  const isShared =
    isTruthy(ingressController.enabled) && loadbalancerMode === 'shared' && service.type === 'LoadBalancer';
  const isIngress = isShared && !isTruthy(hostNetwork.enabled) && ingressOnNodes;
  const isGateway = isTruthy(gatewayAPI.enabled) && !isTruthy(gatewayAPI.hostNetwork.enabled) && byDefault;
  return [
    ...(isIngress && service.externalTrafficPolicy === 'Local'
      ? ['ingressController.service.externalTrafficPolicy']
      : []),
    ...(isGateway && gatewayAPI.externalTrafficPolicy === 'Local' ? ['gatewayAPI.externalTrafficPolicy'] : []),
  ];
}
