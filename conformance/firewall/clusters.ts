import { renderCilium } from '../../lib/cilium/render';
import { layered } from '../../lib/cilium/layers';
import { kubeSpanValues, talosValues } from '../../lib/cilium/talos-values';
import type { CiliumValues } from '../../imports/cilium-chart';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { Surroundings } from './chain';

/** Connections: clients, port and protocol, and whether they reach the control plane and the worker. */
export type Row = readonly [from: readonly string[], ports: string, controlPlane: boolean, worker: boolean];

interface Cluster {
  readonly name: string;
  /** The patches of a control plane or of a worker, in their order. */
  readonly patches: (isControlPlane: boolean) => readonly (string | undefined)[];
  readonly around: Omit<Surroundings, 'own'>;
  readonly rows: readonly Row[];
  /** Whether a packet for port 80 of a Gateway reaches Envoy on the control plane. */
  readonly gateway: boolean;
}

const OTHER_NODES = ['cp2', 'joining'] as const;
const PODS = ['pod-cp1', 'pod-w1'] as const;
const OUTSIDE = ['mesh', 'attacker'] as const;
const ALL = [...OTHER_NODES, ...PODS, ...OUTSIDE, 'admin'] as const;

/** The rest of the clients. */
const others = (...clients: readonly string[]): readonly string[] => ALL.filter((one) => !clients.includes(one));

/** A port for some clients, closed for all others. */
function only(clients: readonly string[], ports: string, where: 'all' | 'controlPlane' = 'all'): readonly Row[] {
  return [
    [clients, ports, true, where === 'all'],
    [others(...clients), ports, false, false],
  ];
}

/** What every cluster opens, and what none does. */
const ALWAYS: readonly Row[] = [
  ...only([...OTHER_NODES, ...PODS], '10250/TCP'),
  ...only(OTHER_NODES, '50001/TCP', 'controlPlane'),
  [ALL, '22/TCP', false, false],
  [ALL, '53/UDP', false, false],
  [ALL, '7445/TCP', false, false],
  [ALL, '9100/TCP', false, false],
  [ALL, '10257/TCP', false, false],
  [ALL, '10259/TCP', false, false],
  [ALL, '30080/TCP', false, false],
  [ALL, '4789/UDP', false, false],
];

const CLOSED_APIS: readonly Row[] = [
  ...only([...OTHER_NODES, 'admin'], '50000/TCP'),
  ...only([...OTHER_NODES, ...PODS, 'admin'], '6443/TCP', 'controlPlane'),
];

const NETWORKS = { nodeNetworks: ['192.168.10.0/24', 'fd00:10::/64'] };
const CONTROL_PLANES = ['192.168.10.2/31', 'fd00:10::2/127'];
const ADMINS = { apiFrom: ['192.168.1.0/24', 'fd00:1::/64'] };

/** The machine of the other cluster, as the router of the control planes. */
const ROUTER = {
  fabric: {
    localASN: 65000,
    routerID: '192.168.10.2',
    neighbors: [
      { address: '192.168.20.2', passive: true, bfd: {} },
      { address: 'fd00:20::2', passive: true, bfd: {} },
    ],
  },
};

export const CLUSTERS: readonly Cluster[] = [
  cluster('VXLAN, closed', { ingressFirewall: { ...NETWORKS, ...ADMINS, controlPlaneNetworks: CONTROL_PLANES } }, {}, [
    ...ALWAYS,
    ...CLOSED_APIS,
    ...only(['cp2'], '2379/TCP', 'controlPlane'),
    ...only(['cp2'], '2380/TCP', 'controlPlane'),
    ...only(OTHER_NODES, '8472/UDP'),
    ...only(OTHER_NODES, '4240/TCP'),
    ...only([...OTHER_NODES, ...PODS], '4244/TCP'),
    ...only([...OTHER_NODES, ...PODS], '9963/TCP'),
    ...only([...OTHER_NODES, ...PODS], '9964/TCP'),
    [ALL, '9962/TCP', false, false],
    [ALL, '6081/UDP', false, false],
    [ALL, '51871/UDP', false, false],
    [ALL, '51820/UDP', false, false],
    [ALL, '179/TCP', false, false],
  ]),
  cluster(
    'Geneve, WireGuard, a mesh, wide open APIs',
    { ingressFirewall: { ...NETWORKS, meshNodeNetworks: ['192.168.20.0/24', 'fd00:20::/64'] } },
    {
      tunnelProtocol: 'geneve',
      encryption: { enabled: true, type: 'wireguard' },
      cluster: { name: 'north', id: 1 },
      clustermesh: { useAPIServer: true },
      prometheus: { enabled: true },
    },
    [
      ...ALWAYS,
      [ALL, '50000/TCP', true, true],
      [ALL, '6443/TCP', true, false],
      ...only(OTHER_NODES, '2379/TCP', 'controlPlane'),
      ...only([...OTHER_NODES, 'mesh'], '6081/UDP'),
      ...only([...OTHER_NODES, 'mesh'], '51871/UDP'),
      ...only([...OTHER_NODES, 'mesh'], '4240/TCP'),
      ...only([...OTHER_NODES, ...PODS], '9962/TCP'),
      [ALL, '8472/UDP', false, false],
      [ALL, '32379/TCP', false, false],
    ],
  ),
  cluster(
    'native routing over KubeSpan',
    {
      kubeSpan: { advertiseKubernetesNetworks: true },
      ingressFirewall: { ...NETWORKS, ...ADMINS, metrics: false },
    },
    'kubespan',
    [
      ...ALWAYS,
      ...CLOSED_APIS,
      [ALL, '51820/UDP', true, true],
      [ALL, '8472/UDP', false, false],
      [ALL, '9963/TCP', false, false],
    ],
  ),
  cluster(
    'kube-proxy kept, more ports, native BGP with a router',
    {
      controlPlanes: { bgp: ROUTER },
      ingressFirewall: {
        ...NETWORKS,
        ...ADMINS,
        kubernetesApiPort: 7443,
        extra: [{ name: 'exporter', ports: ['9200/TCP'], from: ['cluster'] }],
        extraOnControlPlanes: [{ name: 'web', ports: ['80/TCP'] }],
        extraOnWorkers: [
          { name: 'node-ports', ports: ['31000-31010/TCP', '31000/UDP'], from: ['203.0.113.0/24', '2001:db8::/64'] },
        ],
      },
    },
    { kubeProxyReplacement: 'false' },
    [
      ...ALWAYS,
      ...only([...OTHER_NODES, ...PODS, 'admin'], '7443/TCP', 'controlPlane'),
      [ALL, '6443/TCP', false, false],
      ...only([...OTHER_NODES, ...PODS], '9200/TCP'),
      [ALL, '80/TCP', true, false],
      [['attacker'], '31005/TCP', false, true],
      [['attacker'], '31000/UDP', false, true],
      [others('attacker'), '31005/TCP', false, false],
      [ALL, '31011/TCP', false, false],
      ...only(['mesh'], '179/TCP', 'controlPlane'),
      ...only(['mesh'], '3784/UDP', 'controlPlane'),
    ],
    true,
  ),
];

function cluster(
  name: string,
  props: Partial<TalosClusterProps>,
  values: CiliumValues | 'kubespan',
  rows: readonly Row[],
  gateway = false,
): Cluster {
  const version = '1.19.6' as const;
  const talos = new TalosCluster({ talosVersion: '1.14', ...props });
  const layers = [talosValues(talos, version), values === 'kubespan' ? kubeSpanValues(talos) : values];
  const rendered = renderCilium({ version, talos, values: layered(layers) });
  const { controlplane, all, worker } = renderTalosPatch({
    talos,
    manifests: [{ name: '10-cilium', objects: rendered.objects }],
    cilium: { kubeProxyReplacement: rendered.context.facts.kubeProxyReplacement === 'true', rendered },
  });
  return {
    name,
    patches: (isControlPlane) => [all, isControlPlane ? controlplane : worker],
    around: {
      podSubnets: talos.podSubnets,
      serviceSubnets: talos.serviceSubnets,
      forwardKubeDNSToHost: talos.hostDNS.forwardKubeDNSToHost,
    },
    rows,
    gateway,
  };
}
