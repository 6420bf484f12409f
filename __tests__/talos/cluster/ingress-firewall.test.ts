import { parseAllDocuments } from 'yaml';
import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../../lib/talos/cluster/cluster';
import type { TalosBgpNeighbor, TalosBgpProps } from '../../../lib/talos/cluster/bgp-props';
import { renderCilium } from '../../../lib/cilium/render';
import { talosValues } from '../../../lib/cilium/talos-values';
import type { CiliumValues } from '../../../imports/cilium-chart';
import { layered } from '../../../lib/cilium/layers';
import { renderTalosPatch } from '../../../lib/talos/patch/render';
import { DUAL_STACK, LEGACY, MULTIDOC, files, judges } from './harness';

const NODES = { nodeNetworks: ['192.168.10.0/24'] } as const;
const CLOSED = {
  ...NODES,
  controlPlaneNetworks: ['192.168.10.2/31'],
  apiFrom: ['192.168.1.0/24'],
} as const;

/** `name: ports/protocol from sources`, in the order of the documents. */
function rulesIn(text: string | undefined): readonly string[] {
  return parseAllDocuments(text ?? '')
    .map((document) => document.toJS() as Record<string, never>)
    .filter(({ kind }) => kind === 'NetworkRuleConfig')
    .map(({ name, portSelector, ingress }) => {
      const { ports, protocol } = portSelector as { ports: readonly unknown[]; protocol: string };
      const sources = (ingress as readonly { subnet: string }[]).map(({ subnet }) => subnet);
      return `${String(name)}: ${ports.join(',')}/${protocol} from ${sources.join(' ')}`;
    });
}

function firewall(cluster: Partial<TalosClusterProps>, values?: CiliumValues): ReturnType<typeof renderTalosPatch> {
  const talos = new TalosCluster({ ...LEGACY, ...cluster });
  const version = '1.19.6' as const;
  const rendered = values && renderCilium({ version, talos, values: layered([talosValues(talos, version), values]) });
  return renderTalosPatch({
    talos,
    manifests: rendered === undefined ? [] : [{ name: '10-cilium', objects: rendered.objects }],
    cilium: rendered && { kubeProxyReplacement: rendered.context.facts.kubeProxyReplacement === 'true', rendered },
  });
}

test('the setting is off by default, and nothing is written', () => {
  expect(files({ ...MULTIDOC })).toEqual({});
});

test.each(['1.11', '1.12', '1.13', '1.14'] as const)(
  'Talos %s gets the same documents, and their lists replace',
  (talosVersion) => {
    const { all, controlplane, worker, appends } = firewall({ talosVersion, ingressFirewall: CLOSED });
    expect(all).toMatch(/^apiVersion: v1alpha1\nkind: NetworkDefaultActionConfig\ningress: block\n---\n/);
    expect(rulesIn(all)).toEqual([
      'apid-ingress: 50000/tcp from 192.168.1.0/24 192.168.10.0/24',
      'kubelet-ingress: 10250/tcp from 192.168.10.0/24 10.244.0.0/16',
      'dhcp-ingress: 68/udp from 0.0.0.0/0 ::/0',
      'dhcpv6-ingress: 546/udp from fe80::/10',
      'cni-vxlan: 4789/udp from 192.168.10.0/24',
    ]);
    expect(rulesIn(controlplane)).toEqual([
      'trustd-ingress: 50001/tcp from 192.168.10.0/24',
      'kubernetes-api-ingress: 6443/tcp from 192.168.1.0/24 192.168.10.0/24 10.244.0.0/16',
      'etcd-ingress: 2379-2380/tcp from 192.168.10.2/31',
    ]);
    expect(worker).toBeUndefined();
    expect(appends).toEqual([]);
  },
);

test('ports follow from the values of Cilium, sources from the cluster', () => {
  const values = {
    tunnelProtocol: 'geneve',
    encryption: { enabled: true, type: 'wireguard' },
    prometheus: { enabled: true },
    operator: { prometheus: { enabled: false } },
    envoy: { prometheus: { enabled: false } },
    clustermesh: { useAPIServer: true },
    cluster: { name: 'north', id: 1 },
    ipv6: { enabled: true },
  } as const;
  const cluster = {
    ...DUAL_STACK,
    ingressFirewall: { ...NODES, meshNodeNetworks: ['192.168.20.0/24'], kubernetesApiPort: 7443 },
    kubeSpan: {},
  };
  const { all, controlplane } = firewall(cluster, values);
  expect(rulesIn(all)).toEqual([
    'apid-ingress: 50000/tcp from 0.0.0.0/0 ::/0',
    'kubelet-ingress: 10250/tcp from 192.168.10.0/24 10.0.0.0/16 fd00:10::/56',
    'kubespan-ingress: 51820/udp from 0.0.0.0/0 ::/0',
    'dhcp-ingress: 68/udp from 0.0.0.0/0 ::/0',
    'dhcpv6-ingress: 546/udp from fe80::/10',
    'cni-geneve: 6081/udp from 192.168.10.0/24 192.168.20.0/24',
    'cilium-wireguard: 51871/udp from 192.168.10.0/24 192.168.20.0/24',
    'cilium-health: 4240/tcp from 192.168.10.0/24 192.168.20.0/24',
    'cilium-hubble: 4244/tcp from 192.168.10.0/24 10.0.0.0/16 fd00:10::/56',
    'cilium-metrics: 9962/tcp from 192.168.10.0/24 10.0.0.0/16 fd00:10::/56',
  ]);
  expect(rulesIn(controlplane)).toContain('kubernetes-api-ingress: 7443/tcp from 0.0.0.0/0 ::/0');
});

test('native routing needs no tunnel, and metrics can stay closed', () => {
  const { all } = firewall(
    { ingressFirewall: { ...NODES, metrics: false } },
    { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16', autoDirectNodeRoutes: true },
  );
  const names = rulesIn(all).map((rule) => rule.split(':')[0]);
  expect(names).toEqual([
    'apid-ingress',
    'kubelet-ingress',
    'dhcp-ingress',
    'dhcpv6-ingress',
    'cilium-health',
    'cilium-hubble',
  ]);
});

test('pods outside the pod subnets are clients too, and reach the DNS cache of the node', () => {
  const { all } = firewall(
    { ingressFirewall: NODES },
    { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.42.0.0/16'] } } },
  );
  expect(rulesIn(all)).toEqual(
    expect.arrayContaining([
      'kubelet-ingress: 10250/tcp from 192.168.10.0/24 10.244.0.0/16 10.42.0.0/16',
      'host-dns-ingress-tcp: 53/tcp from 10.244.0.0/16 10.42.0.0/16',
      'host-dns-ingress-udp: 53/udp from 10.244.0.0/16 10.42.0.0/16',
    ]),
  );
});

test('the API server of a mesh is on a port of the nodes only where kube-proxy serves it', () => {
  const values = { clustermesh: { useAPIServer: true }, cluster: { name: 'north', id: 1 } } as const;
  const rule = 'cilium-cluster-mesh: 32379/tcp from 192.168.10.0/24 192.168.20.0/24';
  const given = { ingressFirewall: { ...NODES, meshNodeNetworks: ['192.168.20.0/24'] } };
  expect(rulesIn(firewall(given, { ...values, kubeProxyReplacement: 'false' }).all)).toContain(rule);
  expect(rulesIn(firewall(given, values).all)).not.toContain(rule);
});

test('more ports: a document for each protocol, ranges joined, networks inside others left out', () => {
  const { all, controlplane, worker } = firewall({
    ingressFirewall: {
      ...NODES,
      extra: [{ name: 'node-exporter', ports: ['9100/TCP'], from: ['cluster', '192.168.10.7/32'] }],
      extraOnControlPlanes: [{ name: 'web', ports: ['80/TCP'], from: ['10.0.0.0/8', '10.1.0.0/16'] }],
      extraOnWorkers: [{ name: 'web', ports: ['8080-8090/TCP', '8085-8095/TCP', '80/TCP', '443/UDP'] }],
    },
  });
  expect(rulesIn(all)).toContain('node-exporter: 9100/tcp from 192.168.10.0/24 10.244.0.0/16');
  expect(rulesIn(controlplane)).toContain('web: 80/tcp from 10.0.0.0/8');
  expect(rulesIn(worker)).toEqual([
    'web-tcp: 80,8080-8095/tcp from 0.0.0.0/0 ::/0',
    'web-udp: 443/udp from 0.0.0.0/0 ::/0',
  ]);
});

test('native BGP accepts sessions that a router or Cilium opens, and BFD', () => {
  const fabric = (...neighbors: readonly TalosBgpNeighbor[]): TalosBgpProps => ({
    fabric: { localASN: 65000, routerID: '192.168.10.2', neighbors },
  });
  const { all, controlplane, worker } = firewall({
    talosVersion: '1.14',
    ingressFirewall: NODES,
    controlPlanes: {
      bgp: {
        ...fabric({ address: '192.168.10.1', passive: true, bfd: {} }, { link: 'eth1', passive: true }),
        workload: { localASN: 65001, peerASN: 65002, network: '169.254.179.0/31', prefixes: ['192.0.2.0/24'] },
      },
    },
    workers: { bgp: fabric({ address: '192.168.10.1' }, { address: 'fd00:10::1', passive: true }) },
  });
  expect(rulesIn(all).filter((rule) => /179|3784/.test(rule))).toEqual([]);
  expect(rulesIn(controlplane)).toEqual(
    expect.arrayContaining([
      'bgp-ingress: 179/tcp from 192.168.10.1/32 fe80::/10',
      'bfd-ingress: 3784/udp from 192.168.10.1/32',
      'bgp-workload-ingress: 179/tcp from 169.254.179.0/32',
    ]),
  );
  expect(rulesIn(worker)).toEqual(['bgp-ingress: 179/tcp from fd00:10::1/128']);
});

test('nodes that reach each other over KubeSpan only have no networks', () => {
  const { all, controlplane } = firewall({
    kubeSpan: {},
    ingressFirewall: { nodeNetworks: [], apiFrom: ['192.0.2.0/24'] },
  });
  expect(rulesIn(controlplane)).toEqual(['kubernetes-api-ingress: 6443/tcp from 192.0.2.0/24 10.244.0.0/16']);
  expect(rulesIn(all).filter((rule) => /cni|kubelet/.test(rule))).toEqual([
    'kubelet-ingress: 10250/tcp from 10.244.0.0/16',
  ]);
});

const of = (given: object): object => ({ ingressFirewall: { ...NODES, ...given } });
const extra = (rule: object): object => of({ extra: [{ name: 'web', ports: ['80/TCP'], ...rule }] });

judges([
  ['no networks of nodes', { ingressFirewall: {} }, 'error missing ingressFirewall.nodeNetworks'],
  ['an address without a prefix', of({ apiFrom: ['192.0.2.7'] }), 'error firewall-network ingressFirewall.apiFrom[0]'],
  [
    'host bits',
    of({ controlPlaneNetworks: ['192.168.10.2/24'] }),
    'warning firewall-network ingressFirewall.controlPlaneNetworks[0]',
  ],
  [
    'a network of clients with a name',
    extra({ from: ['office'] }),
    'error firewall-network ingressFirewall.extra[0].from[0]',
  ],
  [
    'no node reaches another',
    { ingressFirewall: { nodeNetworks: [] } },
    'error firewall-nodes ingressFirewall.nodeNetworks',
  ],
  ['one node', { nodes: { controlPlanes: 1, workers: 0 }, ingressFirewall: { nodeNetworks: [] } }],
  [
    'nodes with addresses of another network',
    { ...of({}), workers: { nodeIP: { validSubnets: ['192.168.11.0/24'] } } },
    'warning firewall-node-ip workers.nodeIP.validSubnets[0]',
  ],
  [
    'nodes with addresses of the network, and one excluded',
    { ...of({}), nodeIP: { validSubnets: ['192.168.0.0/16', '!192.168.11.0/24'] } },
  ],
  ['no administrators', of({ apiFrom: [] }), 'warning firewall-no-administrators ingressFirewall.apiFrom'],
  ['a port without protocol', extra({ ports: ['80'] }), 'error firewall-ports ingressFirewall.extra[0].ports[0]'],
  ['a port too large', extra({ ports: ['70000/TCP'] }), 'error firewall-ports ingressFirewall.extra[0].ports[0]'],
  [
    'a range that runs backwards',
    extra({ ports: ['90-80/TCP'] }),
    'error firewall-ports ingressFirewall.extra[0].ports[0]',
  ],
  ['no ports', extra({ ports: [] }), 'error firewall-ports ingressFirewall.extra[0].ports'],
  ['no clients', extra({ from: [] }), 'warning firewall-no-clients ingressFirewall.extra[0].from'],
  ['no name', extra({ name: '' }), 'error firewall-name ingressFirewall.extra[0].name'],
  ['a name of the library', extra({ name: 'etcd-ingress' }), 'error firewall-name ingressFirewall.extra[0].name'],
  [
    'a name twice',
    of({
      extra: [{ name: 'web', ports: ['80/TCP', '80/UDP'] }],
      extraOnWorkers: [{ name: 'web-tcp', ports: ['81/TCP'] }],
    }),
    'error firewall-name ingressFirewall.extraOnWorkers[0].name',
  ],
  [
    'a name for control planes and for workers',
    of({
      extraOnControlPlanes: [{ name: 'web', ports: ['80/TCP'] }],
      extraOnWorkers: [{ name: 'web', ports: ['80/TCP'] }],
    }),
  ],
  ['a misspelt prop', of({ nodeNetwork: [] }), 'error unknown-prop ingressFirewall.nodeNetwork'],
  ['wide open as in the examples of Talos', of({})],
]);
