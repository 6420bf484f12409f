import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { Cilium, HostFirewall, TalosCluster, TalosPatch } from '../../lib';
import type {
  CiliumValues,
  HostFirewallProps,
  IngressFirewallProps,
  KubernetesObject,
  TalosClusterProps,
} from '../../lib';
import { judge } from './together';
import type { Input } from './together';

/* Talos' ingress firewall beside Cilium, the host firewall of Cilium and what objects serve on nodes. */

const NODES: IngressFirewallProps = { nodeNetworks: ['192.168.10.0/24'], apiFrom: ['192.168.1.0/24'] };
const FIREWALL = { hostFirewall: { enabled: true }, devices: ['eth+'] } as const;

interface Both {
  readonly findings: readonly string[];
  /** Ports by role, as `50000/TCP`: of the policies, and of the documents. */
  readonly policies: Readonly<Record<'controlPlane' | 'worker', readonly string[]>>;
  readonly documents: Readonly<Record<'controlPlane' | 'worker', readonly string[]>>;
}

/** A cluster with both firewalls. */
function both(
  ingressFirewall: IngressFirewallProps,
  values: CiliumValues = {},
  host: Partial<HostFirewallProps> = {},
  more: Partial<TalosClusterProps> = {},
): Both {
  const app = new App();
  const talos = new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ingressFirewall, ...more });
  const network = new Chart(app, 'cilium');
  const cilium = new Cilium(network, 'cilium', {
    version: '1.19.6',
    talos,
    values: { ...FIREWALL, ...values } as never,
  });
  const firewall = new Chart(app, 'firewall');
  const nodes = new HostFirewall(firewall, 'nodes', { cilium, ...host });
  const patch = new TalosPatch(app, 'talos', { talos, manifests: [network, firewall] });
  const { all, controlplane, worker } = patch.render();
  const policies = firewall.toJson() as readonly KubernetesObject[];
  const ofPolicy = (name: string): readonly string[] => {
    const { ingress } = policies.find(({ metadata }) => metadata.name === name)?.spec as unknown as {
      ingress: readonly {
        toPorts?: readonly { ports: readonly { port: string; endPort?: number; protocol: string }[] }[];
      }[];
    };
    return sorted(
      ingress.flatMap(({ toPorts = [] }) =>
        toPorts.flatMap(({ ports }) =>
          ports.map(
            ({ port, endPort, protocol }) => `${port}${endPort === undefined ? '' : `-${String(endPort)}`}/${protocol}`,
          ),
        ),
      ),
    );
  };
  return {
    findings: nodes.findings.map(({ id, paths }) => `${id} ${paths[0] ?? ''}`),
    policies: { controlPlane: ofPolicy('nodes-control-plane'), worker: ofPolicy('nodes-worker') },
    documents: { controlPlane: portsIn(all, controlplane), worker: portsIn(all, worker) },
  };
}

function portsIn(...patches: readonly (string | undefined)[]): readonly string[] {
  const documents = patches.flatMap((text) => parseAllDocuments(text ?? '').map((one) => one.toJS() as never));
  const rules = documents.filter(({ kind }) => kind === 'NetworkRuleConfig') as readonly {
    portSelector: { ports: readonly unknown[]; protocol: string };
  }[];
  return sorted(
    rules.flatMap(({ portSelector: { ports, protocol } }) =>
      ports.map((port) => `${String(port)}/${protocol.toUpperCase()}`),
    ),
  );
}

const sorted = (ports: readonly string[]): readonly string[] => [...new Set(ports)].sort();

describe('both firewalls', () => {
  it.each<[string, IngressFirewallProps, CiliumValues, Partial<TalosClusterProps>?]>([
    ['VXLAN', NODES, {}],
    ['wide open', { nodeNetworks: ['192.168.10.0/24'] }, {}],
    ['Geneve and WireGuard', NODES, { tunnelProtocol: 'geneve', encryption: { enabled: true, type: 'wireguard' } }],
    [
      'no metrics, another port of the API',
      { ...NODES, metrics: false, kubernetesApiPort: 7443 },
      { prometheus: { enabled: true } },
    ],
    ['KubeSpan', NODES, { MTU: 1420 }, { kubeSpan: {} }],
    [
      'more ports',
      {
        ...NODES,
        extra: [{ name: 'exporter', ports: ['9100/TCP'], from: ['cluster'] }],
        extraOnControlPlanes: [{ name: 'web', ports: ['80/TCP', '443/TCP'] }],
        extraOnWorkers: [{ name: 'game', ports: ['7000-7010/UDP'], from: ['203.0.113.0/24'] }],
      },
      {},
    ],
  ])('policies and documents open the same ports: %s', (_, firewall, values, cluster = {}) => {
    const { findings, policies, documents } = both(firewall, values, {}, cluster);
    expect(policies).toEqual(documents);
    expect(findings.filter((one) => one.startsWith('host-policies/talos-firewall'))).toEqual([]);
  });

  it('the sources of the policies are those of the cluster', () => {
    const { findings } = both(NODES);
    expect(findings).toEqual([]);
  });

  it.each<[string, Partial<HostFirewallProps>, readonly string[]]>([
    ['other administrators', { apiFrom: ['192.0.2.0/24'] }, ['apiFrom']],
    ['other networks of nodes', { nodeNetworks: ['192.168.11.0/24'] }, ['nodeNetworks']],
    ['another port of the API', { kubernetesApiPort: 7443 }, ['kubernetesApiPort']],
    [
      'a port that Talos closes',
      { extra: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['9100/TCP'] }] }] },
      ['extra[0].toPorts[0].ports[0]'],
    ],
    ['the same sources', { apiFrom: ['192.168.1.0/24'], nodeNetworks: ['192.168.10.0/24'], metrics: true }, []],
  ])('a difference is found: %s', (_, host, paths) => {
    expect(both(NODES, {}, host).findings).toEqual(paths.map((path) => `host-policies/talos-firewall ${path}`));
  });
});

const object = (
  apiVersion: string,
  kind: string,
  name: string,
  spec: object,
  metadata: object = {},
): KubernetesObject =>
  ({
    apiVersion,
    kind,
    metadata: { name, namespace: 'kube-system', ...metadata },
    spec,
  }) as unknown as KubernetesObject;
const gateway = (...listeners: readonly object[]): KubernetesObject =>
  object('gateway.networking.k8s.io/v1', 'Gateway', 'web', { gatewayClassName: 'cilium', listeners });
const HTTP = { name: 'http', port: 80, protocol: 'HTTP' };
const HTTPS = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'web' }] } };
const pods = (port: object, more: object = {}): KubernetesObject =>
  object('v1', 'Pod', 'app', {
    hostNetwork: true,
    containers: [{ name: 'app', image: 'example.org/app:1', ports: [port] }],
    ...more,
  });
const service = (spec: object, metadata: object = {}): KubernetesObject =>
  object(
    'v1',
    'Service',
    'app',
    { selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30080 }], ...spec },
    metadata,
  );
const policy = (rules: object): KubernetesObject =>
  object('cilium.io/v2', 'CiliumNetworkPolicy', 'app', { endpointSelector: { matchLabels: { app: 'web' } }, ...rules });
const web = (more: object = { rules: { http: [{ method: 'GET' }] } }): object => ({
  toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], ...more }],
});
const dns = { toPorts: [{ ports: [{ port: '53' }], rules: { dns: [{ matchPattern: '*' }] } }] };
const GATEWAYS = { gatewayAPI: { enabled: true } } as const;
const KEPT = { kubeProxyReplacement: 'false' } as const;
const with80 = { cluster: { ingressFirewall: { ...NODES, extra: [{ name: 'web', ports: ['80-90/TCP'] }] } } };

/** Findings about the firewall: rule and first path. */
function found({ cluster = { ingressFirewall: NODES }, ...input }: Input): readonly string[] {
  return judge({ cluster, objects: [], ...input })
    .filter(({ id }) => id.startsWith('talos-patch/firewall-'))
    .map(
      ({ id, level, paths }) =>
        `${level} ${id.slice('talos-patch/firewall-'.length)} ${(paths[0] ?? '').replace(/^manifests\.20-more: /, '')}`,
    );
}

describe('what the firewall would close', () => {
  it.each<[string, Input, ...string[]]>([
    [
      'a Gateway on its own address',
      { values: GATEWAYS, objects: [gateway(HTTP, HTTPS)] },
      'warning gateways gateway.networking.k8s.io/Gateway kube-system/web',
    ],
    [
      'a Gateway on the network of the host',
      {
        values: { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } },
        objects: [gateway({ ...HTTP, port: 8080 })],
      },
      'warning gateways gateway.networking.k8s.io/Gateway kube-system/web',
    ],
    [
      'Ingresses that share a Service',
      { values: { ingressController: { enabled: true, loadbalancerMode: 'shared' } }, patch: {} },
      'warning gateways manifests.10-cilium: Service kube-system/cilium-ingress',
    ],
    [
      'Ingresses on the network of the host',
      { values: { ingressController: { enabled: true, hostNetwork: { enabled: true, sharedListenerPort: 8080 } } } },
      'warning gateways cilium.ingressController.hostNetwork.sharedListenerPort',
    ],
    [
      'pods on the network of the host',
      { objects: [pods({ containerPort: 9100 })] },
      'warning ports Pod kube-system/app',
    ],
    [
      'a NodePort of kube-proxy',
      { values: KEPT, objects: [service({ type: 'NodePort' })] },
      'warning ports Service kube-system/app',
    ],
    [
      'HTTP rules for the world',
      { objects: [policy({ egress: [{ toEntities: ['world'], ...web() }] })] },
      'warning proxied cilium.io/CiliumNetworkPolicy kube-system/app',
    ],
    [
      'DNS rules for a server outside',
      { objects: [policy({ egress: [{ toCIDR: ['192.0.2.53/32'], ...dns }] })] },
      'warning proxied cilium.io/CiliumNetworkPolicy kube-system/app',
    ],
    [
      'HTTP rules for clients outside',
      { objects: [policy({ ingress: [{ fromCIDR: ['198.51.100.0/24'], ...web() }] })] },
      'warning proxied cilium.io/CiliumNetworkPolicy kube-system/app',
    ],
    [
      'a port for BGP',
      {
        values: { bgpControlPlane: { enabled: true } },
        objects: [
          object(
            'cilium.io/v2',
            'CiliumBGPClusterConfig',
            'bgp',
            { bgpInstances: [{ name: 'a', localASN: 64512, localPort: 179, peers: [] }] },
            { namespace: undefined },
          ),
        ],
      },
      'warning ports cilium.io/CiliumBGPClusterConfig bgp',
    ],
    ['IPsec', { values: { encryption: { enabled: true, type: 'ipsec' } } }, 'error ipsec cilium.encryption.type'],
    [
      'a mesh',
      { values: { cluster: { name: 'north', id: 1 }, clustermesh: { useAPIServer: true } } },
      'warning mesh talos.ingressFirewall.meshNodeNetworks',
    ],
  ])('%s', (_, input, ...findings) => {
    expect(found(input)).toEqual(findings);
    expect(found({ ...input, cluster: {} })).toEqual([]);
  });

  it.each<[string, Input]>([
    ['a Gateway whose port is open', { ...with80, values: GATEWAYS, objects: [gateway(HTTP)] }],
    [
      'a Gateway of another controller',
      {
        values: GATEWAYS,
        objects: [
          object('gateway.networking.k8s.io/v1', 'Gateway', 'web', { gatewayClassName: 'envoy', listeners: [HTTP] }),
        ],
      },
    ],
    ['pods whose port is open', { ...with80, objects: [pods({ containerPort: 80 })] }],
    [
      'DNS rules for the cluster and names without rules for HTTP',
      {
        objects: [
          policy({
            egress: [
              { toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns' } }], ...dns },
              { toFQDNs: [{ matchName: 'api.example.com' }], ...web({}) },
            ],
          }),
        ],
      },
    ],
    [
      'HTTP rules between pods, and for a gateway',
      {
        objects: [
          policy({
            ingress: [
              { fromEndpoints: [{ matchLabels: { app: 'shop' } }], ...web() },
              { fromEntities: ['ingress', 'cluster'], ...web() },
            ],
            egress: [{ toCIDR: ['10.244.3.0/24'], ...web() }],
          }),
        ],
      },
    ],
    ['pods on the loopback address', { objects: [pods({ containerPort: 9100, hostIP: '127.0.0.1' })] }],
    ['pods with an address of their own', { objects: [pods({ containerPort: 9100 }, { hostNetwork: false })] }],
    [
      'a host port, which Cilium serves',
      { objects: [pods({ containerPort: 80, hostPort: 8080 }, { hostNetwork: false })] },
    ],
    ['a NodePort, which Cilium serves', { objects: [service({ type: 'NodePort' })] }],
    ['a load balancer', { objects: [service({ type: 'LoadBalancer' })] }],
    [
      'all of the pods of Cilium',
      {
        values: { hubble: { relay: { enabled: true }, ui: { enabled: true } }, prometheus: { enabled: true } },
        patch: {},
      },
    ],
    [
      'mutual authentication',
      {
        values: { authentication: { enabled: true, mutual: { spire: { enabled: true, install: { enabled: true } } } } },
        patch: {},
      },
    ],
    [
      'IPsec over KubeSpan',
      { cluster: { kubeSpan: {}, ingressFirewall: NODES }, values: { encryption: { enabled: true, type: 'ipsec' } } },
    ],
  ])('not %s', (_, input) => {
    expect(found(input)).toEqual([]);
  });
});
