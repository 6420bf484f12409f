import { STALE_IMPORT } from '../../lib/cilium/imported-release';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import * as lib from '../../lib';
import { duringSynthesis } from '../../lib/app/contents';
import type { Finding, TalosClusterProps } from '../../lib';
import { ciliumWith } from '../../upstream/rules/released';

/** One good call of an export, whose props or arguments the harness spoils one by one. */
export interface Row {
  /** `LoadBalancerIPPool`, `TalosPatch.omni`; what stands before the dot is the export. */
  readonly name: string;
  /** What is passed: props, or arguments by their names. */
  readonly good: object;
  /** Arguments have no names that could be misspelt. */
  readonly areArguments?: boolean;
  /** Where names are the user's own, or those of data that others made. */
  readonly free?: RegExp;
  /** What came before the path that the findings name: `talos.`, `omni.`. @default - nothing */
  readonly under?: string;
  /** Calls it. Returns the findings of level `error` that were not thrown. */
  readonly call: (given: never) => readonly Finding[];
}

const outdir = '/tmp/never-written';

/** Makes a construct in an app of its own, and returns every error in it. */
export function inApp(make: (chart: Chart, app: App) => Construct): readonly Finding[] {
  const app = new App({ outdir });
  make(new Chart(app, 'c'), app);
  return errorsIn(app);
}

/** The errors of every construct of an app, which is read once. */
export function errorsIn(app: App): readonly Finding[] {
  return duringSynthesis(app, () =>
    app.node.findAll().flatMap((construct) => {
      if (construct instanceof lib.TalosPatch) {
        construct.render();
        return [];
      }
      const { findings } = construct as { readonly findings?: readonly Finding[] };
      return (findings ?? []).filter(({ level }) => level === 'error');
    }),
  );
}

const CLUSTER = {
  talosVersion: '1.13',
  hostDNS: { forwardKubeDNSToHost: false },
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
} as const;

/** The cluster and the Cilium that all rows are for. */
export const talos = new lib.TalosCluster(CLUSTER);
const app = new App({ outdir });
export const cilium = new lib.Cilium(new Chart(app, 'network'), 'cilium', {
  version: '1.19.6',
  talos,
  values: {
    bgpControlPlane: { enabled: true },
    bpf: { masquerade: true },
    devices: ['eth+'],
    egressGateway: { enabled: true },
    envoyConfig: { enabled: true },
    gatewayAPI: { enabled: true },
    hostFirewall: { enabled: true },
    l2announcements: { enabled: true },
    localRedirectPolicies: { enabled: true },
  },
});
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' }, data: { a: 'b' } };
const finding = { id: 'a/b', level: 'error', paths: ['a'], message: 'So.', hint: 'So.', docs: 'https://example.test' };
const metadata = { labels: { 'example.test/a': 'b' }, annotations: { 'example.test/note': 'any text' } };
const common = { cilium, name: 'one', metadata, acknowledge: { 'talos-patch/job': 'Accepted.' } };
const selector = {
  matchLabels: { app: 'web' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }],
};

/** Functions that take anything at all. */
const TRUTHS = ['isSet', 'isTruthy', 'whenTruthy'] as const;

const feature = {
  name: 'own',
  contribute: (): object => ({}),
  rules: [
    {
      id: 'own/rule',
      level: 'warning',
      find: (): boolean => false,
      docs: 'https://example.test',
      examples: { bad: { values: {} }, good: { values: {} } },
    },
  ],
};

const contribution = {
  config: { 'own-key': 'yes', 'own-number': 1, 'own-switch': true },
  agent: {
    volumes: [{ name: 'own', emptyDir: {} }],
    mounts: [{ name: 'own', mountPath: '/own' }],
    env: [{ name: 'OWN', value: 'yes' }],
    args: ['--own'],
    ports: [{ name: 'own', containerPort: 4999 }],
    initContainers: [{ name: 'own-init', image: 'a:1' }],
    containers: [{ name: 'own', image: 'a:1' }],
  },
  permissions: { agent: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['own'] }] },
  objects: [object],
};

const render = {
  version: '1.19.6',
  namespace: 'kube-system',
  kubeVersion: '1.34.0',
  apiVersions: ['monitoring.coreos.com/v1'],
  unknownValues: 'error',
};
const dashboards = { agent: { 'agent.json': '{}' }, operator: { operator: { title: 'x' } }, hubble: { hubble: '{}' } };

const cluster: TalosClusterProps = {
  ...CLUSTER,
  kubernetesVersion: '1.34.1',
  podSubnets: ['10.244.0.0/16'],
  serviceSubnets: ['10.96.0.0/12'],
  nodeCIDRMaskSizeIPv4: 24,
  kubePrism: { enabled: true, port: 7445 },
  hostDNS: { enabled: true, forwardKubeDNSToHost: false, resolveMemberNames: false },
  nameservers: ['1.1.1.1'],
  timeServers: ['time.cloudflare.com'],
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true, mtu: 1420, filters: { endpoints: ['0.0.0.0/0'] } },
  discovery: { enabled: true, registries: { service: { disabled: false, endpoint: 'https://discovery.talos.dev/' } } },
  vip: { ip: '192.168.1.5', deviceSelector: { driver: 'virtio_net' } },
  ingressFirewall: { nodeNetworks: ['192.168.1.0/24'], extra: [{ name: 'web', ports: ['80/TCP'], from: ['cluster'] }] },
  allowSchedulingOnControlPlanes: true,
  podSecurity: { enforce: 'baseline', exemptNamespaces: ['demo'] },
  nodeLabels: { zone: 'a' },
  nodeAnnotations: { note: 'x' },
  sysctls: { 'net.core.somaxconn': '4096' },
  kernelModules: [{ name: 'btrfs', parameters: ['a=b'] }],
  installDisk: '/dev/sda',
  maxPods: 110,
  nodeIP: { validSubnets: ['192.168.1.0/24', '!192.168.1.5'] },
  dnsDomain: 'cluster.local',
  links: ['eth0'],
  coreDNS: { enabled: false, podLabels: { 'k8s-app': 'coredns' }, namespace: 'kube-system' },
  controlPlanes: { nodeTaints: { 'example.test/a': 'b:NoSchedule' } },
  workers: { sysfs: { 'a.b': '1' } },
};

const BGP_CLUSTER: TalosClusterProps = {
  talosVersion: '1.14',
  nodes: { controlPlanes: 1, workers: 0 },
  bgp: {
    fabric: {
      name: 'fabric',
      localASN: 65001,
      routerID: '10.0.0.10',
      routeSource: '10.0.0.10',
      advertise: ['lo'],
      multipath: true,
      maxPaths: 2,
      installRoutes: true,
      neighbors: [
        { link: 'eth0', peerASN: 65000, bfd: { transmitInterval: '1s', receiveInterval: '1s', detectMultiplier: 3 } },
        { address: '192.0.2.1', localASN: 65002, passive: true, holdTime: '9s' },
      ],
    },
    workload: {
      name: 'workload',
      localASN: 4200000002,
      peerASN: 4200000003,
      network: '169.254.179.0/31',
      prefixes: ['203.0.113.0/24'],
      routerID: '10.0.0.10',
      passive: true,
      holdTime: '9s',
      link: 'veth-workload',
      routerLink: 'veth-router',
      vrf: 'vrf-workload',
      table: 88,
    },
  },
};

const manifests = [{ name: '10-demo', objects: [object], splitAt: 65536 }];
const patch = {
  talos,
  manifests,
  cilium: { kubeProxyReplacement: true },
  externalManifests: [{ name: '50-fetched', url: 'https://example.test/a.yaml', headers: { Accept: 'text/yaml' } }],
  replace: true,
  allowSecrets: false,
  target: 'plain',
  acknowledge: { 'talos-patch/job': 'Accepted.' },
};

/** A Cilium beside native BGP of Talos. */
const beside = lib.Cilium.fromVersion(new Chart(new App({ outdir }), 'beside'), 'cilium', '1.19.6', {
  talos: new lib.TalosCluster(BGP_CLUSTER),
  values: { bgpControlPlane: { enabled: true } },
});
const replacing = ciliumWith('1.19.6', { kubeProxyReplacement: true });

/** A chart of an app of its own, with an object in it. */
function chartWith(name: string): Chart {
  const chart = new Chart(new App({ outdir }), name);
  new ApiObject(chart, 'object', { ...object, metadata: { ...object.metadata, name } });
  return chart;
}

function newPatch(given: object = {}): lib.TalosPatch {
  return new lib.TalosPatch(new App({ outdir }), 'talos', { talos, manifests: [], ...given } as never);
}

/** Kinds of custom resources. */
export const RESOURCES: readonly Row[] = (
  [
    [
      'BgpAdvertisement',
      {
        advertisements: [
          {
            advertisementType: 'Service',
            service: { addresses: ['LoadBalancerIP'], aggregationLengthIPv4: 24 },
            selector,
            attributes: { localPreference: 100, communities: { standard: ['64512:1'] } },
          },
          { advertisementType: 'Service', service: { addresses: ['ExternalIP'] }, selector: 'all' },
        ],
      },
    ],
    [
      'BgpPeerConfig',
      {
        authSecretRef: { name: 'password', namespace: 'kube-system', metadata: { namespace: 'kube-system' } },
        ebgpMultihop: 2,
        gracefulRestart: { enabled: true, restartTimeSeconds: 60 },
        timers: { connectRetryTimeSeconds: 12, holdTimeSeconds: 9, keepAliveTimeSeconds: 3 },
        families: [
          { afi: 'ipv4', safi: 'unicast', advertisements: ['one', { name: 'two' }] },
          { afi: 'ipv6', safi: 'unicast', advertisements: selector },
        ],
      },
    ],
    [
      'BgpClusterConfig',
      {
        nodeSelector: selector,
        bgpInstances: [
          {
            name: 'rack',
            localASN: 65010,
            peers: [{ name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: { name: 'rack' } }],
          },
        ],
      },
    ],
    [
      'BgpNodeConfigOverride',
      { bgpInstances: [{ name: 'rack', routerID: '10.255.0.1', peers: [{ name: 'tor', localAddress: '10.0.0.2' }] }] },
    ],
    ['CidrGroup', { externalCIDRs: ['192.0.2.0/24'] }],
    ['ClusterwideEnvoyConfig', envoy()],
    ['EnvoyConfig', { namespace: 'shop', ...envoy() }],
    [
      'CiliumClusterwideNetworkPolicy',
      { nodeSelector: selector, ingressDeny: [{ fromCIDR: ['10.0.0.0/8'], toPorts: [{ ports: ['80/TCP'] }] }] },
    ],
    ['CiliumNetworkPolicy', { namespace: 'shop', ...policy() }],
    [
      'EgressGatewayPolicy',
      {
        selectors: [{ podSelector: selector, namespace: 'shop' }],
        destinationCIDRs: ['0.0.0.0/0'],
        excludedCIDRs: ['10.0.0.0/8'],
        egressGateway: { nodeSelector: selector, interface: 'eth1' },
      },
    ],
    [
      'Gateway',
      {
        namespace: 'web',
        gatewayClassName: { name: 'cilium' },
        addresses: ['192.168.1.201', { type: 'IPAddress', value: '192.168.1.202' }],
        listeners: [
          {
            name: 'https',
            port: 443,
            protocol: 'HTTPS',
            hostname: '*.example.test',
            tls: { mode: 'Terminate', certificateRefs: ['home-tls', { name: 'other' }] },
            allowedRoutes: { namespaces: { from: 'Selector', selector } },
          },
          { name: 'http', port: 80, protocol: 'HTTP', allowedRoutes: 'All' },
        ],
        infrastructure: { annotations: { a: 'b' } },
      },
    ],
    ['GatewayClass', { parametersRef: { name: 'one', namespace: 'default' }, description: 'x' }],
    [
      'GatewayClassConfig',
      {
        service: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['192.0.2.0/24'] },
        description: 'x',
      },
    ],
    [
      'GRPCRoute',
      {
        namespace: 'web',
        parentRefs: [{ name: 'home', sectionName: 'https' }],
        hostnames: ['grpc.example.test'],
        rules: [
          {
            matches: [
              'shop.v1.Cart/Add',
              { method: { type: 'RegularExpression', service: 'shop' }, headers: [{ name: 'a', value: 'b' }] },
            ],
            filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } }],
            backendRefs: [{ name: 'web', port: 8080, weight: 1 }],
          },
        ],
      },
    ],
    [
      'TLSRoute',
      {
        namespace: 'web',
        parentRefs: [{ name: 'home', sectionName: 'pass' }],
        hostnames: ['db.example.test'],
        rules: [{ backendRefs: [{ name: 'db', port: 5432, weight: 1 }] }],
      },
    ],
    [
      'TCPRoute',
      {
        cilium: ciliumWith('1.20.0'),
        parentRefs: [{ name: 'home', sectionName: 'tcp' }],
        rules: [{ backendRefs: [{ name: 'db', port: 5432 }] }],
      },
    ],
    [
      'UDPRoute',
      {
        cilium: ciliumWith('1.20.0'),
        parentRefs: [{ name: 'home', sectionName: 'udp' }],
        rules: [{ backendRefs: [{ name: 'dns', port: 53 }] }],
      },
    ],
    [
      'BackendTLSPolicy',
      {
        cilium: ciliumWith('1.20.0'),
        targetRefs: ['web', { group: '', kind: 'Service', name: 'api', sectionName: 'https' }],
        validation: { hostname: 'web.example.test', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'ca' }] },
      },
    ],
    [
      'ListenerSet',
      {
        cilium: ciliumWith('1.20.0'),
        parentRef: { name: 'home', namespace: 'default' },
        listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: ['shop-tls'] } }],
      },
    ],
    [
      'ReferenceGrant',
      {
        namespace: 'shop',
        from: [{ kind: 'HTTPRoute', namespace: 'web' }],
        to: [{ kind: 'Service', name: 'cart' }, { kind: 'Secret' }],
      },
    ],
    [
      'HTTPRoute',
      {
        namespace: 'web',
        parentRefs: [{ name: 'home', sectionName: 'https' }],
        hostnames: ['www.example.test'],
        rules: [
          {
            matches: [
              '/',
              { path: { type: 'PathPrefix', value: '/a' }, headers: [{ name: 'a', value: 'b' }], method: 'GET' },
            ],
            filters: [{ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } }],
            backendRefs: [{ name: 'web', port: 8080, weight: 1 }],
            timeouts: { request: '10s' },
            retry: { codes: [503], attempts: 2, backoff: '100ms' },
          },
          { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', statusCode: 301 } }] },
        ],
      },
    ],
    [
      'LoadBalancerIPPool',
      {
        blocks: ['192.168.1.200/29', { start: '192.168.2.1', stop: '192.168.2.9' }],
        serviceSelector: selector,
        disabled: false,
      },
    ],
    [
      'L2AnnouncementPolicy',
      {
        interfaces: ['^eth[0-9]+$'],
        loadBalancerIPs: true,
        externalIPs: false,
        serviceSelector: selector,
        nodeSelector: selector,
      },
    ],
    [
      'LocalRedirectPolicy',
      {
        namespace: 'shop',
        redirectFrontend: {
          addressMatcher: { ip: '169.254.169.254', toPorts: [{ port: 80, protocol: 'TCP', name: 'http' }] },
        },
        redirectBackend: { localEndpointSelector: selector, toPorts: [{ port: 8080, protocol: 'TCP', name: 'http' }] },
        skipRedirectFromBackend: true,
      },
    ],
    ['CiliumNodeConfig', { nodeSelector: selector, defaults: { 'bpf-lb-acceleration': 'native' } }],
    ['PodIPPool', { cilium: ciliumWith('1.20.0'), ipv4: { cidrs: ['10.20.0.0/16'], maskSize: 24 } }],
  ] as readonly (readonly [keyof typeof lib, object])[]
).map(([name, props]): Row => ({
  name,
  good: { ...common, ...props },
  // Envoy's own resources.
  free: /^resources\[\d+\]$/,
  call: (given) =>
    inApp(
      (chart) =>
        new (lib[name] as new (scope: Construct, id: string, props: unknown) => Construct)(chart, 'one', given),
    ),
}));

/** `fromManifest` of the same kinds, with what their constructs write. */
const MANIFESTS: readonly Row[] = RESOURCES.map(({ name, good }): Row => {
  const kind = lib[name as 'CidrGroup'];
  const props = good as lib.CidrGroupProps;
  return {
    name: `${name}.fromManifest`,
    good: new kind(new Chart(new App({ outdir }), 'c'), 'one', props).apiObject.toJson() as object,
    free: /^spec\.resources\[\d+\]$/,
    call: (given) => inApp((chart) => kind.fromManifest(chart, 'one', given, { cilium: props.cilium })),
  };
});

function envoy(): object {
  return {
    services: [{ name: 'web', namespace: 'shop', listener: 'web', ports: [80] }],
    backendServices: [{ name: 'web', namespace: 'shop', number: ['80'] }],
    resources: [{ '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' }],
    nodeSelector: selector,
  };
}

function policy(): object {
  return {
    description: 'x',
    endpointSelector: selector,
    enableDefaultDeny: { egress: false },
    ingress: [
      { fromEntities: ['ingress'], toPorts: [{ ports: ['8080/TCP'] }] },
      {
        fromEndpoints: [selector],
        toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/.*' }] } }],
      },
      {
        fromCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }, { cidrGroupRef: { name: 'office' } }],
        icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }],
      },
    ],
    egress: [
      {
        toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'kube-system' } }],
        toPorts: [{ ports: ['53/UDP', '53/TCP'], rules: { dns: ['*', { matchPattern: '*.example.test' }] } }],
      },
      { toFQDNs: ['api.example.test', { matchPattern: '*.example.test' }], toPorts: [{ ports: ['443/TCP'] }] },
    ],
    egressDeny: [{ toCIDR: ['169.254.169.254/32'], toPorts: [{ ports: ['80/TCP'] }] }],
  };
}

/** Names of the user's own, in whatever props they stand. */
export const FREE =
  /(^|\.)(acknowledge|labels|annotations|matchLabels|podLabels|headers|nodeLabels|nodeAnnotations|nodeTaints|sysctls|sysfs|defaults|config|agent|operator|hubble)$/;

/** Objects of Kubernetes, which have fields of their own. */
const OBJECTS =
  /(^|\.)(objects|before|after|volumes|mounts|env|ports|initContainers|containers)\[\d+\]|resources\[\d+\]$/;

/** Every export that there is at run time, with a good call of it. */
export const ROWS: readonly Row[] = [
  ...RESOURCES,
  ...MANIFESTS,
  {
    name: 'CidrGroup.fromManifest with options',
    good: { cilium, acknowledge: { 'talos-patch/job': 'Accepted.' } },
    call: (options) =>
      inApp((chart) =>
        lib.CidrGroup.fromManifest(
          chart,
          'one',
          {
            apiVersion: 'cilium.io/v2',
            kind: 'CiliumCIDRGroup',
            metadata: { name: 'one' },
            spec: { externalCIDRs: ['192.0.2.0/24'] },
          },
          options,
        ),
      ),
  },
  {
    name: 'Cilium',
    good: {
      version: '1.19.6',
      values: {},
      talos,
      namespace: 'kube-system',
      createNamespace: true,
      kubeVersion: '1.34.0',
      apiVersions: ['monitoring.coreos.com/v1'],
      unknownValues: 'error',
      features: [feature],
      imageRegistry: 'harbor.example.org/mirror',
      dashboards,
      helmRelease: { name: 'cilium', namespace: 'kube-system' },
      acknowledge: { 'own/rule': 'Accepted.' },
    },
    free: /examples/,
    call: (given) => inApp((chart) => new lib.Cilium(chart, 'cilium', given)),
  },
  {
    name: 'Cilium.explain',
    areArguments: true,
    good: { what: 'enable-ipv4' },
    call: ({ what }: { what: never }) => (cilium.explain(what), []),
  },
  {
    name: 'Cilium.object',
    areArguments: true,
    good: { kind: 'DaemonSet', name: 'cilium' },
    call: ({ kind, name }: { kind: never; name: never }) => (cilium.object(kind, name), []),
  },
  {
    name: 'renderCilium',
    good: { ...render, values: {}, features: [feature], imageRegistry: 'harbor.example.org/mirror', dashboards },
    free: /examples/,
    call: (given) => (lib.renderCilium(given), []),
  },
  {
    name: 'renderCilium with what a feature returns',
    good: contribution,
    under: 'features.own.contribute().',
    free: OBJECTS,
    call: (given) => (
      lib.renderCilium({ version: '1.19.6', features: [{ name: 'own', contribute: () => given }] }),
      []
    ),
  },
  {
    name: 'renderCilium with what a rule finds',
    good: { paths: ['own'], message: 'So.', hint: 'So.' },
    // Other names in a problem are dropped.
    areArguments: true,
    call: (given: never): readonly Finding[] => {
      const rule = { ...feature.rules[0], find: (): never => given };
      const { findings } = lib.renderCilium({ version: '1.19.6', features: [{ ...feature, rules: [rule] } as never] });
      return findings.filter(({ id }) => id !== rule.id);
    },
  },
  {
    name: 'loadValues',
    areArguments: true,
    good: { pathOrText: 'a: yes\n', options: { warn: () => undefined } },
    call: ({ pathOrText, options }: { pathOrText: never; options: never }) => (
      lib.loadValues(pathOrText, options ?? { warn: () => undefined }),
      []
    ),
  },
  {
    name: 'adoptManifests',
    areArguments: true,
    // Nothing of Cilium: the search would take longer than all other rows.
    good: {
      objects: [
        { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'other', namespace: 'default' }, data: { a: 'b' } },
      ],
      options: { version: '1.19.6', namespace: 'kube-system', kubeVersion: '1.34.0' },
    },
    free: /objects/,
    call: ({ objects, options }: { objects: never; options: never }) => (lib.adoptManifests(objects, options), []),
  },
  {
    name: 'importedRelease',
    areArguments: true,
    good: { data: STALE_IMPORT.examples.good[0], hash: STALE_IMPORT.examples.good[1] },
    call: ({ data, hash }: { data: never; hash: never }) => (lib.importedRelease(data, hash), []),
  },
  {
    name: 'allow',
    areArguments: true,
    good: { verbs: 'get', apiGroup: '', resources: 'nodes', resourceNames: ['a'] },
    call: ({ verbs, apiGroup, resources, resourceNames }: Record<string, never>) => (
      lib.allow(verbs as never, apiGroup as never, resources as never, resourceNames),
      []
    ),
  },
  ...TRUTHS.map((name): Row => ({
    name,
    areArguments: true,
    good: { value: 1 },
    call: ({ value }: { value: never }) => (lib.helm[name](value), []),
  })),
  {
    name: 'helm.defaultTo',
    areArguments: true,
    good: { value: 1, fallback: 2 },
    call: ({ value, fallback }: { value: never; fallback: never }) => (lib.helm.defaultTo(value, fallback), []),
  },
  {
    name: 'CiliumError',
    areArguments: true,
    good: { findings: [finding], subject: 'No' },
    free: /findings\[0\]/,
    call: ({ findings, subject }: { findings: never; subject: never }) =>
      new lib.CiliumError(findings, subject).findings.slice(1),
  },
  {
    name: 'describeFinding',
    areArguments: true,
    good: { finding },
    free: /finding/,
    call: ({ finding: one }: { finding: never }) => (lib.describeFinding(one), []),
  },
  { name: 'TalosCluster', good: cluster, under: 'talos.', call: (given) => (new lib.TalosCluster(given), []) },
  {
    name: 'TalosCluster with BGP',
    good: BGP_CLUSTER,
    under: 'talos.',
    call: (given) => (new lib.TalosCluster(given), []),
  },
  {
    name: 'TalosPatch',
    good: { ...patch, cilium: replacing, outdir },
    free: OBJECTS,
    call: (given) => inApp((_, root) => new lib.TalosPatch(root, 'talos', given)),
  },
  {
    name: 'TalosPatch with a chart',
    good: { ...patch, cilium: replacing, manifests: [chartWith('a'), { name: '20-b', chart: chartWith('b') }] },
    call: (given) => inApp((_, root) => new lib.TalosPatch(root, 'talos', given)),
  },
  {
    name: 'TalosPatch.omni',
    good: { cluster: 'home', weight: 500 },
    under: 'omni.',
    call: (given) => (newPatch().omni(given), []),
  },
  {
    name: 'TalosPatch.commands',
    good: {
      clusterName: 'home',
      endpoint: 'https://10.0.0.5:6443',
      controlPlanes: ['10.0.0.1', { address: '10.0.0.3', hostname: 'cp-2' }],
      workers: [{ address: '10.0.0.2', hostname: 'w-1' }],
    },
    under: 'commands.',
    call: (given) => (newPatch().commands(given), []),
  },
  {
    name: 'TalosPatch.migration',
    good: {
      from: 'flannel',
      clusterName: 'home',
      endpoint: 'https://10.0.0.5:6443',
      controlPlanes: ['10.0.0.1'],
      workers: [{ address: '10.0.0.2' }],
    },
    under: 'migration.',
    call: (given) => (newPatch({ cilium: replacing }).migration(given), []),
  },
  {
    name: 'describeMigration',
    areArguments: true,
    good: {
      migration: {
        steps: [{ title: 'So', interrupts: 'Nothing.', commands: [{ run: 'true', why: 'So.' }] }],
        rollback: [{ title: 'So', interrupts: 'Nothing.', commands: [{ run: 'true', why: 'So.' }] }],
      },
    },
    call: ({ migration }: { migration: never }) => (lib.describeMigration(migration), []),
  },
  {
    name: 'describeCommands',
    areArguments: true,
    good: { commands: [{ run: 'true', why: 'So.' }] },
    call: ({ commands }: { commands: never }) => (lib.describeCommands(commands), []),
  },
  {
    name: 'renderTalosPatch',
    good: { ...patch, ciliumManifest: '10-demo', leftOut: ['a'] },
    free: OBJECTS,
    call: (given) => (lib.renderTalosPatch(given).inlineManifests(), []),
  },
  {
    name: 'kubeSpanValues',
    areArguments: true,
    good: { talos },
    call: ({ talos: one }: { talos: never }) => (lib.kubeSpanValues(one), []),
  },
  {
    name: 'talosValues',
    areArguments: true,
    good: { talos, ciliumVersion: '1.19.6' },
    call: ({ talos: one, ciliumVersion }: { talos: never; ciliumVersion: never }) => (
      lib.talosValues(one, ciliumVersion),
      []
    ),
  },
  {
    name: 'gatewayApiManifest',
    areArguments: true,
    good: { ciliumVersion: '1.19.6', options: { channel: 'experimental', version: '1.4.1', name: '00-gateway-api' } },
    call: ({ ciliumVersion, options }: { ciliumVersion: never; options: never }) => (
      lib.gatewayApiManifest(ciliumVersion, options),
      []
    ),
  },
  {
    name: 'KubeSpanRoutes',
    good: {
      talos,
      cilium,
      routePodSubnets: true,
      announcePodSubnets: false,
      image: 'a:1',
      name: 'routes',
      intervalSeconds: 5,
      resources: { requests: { cpu: '10m' }, limits: { memory: '64Mi' } },
      acknowledge: { 'kubespan-routes/announced-twice': 'Accepted.' },
    },
    free: /requests|limits/,
    call: (given) => inApp((chart) => new lib.KubeSpanRoutes(chart, 'routes', given)),
  },
  {
    name: 'LocalRedirectPolicy.nodeLocalDns',
    good: { ...common, matchLabels: { 'k8s-app': 'dns' }, serviceName: 'kube-dns', namespace: 'kube-system' },
    call: (given) => inApp((chart) => lib.LocalRedirectPolicy.nodeLocalDns(chart, 'dns', given)),
  },
  {
    name: 'TalosBgpPeering',
    good: { ...common, cilium: beside, acknowledge: {}, advertisements: ['one', { name: 'two' }] },
    call: (given) => inApp((chart) => new lib.TalosBgpPeering(chart, 'talos', given)),
  },
  {
    name: 'HostFirewall',
    good: {
      ...common,
      talos,
      apiFrom: ['192.0.2.0/24'],
      nodeNetworks: ['198.51.100.0/24'],
      kubernetesApiPort: 6443,
      metrics: true,
      audit: false,
      extra: [{ fromEntities: ['world'], toPorts: [{ ports: ['80/TCP'] }] }],
      extraOnControlPlanes: [],
      extraOnWorkers: [],
    },
    call: (given) => inApp((chart) => new lib.HostFirewall(chart, 'nodes', given)),
  },
  {
    name: 'Gateway.listener',
    areArguments: true,
    good: { name: 'http' },
    call: ({ name }: { name: never }) =>
      inApp((chart) => {
        const gateway = new lib.Gateway(chart, 'home', {
          cilium,
          listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
        });
        gateway.listener(name);
        return gateway;
      }),
  },
  {
    name: 'ListenerSet.listener',
    areArguments: true,
    good: { name: 'http' },
    call: ({ name }: { name: never }) =>
      inApp((chart) => {
        const set = new lib.ListenerSet(chart, 'set', {
          cilium: ciliumWith('1.20.0'),
          parentRef: { name: 'home' },
          listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
        });
        set.listener(name);
        return set;
      }),
  },
  {
    name: 'HelmRelease',
    good: {
      cilium,
      name: 'cilium',
      namespace: 'flux-system',
      source: 'HelmRepository',
      url: 'https://helm.cilium.io',
      interval: '1h',
      acknowledge: {},
      timeout: '10m',
      install: { timeout: '30m', remediation: { retries: 3, remediateLastFailure: true } },
      upgrade: { timeout: '30m', remediation: { retries: 3, remediateLastFailure: false, strategy: 'rollback' } },
    },
    call: (given) => inApp((chart) => new lib.HelmRelease(chart, 'flux', given)),
  },
  {
    name: 'Findings.acknowledge',
    areArguments: true,
    good: { scope: app, id: 'talos-patch/job', reason: 'Accepted.' },
    free: /scope/,
    call: ({ scope, id, reason }: { scope: never; id: never; reason: never }): readonly Finding[] => {
      lib.Findings.acknowledge(scope, id, reason);
      return [];
    },
  },
  {
    name: 'Cilium.fromVersion',
    areArguments: true,
    good: { version: '1.19.6' },
    call: ({ version }: { version: never }) =>
      inApp((chart) => lib.Cilium.fromVersion(chart, 'one', version) as unknown as Construct),
  },
  {
    name: 'Cilium.fromVersion with options',
    good: {
      values: lib.talosValues(talos, '1.19.6'),
      talos,
      namespace: 'kube-system',
      kubeProxyReplacement: true,
      kubeVersion: '1.34.0',
      acknowledge: { 'talos-patch/job': 'Accepted.' },
    },
    // Values have findings of their own.
    free: /^values/,
    call: (options) =>
      inApp((chart) => lib.Cilium.fromVersion(chart, 'one', '1.19.6', options) as unknown as Construct),
  },
  {
    name: 'helmReleaseValues',
    areArguments: true,
    good: { cilium },
    call: ({ cilium: one }: { cilium: never }) => (lib.helmReleaseValues(one), []),
  },
  {
    name: 'helmReleaseValues of plain data',
    areArguments: true,
    good: { cilium: { values: {} } },
    free: /cilium/,
    call: ({ cilium: one }: { cilium: never }) => (lib.helmReleaseValues(one), []),
  },
  {
    name: 'ExampleWorkload',
    good: {
      name: 'web',
      namespace: 'web',
      loadBalancerClass: 'io.cilium/node',
      annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' },
      dualStack: true,
      port: 80,
      replicas: 2,
      image: 'a:1',
      imageRegistry: 'harbor.example.org/mirror',
    },
    call: (given) => inApp((chart) => new lib.ExampleWorkload(chart, 'web', given)),
  },
  {
    name: 'synthesize',
    areArguments: true,
    good: { app: new App({ outdir: mkdtempSync(join(tmpdir(), 'exports-')) }), options: { failOnWarnings: true } },
    call: ({ app: one, options }: { app: never; options: never }) => (lib.synthesize(one, options), []),
  },
  {
    name: 'describeSynthesis',
    areArguments: true,
    good: {
      synthesis: {
        outdir,
        files: [{ file: 'a.k8s.yaml', objects: 1, ...lib.reportOf('a') }],
        warnings: [{ ...finding, level: 'warning', in: 'c/one' }],
        prediction: {
          services: [
            {
              cluster: 'c/cilium',
              namespace: 'shop',
              name: 'web',
              ipam: 'lbipam',
              addresses: [{ family: 'IPv4', pools: ['home'], pending: { reason: 'out_of_ips', isCertain: false } }],
              announcements: [{ by: 'L2', object: 'CiliumL2AnnouncementPolicy home', nodes: ['workers'] }],
            },
          ],
          pods: [{ cluster: 'c/cilium', object: 'apps/Deployment shop/web', reasons: ['No node can run them.'] }],
        },
      },
    },
    free: /files\[\d+\]|warnings\[\d+\]|prediction/,
    call: ({ synthesis }: { synthesis: never }) => (lib.describeSynthesis(synthesis), []),
  },
  {
    name: 'predict',
    areArguments: true,
    good: { app: new App() },
    call: ({ app: one }: { app: never }) => (lib.predict(one), []),
  },
  {
    name: 'describeServices',
    areArguments: true,
    good: { app: new App() },
    call: ({ app: one }: { app: never }) => (lib.describeServices(one), []),
  },
  {
    name: 'reportOf',
    areArguments: true,
    good: { text: 'a' },
    call: ({ text }: { text: never }) => (lib.reportOf(text), []),
  },
  {
    name: 'writeYaml',
    areArguments: true,
    good: { value: { a: [1, { b: 'c' }] }, layout: { first: ['a'], firstInside: ['b'] } },
    free: /value/,
    call: ({ value, layout }: { value: never; layout: never }) => (lib.writeYaml(value, layout), []),
  },
  {
    name: 'writeDocuments',
    areArguments: true,
    good: { values: [{ a: 1 }], layout: { first: ['a'], firstInside: ['b'] } },
    free: /values/,
    call: ({ values, layout }: { values: never; layout: never }) => (lib.writeDocuments(values, layout), []),
  },
  {
    name: 'changesBetween',
    areArguments: true,
    good: { before: [object], after: [{ ...object, data: { a: 'c' } }] },
    free: /before|after/,
    call: ({ before, after }: { before: never; after: never }) => (
      lib.describeChanges(lib.changesBetween(before, after)),
      []
    ),
  },
  {
    name: 'describeChanges',
    areArguments: true,
    good: {
      changes: [{ object: 'v1/ConfigMap a', change: 'changed', fields: [{ path: 'data.a', before: 1, after: 2 }] }],
    },
    free: /fields\[\d\]$/,
    call: ({ changes }: { changes: never }) => (lib.describeChanges(changes), []),
  },
];

/** Exports that take no props: what they are made of has a row of its own, or they only write what is there. */
export const WITHOUT_ROW: readonly string[] = ['CONFIG_SECTIONS', 'CustomResource', 'problem'];
