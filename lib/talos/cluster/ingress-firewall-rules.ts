import { networkOf, overlaps } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXTRA, namedPorts, portRange } from './ingress-firewall-props';
import type { FirewallCluster, IngressFirewallProps } from './ingress-firewall-props';
import { nodeNetworks } from './node-ip';
import { SERVICE_RULES } from './node-services';
import type { ClusterRule } from './setting';

const DOCS = 'https://docs.siderolabs.com/talos/v1.14/networking/ingress-firewall';
const NODES = { nodeNetworks: ['192.168.10.0/24'] } as const;

/** Rules about the ingress firewall alone. */
export const FIREWALL_RULES: readonly ClusterRule<FirewallCluster>[] = [
  {
    id: 'talos-cluster/firewall-network',
    level: ({ given }) => (networksOf(given.ingressFirewall).every(({ network }) => network) ? 'warning' : 'error'),
    docs: DOCS,
    find: ({ given }) =>
      networksOf(given.ingressFirewall).flatMap(({ at, text, network }): readonly Problem[] => {
        if (network === undefined)
          return [
            problem(at, `'${text}' is not a CIDR.`, 'Write one such as 192.0.2.0/24, or 192.0.2.7/32 for one address.'),
          ];
        if (network.aligned) return [];
        const one = `${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'}`;
        const message = `${text} has host bits set; it matches all of ${network.network}.`;
        return [problem(at, message, `Write ${network.network}, or ${one} for one address.`)];
      }),
    examples: {
      bad: { ingressFirewall: { nodeNetworks: ['192.168.10.0'] } },
      good: { ingressFirewall: NODES },
    },
  },
  {
    id: 'talos-cluster/firewall-nodes',
    level: 'error',
    docs: DOCS,
    find: ({ given, kubeSpan }) => {
      if (given.ingressFirewall === undefined) return [];
      const { nodeNetworks: nodes, controlPlaneNetworks = [] } = given.ingressFirewall;
      if (nodes.length + controlPlaneNetworks.length > 0 || kubeSpan?.enabled === true) return [];
      if (given.nodes?.controlPlanes === 1 && given.nodes.workers === 0) return [];
      const message =
        'No node reaches another one: neither etcd, trustd and the kubelets, nor the tunnels between pods.';
      return problem(['talos.ingressFirewall.nodeNetworks', 'talos.kubeSpan'], message, 'Add the CIDRs of the nodes.');
    },
    examples: {
      bad: { ingressFirewall: { nodeNetworks: [] } },
      good: { ingressFirewall: { nodeNetworks: [] }, kubeSpan: {} },
    },
  },
  {
    id: 'talos-cluster/firewall-node-ip',
    level: 'warning',
    docs: DOCS,
    find: (talos) => {
      const { ingressFirewall: firewall } = talos.given;
      if (firewall === undefined || talos.kubeSpan?.enabled === true) return [];
      const lists = [firewall.nodeNetworks, firewall.controlPlaneNetworks ?? []];
      const known = lists.flat().flatMap((text) => networkOf(text) ?? []);
      return nodeNetworks(talos).flatMap(({ networks }) =>
        networks
          .filter((one) => !one.isExcluded && !known.some((network) => overlaps(network, one)))
          .map(({ path, text }) =>
            problem(
              [path, 'talos.ingressFirewall.nodeNetworks'],
              `Nodes choose their addresses from ${text}, and the firewall accepts no node from there.`,
              'Add the network to `nodeNetworks` of the firewall.',
            ),
          ),
      );
    },
    examples: {
      bad: { ingressFirewall: NODES, nodeIP: { validSubnets: ['192.168.11.0/24'] } },
      good: { ingressFirewall: NODES, nodeIP: { validSubnets: ['192.168.10.0/24'] } },
    },
  },
  {
    id: 'talos-cluster/firewall-no-administrators',
    level: 'warning',
    docs: DOCS,
    find: ({ given }) =>
      given.ingressFirewall?.apiFrom?.length === 0 &&
      problem(
        'talos.ingressFirewall.apiFrom',
        'No client outside the cluster reaches the Talos API, not even for the bootstrap, unless it comes through SideroLink.',
        'Add the CIDRs of the administrators; acknowledge this with Omni.',
      ),
    examples: {
      bad: { ingressFirewall: { ...NODES, apiFrom: [] } },
      good: { ingressFirewall: { ...NODES, apiFrom: ['192.0.2.0/24'] } },
    },
  },
  {
    id: 'talos-cluster/firewall-ports',
    level: 'error',
    docs: DOCS,
    find: ({ given }) =>
      extraOf(given.ingressFirewall).flatMap(({ at, rule: { ports } }) => {
        if (ports.length === 0)
          return problem(`${at}.ports`, 'The list is empty, and Talos refuses a rule without ports.', PORTS);
        return ports.flatMap((port, i) =>
          portRange(port) === undefined ? problem(`${at}.ports[${String(i)}]`, `'${port}' is not a port.`, PORTS) : [],
        );
      }),
    examples: {
      bad: { ingressFirewall: { ...NODES, extra: [{ name: 'node-exporter', ports: ['9100'] }] } },
      good: { ingressFirewall: { ...NODES, extra: [{ name: 'node-exporter', ports: ['9100/TCP'] }] } },
    },
  },
  {
    id: 'talos-cluster/firewall-name',
    level: 'error',
    docs: DOCS,
    find: ({ given }) => nameProblems(given.ingressFirewall),
    examples: {
      bad: { ingressFirewall: { ...NODES, extra: [{ name: 'kubelet-ingress', ports: ['10255/TCP'] }] } },
      good: { ingressFirewall: { ...NODES, extra: [{ name: 'kubelet-read-only', ports: ['10255/TCP'] }] } },
    },
  },
  {
    id: 'talos-cluster/firewall-no-clients',
    level: 'warning',
    docs: DOCS,
    find: ({ given }) =>
      extraOf(given.ingressFirewall).flatMap(({ at, rule: { from } }) =>
        from?.length === 0
          ? problem(
              `${at}.from`,
              'The list is empty, so the ports stay closed.',
              'Leave it out to open them to everywhere.',
            )
          : [],
      ),
    examples: {
      bad: { ingressFirewall: { ...NODES, extra: [{ name: 'node-exporter', ports: ['9100/TCP'], from: [] }] } },
      good: {
        ingressFirewall: { ...NODES, extra: [{ name: 'node-exporter', ports: ['9100/TCP'], from: ['cluster'] }] },
      },
    },
  },
];

const PORTS = 'Write them as 9100/TCP or 30000-32767/UDP.';

const NETWORKS = ['nodeNetworks', 'controlPlaneNetworks', 'apiFrom', 'meshNodeNetworks'] as const;

interface PlacedNetwork {
  readonly at: string;
  readonly text: string;
  readonly network: ReturnType<typeof networkOf>;
}

function networksOf(firewall: IngressFirewallProps | undefined): readonly PlacedNetwork[] {
  return [
    ...NETWORKS.flatMap((field) =>
      (firewall?.[field] ?? []).map((text, i) => [`talos.ingressFirewall.${field}[${String(i)}]`, text] as const),
    ),
    ...extraOf(firewall).flatMap(({ at, rule: { from = [] } }) =>
      from.flatMap((text, i) => (text === 'cluster' ? [] : [[`${at}.from[${String(i)}]`, text] as const])),
    ),
  ].map(([at, text]) => ({ at, text, network: networkOf(text) }));
}

function extraOf(firewall: IngressFirewallProps | undefined): readonly PlacedRule[] {
  return EXTRA.flatMap(([list, output]) =>
    (firewall?.[list] ?? []).map((rule, i) => ({ at: `talos.ingressFirewall.${list}[${String(i)}]`, output, rule })),
  );
}

interface PlacedRule {
  readonly at: string;
  readonly output: (typeof EXTRA)[number][1];
  readonly rule: NonNullable<IngressFirewallProps['extra']>[number];
}

/** Documents of control planes and of workers are in different configs. */
function nameProblems(firewall: IngressFirewallProps | undefined): readonly Problem[] {
  const seen = new Map<string, string>(
    SERVICE_RULES.flatMap((name) => [`controlplane ${name}`, `worker ${name}`].map((key) => [key, ''] as const)),
  );
  return extraOf(firewall).flatMap(({ at, output, rule }) => {
    if (rule.name === '') return [problem(`${at}.name`, 'The name is empty, and Talos requires one.', NAME)];
    const keys = namedPorts(rule).flatMap(([name]) =>
      (output === 'all' ? ['controlplane', 'worker'] : [output]).map((role) => `${role} ${name}`),
    );
    const other = keys.map((key) => seen.get(key)).find((place) => place !== undefined);
    for (const key of keys) if (!seen.has(key)) seen.set(key, `${at}.name`);
    if (other === undefined) return [];
    const message = `Another rule of these nodes has the name '${rule.name}', and one would replace the other.`;
    return [problem(other === '' ? `${at}.name` : [`${at}.name`, other], message, NAME)];
  });
}

const NAME = 'Choose a name of its own for each rule, node-exporter.';
