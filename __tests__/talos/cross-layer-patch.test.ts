import { ApiObject, App, Chart } from 'cdk8s';
import { Cilium, describeFinding, KubeSpanRoutes, renderCilium, TalosCluster, TalosPatch } from '../../lib';
import type { KubernetesObject } from '../../lib';
import { kubeSpanRoutesObjects } from '../../lib/kubespan/objects';
import { judge, testRows } from './together';
import type { Input, Row } from './together';
import { released } from '../../upstream/rules/released';
import { OWN_DNS } from '../../lib/talos/cluster/example';

const ADVERTISED = { ...OWN_DNS, kubeSpan: { advertiseKubernetesNetworks: true } } as const;
const NATIVE = {
  routingMode: 'native',
  ipv4NativeRoutingCIDR: '10.244.0.0/16',
  MTU: 1420,
  bpf: { hostLegacyRouting: true },
} as const;

function object(apiVersion: string, kind: string, name: string, spec: object, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec } as unknown as KubernetesObject;
}

/** A DaemonSet whose pods have the ports, in the network of the node or not. */
function pods(name: string, ports: readonly object[], hostNetwork = false): KubernetesObject {
  const template = {
    metadata: { labels: { app: name } },
    spec: { hostNetwork, containers: [{ name, image: 'example.org/a:1', ports }] },
  };
  return object('apps/v1', 'DaemonSet', name, { selector: { matchLabels: { app: name } }, template }, 'kube-system');
}

const pool = (...blocks: readonly object[]): KubernetesObject =>
  object('cilium.io/v2', 'CiliumLoadBalancerIPPool', 'home', { blocks });
const service = (clusterIP: string): KubernetesObject =>
  object('v1', 'Service', 'dns', { clusterIP, ports: [{ port: 53 }], selector: { app: 'dns' } }, 'default');
const gateway = (port: number): KubernetesObject =>
  object(
    'gateway.networking.k8s.io/v1',
    'Gateway',
    'edge',
    { gatewayClassName: 'cilium', listeners: [{ name: 'a', port, protocol: 'HTTP' }] },
    'default',
  );
const nodePolicy = (...ingress: readonly object[]): KubernetesObject =>
  object('cilium.io/v2', 'CiliumClusterwideNetworkPolicy', 'nodes', { nodeSelector: {}, ingress });
const allowing = (...ports: readonly string[]): object => ({
  fromEntities: ['all'],
  toPorts: [{ ports: ports.map((text) => ({ port: text.split('/')[0], protocol: text.split('/')[1] })) }],
});

/** What `helm template` was, by hand: no construct, so the patch does not know it. */
function byHand(values: object, cluster: TalosCluster): KubernetesObject[] {
  return [...renderCilium({ version: '1.18.4', values, talos: cluster }).objects];
}
const cluster = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
const LISTS = { ciliumAgent: ['NET_ADMIN', 'SYS_ADMIN'], cleanCiliumState: ['NET_ADMIN', 'SYS_ADMIN'] };
const ON_TALOS = {
  ipam: { mode: 'kubernetes' },
  cgroup: { autoMount: { enabled: false }, hostRoot: '/sys/fs/cgroup' },
  securityContext: { capabilities: LISTS },
} as const;
const REPLACED = {
  ...ON_TALOS,
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
} as const;

/** A patch of plain objects alone. */
function plain(values: object, patch: Input['patch'] = {}): Input {
  return {
    patch: {
      cilium: undefined,
      ciliumManifest: undefined,
      manifests: [{ name: '10-cilium', objects: byHand(values, cluster) }],
      ...patch,
    },
  };
}

describe('networks, kube-proxy and the API server', () => {
  const rows: readonly Row[] = [
    {
      what: 'Cilium as plain objects, without the `cilium` prop',
      ...plain(REPLACED),
      finds: [['talos-patch/cilium-not-said', 'warning', 'cilium']],
      repaired: plain(REPLACED, { cilium: { kubeProxyReplacement: true } }),
    },
    {
      what: 'the same where kube-proxy stays',
      ...plain(ON_TALOS),
      finds: [['talos-patch/cilium-not-said', 'warning', 'manifests']],
      repaired: plain(ON_TALOS, { cilium: { kubeProxyReplacement: false } }),
    },
    {
      what: 'kube-proxy off on Talos, and no replacement in Cilium',
      ...plain(ON_TALOS, { cilium: { kubeProxyReplacement: true } }),
      finds: [['talos-patch/no-kube-proxy', 'error', 'cilium.kubeProxyReplacement']],
      repaired: plain(REPLACED, { cilium: { kubeProxyReplacement: true } }),
    },
    {
      what: 'kube-proxy kept on Talos, and replaced by Cilium',
      ...plain(REPLACED, { cilium: { kubeProxyReplacement: false } }),
      finds: [['talos-patch/kube-proxy-beside', 'warning', 'cilium.kubeProxyReplacement']],
      repaired: plain(REPLACED, { cilium: { kubeProxyReplacement: true } }),
    },
    {
      what: 'no network on Talos, and Cilium nowhere',
      patch: { cilium: { kubeProxyReplacement: true }, ciliumManifest: undefined, manifests: [] },
      finds: [['talos-patch/cilium-elsewhere', 'warning', 'manifests']],
      repaired: {
        patch: {
          cilium: { kubeProxyReplacement: true },
          ciliumManifest: undefined,
          manifests: [],
          externalManifests: [{ name: '10-cilium', url: 'https://example.org/cilium.yaml' }],
        },
      },
    },
    {
      what: 'no way to the API server once kube-proxy is gone',
      values: { k8sServiceHost: '', k8sServicePort: '' },
      patch: {},
      finds: [['talos-patch/api-server-unreachable', 'error', 'k8sServiceHost']],
      repaired: { values: {} },
    },
    {
      what: 'the same because KubePrism was switched off',
      cluster: { kubePrism: { enabled: false } },
      values: { kubeProxyReplacement: true },
      patch: {},
      finds: [['talos-patch/api-server-unreachable', 'error', 'talos.kubePrism']],
      repaired: { values: { kubeProxyReplacement: true, k8sServiceHost: '192.168.1.10', k8sServicePort: 6443 } },
    },
    {
      what: 'a plugin to chain to, which Talos does not install',
      values: { cni: { chainingMode: 'generic-veth' } },
      patch: {},
      finds: [['talos-patch/nothing-to-chain', 'warning', 'cni.chainingMode']],
      repaired: { objects: [pods('kube-flannel', [])] },
    },
    {
      what: 'Flannel among the manifests beside Cilium',
      objects: [pods('kube-flannel', [])],
      finds: [['talos-patch/two-networks', 'warning', 'cilium']],
      repaired: { objects: [pods('multus', [])] },
    },
    {
      what: 'the bare chart, which no Talos rule has seen, in a patch',
      patch: { cilium: bare({}), manifests: [{ name: '10-cilium', objects: bare({}).rendered.objects }] },
      finds: [['talos/capabilities', 'error', 'securityContext.capabilities']],
      repaired: { patch: {} },
    },
    {
      what: 'a Cilium for another Talos cluster, whose KubePrism is elsewhere',
      cluster: { kubePrism: { port: 7446 } },
      patch: {
        cilium: madeFor(cluster),
        manifests: [{ name: '10-cilium', objects: madeFor(cluster).rendered.objects }],
      },
      finds: [['k8s-client/kube-prism', 'error', 'talos.kubePrism']],
      repaired: { cluster: {} },
    },
    {
      what: 'a Cilium for another Talos cluster, whose pods are elsewhere',
      cluster: { podSubnets: ['fd00:10:244::/56'], serviceSubnets: ['fd00:10:96::/112'] },
      patch: {
        cilium: madeFor(cluster),
        manifests: [{ name: '10-cilium', objects: madeFor(cluster).rendered.objects }],
      },
      finds: [['talos/pod-family', 'error', 'talos.podSubnets']],
      repaired: { cluster: {} },
    },
  ];
  testRows(rows);
});

/** Cilium without a Talos cluster, as the construct has it. */
function bare(values: object): Asked {
  const rendered = renderCilium({ version: '1.18.4', values });
  return { kubeProxyReplacement: rendered.context.facts.kubeProxyReplacement === 'true', rendered };
}

interface Asked {
  readonly kubeProxyReplacement: boolean;
  readonly rendered: ReturnType<typeof renderCilium>;
}

function madeFor(talos: TalosCluster): Asked {
  return { kubeProxyReplacement: true, rendered: renderCilium({ version: '1.18.4', values: REPLACED, talos }) };
}

describe('addresses and ports', () => {
  const ON_HOST = { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } } as const;
  const rows: readonly Row[] = [
    {
      what: 'a pool among the pods',
      objects: [pool({ cidr: '10.244.8.0/24' })],
      finds: [
        ['talos-patch/pool-addresses', 'warning', 'talos.podSubnets[0]'],
        ['ip-pool/cluster-range', 'warning', 'spec.blocks[0]'],
      ],
      repaired: { objects: [pool({ cidr: '192.168.1.200/29' })] },
    },
    {
      what: 'a pool among the services',
      objects: [pool({ start: '10.96.200.1', stop: '10.96.200.9' })],
      finds: [
        ['talos-patch/pool-addresses', 'warning', 'talos.serviceSubnets[0]'],
        ['ip-pool/cluster-range', 'warning', 'spec.blocks[0]'],
      ],
      repaired: { objects: [pool({ start: '10.95.200.1', stop: '10.95.200.9' })] },
    },
    {
      what: 'a pool with the shared address of the API server',
      cluster: { vip: { ip: '192.168.1.201', link: 'eth0' } },
      objects: [pool({ cidr: '192.168.1.200/29' })],
      finds: [['talos-patch/pool-addresses', 'error', 'talos.vip.ip']],
      repaired: { objects: [pool({ start: '192.168.1.202', stop: '192.168.1.207' })] },
    },
    {
      what: 'a pool with a DNS server of the nodes',
      cluster: { nameservers: ['192.168.1.203'] },
      objects: [pool({ cidr: '192.168.1.200/29' })],
      finds: [['talos-patch/pool-addresses', 'warning', 'talos.nameservers[0]']],
      repaired: { cluster: { nameservers: ['192.168.1.1'] } },
    },
    {
      what: 'a cluster address of another cluster',
      objects: [service('172.30.0.10')],
      finds: [['talos-patch/cluster-address', 'error', 'talos.serviceSubnets']],
      repaired: { objects: [service('10.96.0.53')] },
    },
    {
      what: 'the usual cluster address, and service subnets that were moved',
      cluster: { serviceSubnets: ['172.30.0.0/16'] },
      objects: [service('10.96.0.53')],
      finds: [['talos-patch/cluster-address', 'error', 'spec.clusterIP']],
      repaired: { objects: [service('None')] },
    },
    {
      what: "a host port that is that of Talos' API",
      objects: [pods('proxy', [{ containerPort: 8080, hostPort: 50000 }])],
      finds: [['talos-patch/port-taken', 'error', 'containers.proxy.ports']],
      repaired: { objects: [pods('proxy', [{ containerPort: 8080, hostPort: 8080 }])] },
    },
    {
      what: 'pods in the network of nodes on the port of the kubelet',
      objects: [pods('exporter', [{ containerPort: 10250 }], true)],
      finds: [['talos-patch/port-taken', 'error', 'containers.exporter.ports']],
      repaired: { objects: [pods('exporter', [{ containerPort: 10250 }])] },
    },
    {
      what: 'WireGuard of pods on the port of KubeSpan',
      cluster: { kubeSpan: {} },
      objects: [pods('vpn', [{ containerPort: 51820, hostPort: 51820, protocol: 'UDP' }])],
      finds: [['talos-patch/port-taken', 'error', 'containers.vpn.ports']],
      repaired: { cluster: {} },
    },
    {
      what: 'pods in the network of nodes on the port of KubePrism',
      objects: [pods('proxy', [{ containerPort: 7445 }], true)],
      finds: [['talos-patch/port-taken', 'error', 'containers.proxy.ports']],
      repaired: { cluster: { kubePrism: { port: 7446 } } },
    },
    {
      what: 'pods in the network of nodes on the port of Hubble',
      objects: [pods('exporter', [{ containerPort: 4244 }], true)],
      finds: [['talos-patch/port-taken', 'error', 'containers.exporter.ports']],
      repaired: { objects: [pods('exporter', [{ containerPort: 9100 }], true)] },
    },
    {
      what: 'a host port on which the agent serves metrics',
      objects: [pods('exporter', [{ containerPort: 8080, hostPort: 9962 }])],
      values: { prometheus: { enabled: true } },
      finds: [['talos-patch/port-taken', 'error', 'containers.exporter.ports']],
      repaired: { objects: [pods('exporter', [{ containerPort: 8080, hostPort: 9890 }])] },
    },
    {
      what: 'a listener on the port of the metrics of Envoy',
      values: ON_HOST,
      objects: [gateway(9964)],
      finds: [['talos-patch/port-taken', 'error', 'spec.listeners[0].port']],
      repaired: { objects: [gateway(8443)] },
    },
    {
      what: 'a listener on the port of the API server',
      values: ON_HOST,
      objects: [gateway(6443)],
      finds: [['talos-patch/port-taken', 'error', 'spec.listeners[0].port']],
      repaired: { objects: [gateway(8443)] },
    },
    {
      what: "a listener on the port of Talos' API, on chosen nodes",
      values: {
        gatewayAPI: { enabled: true, hostNetwork: { enabled: true, nodes: { matchLabels: { role: 'edge' } } } },
      },
      objects: [gateway(50000)],
      finds: [['talos-patch/port-taken', 'error', 'spec.listeners[0].port']],
      repaired: { objects: [gateway(6443)] },
    },
  ];
  testRows(rows);
});

describe('the host firewall and the routes of the mesh', () => {
  const FIREWALL = { hostFirewall: { enabled: true } } as const;
  const rows: readonly Row[] = [
    {
      what: 'policies for nodes that lock talosctl out',
      values: FIREWALL,
      objects: [nodePolicy(allowing('6443/TCP', '10250/TCP'))],
      finds: [['talos-patch/host-firewall', 'warning', 'hostFirewall.enabled']],
      repaired: { objects: [nodePolicy(allowing('6443/TCP', '10250/TCP', '50000/TCP'))] },
    },
    {
      what: 'a policy for nodes that allows nothing',
      values: FIREWALL,
      objects: [nodePolicy()],
      finds: [
        ['talos-patch/host-firewall', 'warning', 'CiliumClusterwideNetworkPolicy nodes'],
        ['clusterwide-network-policy/no-rules', 'error', ': spec.ingress'],
      ],
    },
    {
      what: 'policies for nodes that lock KubeSpan out',
      cluster: { kubeSpan: {} },
      values: FIREWALL,
      objects: [nodePolicy(allowing('50000/TCP'))],
      finds: [['talos-patch/host-firewall', 'warning', 'hostFirewall.enabled']],
      repaired: { objects: [nodePolicy(allowing('50000/TCP', '51820/UDP'))] },
    },
    {
      what: 'native routing on a Talos that announces no pod ranges by itself',
      cluster: { talosVersion: '1.12.3', ...ADVERTISED },
      values: NATIVE,
      patch: {},
      finds: [['talos-patch/no-kubespan-routes', 'warning', 'talos.talosVersion']],
      repaired: { cluster: { talosVersion: '1.12.4', ...ADVERTISED } },
    },
    {
      what: 'traffic from outside that finds no way into KubeSpan',
      cluster: ADVERTISED,
      values: { ...NATIVE, nodeIPAM: { enabled: true } },
      patch: {},
      finds: [['talos-patch/no-kubespan-routes', 'warning', 'talos.kubeSpan']],
      repaired: { objects: [...routes()] },
    },
  ];
  testRows(rows);
});

function routes(): readonly KubernetesObject[] {
  const talos = new TalosCluster({ talosVersion: '1.13', ...ADVERTISED });
  return kubeSpanRoutesObjects({ talos, cilium: released('1.18.4') });
}

describe('what Talos takes as manifests', () => {
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'kube-system' } };
  const rows: readonly Row[] = [
    {
      what: 'pools before the Cilium that defines them',
      patch: {
        ciliumManifest: '20-cilium',
        manifests: [
          { name: '10-pools', objects: [pool({ cidr: '192.168.1.200/29' })] },
          { name: '20-cilium', objects: byHand(REPLACED, cluster) },
        ],
      },
      finds: [['talos-patch/before-cilium', 'warning', 'CiliumLoadBalancerIPPool home']],
      repaired: { patch: {}, objects: [pool({ cidr: '192.168.1.200/29' })] },
    },
    {
      what: 'a Secret for every reader of the machine config',
      objects: [
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'a', namespace: 'kube-system' },
          data: { key: 'YQ==' },
        } as unknown as KubernetesObject,
      ],
      finds: [['talos-patch/secret', 'error', 'Secret kube-system/a']],
      repaired: { objects: [map] },
    },
    {
      what: 'a Job that cannot be changed later',
      objects: [
        object(
          'batch/v1',
          'Job',
          'install',
          { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'example.org/a:1' }] } } },
          'kube-system',
        ),
      ],
      finds: [['talos-patch/job', 'warning', 'Job kube-system/install']],
      repaired: { objects: [map], values: { hubble: { enabled: false } } },
    },
    {
      what: 'pods in the network of nodes where Talos admits none',
      objects: [
        { ...pods('agent', [], true), metadata: { name: 'agent', namespace: 'tools' } },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'tools' } } as unknown as KubernetesObject,
      ],
      finds: [['talos-patch/pod-security', 'warning', 'DaemonSet tools/agent']],
      repaired: { objects: [pods('agent', [], true)] },
    },
    {
      what: 'an object that another tool says is its own',
      objects: [{ ...map, metadata: { ...map.metadata, annotations: { 'config.k8s.io/owning-inventory': 'flux' } } }],
      finds: [['talos-patch/inventory', 'error', 'ConfigMap kube-system/a']],
      repaired: { objects: [map] },
    },
  ];
  testRows(rows);
});

describe('constructs of one app', () => {
  function app(more: (app: App, network: Chart, talos: TalosCluster) => TalosPatch): TalosPatch {
    const made = new App({ outdir: '/tmp/never-written' });
    const network = new Chart(made, 'network', { disableResourceNameHashes: true });
    const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1' });
    new Cilium(network, 'cilium', { version: '1.18.4', talos, values: { hubble: { enabled: false } } });
    return more(made, network, talos);
  }
  const ids = (patch: TalosPatch): readonly string[] => patch.render().findings.map(({ id }) => id);
  const empty = (made: App): Chart => {
    const chart = new Chart(made, 'empty');
    new ApiObject(chart, 'a', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'kube-system' },
    });
    return chart;
  };

  it('a Cilium for the cluster that no patch carries is reported, with its path', () => {
    const patch = app((made, _network, talos) => new TalosPatch(made, 'talos', { talos, manifests: [empty(made)] }));
    const [finding] = patch.render().findings.filter(({ id }) => id === 'talos-patch/cilium-left-out');
    expect(finding?.level).toBe('warning');
    expect(finding === undefined ? '' : describeFinding(finding)).toContain('network/cilium');
  });

  it('not where the patch has it, has the prop, or another patch has it', () => {
    expect(
      ids(app((made, network, talos) => new TalosPatch(made, 'talos', { talos, manifests: [network] }))),
    ).not.toContain('talos-patch/cilium-left-out');
    const findings = app((made, network, talos) => {
      const cilium = network.node.findChild('cilium') as Cilium;
      return new TalosPatch(made, 'talos', { talos, manifests: [empty(made)], cilium });
    });
    expect(ids(findings)).toEqual(['talos-patch/cilium-elsewhere']);
    const another = app((made, network, talos) => {
      new TalosPatch(made, 'first', { talos, manifests: [network] });
      return new TalosPatch(made, 'second', { talos, manifests: [empty(made)] });
    });
    expect(ids(another)).toEqual([]);
  });

  it('props by hand are compared with the construct among the charts', () => {
    const patch = app(
      (made, network, talos) =>
        new TalosPatch(made, 'talos', {
          talos,
          manifests: [network],
          cilium: Cilium.fromVersion(made, 'cilium-by-hand', '1.19.6', { kubeProxyReplacement: false }),
        }),
    );
    expect(ids(patch)).toContain('talos-patch/kube-proxy-beside');
  });

  it('routes of the construct KubeSpanRoutes count', () => {
    const made = new App({ outdir: '/tmp/never-written' });
    const chart = new Chart(made, 'network', { disableResourceNameHashes: true });
    const talos = new TalosCluster({ talosVersion: '1.12.3', kubernetesVersion: '1.34.1', ...ADVERTISED });
    const cilium = new Cilium(chart, 'cilium', { version: '1.18.4', talos, values: NATIVE });
    const manifests = [chart];
    expect(ids(new TalosPatch(made, 'without', { talos, manifests }))).toContain('talos-patch/no-kubespan-routes');
    new KubeSpanRoutes(chart, 'routes', { talos, cilium });
    expect(ids(new TalosPatch(made, 'with', { talos, manifests }))).not.toContain('talos-patch/no-kubespan-routes');
  });
});

it('there are no findings on what belongs together', () => {
  const input: Input = {
    cluster: ADVERTISED,
    values: { ...NATIVE, hubble: { enabled: false }, l2announcements: { enabled: true } },
    objects: [...routes(), pool({ cidr: '192.168.1.200/29' })],
  };
  const findings = judge(input).filter(({ id }) => !id.startsWith('talos-patch/user-data'));
  expect(findings.map(describeFinding)).toEqual([]);
});
