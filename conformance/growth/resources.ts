import { ApiObject } from 'cdk8s';
import {
  BackendTLSPolicy,
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
  CidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumNodeConfig,
  ClusterwideEnvoyConfig,
  EgressGatewayPolicy,
  EnvoyConfig,
  GRPCRoute,
  Gateway,
  GatewayClass,
  GatewayClassConfig,
  HTTPRoute,
  L2AnnouncementPolicy,
  ListenerSet,
  LoadBalancerIPPool,
  LocalRedirectPolicy,
  PodIPPool,
  ReferenceGrant,
  TCPRoute,
  TLSRoute,
  UDPRoute,
} from '../../lib';
import { ALL_ON, each } from './sample';
import type { Cluster, Sample } from './sample';

const V20 = { version: '1.20.0' } as const;
/** IPAM with pools of pods. */
export const MULTI_POOL = {
  values: { ipam: { mode: 'multi-pool' }, kubeProxyReplacement: true, bpf: { masquerade: true } },
} as const;
const LISTENER = { '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener' } as const;

/** An address of a network, by its number. */
export function address(i: number, network = 11): string {
  return `${String(network)}.${String((i >> 16) & 255)}.${String((i >> 8) & 255)}.${String(i & 255)}`;
}

/** A network of 16 addresses, by its number. */
export function network(i: number, of = 11): string {
  return `${address(i << 4, of)}/28`;
}

function gateway({ chart, cilium }: Cluster): void {
  new Gateway(chart, 'gateway', {
    cilium,
    name: 'home',
    listeners: [
      { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: 'All' },
      { name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' }, allowedRoutes: 'All' },
    ],
    // Cilium serves ListenerSets from 1.20 on.
    ...(cilium.version.startsWith('1.20') && { allowedListeners: { namespaces: { from: 'All' } } }),
  } as never);
}

function pool({ chart, cilium }: Cluster): void {
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.0.0/16'] });
  new L2AnnouncementPolicy(chart, 'all', { cilium, loadBalancerIPs: true });
}

function service(i: number, spec: object = {}, metadata: object = {}): ConstructorParameters<typeof ApiObject>[2] {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `web-${String(i)}`, namespace: 'default', ...metadata },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: `web-${String(i)}` }, ...spec },
  } as never;
}

/** Custom resources and Services, one kind each. */
export const RESOURCE_SAMPLES: readonly Sample[] = [
  each(
    'LoadBalancerIPPool',
    (scope, i, { cilium }) => new LoadBalancerIPPool(scope, `p${String(i)}`, { cilium, blocks: [network(i)] }),
  ),
  each(
    'LoadBalancerIPPool, all overlap',
    (scope, i, { cilium }) => new LoadBalancerIPPool(scope, `p${String(i)}`, { cilium, blocks: ['11.0.0.0/24'] }),
  ),
  each(
    'LoadBalancerIPPool, chain of overlaps',
    (scope, i, { cilium }) =>
      new LoadBalancerIPPool(scope, `p${String(i)}`, {
        cilium,
        blocks: [`${address(i * 10)}-${address(i * 10 + 12)}`],
      }),
  ),
  each(
    'LoadBalancerIPPool, one overlaps all',
    (scope, i, { cilium }) =>
      new LoadBalancerIPPool(scope, `p${String(i)}`, { cilium, blocks: [i === 0 ? '11.0.0.0/8' : network(i)] }),
  ),
  each(
    'LoadBalancerIPPool, host bits',
    (scope, i, { cilium }) =>
      new LoadBalancerIPPool(scope, `p${String(i)}`, { cilium, blocks: [`${address((i << 4) + 3)}/28`] }),
  ),
  each(
    'LoadBalancerIPPool, the same warnings',
    (scope, i, { cilium }) =>
      new LoadBalancerIPPool(scope, `p${String(i)}`, {
        cilium,
        blocks: [`${address(i << 4)}-${address((i << 4) + 3)}`],
        allowFirstLastIPs: 'No',
        serviceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'x' } },
      }),
  ),
  each(
    'L2AnnouncementPolicy',
    (scope, i, { cilium }) =>
      new L2AnnouncementPolicy(scope, `l${String(i)}`, {
        cilium,
        loadBalancerIPs: true,
        interfaces: [`^eth${String(i)}$`],
        serviceSelector: { matchLabels: { app: `a${String(i)}` } },
      }),
    undefined,
    pool,
  ),
  each(
    'L2AnnouncementPolicy, all select all',
    (scope, i, { cilium }) => new L2AnnouncementPolicy(scope, `l${String(i)}`, { cilium, loadBalancerIPs: true }),
    undefined,
    pool,
  ),
  each(
    'L2AnnouncementPolicy with a Service each',
    (scope, i, { cilium }) => {
      new L2AnnouncementPolicy(scope, `l${String(i)}`, {
        cilium,
        loadBalancerIPs: true,
        serviceSelector: { matchLabels: { app: `a${String(i)}` } },
      });
      new ApiObject(scope, `s${String(i)}`, service(i, {}, { labels: { app: `a${String(i)}` } }));
    },
    undefined,
    ({ chart, cilium }) => void new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.0.0/16'] }),
  ),
  each(
    'LocalRedirectPolicy, addresses',
    (scope, i, { cilium }) =>
      new LocalRedirectPolicy(scope, `r${String(i)}`, {
        cilium,
        redirectFrontend: { addressMatcher: { ip: address(i, 169), toPorts: [{ port: 80, protocol: 'TCP' }] } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: { app: `a${String(i)}` } },
          toPorts: [{ port: 8080, protocol: 'TCP' }],
        },
      }),
  ),
  each(
    'LocalRedirectPolicy, one address',
    (scope, i, { cilium }) =>
      new LocalRedirectPolicy(scope, `r${String(i)}`, {
        cilium,
        redirectFrontend: { addressMatcher: { ip: '169.254.20.10', toPorts: [{ port: 80, protocol: 'TCP' }] } },
        redirectBackend: {
          localEndpointSelector: { matchLabels: { app: 'a' } },
          toPorts: [{ port: 8080, protocol: 'TCP' }],
        },
      }),
  ),
  each('LocalRedirectPolicy, Services', (scope, i, { cilium }) => {
    new LocalRedirectPolicy(scope, `r${String(i)}`, {
      cilium,
      redirectFrontend: { serviceMatcher: { serviceName: `web-${String(i)}` } },
      redirectBackend: {
        localEndpointSelector: { matchLabels: { app: `a${String(i)}` } },
        toPorts: [{ port: 8080, protocol: 'TCP' }],
      },
    });
    new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }));
  }),
  each(
    'BgpClusterConfig',
    (scope, i, { cilium }) =>
      new BgpClusterConfig(scope, `c${String(i)}`, {
        cilium,
        nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
        bgpInstances: [
          {
            name: `i${String(i)}`,
            localASN: 65010,
            peers: [{ name: 'tor', peerASN: 65000, peerAddress: address(i, 172), peerConfigRef: 'peer' }],
          },
        ],
      }),
    undefined,
    ({ chart, cilium }) =>
      void new BgpPeerConfig(chart, 'peer', { cilium, families: [{ afi: 'ipv4', safi: 'unicast' }] }),
  ),
  each(
    'BgpClusterConfig, all nodes',
    (scope, i, { cilium }) =>
      new BgpClusterConfig(scope, `c${String(i)}`, {
        cilium,
        bgpInstances: [
          { name: 'i', localASN: 65010, peers: [{ name: 'tor', peerASN: 65000, peerAddress: '172.16.0.1' }] },
        ],
      }),
  ),
  each('BgpClusterConfig with peer config each', (scope, i, { cilium }) => {
    const advertisement = new BgpAdvertisement(scope, `a${String(i)}`, {
      cilium,
      advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: 'all' }],
    });
    const peer = new BgpPeerConfig(scope, `p${String(i)}`, {
      cilium,
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: [advertisement] }],
    });
    new BgpClusterConfig(scope, `c${String(i)}`, {
      cilium,
      nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
      bgpInstances: [
        {
          name: 'i',
          localASN: 65010,
          peers: [{ name: 'tor', peerASN: 65000, peerAddress: address(i, 172), peerConfigRef: peer }],
        },
      ],
    });
  }),
  each(
    'BgpPeerConfig',
    (scope, i, { cilium }) =>
      new BgpPeerConfig(scope, `p${String(i)}`, { cilium, families: [{ afi: 'ipv4', safi: 'unicast' }] }),
  ),
  each('BgpPeerConfig, selectors that match all', (scope, i, { cilium }) => {
    new BgpAdvertisement(scope, `a${String(i)}`, {
      cilium,
      metadata: { labels: { advertise: 'bgp' } },
      advertisements: [{ advertisementType: 'PodCIDR' }],
    });
    new BgpPeerConfig(scope, `p${String(i)}`, {
      cilium,
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
    });
  }),
  each(
    'BgpAdvertisement',
    (scope, i, { cilium }) =>
      new BgpAdvertisement(scope, `a${String(i)}`, {
        cilium,
        metadata: { labels: { a: `a${String(i)}` } },
        advertisements: [
          {
            advertisementType: 'Service',
            service: { addresses: ['LoadBalancerIP'] },
            selector: { matchLabels: { app: `a${String(i)}` } },
          },
        ],
      }),
  ),
  each(
    'BgpAdvertisement with a Service each',
    (scope, i, { cilium }) => {
      new BgpAdvertisement(scope, `a${String(i)}`, {
        cilium,
        metadata: { labels: { advertise: 'bgp' } },
        advertisements: [
          {
            advertisementType: 'Service',
            service: { addresses: ['LoadBalancerIP'] },
            selector: { matchLabels: { app: `a${String(i)}` } },
          },
        ],
      });
      new ApiObject(scope, `s${String(i)}`, service(i, {}, { labels: { app: `a${String(i)}` } }));
    },
    { values: { bgpControlPlane: { enabled: true } } },
    ({ chart, cilium }) => {
      new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.0.0/16'] });
      new BgpPeerConfig(chart, 'peer', {
        cilium,
        families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
      });
      new BgpClusterConfig(chart, 'rack', {
        cilium,
        bgpInstances: [
          {
            name: 'i',
            localASN: 65010,
            peers: [{ name: 'tor', peerASN: 65000, peerAddress: '172.16.0.1', peerConfigRef: 'peer' }],
          },
        ],
      });
    },
  ),
  each(
    'BgpNodeConfigOverride',
    (scope, i, { cilium }) =>
      new BgpNodeConfigOverride(scope, `n${String(i)}`, {
        cilium,
        bgpInstances: [{ name: 'rack', routerID: address(i, 10) }],
      }),
    undefined,
    ({ chart, cilium }) =>
      void new BgpClusterConfig(chart, 'rack', {
        cilium,
        bgpInstances: [
          { name: 'rack', localASN: 65010, peers: [{ name: 'tor', peerASN: 65000, peerAddress: '172.16.0.1' }] },
        ],
      }),
  ),
  each(
    'BgpNodeConfigOverride, one router id',
    (scope, i, { cilium }) =>
      new BgpNodeConfigOverride(scope, `n${String(i)}`, {
        cilium,
        bgpInstances: [{ name: 'rack', routerID: '10.0.0.1' }],
      }),
  ),
  each(
    'EgressGatewayPolicy',
    (scope, i, { cilium }) =>
      new EgressGatewayPolicy(scope, `e${String(i)}`, {
        cilium,
        destinationCIDRs: [network(i)],
        selectors: [{ podSelector: { matchLabels: { app: `a${String(i)}` } } }],
        egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } } },
      }),
  ),
  each(
    'EgressGatewayPolicy, the same for all',
    (scope, i, { cilium }) =>
      new EgressGatewayPolicy(scope, `e${String(i)}`, {
        cilium,
        destinationCIDRs: ['0.0.0.0/0'],
        selectors: [{ podSelector: {} }],
        egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } } },
      }),
  ),
  each(
    'EgressGatewayPolicy, one network',
    (scope, i, { cilium }) =>
      new EgressGatewayPolicy(scope, `e${String(i)}`, {
        cilium,
        destinationCIDRs: ['0.0.0.0/0'],
        selectors: [{ namespace: `n${String(i)}` }],
        egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } }, egressIP: address(i, 12) },
      }),
  ),
  each(
    'EgressGatewayPolicy, one pod label',
    (scope, i, { cilium }) =>
      new EgressGatewayPolicy(scope, `e${String(i)}`, {
        cilium,
        destinationCIDRs: [network(i)],
        selectors: [{ podSelector: { matchLabels: { app: 'a' } } }],
        egressGateway: { nodeSelector: { matchLabels: { egress: `g${String(i)}` } } },
      }),
  ),
  each(
    'PodIPPool',
    (scope, i, { cilium }) =>
      new PodIPPool(scope, `p${String(i)}`, { cilium, ipv4: { cidrs: [`${address(i << 8, 20)}/24`], maskSize: 26 } }),
    MULTI_POOL,
  ),
  each(
    'PodIPPool, all overlap',
    (scope, i, { cilium }) =>
      new PodIPPool(scope, `p${String(i)}`, { cilium, ipv4: { cidrs: ['20.0.0.0/16'], maskSize: 26 } }),
    MULTI_POOL,
  ),
  each(
    'PodIPPool, selectors',
    (scope, i, { cilium }) =>
      new PodIPPool(scope, `p${String(i)}`, {
        cilium,
        ipv4: { cidrs: [`${address(i << 8, 20)}/24`], maskSize: 26 },
        podSelector: { matchLabels: { app: 'a' } },
      }),
    { version: '1.19.6', ...MULTI_POOL },
  ),
  each(
    'CiliumNodeConfig',
    (scope, i, { cilium }) =>
      new CiliumNodeConfig(scope, `n${String(i)}`, {
        cilium,
        nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
        defaults: { 'enable-ipv4': 'true', mtu: 1400 },
      }),
  ),
  each(
    'CiliumNodeConfig, all nodes',
    (scope, i, { cilium }) =>
      new CiliumNodeConfig(scope, `n${String(i)}`, { cilium, nodeSelector: {}, defaults: { mtu: 1400 + i } }),
  ),
  each(
    'CiliumNodeConfig, an unknown key',
    (scope, i, { cilium }) =>
      new CiliumNodeConfig(scope, `n${String(i)}`, {
        cilium,
        nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
        defaults: { [`unknown-key-${String(i)}`]: 'x' },
      }),
  ),
  each(
    'CidrGroup',
    (scope, i, { cilium }) => new CidrGroup(scope, `g${String(i)}`, { cilium, externalCIDRs: [network(i)] }),
  ),
  each('CidrGroup, a policy each', (scope, i, { cilium }) => {
    const group = new CidrGroup(scope, `g${String(i)}`, { cilium, externalCIDRs: [network(i)] });
    new CiliumNetworkPolicy(scope, `p${String(i)}`, {
      cilium,
      endpointSelector: { matchLabels: { app: `a${String(i)}` } },
      egress: [{ toCIDRSet: [{ cidrGroupRef: group }] }],
    });
  }),
  each(
    'CiliumNetworkPolicy',
    (scope, i, { cilium }) =>
      new CiliumNetworkPolicy(scope, `p${String(i)}`, {
        cilium,
        endpointSelector: { matchLabels: { app: `a${String(i)}` } },
        ingress: [{ fromEndpoints: [{ matchLabels: { app: `b${String(i)}` } }], toPorts: [{ ports: ['80/TCP'] }] }],
      }),
  ),
  each(
    'CiliumNetworkPolicy, one selector',
    (scope, i, { cilium }) =>
      new CiliumNetworkPolicy(scope, `p${String(i)}`, {
        cilium,
        endpointSelector: {},
        egress: [{ toFQDNs: ['api.example.com'], toPorts: [{ ports: ['443/TCP'] }] }],
      }),
  ),
  each('CiliumNetworkPolicy, names, dns elsewhere', (scope, i, { cilium }) => {
    new CiliumNetworkPolicy(scope, `p${String(i)}`, {
      cilium,
      endpointSelector: { matchLabels: { app: `a${String(i)}` } },
      egress: [{ toFQDNs: ['api.example.com'], toPorts: [{ ports: ['443/TCP'] }] }],
    });
    new CiliumNetworkPolicy(scope, `d${String(i)}`, {
      cilium,
      endpointSelector: {},
      egress: [
        {
          toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
          toPorts: [{ ports: ['53/ANY'], rules: { dns: ['*'] } }],
        },
      ],
    });
  }),
  each('CiliumNetworkPolicy, Services', (scope, i, { cilium }) => {
    new CiliumNetworkPolicy(scope, `p${String(i)}`, {
      cilium,
      endpointSelector: { matchLabels: { app: `web-${String(i)}` } },
      egress: [{ toServices: [{ k8sService: { serviceName: `web-${String(i)}`, namespace: 'default' } }] }],
      ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }],
    });
    new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP', ports: [{ port: 80, targetPort: 8080 }] }));
  }),
  each('CiliumNetworkPolicy, Services by label', (scope, i, { cilium }) => {
    new CiliumNetworkPolicy(scope, `p${String(i)}`, {
      cilium,
      endpointSelector: { matchLabels: { app: `web-${String(i)}` } },
      egress: [{ toServices: [{ k8sServiceSelector: { selector: { matchLabels: { app: `x${String(i)}` } } } }] }],
    });
    new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }, { labels: { app: `x${String(i)}` } }));
  }),
  each('CiliumNetworkPolicy, one app, Services', (scope, i, { cilium }) => {
    new CiliumNetworkPolicy(scope, `p${String(i)}`, {
      cilium,
      endpointSelector: { matchLabels: { app: 'web' } },
      ingress: [{ toPorts: [{ ports: ['80/TCP'] }] }],
    });
    new ApiObject(
      scope,
      `s${String(i)}`,
      service(i, { type: 'ClusterIP', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] }),
    );
  }),
  each(
    'CiliumNetworkPolicy, a namespace each',
    (scope, i, { cilium }) =>
      new CiliumNetworkPolicy(scope, `p${String(i)}`, {
        cilium,
        namespace: `n${String(i)}`,
        endpointSelector: {},
        ingressDeny: [{ fromEntities: ['world'] }],
      }),
  ),
  each(
    'CiliumClusterwideNetworkPolicy',
    (scope, i, { cilium }) =>
      new CiliumClusterwideNetworkPolicy(scope, `p${String(i)}`, {
        cilium,
        endpointSelector: { matchLabels: { app: `a${String(i)}` } },
        ingress: [{ fromEntities: ['cluster'] }],
      }),
  ),
  each(
    'CiliumClusterwideNetworkPolicy, nodes',
    (scope, i, { cilium }) =>
      new CiliumClusterwideNetworkPolicy(scope, `p${String(i)}`, {
        cilium,
        nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
        ingress: [{ fromEntities: ['cluster'] }],
      }),
  ),
  each(
    'EnvoyConfig',
    (scope, i, { cilium }) =>
      new EnvoyConfig(scope, `e${String(i)}`, {
        cilium,
        services: [{ name: `web-${String(i)}` }],
        resources: [{ ...LISTENER, name: `l${String(i)}` }],
      }),
  ),
  each(
    'EnvoyConfig, one Service',
    (scope, i, { cilium }) =>
      new EnvoyConfig(scope, `e${String(i)}`, {
        cilium,
        services: [{ name: 'web' }],
        resources: [{ ...LISTENER, name: 'l' }],
      }),
  ),
  each('ClusterwideEnvoyConfig', (scope, i, { cilium }) => {
    new ClusterwideEnvoyConfig(scope, `e${String(i)}`, {
      cilium,
      services: [{ name: `web-${String(i)}`, namespace: 'default' }],
      resources: [{ ...LISTENER, name: `l${String(i)}` }],
    });
    new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }));
  }),
  each(
    'Gateway',
    (scope, i, { cilium }) =>
      new Gateway(scope, `g${String(i)}`, { cilium, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] }),
    undefined,
    pool,
  ),
  each(
    'Gateway, addresses',
    (scope, i, { cilium }) =>
      new Gateway(scope, `g${String(i)}`, {
        cilium,
        addresses: [`192.168.${String((i >> 8) & 255)}.${String(i & 255)}`],
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      }),
    undefined,
    pool,
  ),
  each(
    'Gateway, one address',
    (scope, i, { cilium }) =>
      new Gateway(scope, `g${String(i)}`, {
        cilium,
        addresses: ['192.168.1.1'],
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      }),
    undefined,
    pool,
  ),
  each('GatewayClass', (scope, i, { cilium }) => new GatewayClass(scope, `c${String(i)}`, { cilium })),
  each('GatewayClassConfig', (scope, i, { cilium }) => {
    const config = new GatewayClassConfig(scope, `f${String(i)}`, { cilium, service: { type: 'NodePort' } });
    const of = new GatewayClass(scope, `c${String(i)}`, { cilium, parametersRef: config as never });
    new Gateway(scope, `g${String(i)}`, {
      cilium,
      gatewayClassName: of,
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    });
  }),
  each(
    'HTTPRoute',
    (scope, i, { cilium }) =>
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ backendRefs: [{ name: `web-${String(i)}`, port: 80 }] }],
      }),
    undefined,
    gateway,
  ),
  each(
    'HTTPRoute, one hostname and path',
    (scope, i, { cilium }) =>
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: ['h.example.test'],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      }),
    undefined,
    gateway,
  ),
  each(
    'HTTPRoute, Services',
    (scope, i, { cilium }) => {
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ matches: [`/p${String(i)}`], backendRefs: [{ name: `web-${String(i)}`, port: 80 }] }],
      });
      new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }));
    },
    undefined,
    gateway,
  ),
  each(
    'HTTPRoute, grants and namespaces',
    (scope, i, { cilium }) => {
      const other = `n${String(i)}`;
      new ReferenceGrant(scope, `t${String(i)}`, {
        cilium,
        namespace: other,
        from: [{ kind: 'HTTPRoute', namespace: 'default' }],
        to: [{ kind: 'Service', name: 'web' }],
      });
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ backendRefs: [{ name: 'web', namespace: other, port: 80 }] }],
      });
      new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }, { name: 'web', namespace: other }));
    },
    undefined,
    gateway,
  ),
  each(
    'HTTPRoute with a Gateway each',
    (scope, i, { cilium }) => {
      const parent = new Gateway(scope, `g${String(i)}`, {
        cilium,
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP', hostname: '*.example.test' }],
      });
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [parent.listener('http')],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      });
    },
    undefined,
    pool,
  ),
  each(
    'HTTPRoute, no such Gateway',
    (scope, i, { cilium }) =>
      new HTTPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'nope' }],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      }),
    undefined,
    gateway,
  ),
  each(
    'GRPCRoute',
    (scope, i, { cilium }) =>
      new GRPCRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home' }],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      }),
    undefined,
    gateway,
  ),
  each(
    'TLSRoute',
    (scope, i, { cilium }) =>
      new TLSRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home', sectionName: 'pass' }],
        hostnames: [`h${String(i)}.example.test`],
        rules: [{ backendRefs: [{ name: 'web', port: 443 }] }],
      } as never),
    V20,
    gateway,
  ),
  each(
    'TLSRoute, one hostname',
    (scope, i, { cilium }) =>
      new TLSRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'home', sectionName: 'pass' }],
        hostnames: ['h.example.test'],
        rules: [{ backendRefs: [{ name: 'web', port: 443 }] }],
      } as never),
    V20,
    gateway,
  ),
  each(
    'TCPRoute with a Gateway each',
    (scope, i, { cilium }) => {
      new Gateway(scope, `g${String(i)}`, { cilium, listeners: [{ name: 'tcp', port: 5432, protocol: 'TCP' }] });
      new TCPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: `g${String(i)}`, sectionName: 'tcp' }],
        rules: [{ backendRefs: [{ name: 'db', port: 5432 }] }],
      });
    },
    V20,
    pool,
  ),
  each(
    'TCPRoute, one listener',
    (scope, i, { cilium }) =>
      new TCPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'tcp' }],
        rules: [{ backendRefs: [{ name: 'db', port: 5432 }] }],
      }),
    V20,
    ({ chart, cilium }) =>
      void new Gateway(chart, 'tcp', { cilium, listeners: [{ name: 'tcp', port: 5432, protocol: 'TCP' }] }),
  ),
  each(
    'UDPRoute',
    (scope, i, { cilium }) =>
      new UDPRoute(scope, `r${String(i)}`, {
        cilium,
        parentRefs: [{ name: 'dns' }],
        rules: [{ backendRefs: [{ name: 'dns', port: 53 }] }],
      }),
    V20,
    ({ chart, cilium }) =>
      void new Gateway(chart, 'dns', { cilium, listeners: [{ name: 'dns', port: 53, protocol: 'UDP' }] }),
  ),
  each(
    'ListenerSet',
    (scope, i, { cilium }) =>
      new ListenerSet(scope, `l${String(i)}`, {
        cilium,
        parentRef: { name: 'home' },
        listeners: [{ name: 'http', port: 1000 + i, protocol: 'HTTP' }],
      }),
    V20,
    gateway,
  ),
  each(
    'ListenerSet, one port',
    (scope, i, { cilium }) =>
      new ListenerSet(scope, `l${String(i)}`, {
        cilium,
        parentRef: { name: 'home' },
        listeners: [{ name: 'http', port: 8080, protocol: 'HTTP', hostname: `h${String(i)}.example.test` }],
      }),
    V20,
    gateway,
  ),
  each(
    'ListenerSet, the same',
    (scope, i, { cilium }) =>
      new ListenerSet(scope, `l${String(i)}`, {
        cilium,
        parentRef: { name: 'home' },
        listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }],
      }),
    V20,
    gateway,
  ),
  each(
    'ReferenceGrant',
    (scope, i, { cilium }) =>
      new ReferenceGrant(scope, `t${String(i)}`, {
        cilium,
        from: [{ kind: 'HTTPRoute', namespace: `n${String(i)}` }],
        to: [{ kind: 'Service' }],
      }),
  ),
  each(
    'BackendTLSPolicy',
    (scope, i, { cilium }) => {
      new BackendTLSPolicy(scope, `b${String(i)}`, {
        cilium,
        targetRefs: [`web-${String(i)}`],
        validation: { hostname: `w${String(i)}.example.test`, caCertificateRefs: ['ca'] },
      });
      new ApiObject(scope, `s${String(i)}`, service(i, { type: 'ClusterIP' }));
    },
    V20,
  ),
  each(
    'BackendTLSPolicy, one Service',
    (scope, i, { cilium }) =>
      new BackendTLSPolicy(scope, `b${String(i)}`, {
        cilium,
        targetRefs: ['web'],
        validation: { hostname: 'w.example.test', caCertificateRefs: ['ca'] },
      }),
    V20,
  ),
  each('Service', (scope, i) => new ApiObject(scope, `s${String(i)}`, service(i)), undefined, pool),
  each('Service, without a pool', (scope, i) => new ApiObject(scope, `s${String(i)}`, service(i))),
  each(
    'Service, a pool each',
    (scope, i, { cilium }) => {
      new LoadBalancerIPPool(scope, `p${String(i)}`, {
        cilium,
        blocks: [network(i)],
        serviceSelector: { matchLabels: { app: `a${String(i)}` } },
      });
      new ApiObject(scope, `s${String(i)}`, service(i, {}, { labels: { app: `a${String(i)}` } }));
    },
    undefined,
    ({ chart, cilium }) => void new L2AnnouncementPolicy(chart, 'all', { cilium, loadBalancerIPs: true }),
  ),
  each(
    'Service, pools for all',
    (scope, i, { cilium }) => {
      new LoadBalancerIPPool(scope, `p${String(i)}`, { cilium, blocks: [network(i)] });
      new ApiObject(scope, `s${String(i)}`, service(i));
    },
    undefined,
    ({ chart, cilium }) => void new L2AnnouncementPolicy(chart, 'all', { cilium, loadBalancerIPs: true }),
  ),
  each('Service, pools by expression', (scope, i, { cilium }) => {
    new LoadBalancerIPPool(scope, `p${String(i)}`, {
      cilium,
      blocks: [network(i)],
      serviceSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['x'] }] },
    });
    new ApiObject(scope, `s${String(i)}`, service(i));
  }),
  each(
    'Service, an address each',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          {},
          { annotations: { 'lbipam.cilium.io/ips': `192.168.${String((i >> 8) & 255)}.${String(i & 255)}` } },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, every second an address',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          {},
          i % 2 === 0
            ? {}
            : { annotations: { 'lbipam.cilium.io/ips': `192.168.${String((i >> 8) & 255)}.${String(i & 255)}` } },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, one address, no key',
    (scope, i) =>
      new ApiObject(scope, `s${String(i)}`, service(i, {}, { annotations: { 'lbipam.cilium.io/ips': '192.168.1.1' } })),
    undefined,
    pool,
  ),
  each(
    'Service, one address, one key, ports',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          { ports: [{ port: 1 + i }] },
          { annotations: { 'lbipam.cilium.io/ips': '192.168.1.1', 'lbipam.cilium.io/sharing-key': 'k' } },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, one address, namespaces',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          { ports: [{ port: 1 + i }] },
          {
            namespace: `n${String(i)}`,
            annotations: {
              'lbipam.cilium.io/ips': '192.168.1.1',
              'lbipam.cilium.io/sharing-key': 'k',
              'lbipam.cilium.io/sharing-cross-namespace': '*',
            },
          },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, one key, a namespace each, refused',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          { ports: [{ port: 1 + i }] },
          {
            namespace: `n${String(i)}`,
            annotations: {
              'lbipam.cilium.io/ips': '192.168.1.1',
              'lbipam.cilium.io/sharing-key': 'k',
              'lbipam.cilium.io/sharing-cross-namespace': `n${String(i + 1)}`,
            },
          },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, outside of the pools',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          {},
          { annotations: { 'lbipam.cilium.io/ips': `10.1.${String((i >> 8) & 255)}.${String(i & 255)}` } },
        ),
      ),
    undefined,
    pool,
  ),
  each(
    'Service, an unknown class',
    (scope, i) => new ApiObject(scope, `s${String(i)}`, service(i, { loadBalancerClass: 'io.cilium/nope' })),
    undefined,
    pool,
  ),
  each(
    'Service, an unknown annotation',
    (scope, i) =>
      new ApiObject(scope, `s${String(i)}`, service(i, {}, { annotations: { 'service.cilium.io/globall': 'true' } })),
    undefined,
    pool,
  ),
  each(
    'Service of NodeIPAM',
    (scope, i) =>
      new ApiObject(
        scope,
        `s${String(i)}`,
        service(
          i,
          { loadBalancerClass: 'io.cilium/node' },
          { annotations: { 'io.cilium.nodeipam/match-node-labels': `rack=r${String(i)}` } },
        ),
      ),
  ),
  each(
    'Ingress',
    (scope, i) =>
      new ApiObject(scope, `i${String(i)}`, {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: `web-${String(i)}`, namespace: 'default' },
        spec: {
          ingressClassName: 'cilium',
          rules: [
            {
              host: `h${String(i)}.example.test`,
              http: {
                paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
              },
            },
          ],
        },
      } as never),
    undefined,
    pool,
  ),
  each(
    'plain pools',
    (scope, i) =>
      new ApiObject(scope, `p${String(i)}`, {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumLoadBalancerIPPool',
        metadata: { name: `p${String(i)}` },
        spec: { blocks: [{ cidr: network(i) }] },
      } as never),
  ),
  each(
    'plain policies',
    (scope, i) =>
      new ApiObject(scope, `p${String(i)}`, {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: `p${String(i)}`, namespace: 'default' },
        spec: { endpointSelector: { matchLabels: { app: `a${String(i)}` } }, ingress: [{}] },
      } as never),
  ),
  each(
    'plain policies with a misspelt field',
    (scope, i) =>
      new ApiObject(scope, `p${String(i)}`, {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: `p${String(i)}`, namespace: 'default' },
        spec: { endpointSelector: {}, ingres: [{}] },
      } as never),
  ),
  each(
    'Deployment',
    (scope, i) =>
      new ApiObject(scope, `d${String(i)}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `d${String(i)}` },
        spec: {
          selector: { matchLabels: { app: `a${String(i)}` } },
          template: {
            metadata: { labels: { app: `a${String(i)}` } },
            spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] },
          },
        },
      } as never),
  ),
  each(
    'Deployment with a misspelt field',
    (scope, i) =>
      new ApiObject(scope, `d${String(i)}`, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `d${String(i)}` },
        spec: {
          selector: { matchLabels: { app: 'a' } },
          templat: {},
          template: { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'c', image: 'nginx:1.27' }] } },
        },
      } as never),
  ),
  each(
    'objects of one name',
    (scope, i) =>
      new ApiObject(scope, `d${String(i)}`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'same', namespace: 'default' },
        data: { a: String(i) },
      } as never),
  ),
  each(
    'node configs without Cilium values',
    (scope, i, { cilium }) =>
      new CiliumNodeConfig(scope, `n${String(i)}`, {
        cilium,
        nodeSelector: { matchLabels: { rack: `r${String(i)}` } },
        defaults: { 'bpf-lb-map-max': 65536 },
      }),
    { values: ALL_ON },
  ),
];
