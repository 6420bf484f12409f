import { nodeServices } from '../../cilium/parts/node-services';
import { contextOf } from '../../cilium/reference';
import { isTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import { BGP_WORKLOAD, bgpServices } from '../../talos/cluster/bgp-services';
import type { NodeService } from '../../talos/cluster/node-services';
import { withTalosFirewall } from './both-firewalls';
import type { CiliumClusterwideNetworkPolicyProps, HostFirewallProps, IngressRule } from './props';

/** The two policies of a host firewall. */
export interface HostPolicies {
  readonly controlPlane: CiliumClusterwideNetworkPolicyProps;
  readonly worker: CiliumClusterwideNetworkPolicyProps;
}

/** The policies: they allow what Talos, Kubernetes and Cilium need on a node, and drop all other ingress. Egress is not restricted. */
export function hostPolicies(name: string, given: HostFirewallProps): HostPolicies {
  const props = withTalosFirewall(given);
  const { cilium, metadata, metrics = true, kubernetesApiPort } = props;
  const context = contextOf(props);
  const talos = props.talos ?? context?.talos;
  const services = [
    ...nodeServices({
      cilium: context,
      kubeSpan: talos === undefined ? undefined : talos.kubeSpan?.enabled === true,
      kubernetesApiPort,
    }),
    ...bgpServices(talos ?? {}).filter(({ what }) => what !== BGP_WORKLOAD),
  ].filter(({ what }) => metrics || what !== 'metrics');
  const common = { cilium, metadata };
  const policy = (
    role: string,
    operator: 'Exists' | 'DoesNotExist',
    open: readonly NodeService[],
    extra: readonly IngressRule[],
  ) => ({
    ...common,
    name: `${name}-${role}`,
    description: `What may reach the ${role.replace('-', ' ')}s themselves: Talos, Kubernetes and Cilium.`,
    nodeSelector: { matchExpressions: [{ key: CONTROL_PLANE_LABEL, operator }] },
    ingress: [
      ...rulesFor(open, props),
      ...pings(context === undefined || isTruthy(context.v.ipv6.enabled)),
      ...(props.extra ?? []),
      ...extra,
    ],
  });
  const without = (other: NodeService['where']): readonly NodeService[] =>
    services.filter(({ where }) => where !== other);
  return {
    controlPlane: policy('control-plane', 'Exists', without('workers'), props.extraOnControlPlanes ?? []),
    worker: policy('worker', 'DoesNotExist', without('control planes'), props.extraOnWorkers ?? []),
  };
}

/** One rule per set of peers, with all their ports. */
function rulesFor(services: readonly NodeService[], props: HostFirewallProps): readonly IngressRule[] {
  const ports = new Map<string, string[]>();
  for (const service of services) {
    for (const peers of peersOf(service, props)) {
      const key = JSON.stringify(peers);
      const known = ports.get(key) ?? [];
      ports.set(key, [...known, ...service.ports.filter((port) => !known.includes(port))]);
    }
  }
  return [...ports].map(([peers, open]) => ({ ...(JSON.parse(peers) as IngressRule), toPorts: [{ ports: open }] }));
}

const EVERYWHERE: IngressRule = { fromEntities: ['all'] };
const OTHER_NODES: IngressRule = { fromEntities: ['remote-node'] };

/** The clients of a service, as rules without ports. */
function peersOf(
  { clients, peers }: NodeService,
  { apiFrom, nodeNetworks }: HostFirewallProps,
): readonly IngressRule[] {
  switch (clients) {
    case 'everywhere':
    case 'the link':
      return [EVERYWHERE];
    case 'administrators':
      return apiFrom === undefined ? [EVERYWHERE] : [...from(apiFrom), OTHER_NODES];
    case 'administrators and joining nodes':
      return apiFrom === undefined ? [EVERYWHERE] : [...from(apiFrom), ...from(nodeNetworks), OTHER_NODES];
    case 'joining nodes':
      return nodeNetworks === undefined ? [EVERYWHERE] : [...from(nodeNetworks), OTHER_NODES];
    case 'cluster':
    case 'pods':
      return [{ fromEntities: ['cluster'] }];
    case 'peers':
      return from(peers);
    case 'control planes':
    case 'nodes':
      return [OTHER_NODES];
    case 'probes':
      return [{ fromEntities: ['remote-node', 'health'] }];
  }
}

/** CIDRs as peers; invalid ones are reported as findings. */
function from(networks: readonly string[] | undefined): readonly IngressRule[] {
  const fromCIDR = (networks ?? []).filter((cidr) => networkOf(cidr) !== undefined);
  return fromCIDR.length === 0 ? [] : [{ fromCIDR }];
}

/**
 * Echo requests, and for IPv4 the messages of path MTU discovery. The host firewall lets the other ICMPv6 that nodes need, such as
 * neighbour discovery, pass before it evaluates policies.
 */
function pings(ipv6: boolean): readonly IngressRule[] {
  const fields = [
    { family: 'IPv4', type: 'EchoRequest' },
    { family: 'IPv4', type: 'DestinationUnreachable' },
    ...(ipv6 ? [{ family: 'IPv6', type: 'EchoRequest' } as const] : []),
  ] as const;
  return [{ fromEntities: ['all'], icmps: [{ fields }] }];
}
