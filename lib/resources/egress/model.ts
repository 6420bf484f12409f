import type { CiliumEgressGatewayPolicyEgressGateway } from '../../../imports/cilium.io';
import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap } from '../../kubernetes/json';
import { each } from '../../resource/each';
import type { ResourceExample, ResourceRule } from '../../resource/kind';
import type { EgressGatewayPolicyProps, EgressSelector } from './props';

/** A network of a policy. */
export interface ReadNetwork {
  readonly at: string;
  readonly text: string;
  /** `undefined` when the text is not a network. */
  readonly cidr: Cidr | undefined;
}

/** A network that could be read. */
export type SoundNetwork = ReadNetwork & { readonly cidr: Cidr };

/** An egress gateway policy, read. */
export interface EgressModel {
  /** Destinations and excluded networks, as written. */
  readonly networks: readonly ReadNetwork[];
  readonly destinations: readonly SoundNetwork[];
  readonly excluded: readonly SoundNetwork[];
  /** The gateways that Cilium uses: the list when it has any, otherwise the single one. */
  readonly gateways: readonly { readonly at: string; readonly gateway: CiliumEgressGatewayPolicyEgressGateway }[];
  readonly selectors: readonly { readonly at: string; readonly selector: EgressSelector; readonly key: string }[];
}

/** A rule of egress gateway policies. */
export type EgressRule = ResourceRule<EgressGatewayPolicyProps, EgressModel>;

/** Reads an egress gateway policy. */
export function readEgress({
  destinationCIDRs,
  excludedCIDRs,
  egressGateway,
  egressGateways,
  selectors,
}: EgressGatewayPolicyProps): EgressModel {
  const [destinations, excluded] = [
    networksOf('destinationCIDRs', destinationCIDRs),
    networksOf('excludedCIDRs', excludedCIDRs),
  ];
  const gateways = each(egressGateways, 'egressGateways', (gateway, at) => ({ at, gateway }));
  return {
    networks: [...destinations, ...excluded],
    destinations: destinations.filter(isSound),
    excluded: excluded.filter(isSound),
    gateways:
      gateways.length > 0 || !isMap(egressGateway) ? gateways : [{ at: 'egressGateway', gateway: egressGateway }],
    selectors: each(selectors, 'selectors', (selector, at) => ({ at, selector, key: inOrder(selector) })),
  };
}

function isSound(network: ReadNetwork): network is SoundNetwork {
  return network.cidr !== undefined;
}

function networksOf(field: string, list: unknown): readonly ReadNetwork[] {
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((text, i) =>
    typeof text === 'string' ? [{ at: `${field}[${String(i)}]`, text, cidr: networkOf(text) }] : [],
  );
}

/** Equal for values with the same content, whatever the order of their fields. */
export function inOrder(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    isMap(item) ? Object.fromEntries(Object.entries(item).sort()) : item,
  );
}

/** Values of a Cilium with egress gateways, for examples. */
export const EGRESS_ON = {
  egressGateway: { enabled: true },
  bpf: { masquerade: true },
  kubeProxyReplacement: true,
} as const;

/** The nodes of the examples. */
export const EXAMPLE_NODES = { matchLabels: { 'example.test/egress': 'true' } } as const;

/** A policy without findings. */
export const EXAMPLE: ResourceExample<EgressGatewayPolicyProps>['props'] = {
  selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
  destinationCIDRs: ['203.0.113.0/24'],
  egressGateway: { nodeSelector: EXAMPLE_NODES },
};

/** The same with more fields of its gateway. */
export function exampleWith(gateway: Omit<CiliumEgressGatewayPolicyEgressGateway, 'nodeSelector'>): typeof EXAMPLE {
  return { ...EXAMPLE, egressGateway: { nodeSelector: EXAMPLE_NODES, ...gateway } };
}
