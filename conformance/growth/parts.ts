import { Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpPeerConfig,
  CidrGroup,
  Cilium,
  CiliumNetworkPolicy,
  CiliumNodeConfig,
  EgressGatewayPolicy,
  EnvoyConfig,
  Findings,
  Gateway,
  HTTPRoute,
  HelmRelease,
  KubeSpanRoutes,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  PodIPPool,
  TalosCluster,
  TalosPatch,
  renderCilium,
  talosValues,
} from '../../lib';
import type { CiliumValues } from '../../lib';
import { MULTI_POOL, address, network } from './resources';
import { inApp, one } from './sample';
import type { Outcome, Sample } from './sample';

const DNS = {
  toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: ['53/ANY'], rules: { dns: ['*'] } }],
};
const TALOS = {
  talosVersion: '1.12',
  kubernetesVersion: '1.34.1',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
} as const;

/** Values of one Cilium, rendered. */
function values(name: string, make: (parts: readonly number[]) => object): Sample {
  return { name, run: (n) => rendered(make(Array.from({ length: n }, (_, i) => i))) };
}

function rendered(own: object): Outcome {
  return inApp((app) => {
    new Cilium(new Chart(app, 'cilium'), 'cilium', { version: '1.19.6', values: own as never, unknownValues: 'warn' });
  });
}

function names(parts: readonly number[], value: (i: number) => unknown): object {
  return Object.fromEntries(parts.map((i) => [`key-${String(i)}`, value(i)]));
}

/** The Talos patch of one cluster with settings. */
function patched(
  name: string,
  make: (parts: readonly number[]) => { readonly talos?: object; readonly patch?: object },
): Sample {
  return {
    name,
    run: (n) =>
      inApp((app) => {
        const { talos: settings = {}, patch = {} } = make(Array.from({ length: n }, (_, i) => i));
        const talos = new TalosCluster({ ...TALOS, ...settings } as never);
        const chart = new Chart(app, 'cluster');
        const cilium = new Cilium(chart, 'cilium', { version: '1.19.6', talos, values: talosValues(talos) as never });
        new TalosPatch(app, 'patch', { talos, cilium, manifests: [chart], target: 'plain', ...patch } as never);
      }),
  };
}

/** Parts of one thing. */
export const PART_SAMPLES: readonly Sample[] = [
  one(
    'blocks of a pool',
    ({ chart, cilium }, parts) => new LoadBalancerIPPool(chart, 'p', { cilium, blocks: parts.map((i) => network(i)) }),
  ),
  one(
    'blocks of a pool, all overlap',
    ({ chart, cilium }, parts) =>
      new LoadBalancerIPPool(chart, 'p', { cilium, blocks: parts.map(() => '11.0.0.0/24') }),
  ),
  one(
    'blocks of a pool, chain of overlaps',
    ({ chart, cilium }, parts) =>
      new LoadBalancerIPPool(chart, 'p', {
        cilium,
        blocks: parts.map((i) => `${address(i * 10)}-${address(i * 10 + 12)}`),
      }),
  ),
  one(
    'blocks of a pool, host bits',
    ({ chart, cilium }, parts) =>
      new LoadBalancerIPPool(chart, 'p', { cilium, blocks: parts.map((i) => `${address((i << 4) + 1)}/28`) }),
  ),
  one(
    'blocks of a pool, wrong',
    ({ chart, cilium }, parts) =>
      new LoadBalancerIPPool(chart, 'p', { cilium, blocks: parts.map((i) => `x${String(i)}`) }),
  ),
  one(
    'interfaces of an L2 policy',
    ({ chart, cilium }, parts) =>
      new L2AnnouncementPolicy(chart, 'l', {
        cilium,
        loadBalancerIPs: true,
        interfaces: parts.map((i) => `^eth${String(i)}$`),
      }),
  ),
  one(
    'peers of a BGP instance',
    ({ chart, cilium }, parts) =>
      new BgpClusterConfig(chart, 'c', {
        cilium,
        bgpInstances: [
          {
            name: 'i',
            localASN: 65010,
            peers: parts.map((i) => ({ name: `p${String(i)}`, peerASN: 65000, peerAddress: address(i, 172) })),
          },
        ],
      }),
  ),
  one(
    'peers of a BGP instance, one address',
    ({ chart, cilium }, parts) =>
      new BgpClusterConfig(chart, 'c', {
        cilium,
        bgpInstances: [
          {
            name: 'i',
            localASN: 65010,
            peers: parts.map((i) => ({ name: `p${String(i)}`, peerASN: 65000, peerAddress: '172.16.0.1' })),
          },
        ],
      }),
  ),
  one(
    'BGP instances',
    ({ chart, cilium }, parts) =>
      new BgpClusterConfig(chart, 'c', {
        cilium,
        bgpInstances: parts.map((i) => ({
          name: `i${String(i)}`,
          localASN: 65010,
          peers: [{ name: 'p', peerASN: 65000, peerAddress: address(i, 172) }],
        })),
      }),
  ),
  one(
    'advertisements of one object',
    ({ chart, cilium }, parts) =>
      new BgpAdvertisement(chart, 'a', {
        cilium,
        advertisements: parts.map((i) => ({
          advertisementType: 'Service',
          service: { addresses: ['LoadBalancerIP'] },
          selector: { matchLabels: { app: `a${String(i)}` } },
        })),
      }),
  ),
  one(
    'families of a peer config',
    ({ chart, cilium }, parts) =>
      new BgpPeerConfig(chart, 'p', { cilium, families: parts.map(() => ({ afi: 'ipv4', safi: 'unicast' })) }),
  ),
  one(
    'rules of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        ingress: parts.map((i) => ({ fromEndpoints: [{ matchLabels: { app: `a${String(i)}` } }] })),
      }),
  ),
  one(
    'FQDNs of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        egress: [DNS, { toFQDNs: parts.map((i) => `h${String(i)}.example.com`), toPorts: [{ ports: ['443/TCP'] }] }],
      }),
  ),
  one(
    'FQDNs and DNS rules of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        egress: [
          { ...DNS, toPorts: [{ ports: ['53/ANY'], rules: { dns: parts.map((i) => `h${String(i)}.example.com`) } }] },
          { toFQDNs: parts.map((i) => `h${String(i)}.example.com`), toPorts: [{ ports: ['443/TCP'] }] },
        ],
      }),
  ),
  one(
    'FQDN patterns of a policy, dns missing',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        egress: [{ toFQDNs: parts.map((i) => `*.h${String(i)}.example.com`), toPorts: [{ ports: ['443/TCP'] }] }],
      }),
  ),
  one(
    'port rules of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        ingress: [{ toPorts: parts.map((i) => ({ ports: [`${String(1 + i)}/TCP`] })) }],
      }),
  ),
  one(
    'L7 rules of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        ingress: [
          {
            toPorts: [
              { ports: ['80/TCP'], rules: { http: parts.map((i) => ({ method: 'GET', path: `/p${String(i)}` })) } },
            ],
          },
        ],
      }),
  ),
  one(
    'CIDRs of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        egress: [{ toCIDR: parts.map((i) => network(i)) }],
      }),
  ),
  one(
    'exceptions of a CIDR',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        endpointSelector: {},
        egress: [{ toCIDRSet: [{ cidr: '0.0.0.0/0', except: parts.map((i) => network(i)) }] }],
      }),
  ),
  one(
    'specs of a policy',
    ({ chart, cilium }, parts) =>
      new CiliumNetworkPolicy(chart, 'p', {
        cilium,
        specs: parts.map((i) => ({ endpointSelector: { matchLabels: { app: `a${String(i)}` } }, ingress: [{}] })),
      }),
  ),
  one(
    'CIDRs of a CidrGroup',
    ({ chart, cilium }, parts) => new CidrGroup(chart, 'g', { cilium, externalCIDRs: parts.map((i) => network(i)) }),
  ),
  one(
    'CIDRs of a CidrGroup, the same',
    ({ chart, cilium }, parts) => new CidrGroup(chart, 'g', { cilium, externalCIDRs: parts.map(() => '11.0.0.0/24') }),
  ),
  one(
    'CIDRs of a PodIPPool',
    ({ chart, cilium }, parts) =>
      new PodIPPool(chart, 'p', {
        cilium,
        ipv4: { cidrs: parts.map((i) => `${address(i << 8, 20)}/24`), maskSize: 26 },
      }),
    MULTI_POOL,
  ),
  one(
    'CIDRs of a PodIPPool, the same',
    ({ chart, cilium }, parts) =>
      new PodIPPool(chart, 'p', { cilium, ipv4: { cidrs: parts.map(() => '20.0.0.0/24'), maskSize: 26 } }),
    MULTI_POOL,
  ),
  one(
    'networks of an egress policy',
    ({ chart, cilium }, parts) =>
      new EgressGatewayPolicy(chart, 'e', {
        cilium,
        destinationCIDRs: ['0.0.0.0/0', ...parts.map((i) => network(i))],
        excludedCIDRs: parts.map((i) => network(i, 12)),
        selectors: [{ podSelector: {} }],
        egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } } },
      }),
  ),
  one(
    'selectors of an egress policy',
    ({ chart, cilium }, parts) =>
      new EgressGatewayPolicy(chart, 'e', {
        cilium,
        destinationCIDRs: ['0.0.0.0/0'],
        selectors: parts.map((i) => ({ podSelector: { matchLabels: { app: `a${String(i)}` } } })),
        egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } } },
      }),
  ),
  one(
    'gateways of an egress policy',
    ({ chart, cilium }, parts) =>
      new EgressGatewayPolicy(chart, 'e', {
        cilium,
        destinationCIDRs: ['0.0.0.0/0'],
        selectors: [{ podSelector: {} }],
        egressGateways: parts.map((i) => ({ nodeSelector: { matchLabels: { egress: `e${String(i)}` } } })),
      }),
  ),
  one(
    'keys of a node config',
    ({ chart, cilium }, parts) =>
      new CiliumNodeConfig(chart, 'n', {
        cilium,
        nodeSelector: {},
        defaults: Object.fromEntries(parts.map((i) => [`unknown-${String(i)}`, 'x'])),
      }),
  ),
  one(
    'resources of an EnvoyConfig',
    ({ chart, cilium }, parts) =>
      new EnvoyConfig(chart, 'e', {
        cilium,
        services: parts.map((i) => ({ name: `web-${String(i)}`, listener: `l${String(i)}` })),
        resources: parts.map((i) => ({
          '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener' as const,
          name: `l${String(i)}`,
        })),
      }),
  ),
  one(
    'listeners of a Gateway',
    ({ chart, cilium }, parts) =>
      new Gateway(chart, 'g', {
        cilium,
        listeners: parts.map((i) => ({
          name: `l${String(i)}`,
          port: 80,
          protocol: 'HTTP' as const,
          hostname: `h${String(i)}.example.test`,
        })),
      }),
  ),
  one(
    'listeners of a Gateway, one port',
    ({ chart, cilium }, parts) =>
      new Gateway(chart, 'g', {
        cilium,
        listeners: parts.map((i) => ({ name: `l${String(i)}`, port: 80, protocol: 'HTTP' as const })),
      }),
  ),
  one(
    'rules of an HTTPRoute',
    ({ chart, cilium }, parts) =>
      new HTTPRoute(chart, 'r', {
        cilium,
        parentRefs: [{ name: 'home' }],
        rules: parts.map((i) => ({ matches: [`/p${String(i)}`], backendRefs: [{ name: 'web', port: 80 }] })),
      }),
  ),
  one(
    'hostnames of an HTTPRoute',
    ({ chart, cilium }, parts) =>
      new HTTPRoute(chart, 'r', {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: parts.map((i) => `h${String(i)}.example.test`),
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      }),
  ),
  one('parents of an HTTPRoute', ({ chart, cilium }, parts) => {
    for (const i of parts)
      new Gateway(chart, `g${String(i)}`, { cilium, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] });
    new HTTPRoute(chart, 'r', {
      cilium,
      parentRefs: parts.map((i) => ({ name: `g${String(i)}` })),
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    });
  }),
  one(
    'backends of an HTTPRoute',
    ({ chart, cilium }, parts) =>
      new HTTPRoute(chart, 'r', {
        cilium,
        parentRefs: [{ name: 'home' }],
        rules: [{ backendRefs: parts.map((i) => ({ name: `web-${String(i)}`, port: 80 })) }],
      }),
  ),
  one('acknowledgements', ({ app, chart, cilium }, parts) => {
    for (const i of parts) {
      const pool = new LoadBalancerIPPool(chart, `p${String(i)}`, {
        cilium,
        blocks: [`${address((i << 4) + 3)}/28`],
        acknowledge: { 'ip-pool/block': `because ${String(i)}` },
      });
      Findings.acknowledge(pool, 'ip-pool/not-default', 'known');
    }
    Findings.acknowledge(app, 'talos/kubernetes-untested', 'known');
  }),
  values('values: tolerations', (parts) => ({
    tolerations: parts.map((i) => ({ key: `k${String(i)}`, operator: 'Exists' })),
  })),
  values('values: env', (parts) => ({ extraEnv: parts.map((i) => ({ name: `E${String(i)}`, value: 'x' })) })),
  values('values: extraConfig', (parts) => ({ extraConfig: names(parts, () => 'x') })),
  values('values: podAnnotations', (parts) => ({
    podAnnotations: names(parts, () => 'x'),
    podLabels: names(parts, () => 'x'),
  })),
  values('values: extraVolumes', (parts) => ({
    extraVolumes: parts.map((i) => ({ name: `v${String(i)}`, emptyDir: {} })),
    extraVolumeMounts: parts.map((i) => ({ name: `v${String(i)}`, mountPath: `/m${String(i)}` })),
  })),
  values('values: clusters of a mesh', (parts) => ({
    cluster: { name: 'me', id: 1 },
    clustermesh: {
      useAPIServer: true,
      config: {
        enabled: true,
        clusters: parts.map((i) => ({ name: `c${String(i)}`, address: `c${String(i)}.example.test`, port: 2379 })),
      },
    },
  })),
  values('values: unknown names', (parts) => names(parts, () => true)),
  values('values: unknown names in a section', (parts) => ({ hubble: names(parts, () => true) })),
  values('values: unknown option keys', (parts) => ({
    extraConfig: Object.fromEntries(parts.map((i) => [`enable-thing-${String(i)}`, 'true'])),
  })),
  values('values: wrong types', (parts) => ({
    tolerations: parts.map(() => 5),
    extraEnv: parts.map(() => ({ nam: 'x' })),
  })),
  values('values: devices', (parts) => ({
    devices: parts.map((i) => `eth${String(i)}`),
    endpointRoutes: { enabled: true },
  })),
  {
    name: 'values: renderCilium of env',
    run: (n) => ({
      findings: renderCilium({
        version: '1.19.6',
        values: {
          extraEnv: Array.from({ length: n }, (_, i) => ({ name: `E${String(i)}`, value: 'x' })),
        } as CiliumValues,
      }).findings.length,
      characters: 0,
    }),
  },
  patched('objects in a TalosPatch', (parts) => ({
    patch: {
      manifests: [
        {
          name: 'mine',
          objects: parts.map((i) => ({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `c${String(i)}`, namespace: 'default' },
            data: { a: 'x' },
          })),
        },
      ],
    },
  })),
  patched('manifests of a TalosPatch', (parts) => ({
    patch: {
      manifests: parts.map((i) => ({
        name: `m${String(i)}`,
        objects: [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `c${String(i)}`, namespace: 'default' },
            data: { a: 'x' },
          },
        ],
      })),
    },
  })),
  patched('pools in a TalosPatch', (parts) => ({
    patch: {
      manifests: [
        {
          name: 'mine',
          objects: parts.map((i) => ({
            apiVersion: 'cilium.io/v2',
            kind: 'CiliumLoadBalancerIPPool',
            metadata: { name: `p${String(i)}` },
            spec: { blocks: [{ cidr: network(i) }] },
          })),
        },
      ],
    },
  })),
  patched('Services in a TalosPatch', (parts) => ({
    patch: {
      manifests: [
        {
          name: 'mine',
          objects: parts.map((i) => ({
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: `s${String(i)}`, namespace: 'default' },
            spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
          })),
        },
      ],
    },
  })),
  patched('Deployments in a TalosPatch', (parts) => ({
    patch: {
      manifests: [
        {
          name: 'mine',
          objects: parts.map((i) => ({
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: `d${String(i)}`, namespace: 'default' },
            spec: {
              selector: { matchLabels: { app: 'a' } },
              template: {
                metadata: { labels: { app: 'a' } },
                spec: { containers: [{ name: 'c', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
              },
            },
          })),
        },
      ],
    },
  })),
  patched('Talos: node labels', (parts) => ({ talos: { nodeLabels: names(parts, () => 'x') } })),
  patched('Talos: sysctls', (parts) => ({
    talos: { sysctls: Object.fromEntries(parts.map((i) => [`net.ipv4.conf.eth${String(i)}.rp_filter`, '0'])) },
  })),
  patched('Talos: nameservers', (parts) => ({ talos: { nameservers: parts.map((i) => address(i, 9)) } })),
  patched('Talos: node networks', (parts) => ({ talos: { nodeIP: { validSubnets: parts.map((i) => network(i)) } } })),
  patched('Talos: KubeSpan filters', (parts) => ({
    talos: {
      kubeSpan: { enabled: true, filters: { endpoints: parts.map((i) => network(i)) } },
      discovery: { enabled: true },
    },
  })),
  patched('Talos: ingress firewall', (parts) => ({
    talos: { ingressFirewall: { nodeNetworks: parts.map((i) => network(i)), apiFrom: parts.map((i) => network(i)) } },
  })),
  patched('Talos: kernel modules', (parts) => ({
    talos: { kernelModules: parts.map((i) => ({ name: `mod${String(i)}` })) },
  })),
  {
    name: 'KubeSpan clusters',
    run: (n) =>
      inApp((app) => {
        for (let i = 0; i < n; i++) {
          const talos = new TalosCluster({
            ...TALOS,
            kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
            discovery: { enabled: true },
          });
          const cilium = Cilium.fromVersion(app, `c${String(i)}`, '1.19.6', { talos });
          new KubeSpanRoutes(new Chart(app, `k${String(i)}`), 'routes', { cilium, talos });
        }
      }),
  },
  {
    name: 'HelmRelease',
    run: (n) =>
      inApp((app) => {
        for (let i = 0; i < n; i++) {
          const values = { cluster: { name: `c${String(i)}`, id: (i % 255) + 1 } };
          const cilium = Cilium.fromVersion(app, `c${String(i)}`, '1.19.6', { values });
          new HelmRelease(new Chart(app, `k${String(i)}`), 'release', { cilium });
        }
      }),
  },
];
