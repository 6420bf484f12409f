import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import {
  BgpAdvertisement,
  BgpPeerConfig,
  CidrGroup,
  Cilium,
  CiliumClusterwideNetworkPolicy,
  EgressGatewayPolicy,
  EnvoyConfig,
  ExampleWorkload,
  Gateway,
  GatewayClass,
  GatewayClassConfig,
  HTTPRoute,
  HelmRelease,
  HostFirewall,
  KubeSpanRoutes,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  LocalRedirectPolicy,
  CiliumNetworkPolicy,
  CiliumNodeConfig,
  PodIPPool,
  TalosCluster,
  TalosPatch,
  describeFinding,
} from '../lib';
import type { Finding, KubernetesObject } from '../lib';
import { isClusterScoped } from '../lib/kubernetes/order';
import { released } from '../upstream/rules/released';

const version = '1.19.6';
const cilium = released(version);
const POLICY = { cilium, endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] } as const;
const LISTENERS = [{ name: 'http', port: 80, protocol: 'HTTP' }] as const;
const ENVOY = {
  '@type': 'type.googleapis.com/envoy.config.cluster.v3.Cluster',
  name: 'x',
  connect_timeout: '5s',
  lb_policy: 'ROUND_ROBIN',
} as const;

function objectsOf(chart: Chart): readonly KubernetesObject[] {
  return Testing.synth(chart) as readonly KubernetesObject[];
}

/** One of every construct, none of which names a namespace. */
function everything(chart: Construct): void {
  const talos = new TalosCluster({
    talosVersion: '1.13',
    kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
  });
  new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'] });
  new L2AnnouncementPolicy(chart, 'l2', { cilium, loadBalancerIPs: true });
  new LocalRedirectPolicy(chart, 'redirect', {
    cilium,
    redirectFrontend: { addressMatcher: { ip: '169.254.169.254', toPorts: [{ port: 80, protocol: 'TCP' }] } },
    redirectBackend: {
      localEndpointSelector: { matchLabels: { app: 'proxy' } },
      toPorts: [{ port: 8080, protocol: 'TCP' }],
    },
  });
  new BgpAdvertisement(chart, 'advertisement', { cilium, advertisements: [{ advertisementType: 'PodCIDR' }] });
  new CidrGroup(chart, 'office', { cilium, externalCIDRs: ['192.0.2.0/24'] });
  new CiliumNetworkPolicy(chart, 'policy', POLICY);
  new CiliumClusterwideNetworkPolicy(chart, 'wide', POLICY);
  new HostFirewall(chart, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'] });
  new EgressGatewayPolicy(chart, 'egress', {
    cilium,
    selectors: [{ podSelector: {} }],
    destinationCIDRs: ['0.0.0.0/0'],
    egressGateway: { nodeSelector: { matchLabels: { egress: 'yes' } } },
  });
  new EnvoyConfig(chart, 'envoy', { cilium, resources: [ENVOY] });
  const gateway = new Gateway(chart, 'web', { cilium, listeners: LISTENERS });
  new HTTPRoute(chart, 'route', {
    cilium,
    parentRefs: [gateway],
    rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
  });
  new GatewayClass(chart, 'class', { cilium });
  new GatewayClassConfig(chart, 'class-config', { cilium, service: { type: 'NodePort' } });
  new CiliumNodeConfig(chart, 'node-config', { cilium, nodeSelector: {}, defaults: { debug: 'true' } });
  new PodIPPool(chart, 'pods', { cilium, ipv4: { cidrs: ['10.10.0.0/16'], maskSize: 24 } });
  new KubeSpanRoutes(chart, 'routes', { talos, cilium });
  new ExampleWorkload(chart, 'example');
  new ExampleWorkload(chart, 'example-2');
}

/** Constructs that have a namespace of their own, whatever the chart says. */
const AT_HOME = ['CiliumNodeConfig node-config', 'DaemonSet kubespan-routes'];

describe('the namespace of a chart', () => {
  it.each([
    ['the chart', (chart: Chart): Construct => chart],
    ['a construct in the chart', (chart: Chart): Construct => new Construct(chart, 'between')],
  ])('reaches objects without a namespace in %s, and nothing cluster-scoped', (_, place) => {
    const chart = new Chart(new App(), 'c', { namespace: 'shop', labels: { team: 'web' } });
    everything(place(chart));
    const objects = objectsOf(chart);
    const wrong = objects.filter(({ kind, metadata: { name, namespace } }) => {
      const expected = isClusterScoped(kind) ? undefined : AT_HOME.includes(`${kind} ${name}`) ? 'kube-system' : 'shop';
      return namespace !== expected;
    });
    expect(wrong.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace])).toEqual([]);
    expect(objects.filter(({ metadata }) => metadata.labels?.team !== 'web')).toEqual([]);
    expect(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)).toEqual(['shop']);
  });

  it('is that of the nearest chart', () => {
    const outer = new Chart(new App(), 'outer', { namespace: 'outer' });
    const [inner, silent] = [new Chart(outer, 'inner', { namespace: 'inner' }), new Chart(outer, 'silent')];
    const made = [outer, inner, silent].map((chart) => new CiliumNetworkPolicy(chart, 'policy', POLICY).namespace);
    expect(made).toEqual(['outer', 'inner', 'default']);
  });

  it('gives way to a namespace that the resource names', () => {
    const chart = new Chart(new App(), 'c', { namespace: 'shop', labels: { team: 'web' } });
    const gateway = new Gateway(chart, 'web', {
      cilium,
      namespace: 'gateways',
      metadata: { labels: { team: 'net' } },
      listeners: LISTENERS,
    });
    expect(gateway.listener('http').namespace).toBe('gateways');
    expect(gateway.apiObject.metadata.toJson()).toEqual({
      name: 'web',
      namespace: 'gateways',
      labels: { team: 'net' },
    });
    expect(new Gateway(chart, 'other', { cilium, listeners: LISTENERS }).listener('http').namespace).toBe('shop');
  });

  it('must be a valid name', () => {
    const chart = new Chart(new App(), 'c', { namespace: 'My Shop' });
    expect(new CiliumNetworkPolicy(chart, 'policy', POLICY).findings.map(({ id }) => id)).toEqual([
      'network-policy/namespace',
    ]);
    expect(new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'] }).findings).toEqual([]);
  });

  it('does not stop a cluster-scoped resource from refusing a namespace', () => {
    const props = { cilium, blocks: ['192.0.2.0/28'], namespace: 'shop' };
    expect(new LoadBalancerIPPool(new Chart(new App(), 'c'), 'pool', props).findings.map(({ id }) => id)).toEqual([
      'ip-pool/namespace',
    ]);
  });
});

describe('rules read what is written', () => {
  const cluster = (): Cilium =>
    new Cilium(new Chart(new App(), 'cilium'), 'cilium', {
      version,
      talos: new TalosCluster({ talosVersion: '1.13' }),
      values: { gatewayAPI: { enabled: true }, bgpControlPlane: { enabled: true } },
    });
  const about = ({ findings }: { readonly findings: readonly Finding[] }, id: string): readonly string[] =>
    findings.filter((finding) => finding.id === id).map(describeFinding);

  it('the namespace of the chart counts', () => {
    const cilium = cluster();
    const { root } = cilium.node;
    const [shop, gateways] = ['shop', 'gateways'].map((namespace) => new Chart(root, namespace, { namespace })) as [
      Chart,
      Chart,
    ];
    const listener = { name: 'http', port: 80, protocol: 'HTTP' } as const;
    const same = new Gateway(gateways, 'web', { cilium, listeners: [listener] });
    const rules = [{ backendRefs: [{ name: 'web', port: 80 }] }];
    const far = new HTTPRoute(shop, 'far', { cilium, parentRefs: [same.listener('http')], rules });
    const near = new HTTPRoute(gateways, 'near', { cilium, parentRefs: [same.listener('http')], rules });
    expect(about(far, 'http-route/namespace-not-allowed')).toHaveLength(1);
    expect(near.findings.filter(({ level }) => level === 'error').map(describeFinding)).toEqual([]);
  });

  it('the labels of the chart count', () => {
    const cilium = cluster();
    const chart = new Chart(cilium.node.root, 'bgp', { labels: { advertise: 'bgp' } });
    new BgpAdvertisement(chart, 'pods', { cilium, advertisements: [{ advertisementType: 'PodCIDR' }] });
    const families = (word: string) =>
      [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: word } } }] as const;
    expect(
      about(new BgpPeerConfig(chart, 'right', { cilium, families: families('bgp') }), 'bgp-peer/no-advertisement'),
    ).toEqual([]);
    expect(
      about(new BgpPeerConfig(chart, 'wrong', { cilium, families: families('other') }), 'bgp-peer/no-advertisement'),
    ).toHaveLength(1);
  });

  it('invalid labels of the chart are an error', () => {
    const chart = new Chart(new App(), 'c', { labels: { 'bad key!': 'x' } });
    const [finding] = new CidrGroup(chart, 'office', { cilium, externalCIDRs: ['192.0.2.0/24'] }).findings;
    expect(finding).toMatchObject({ id: 'cidr-group/label', paths: ["metadata.labels['bad key!']"] });
  });
});

describe('the chart that holds Cilium', () => {
  const talos = new TalosCluster({ talosVersion: '1.14' });

  it.each([
    ['the default', {}, 'kube-system'],
    ['that of Cilium', { namespace: 'cilium' }, 'cilium'],
    ['that of the values', { values: { namespaceOverride: 'network' } }, 'network'],
  ])('may have the namespace of Cilium: %s', (_, props, namespace) => {
    const app = new App();
    const plain = new Chart(app, 'plain');
    const named = new Chart(app, 'named', { namespace, labels: { team: 'net' } });
    const values = (props as { values?: object }).values ?? {};
    const all = {
      ...props,
      version,
      talos,
      values: { ...values, ingressController: { enabled: true }, gatewayAPI: { enabled: true } },
    } as const;
    const cilium = new Cilium(named, 'cilium', all);
    expect(cilium.findings.filter(({ level }) => level === 'error')).toEqual([]);
    new Cilium(plain, 'cilium', all);
    const withoutTeam = objectsOf(named).map(({ metadata: { labels = {}, ...metadata }, ...object }) => {
      const { team, ...others } = labels;
      expect(team).toBe('net');
      return { ...object, metadata: { ...metadata, ...(Object.keys(others).length > 0 ? { labels: others } : {}) } };
    });
    expect(withoutTeam).toEqual(objectsOf(plain));
  });

  it('must not have another namespace; the hint names both solutions', () => {
    const cilium = new Cilium(new Chart(new App(), 'c', { namespace: 'network' }), 'cilium', { version, talos });
    expect(cilium.findings.map(({ id, level }) => [id, level])).toEqual([['cilium/chart-namespace', 'error']]);
    expect(cilium.findings.map(({ hint }) => hint).join()).toMatch(/out of the chart.*namespace: 'network'/);
  });

  it('may have another namespace than a Flux release', () => {
    const app = new App();
    const cilium = new Cilium(new Chart(app, 'c'), 'cilium', { version, namespace: 'cilium', talos });
    const flux = new Chart(app, 'flux', { namespace: 'flux-system' });
    new HelmRelease(flux, 'cilium', { cilium });
    const objects = objectsOf(flux);
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['Namespace', undefined],
      ['HelmRepository', 'flux-system'],
      ['HelmRelease', 'flux-system'],
    ]);
    expect(objects[2]?.spec).toMatchObject({ targetNamespace: 'cilium' });
  });
});

describe('a patch carries charts that have a namespace', () => {
  const talos = new TalosCluster({ talosVersion: '1.14' });
  const RULES = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

  it('removes it from cluster-scoped objects of the user', () => {
    const app = new App();
    const network = new Chart(app, 'cilium', { namespace: 'kube-system' });
    const cilium = new Cilium(network, 'cilium', { version, talos });
    const own = new Chart(app, 'own', { namespace: 'shop' });
    new ApiObject(own, 'role', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules: RULES,
    });
    new ApiObject(own, 'map', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } });
    new ApiObject(own, 'definition', {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'things.example.com' },
      spec: { group: 'example.com', names: { kind: 'Thing', plural: 'things' }, scope: 'Cluster', versions: [] },
    });
    new ApiObject(own, 'thing', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'one' } });
    const patch = new TalosPatch(app, 'talos', { talos, cilium, manifests: [network, own] });
    const { controlplane = '', findings } = patch.render();
    expect(findings).toEqual([]);
    const [, text = ''] = controlplane.split('20-own');
    expect(text.match(/namespace: shop/g)).toHaveLength(1);
    expect(text.match(/kind: Namespace/g)).toHaveLength(1);
  });
});
