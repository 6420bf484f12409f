import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { layered } from '../../lib/cilium/layers';
import { resourceObject } from '../../lib/resource/resource';
import type { JsonObject } from '../../lib/kubernetes/json';
import { hostPolicies } from '../../lib/resources/policy/host-firewall';
import type { HostFirewallProps } from '../../lib/resources/policy/props';
import { clusterwideNetworkPolicy } from '../../lib/resources/policy/network-policy';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { kubeSpanValues, talosValues } from '../../lib/cilium/talos-values';
import type { Flow } from './agent';
import { ciliumWith, released } from '../../upstream/rules/released';

/** A node with the policies of a host firewall, and connections to it. */
interface HostCase {
  readonly what: string;
  readonly policies: readonly JsonObject[];
  readonly flows: readonly { readonly flow: Flow; readonly passes: boolean; readonly why: string }[];
}

/** A connection: who, protocol and port, and whether it reaches control planes and workers. */
type Row = readonly [
  from: readonly string[],
  protocol: Flow['protocol'],
  port: number,
  controlPlane: boolean,
  worker: boolean,
  why: string,
];

const NODE = ['reserved:remote-node'];
const CONTROL_PLANE = ['reserved:remote-node', 'reserved:kube-apiserver'];
const HEALTH = ['reserved:health'];
const WORLD = ['reserved:world-ipv4'];
const WORLD6 = ['reserved:world-ipv6'];
const OFFICE = ['cidr:192.0.2.0/24', 'reserved:world-ipv4'];
const LAN = ['cidr:198.51.100.0/24', 'reserved:world-ipv4'];
const POD = ['k8s:app=web', 'k8s:io.kubernetes.pod.namespace=default', 'k8s:io.cilium.k8s.policy.cluster=default'];

/** Rules for every host firewall. */
const ALWAYS: readonly Row[] = [
  [NODE, 'tcp', 50000, true, true, "Talos' API between nodes"],
  [CONTROL_PLANE, 'tcp', 50000, true, true, "Talos' API from control planes"],
  [NODE, 'tcp', 50001, true, false, 'trustd'],
  [NODE, 'tcp', 6443, true, false, 'the API server, from kubelets'],
  [CONTROL_PLANE, 'tcp', 6443, true, false, 'the API server, from control planes'],
  [POD, 'tcp', 6443, true, false, 'the API server, from pods'],
  [CONTROL_PLANE, 'tcp', 2379, true, false, 'etcd'],
  [CONTROL_PLANE, 'tcp', 2380, true, false, 'etcd between members'],
  [POD, 'tcp', 2379, false, false, 'etcd, from pods'],
  [WORLD, 'tcp', 2379, false, false, 'etcd, from outside'],
  [CONTROL_PLANE, 'tcp', 10250, true, true, 'the kubelet, from the API server'],
  [POD, 'tcp', 10250, true, true, 'the kubelet, from metrics-server'],
  [WORLD, 'tcp', 10250, false, false, 'the kubelet, from outside'],
  [NODE, 'tcp', 4240, true, true, "Cilium's probes from nodes"],
  [HEALTH, 'tcp', 4240, true, true, "Cilium's probes from their endpoints"],
  [WORLD, 'tcp', 4240, false, false, "Cilium's probes, from outside"],
  [POD, 'tcp', 4244, true, true, 'Hubble, from its relay'],
  [WORLD, 'tcp', 4244, false, false, 'Hubble, from outside'],
  [WORLD, 'udp', 68, true, true, 'DHCP'],
  [WORLD, 'icmp', 8, true, true, 'pings'],
  [NODE, 'icmp', 8, true, true, "Cilium's pings"],
  [WORLD, 'icmp', 3, true, true, 'packets that are too large'],
  [WORLD, 'icmp', 5, false, false, 'redirects'],
  [WORLD, 'tcp', 22, false, false, 'anything else'],
  [WORLD, 'tcp', 30080, false, false, 'a NodePort of the node itself'],
  [POD, 'tcp', 9100, false, false, 'what was not named'],
];

const VXLAN: readonly Row[] = [
  [NODE, 'udp', 8472, true, true, 'VXLAN'],
  [WORLD, 'udp', 8472, false, false, 'VXLAN, from outside'],
];

const OPEN: readonly Row[] = [
  [WORLD, 'tcp', 50000, true, true, "Talos' API from everywhere"],
  [WORLD, 'tcp', 6443, true, false, 'the API server from everywhere'],
  [WORLD, 'tcp', 50001, true, false, 'trustd, from nodes that join'],
];

/** Both APIs are open to one network only, and nodes are in another one. */
const closedRows = (office: readonly string[], lan: readonly string[]): readonly Row[] => [
  [office, 'tcp', 50000, true, true, "Talos' API from the office"],
  [office, 'tcp', 6443, true, false, 'the API server from the office'],
  [office, 'tcp', 50001, false, false, 'trustd from the office'],
  [lan, 'tcp', 50001, true, false, 'trustd from a node that joins'],
  [lan, 'tcp', 6443, true, false, 'the API server from a node that joins'],
  [lan, 'tcp', 50000, false, false, "Talos' API from where nodes are"],
  [lan, 'tcp', 2379, false, false, 'etcd from where nodes are'],
  [WORLD, 'tcp', 50000, false, false, "Talos' API from everywhere"],
  [WORLD, 'tcp', 6443, false, false, 'the API server from everywhere'],
  [WORLD, 'tcp', 50001, false, false, 'trustd from everywhere'],
];

/** Nodes of several clusters. */
export function hostCases(release: string): readonly HostCase[] {
  const firewall = { hostFirewall: { enabled: true } };
  const cilium = (values: object, talos?: TalosCluster): Pick<HostFirewallProps, 'cilium'> => {
    const layers = [...(talos === undefined ? [] : [talosValues(talos, release)]), firewall, values];
    return { cilium: ciliumWith(release, { values: layered(layers), talos }) };
  };
  const talos = new TalosCluster({ talosVersion: '1.13', hostDNS: { forwardKubeDNSToHost: false } });
  const span = new TalosCluster({
    talosVersion: '1.13',
    hostDNS: { forwardKubeDNSToHost: false },
    kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
  });
  return [
    ...casesOf('only the release', { cilium: released(release) }, [
      ...ALWAYS,
      ...VXLAN,
      ...OPEN,
      [NODE, 'udp', 6081, true, true, 'Geneve'],
      [NODE, 'udp', 51871, true, true, 'WireGuard'],
      [WORLD, 'udp', 51820, true, true, 'KubeSpan'],
      [POD, 'tcp', 9962, true, true, 'metrics'],
    ]),
    ...casesOf('VXLAN', cilium({}, talos), [
      ...ALWAYS,
      ...VXLAN,
      ...OPEN,
      [WORLD, 'udp', 51820, false, false, 'KubeSpan that is off'],
      [NODE, 'udp', 51871, false, false, 'WireGuard that is off'],
      [WORLD6, 'icmpv6', 128, false, false, 'pings without IPv6'],
    ]),
    ...casesOf(
      'Geneve on another port, WireGuard, IPv6',
      cilium({
        tunnelProtocol: 'geneve',
        tunnelPort: 7000,
        ipv6: { enabled: true },
        encryption: { enabled: true, type: 'wireguard' },
      }),
      [
        ...ALWAYS,
        ...OPEN,
        [NODE, 'udp', 7000, true, true, 'Geneve'],
        [NODE, 'udp', 8472, false, false, 'VXLAN that is not used'],
        [NODE, 'udp', 51871, true, true, 'WireGuard'],
        [WORLD6, 'icmpv6', 128, true, true, 'pings over IPv6'],
      ],
    ),
    ...casesOf('native routing over KubeSpan', cilium(kubeSpanValues(span), span), [
      ...ALWAYS,
      ...OPEN,
      [WORLD, 'udp', 51820, true, true, 'KubeSpan'],
      [NODE, 'udp', 8472, false, false, 'VXLAN that is not used'],
    ]),
    ...casesOf('closed', { ...cilium({}, talos), apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] }, [
      ...ALWAYS,
      ...VXLAN,
      ...closedRows(OFFICE, LAN),
    ]),
    ...casesOf(
      'more',
      {
        ...cilium({ prometheus: { enabled: true } }, talos),
        kubernetesApiPort: 7443,
        extra: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['9100/TCP'] }] }],
        extraOnControlPlanes: [
          { fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: ['2381/TCP'] }] },
        ],
        extraOnWorkers: [{ fromEntities: ['world'], toPorts: [{ ports: ['443/TCP'] }] }],
      },
      [
        [POD, 'tcp', 9100, true, true, 'extra'],
        [POD, 'tcp', 2381, true, false, 'extra on control planes'],
        [WORLD, 'tcp', 443, false, true, 'extra on workers'],
        [WORLD, 'tcp', 7443, true, false, 'the API server on another port'],
        [WORLD, 'tcp', 6443, false, false, 'the port of before'],
        [POD, 'tcp', 9962, true, true, "the agent's metrics"],
        [POD, 'tcp', 9963, true, true, "the operator's metrics"],
      ],
    ),
  ];
}

function casesOf(what: string, props: HostFirewallProps, rows: readonly Row[]): readonly HostCase[] {
  const { controlPlane, worker } = hostPolicies('nodes', props);
  const policies = [controlPlane, worker].map(
    (policy) =>
      resourceObject({ of: clusterwideNetworkPolicy, name: policy.name ?? '', props: policy }) as unknown as JsonObject,
  );
  return casesFor(what, policies, rows);
}

/** The policies that examples wrote, each with the connections of its cluster: below the folder of all examples. */
export function exampleCases(folder: string): readonly HostCase[] {
  const from = (network: string): readonly string[] => [`cidr:${network}`, 'reserved:world-ipv4'];
  const [office, rack, home] = [from('192.168.1.0/24'), from('192.168.10.0/24'), from('10.4.0.0/16')];
  const nodeExporter: Row = [POD, 'tcp', 9100, true, true, 'the node exporter'];
  const agentMetrics: Row = [POD, 'tcp', 9962, true, true, "the agent's metrics"];
  const rackRows: readonly Row[] = [
    ...withoutRow(ALWAYS, 9100),
    ...VXLAN,
    ...closedRows(office, rack),
    nodeExporter,
    [WORLD, 'tcp', 9100, false, false, 'the node exporter, from outside'],
    [NODE, 'udp', 51871, false, false, 'WireGuard that is off'],
  ];
  const homeRows: readonly Row[] = [
    ...ALWAYS,
    ...VXLAN,
    [home, 'tcp', 50000, true, true, "Talos' API from home"],
    [home, 'tcp', 50001, true, false, 'trustd from a node that joins'],
    [home, 'tcp', 6443, true, false, 'the API server from home'],
    [NODE, 'udp', 51871, true, true, 'WireGuard'],
    [WORLD, 'udp', 51871, false, false, 'WireGuard, from outside'],
    agentMetrics,
  ];
  const files: readonly (readonly [file: string, rows: readonly Row[]])[] = [
    ['host-firewall/dist/1-audit/host-firewall.k8s.yaml', rackRows],
    ['host-firewall/dist/2-enforced/host-firewall.k8s.yaml', rackRows],
    ['goldentooth/dist/host-firewall.k8s.yaml', homeRows],
  ];
  return files.flatMap(([file, rows]) => {
    const documents = parseAllDocuments(readFileSync(join(folder, file), 'utf8'));
    return casesFor(
      `examples/${file}`,
      documents.map((document) => document.toJS() as JsonObject),
      rows,
    );
  });
}

function withoutRow(rows: readonly Row[], port: number): readonly Row[] {
  return rows.filter((row) => row[2] !== port);
}

function casesFor(what: string, policies: readonly JsonObject[], rows: readonly Row[]): readonly HostCase[] {
  const roles = [
    ['control plane', ['reserved:host', 'k8s:node-role.kubernetes.io/control-plane=', 'k8s:kubernetes.io/os=linux'], 3],
    ['worker', ['reserved:host', 'k8s:kubernetes.io/os=linux'], 4],
  ] as const;
  return roles.map(([role, to, column]) => ({
    what: `${what}, ${role}`,
    policies,
    flows: rows.map((row) => ({
      flow: { from: row[0], to, protocol: row[1], port: row[2] },
      passes: row[column],
      why: row[5],
    })),
  }));
}
