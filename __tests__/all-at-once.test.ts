import { App, Chart, Testing } from 'cdk8s';
import {
  Cilium,
  CiliumError,
  EnvoyConfig,
  ExampleWorkload,
  HelmRelease,
  HostFirewall,
  KubeSpanRoutes,
  L2AnnouncementPolicy,
  LoadBalancerIPPool,
  CiliumNetworkPolicy,
  CiliumNodeConfig,
  TalosCluster,
  TalosPatch,
  loadValues,
  renderCilium,
  renderTalosPatch,
} from '../lib';
import type { CiliumVersion, Finding, RenderInput, TalosVersion } from '../lib';

/** The findings of something with errors. */
function refusal(make: () => unknown): CiliumError {
  try {
    make();
  } catch (error) {
    if (error instanceof CiliumError) return error;
    throw error;
  }
  throw new Error('It was taken.');
}

const talos = new TalosCluster({
  talosVersion: '1.13',
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true },
});

describe('an unsupported release', () => {
  const RELEASES: readonly (readonly [string, RegExp])[] = [
    ['1.21.0', /Use a release such as .*1\.19\.6/],
    ['1.17.5', /Use a release such as/],
    ['1.19', /^Use 1\.19\.6\.$/],
    ['v1.18', /^Use 1\.18\.12\.$/],
    ['1.20.0-rc.1', /Use a release such as/],
    ['latest', /Use a release such as/],
  ];

  it.each(RELEASES)('%s gets one finding in the whole app', (release, hint) => {
    const version = release as CiliumVersion;
    const app = new App();
    const network = new Chart(app, 'network');
    const cilium = new Cilium(network, 'cilium', { version, talos, values: { hubble: { uii: true } } as object });
    const others = new Chart(app, 'others');
    new LoadBalancerIPPool(others, 'pool', { cilium, blocks: ['192.0.2.0/28'] });
    new L2AnnouncementPolicy(others, 'l2', { cilium, loadBalancerIPs: true });
    new CiliumNetworkPolicy(others, 'policy', {
      cilium,
      endpointSelector: {},
      ingress: [{ fromEntities: ['cluster'] }],
    });
    new HostFirewall(others, 'nodes', { cilium, apiFrom: ['192.0.2.0/24'] });
    new CiliumNodeConfig(others, 'node-config', { cilium, nodeSelector: {}, defaults: { debug: 'true' } });
    new EnvoyConfig(others, 'envoy', { cilium, resources: [] });
    new KubeSpanRoutes(others, 'routes', { cilium, talos });
    new HelmRelease(others, 'flux', { cilium });
    new ExampleWorkload(others, 'example');
    new TalosPatch(app, 'talos', { talos, cilium, manifests: [network, others] });
    const findings = app.node
      .findAll()
      .flatMap((one) => ('findings' in one ? (one.findings as readonly Finding[]) : []));
    expect(findings.filter(({ level }) => level === 'error').map(({ id, paths }) => [id, ...paths])).toEqual([
      ['values/unsupported-version', 'version'],
    ]);
    expect(findings[0]?.hint).toMatch(hint);
    expect(() => Testing.synth(network)).toThrow(/values\/unsupported-version/);
    expect(
      refusal(() => renderCilium({ version, talos, values: { hubble: { uii: true } } as object })).findings,
    ).toEqual([findings[0]]);
  });

  it.each(['1.21.0', 'latest'])('%s gets one finding, at the reference to it', (version) => {
    const chart = new Chart(new App(), 'c');
    const cilium = Cilium.fromVersion(chart, 'cilium', version);
    const pool = new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'] });
    const routes = new KubeSpanRoutes(chart, 'routes', { cilium, talos });
    expect(cilium.findings.map(({ id }) => id)).toEqual(['values/unsupported-version']);
    expect([pool, routes].map(({ findings }) => findings)).toEqual([[], []]);
    expect(() => Testing.synth(chart)).toThrow(/values\/unsupported-version/);
  });
});

describe('a release written as in tags', () => {
  it('is the same release', () => {
    const tag = 'v1.19.6' as CiliumVersion;
    const app = new App();
    const chart = new Chart(app, 'c');
    const cluster = new TalosCluster({ talosVersion: 'v1.13.2' as TalosVersion, kubernetesVersion: 'v1.34.1' });
    const cilium = new Cilium(chart, 'cilium', { version: tag, talos: cluster });
    const plain = new Cilium(new Chart(app, 'd'), 'cilium', {
      version: '1.19.6',
      talos: new TalosCluster({ talosVersion: '1.13.2', kubernetesVersion: '1.34.1' }),
    });
    expect([cluster.talosVersion, cluster.given.talosVersion, cluster.kubernetesVersion]).toEqual([
      '1.13.2',
      '1.13.2',
      '1.34.1',
    ]);
    expect([cilium.version, cilium.rendered?.context.version]).toEqual(['1.19.6', '1.19.6']);
    expect(cilium.rendered?.objects).toEqual(plain.rendered?.objects);
    expect(renderCilium({ version: tag }).objects).toEqual(renderCilium({ version: '1.19.6' }).objects);
    const pool = new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'] });
    expect(pool.findings.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('gets one finding for Talos where it is not a release', () => {
    for (const talosVersion of ['1.10', 'v1.10.2', 'latest'] as const)
      expect(refusal(() => new TalosCluster({ talosVersion: talosVersion as TalosVersion })).findings).toHaveLength(1);
  });
});

describe('layers of values', () => {
  const layers = [
    loadValues('hubble: { relay: { enabled: true } }\noperator: { replicas: 1 }'),
    { operator: { replicas: 2 } },
  ];

  it('are read by renderCilium as by the construct', () => {
    const { context, objects } = renderCilium({ version: '1.19.6', values: layers });
    expect([context.v.operator.replicas, context.v.hubble.relay.enabled]).toEqual([2, true]);
    expect(
      new Cilium(new Chart(new App(), 'c'), 'cilium', { version: '1.19.6', values: layers }).rendered?.objects,
    ).toEqual(objects);
    expect(renderCilium({ version: '1.19.6', values: [] }).objects).toEqual(
      renderCilium({ version: '1.19.6' }).objects,
    );
  });

  it.each<[string, unknown, readonly string[]]>([
    ['null', null, ['values']],
    ['text', 'values.yaml', ['values']],
    ['a null among them', [{}, null], ['values[1]']],
    ['a list among them', [[], {}, 5], ['values[0]', 'values[2]']],
  ])('must be maps: %s', (_, values, places) => {
    const refused = { version: '1.19.6', values } as RenderInput;
    expect(refusal(() => renderCilium(refused)).findings.map(({ id, paths }) => [id, ...paths])).toEqual(
      places.map((at) => ['values/not-data', at]),
    );
    const cilium = new Cilium(new Chart(new App(), 'c'), 'cilium', refused as { version: '1.19.6' });
    expect([cilium.rendered, cilium.findings.map(({ paths }) => paths.join())]).toEqual([undefined, places]);
  });
});

describe('an error hides no warning', () => {
  const levels = ({ findings }: CiliumError): readonly string[] => findings.map(({ level, id }) => `${level} ${id}`);

  it('is true of values', () => {
    const values = { hubble: { uii: {} }, envoy: { rollOutPod: true }, kubeProxyReplacement: 'strict' } as object;
    const error = refusal(() => renderCilium({ version: '1.19.6', values, unknownValues: 'warn' }));
    expect(levels(error)).toEqual([
      expect.stringMatching(/^error /),
      'warning values/unknown',
      'warning values/unknown',
      ...levels(error)
        .slice(3)
        .map(() => expect.stringMatching(/^warning /) as string),
    ]);
    expect(error.message.split('\n').filter((line) => /^ {2}[✗!]/.test(line))).toHaveLength(error.findings.length);
    expect(
      new Cilium(new Chart(new App(), 'c'), 'cilium', { version: '1.19.6', values, unknownValues: 'warn' }).findings,
    ).toEqual(error.findings);
  });

  it('is true of features that contradict each other', () => {
    const twice = ['one', 'two'].map((name) => ({ name, contribute: () => ({ config: { 'our-key': name } }) }));
    const values = { hubble: { uii: {} } } as object;
    const error = refusal(() => renderCilium({ version: '1.19.6', values, unknownValues: 'warn', features: twice }));
    expect(levels(error)).toEqual(['error features/conflict', 'warning values/unknown']);
  });

  it('is true of a values file', () => {
    const error = refusal(() => loadValues('a: yes\nb: 1\nb: 2', { warn: () => undefined }));
    expect(levels(error)).toEqual([
      expect.stringMatching(/^error load-values/),
      'warning load-values/surprising-scalar',
    ]);
  });

  it('is true of a patch, except for acknowledged warnings', () => {
    const object = (kind: string, apiVersion: string) =>
      ({ apiVersion, kind, metadata: { name: 'A!', namespace: 'kube-system' } }) as const;
    const job = { ...object('Job', 'batch/v1'), metadata: { name: 'a', namespace: 'kube-system' } };
    const input = { talos, manifests: [{ name: '10-a', objects: [object('ConfigMap', 'v1'), job] }] };
    expect(levels(refusal(() => renderTalosPatch(input)))).toEqual(['error object/name', 'warning talos-patch/job']);
    expect(
      levels(refusal(() => renderTalosPatch({ ...input, acknowledge: { 'talos-patch/job': 'Accepted.' } }))),
    ).toEqual(['error object/name']);
  });

  it('is true of a cluster', () => {
    const error = refusal(
      () => new TalosCluster({ talosVersion: '1.13', nameservers: ['dns.example'], kubePrism: { port: 9963 } }),
    );
    expect(levels(error)).toEqual(['error talos-cluster/nameserver', 'warning talos-cluster/kube-prism-port']);
  });
});
