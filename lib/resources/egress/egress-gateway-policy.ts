import type {
  CiliumEgressGatewayPolicyEgressGateway,
  CiliumEgressGatewayPolicySelector,
  CiliumEgressGatewayPolicySpec,
} from '../../../imports/cilium.io';
import { ciliumApi } from '../../resource/api';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import { resourceKind } from '../../resource/resource-kind';
import type { ClusterResourceProps } from '../../resource/kind';
import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { EGRESS_NEEDS, GATEWAY_CHECKS } from './gateway-checks';
import { EGRESS_DOCS, EGRESS_ON, EXAMPLE, networks } from './policy-parts';
import { TRAFFIC_CHECKS } from './traffic-checks';

/** Whose traffic is meant: pods by their labels, their namespace, or both; `nodeSelector` only narrows that to pods of some nodes. */
export interface EgressSelector extends CiliumEgressGatewayPolicySelector {
  /** Short for the pod label `io.kubernetes.pod.namespace`: all pods of this namespace that the rest selects. */
  readonly namespace?: string;
}

/** Props of `EgressGatewayPolicy`. */
export interface EgressGatewayPolicyProps
  extends ClusterResourceProps, Omit<CiliumEgressGatewayPolicySpec, 'selectors' | 'egressGateway'> {
  /** Networks outside the cluster, `0.0.0.0/0` for all. Addresses of pods and nodes among them stay as they are. */
  readonly destinationCIDRs: readonly string[];
  /** Networks inside of `destinationCIDRs` that are left alone. @default - none */
  readonly excludedCIDRs?: readonly string[];
  readonly selectors: readonly EgressSelector[];
  /**
   * Where the traffic leaves: the first node by name that `nodeSelector` matches. It leaves with the address `egressIP` of that
   * node, with the first address of `interface`, or with that of the default route; not both are given.
   * @default - the first of `egressGateways`: the API server wants one, and Cilium looks at the list only
   */
  readonly egressGateway?: CiliumEgressGatewayPolicyEgressGateway;
  /** Several gateways; each pod keeps to one of them. @default - only `egressGateway` */
  readonly egressGateways?: readonly CiliumEgressGatewayPolicyEgressGateway[];
}

/** Traffic that leaves the cluster through chosen nodes: CiliumEgressGatewayPolicy. */
export const egressGatewayPolicy = resourceKind<EgressGatewayPolicyProps>({
  api: ciliumApi('CiliumEgressGatewayPolicy'),
  subject: 'egress-gateway-policy',
  docs: EGRESS_DOCS,
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
    of: ({ props }) => networks(props, 'destinationCIDRs').map(([at, , { family }]) => ({ at, family })),
    effect: 'pods have no addresses to reach the destination from',
    example: { ...EXAMPLE, destinationCIDRs: ['2001:db8::/32'] },
  },
  ranges: {
    of: ({ props }) => networks(props, 'destinationCIDRs').map(([at, text, range]) => ({ at, text, range })),
    rule: 'inside-cluster',
    level: 'warning',
    within: true,
    hint: 'Name networks outside the cluster; traffic between pods never goes through a gateway.',
    example: { ...EXAMPLE, destinationCIDRs: ['10.244.0.0/24'] },
  },
  elsewhere: {
    namespace:
      'Leave it out: these policies belong to no namespace. Write `selectors: [{ namespace: … }]` for the pods of one.',
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
  rules: [...TRAFFIC_CHECKS, ...GATEWAY_CHECKS],
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
