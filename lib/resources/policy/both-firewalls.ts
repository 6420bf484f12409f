import { contextOf } from '../../cilium/reference';
import { networkOf, overlaps } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosFacts } from '../../talos/cluster/facts';
import { EXTRA, portRange } from '../../talos/cluster/ingress-firewall-props';
import type { IngressFirewallProps, IngressFirewallRule, PortRange } from '../../talos/cluster/ingress-firewall-props';
import type { Output } from '../../talos/cluster/setting';
import type { HostFirewallProps, IngressRule } from './props';

/** The props of a host firewall with what Talos' ingress firewall has and they leave out, so that the two agree. */
export function withTalosFirewall(props: HostFirewallProps): HostFirewallProps {
  const talos = props.talos ?? contextOf(props)?.talos;
  const firewall = talos?.given?.ingressFirewall;
  if (talos === undefined || firewall === undefined) return props;
  const nodes = nodeNetworksOf(talos);
  const rules = (
    own: readonly IngressRule[] = [],
    more: readonly IngressFirewallRule[] = [],
  ): readonly IngressRule[] => [...own, ...more.flatMap((rule) => policyRules(rule, talos))];
  return {
    ...props,
    apiFrom: props.apiFrom ?? firewall.apiFrom,
    nodeNetworks: props.nodeNetworks ?? (nodes.length === 0 ? undefined : nodes),
    kubernetesApiPort: props.kubernetesApiPort ?? firewall.kubernetesApiPort,
    metrics: props.metrics ?? firewall.metrics,
    extra: rules(props.extra, firewall.extra),
    extraOnControlPlanes: rules(props.extraOnControlPlanes, firewall.extraOnControlPlanes),
    extraOnWorkers: rules(props.extraOnWorkers, firewall.extraOnWorkers),
  };
}

/** CIDRs of all nodes of a cluster with Talos' ingress firewall. */
export function nodeNetworksOf({ given }: TalosFacts): readonly string[] {
  const { nodeNetworks = [], controlPlaneNetworks = [] } = given?.ingressFirewall ?? {};
  return [...new Set([...nodeNetworks, ...controlPlaneNetworks])];
}

/** Cilium matches nodes and pods of the cluster by their identity, whatever CIDR holds their addresses. */
function policyRules({ ports, from }: IngressFirewallRule, talos: TalosFacts): readonly IngressRule[] {
  const toPorts = [{ ports }];
  if (from === undefined) return [{ fromEntities: ['all'], toPorts }];
  const networks = from.flatMap((one) => networkOf(one) ?? []);
  const meets = (texts: readonly string[]): boolean =>
    texts.flatMap((one) => networkOf(one) ?? []).some((own) => networks.some((network) => overlaps(network, own)));
  const entity: 'cluster' | 'remote-node' | undefined =
    from.includes('cluster') || meets(talos.podSubnets)
      ? 'cluster'
      : meets(nodeNetworksOf(talos))
        ? 'remote-node'
        : undefined;
  return [
    ...(entity === undefined ? [] : [{ fromEntities: [entity], toPorts }]),
    ...(networks.length === 0 ? [] : [{ fromCIDR: networks.map(({ network }: Cidr) => network), toPorts }]),
  ];
}

/** What a host firewall opens beyond Talos' ingress firewall, or closes within it. */
export function disagreements(props: HostFirewallProps): readonly Problem[] {
  const talos = props.talos ?? contextOf(props)?.talos;
  const firewall = talos?.given?.ingressFirewall;
  if (talos === undefined || firewall === undefined) return [];
  const sides = [
    ['apiFrom', props.apiFrom, firewall.apiFrom ?? ['0.0.0.0/0', '::/0']],
    ['nodeNetworks', props.nodeNetworks, nodeNetworksOf(talos)],
    ['kubernetesApiPort', props.kubernetesApiPort, firewall.kubernetesApiPort ?? 6443],
    ['metrics', props.metrics, firewall.metrics ?? true],
  ] as const;
  const different = sides.filter(([, own, other]) => own !== undefined && sorted(own) !== sorted(other));
  return [
    ...different.map(([name]) =>
      problem(
        [name, `talos.ingressFirewall.${name}`],
        "It differs from that of Talos' ingress firewall, and packets must pass both.",
        'Leave it out: HostFirewall reads `ingressFirewall` of the Talos cluster.',
      ),
    ),
    ...EXTRA.flatMap(([list, output]) => closedPorts(list, props[list] ?? [], openPorts(firewall, output))),
  ];
}

function sorted(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? [...(value as readonly string[])].sort() : value);
}

/** Ports that Talos' firewall opens by its own rules on some of the nodes. */
function openPorts(firewall: IngressFirewallProps, output: Output): readonly PortRange[] {
  const lists = EXTRA.filter(([, of]) => of === 'all' || output === 'all' || of === output).map(([list]) => list);
  return lists.flatMap((list) =>
    (firewall[list] ?? []).flatMap(({ ports }) => ports.flatMap((one) => portRange(one) ?? [])),
  );
}

function closedPorts(list: string, rules: readonly IngressRule[], open: readonly PortRange[]): readonly Problem[] {
  return rules.flatMap(({ toPorts = [] }, i) =>
    toPorts.flatMap(({ ports = [] }, j) =>
      ports.flatMap((port, k) => {
        const range = typeof port === 'string' ? portRange(port) : undefined;
        const isOpen = open.some(
          (one) => one.protocol === range?.protocol && one.first <= range.first && range.last <= one.last,
        );
        if (range === undefined || isOpen) return [];
        return problem(
          [`${list}[${String(i)}].toPorts[${String(j)}].ports[${String(k)}]`, `talos.ingressFirewall.${list}`],
          `Talos' ingress firewall drops packets to ${String(port)} before a policy allows them.`,
          `Open the port in \`ingressFirewall.${list}\` of the Talos cluster, which HostFirewall reads, too.`,
        );
      }),
    ),
  );
}
