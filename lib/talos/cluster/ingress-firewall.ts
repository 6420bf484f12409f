import { groupedBy } from '../../kubernetes/groups';
import { compareBigints, contains, networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { boolean, integer, listOf, needed, props, text } from '../../props/shape';
import { EXTRA, namedPorts } from './ingress-firewall-props';
import type {
  BesideFirewall,
  FirewallCluster,
  IngressFirewallProps,
  IngressFirewallRule,
  IngressFirewallSetting,
  PortRange,
} from './ingress-firewall-props';
import { FIREWALL_RULES } from './ingress-firewall-rules';
import type { Clients, NodeService } from './node-services';
import { document } from './setting';
import type { Needs, Output, Setting, Statement } from './setting';

const RULE = props<IngressFirewallRule>({
  name: needed(text),
  ports: needed(listOf(text)),
  from: listOf(text),
});

const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

/**
 * The ingress firewall. Lists of its documents replace each other by name in every release, so the patch can be applied again.
 * @see https://docs.siderolabs.com/talos/v1.14/networking/ingress-firewall
 */
export const ingressFirewall: Setting<IngressFirewallSetting, object, BesideFirewall> = {
  name: 'ingress-firewall',
  shape: {
    ingressFirewall: props<IngressFirewallProps>(
      {
        nodeNetworks: needed(listOf(text)),
        controlPlaneNetworks: listOf(text),
        apiFrom: listOf(text),
        meshNodeNetworks: listOf(text),
        kubernetesApiPort: integer(1, 65535),
        metrics: boolean,
        extra: listOf(RULE),
        extraOnControlPlanes: listOf(RULE),
        extraOnWorkers: listOf(RULE),
      },
      { elsewhere: { defaultAction: 'The firewall blocks; leave `ingressFirewall` out to accept all ingress.' } },
    ),
  },
  since: '1.6',
  sections: [],
  wanted: ({ talos }) => talos.given.ingressFirewall !== undefined,
  section: firewallDocuments,
  documents: firewallDocuments,
  rules: FIREWALL_RULES,
};

function firewallDocuments(needs: Needs<FirewallCluster>): readonly Statement[] {
  const { ingressFirewall: given } = needs.talos.given;
  if (given === undefined) return [];
  const services = needs.services.filter(({ what }) => given.metrics !== false || what !== 'metrics');
  const own = groupedBy(services, ({ rule, where }) => `${rule} ${where === 'workers' ? where : ''}`);
  return [
    { output: 'all', document: document('NetworkDefaultActionConfig', { ingress: 'block' }) },
    ...[...own.values()].flatMap((of) => serviceRule(of, needs)),
    ...EXTRA.flatMap(([list, output]) =>
      (given[list] ?? []).flatMap(({ from, ...rule }) =>
        rulesOf(output, rule, from === undefined ? EVERYWHERE : from.flatMap((one) => peersOf(one, needs))),
      ),
    ),
  ];
}

/** The services of one rule: on all nodes when one of them is. */
function serviceRule(services: readonly NodeService[], needs: Needs<FirewallCluster>): readonly Statement[] {
  const isAt = (where: NodeService['where']): boolean => services.every((service) => service.where === where);
  const output = isAt('control planes') ? 'controlplane' : isAt('workers') ? 'worker' : 'all';
  return rulesOf(
    output,
    { name: services[0]?.rule ?? '', ports: services.flatMap(({ ports }) => ports) },
    services.flatMap(({ clients, peers = [] }) => (clients === 'peers' ? peers : sourcesOf(clients, needs))),
  );
}

/** One document for each protocol; none without clients. */
function rulesOf(
  output: Output,
  rule: Pick<IngressFirewallRule, 'name' | 'ports'>,
  sources: readonly string[],
): readonly Statement[] {
  const ingress = widest(sources).map((subnet) => ({ subnet }));
  if (ingress.length === 0) return [];
  return namedPorts(rule).map(([name, ports]) => ({
    output,
    document: document('NetworkRuleConfig', {
      name,
      portSelector: { ports: written(ports), protocol: ports[0]?.protocol },
      ingress,
    }),
  }));
}

/** Ranges as Talos accepts them: sorted, none overlaps another. */
function written(ranges: readonly PortRange[]): readonly (number | string)[] {
  const joined: { first: number; last: number }[] = [];
  for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before.last) before.last = Math.max(before.last, last);
    else joined.push({ first, last });
  }
  return joined.map(({ first, last }) => (first === last ? first : `${String(first)}-${String(last)}`));
}

/** Networks in their shortest form, without those inside another one. */
function widest(texts: readonly string[]): readonly string[] {
  const networks = texts.flatMap((one) => networkOf(one) ?? []);
  const distinct = [...new Map(networks.map((network) => [network.network, network])).values()];
  const outer = new Set<Cidr>();
  // Networks are inside each other or apart: in this order one is inside the last one that is outermost, or is outermost.
  const sorted = [...distinct].sort(
    (a, b) => a.family - b.family || compareBigints(a.first, b.first) || a.prefix - b.prefix,
  );
  let last: Cidr | undefined;
  for (const network of sorted)
    if (last === undefined || !contains(last, network)) {
      outer.add(network);
      last = network;
    }
  return distinct.filter((network) => outer.has(network)).map(({ network }) => network);
}

/** `cluster` or a CIDR. */
function peersOf(peer: string, needs: Needs<FirewallCluster>): readonly string[] {
  return peer === 'cluster' ? sourcesOf('cluster', needs) : [peer];
}

/** Where the packets of clients come from. A pod keeps its address on the way to its own node, and with native routing to others. */
function sourcesOf(clients: Clients, { talos, podNetworks = [] }: Needs<FirewallCluster>): readonly string[] {
  const {
    nodeNetworks = [],
    controlPlaneNetworks = [],
    apiFrom,
    meshNodeNetworks = [],
  } = talos.given.ingressFirewall ?? {};
  const nodes = [...nodeNetworks, ...controlPlaneNetworks];
  const pods = [...talos.podSubnets, ...podNetworks];
  switch (clients) {
    case 'everywhere':
      return EVERYWHERE;
    case 'the link':
      return ['fe80::/10'];
    case 'administrators':
    case 'administrators and joining nodes':
      return apiFrom === undefined ? EVERYWHERE : [...apiFrom, ...nodes];
    case 'joining nodes':
      return nodes;
    case 'control planes':
      return controlPlaneNetworks.length > 0 ? controlPlaneNetworks : nodeNetworks;
    case 'cluster':
      return [...nodes, ...pods];
    case 'nodes':
    case 'probes':
      return [...nodes, ...meshNodeNetworks];
    case 'pods':
      return pods;
    case 'peers':
      return [];
  }
}
