import type { CiliumEgressGatewayPolicyEgressGateway } from '../../../imports/cilium.io';
import type { ResourceRule, ResourceExample } from '../../resource/kind';
import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import type { EgressGatewayPolicyProps } from './egress-gateway-policy';

/** A rule of egress policies. */
export type EgressCheck = ResourceRule<EgressGatewayPolicyProps>;
type Props = ResourceExample<EgressGatewayPolicyProps>['props'];

/** Where Cilium explains egress gateways. */
export const EGRESS_DOCS = 'https://docs.cilium.io/en/stable/network/egress-gateway/egress-gateway/';

/** Values of a Cilium with egress gateways. */
export const EGRESS_ON = {
  egressGateway: { enabled: true },
  bpf: { masquerade: true },
  kubeProxyReplacement: true,
} as const;

/** The nodes of the examples. */
export const EXAMPLE_NODES = { matchLabels: { 'example.test/egress': 'true' } } as const;

/** A policy without problems. */
export const EXAMPLE: Props = {
  selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
  destinationCIDRs: ['203.0.113.0/24'],
  egressGateway: { nodeSelector: EXAMPLE_NODES },
};

/** The same with more said of its gateway. */
export function exampleWith(gateway: Omit<CiliumEgressGatewayPolicyEgressGateway, 'nodeSelector'>): Props {
  return { ...EXAMPLE, egressGateway: { nodeSelector: EXAMPLE_NODES, ...gateway } };
}

/** The gateways that Cilium looks at, with their paths: the list when it has any, otherwise the single one. */
export function gatewaysOf(
  props: EgressGatewayPolicyProps,
): readonly (readonly [path: string, gateway: CiliumEgressGatewayPolicyEgressGateway])[] {
  const { egressGateway, egressGateways = [] } = props;
  if (egressGateways.length > 0) return egressGateways.map((gateway, i) => [`egressGateways[${String(i)}]`, gateway]);
  return egressGateway === undefined ? [] : [['egressGateway', egressGateway]];
}

/** A network of the policy, as written and as read. */
export type Placed = readonly [path: string, text: string, cidr: Cidr];

/** The networks of a list that can be read, with their paths. */
export function networks(
  props: EgressGatewayPolicyProps,
  field: 'destinationCIDRs' | 'excludedCIDRs',
): readonly Placed[] {
  return (props[field] ?? []).flatMap((text, i): Placed[] => {
    const cidr = networkOf(text);
    return cidr === undefined ? [] : [[`${field}[${String(i)}]`, text, cidr]];
  });
}

/** Equal for values with the same content, whatever the order of their fields. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort())
      : item,
  );
}
