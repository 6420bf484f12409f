import { ciliumApi } from '../../resource/api';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import { resourceKind } from '../../resource/resource-kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { EGRESS_NEEDS, GATEWAY_RULES } from './gateway-rules';
import { EGRESS_ON, EXAMPLE, readEgress } from './model';
import type { EgressModel } from './model';
import type { EgressGatewayPolicyProps } from './props';
import { TRAFFIC_RULES } from './traffic-rules';

/** Traffic that leaves the cluster through chosen nodes: CiliumEgressGatewayPolicy. */
export const egressGatewayPolicy = resourceKind<EgressGatewayPolicyProps, EgressModel>({
  api: ciliumApi('CiliumEgressGatewayPolicy'),
  construct: 'EgressGatewayPolicy',
  subject: 'egress-gateway-policy',
  docs: 'https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/',
  example: { props: EXAMPLE, values: EGRESS_ON },
  needs: EGRESS_NEEDS,
  selectors: [
    { path: 'selectors[].podSelector', over: 'identities' },
    { path: 'selectors[].namespaceSelector', over: 'labels' },
    { path: 'selectors[].nodeSelector', over: 'nodes' },
    { path: 'egressGateway.nodeSelector', over: 'nodes' },
    { path: 'egressGateways[].nodeSelector', over: 'nodes' },
  ],
  families: {
    of: ({ model }) => model.destinations.map(({ at, cidr: { family } }) => ({ at, family })),
    effect: 'pods have no addresses to reach the destination from',
    example: { ...EXAMPLE, destinationCIDRs: ['2001:db8::/32'] },
  },
  ranges: {
    of: ({ model }) => model.destinations.map(({ at, text, cidr }) => ({ at, text, range: cidr })),
    rule: 'inside-cluster',
    within: true,
    hint: 'Name networks outside the cluster; traffic between pods never goes through a gateway.',
    example: { ...EXAMPLE, destinationCIDRs: ['10.244.0.0/24'] },
  },
  elsewhere: {
    namespace:
      'Leave it out: these policies are cluster-scoped. Write `selectors: [{ namespace: … }]` for the pods of one.',
    namespaceSelector: 'Write `selectors: [{ namespaceSelector: … }]`.',
    podSelector: 'Write `selectors: [{ podSelector: … }]`.',
    nodeSelector: 'Write `egressGateway: { nodeSelector: … }`.',
    egressIP: 'Write `egressGateway: { egressIP: … }`.',
    interface: 'Write `egressGateway: { interface: … }`.',
    egress: 'Write `selectors: [{ podSelector: … }]`.',
  },
  body: ({ selectors, egressGateway, ...fields }, props) => ({
    spec: {
      ...fields,
      selectors: Array.isArray(selectors)
        ? selectors.map((selector) => (isMap(selector) ? withNamespace(selector) : selector))
        : selectors,
      egressGateway: egressGateway ?? (firstOf(props.egressGateways) as Json | undefined),
    },
  }),
  read: readEgress,
  rules: [...TRAFFIC_RULES, ...GATEWAY_RULES],
});

function firstOf(list: unknown): unknown {
  return Array.isArray(list) ? list[0] : undefined;
}

/** A selector in Cilium's own form. */
function withNamespace({ namespace, ...selector }: JsonObject): JsonObject {
  if (namespace === undefined) return selector;
  const { podSelector } = selector;
  const pods = isMap(podSelector) ? podSelector : {};
  const labels = isMap(pods.matchLabels) ? pods.matchLabels : {};
  return { ...selector, podSelector: { ...pods, matchLabels: { ...labels, [NAMESPACE_LABEL]: namespace } } };
}
