import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Cilium,
  CiliumError,
  Findings,
  Gateway,
  HTTPRoute,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  renderCilium,
  renderTalosPatch,
  synthesize,
  talosValues,
} from '../../lib';
import type { CiliumValues, Finding, ICilium, KubernetesObject } from '../../lib';
import type { SynthFinding } from '../../lib/app/problems';

/* Objects of Cilium's and the Gateway API's kinds that no construct makes. */

const RELEASE = '1.19.6';
const CILIUM = 'cilium.io';
const GATEWAY = 'gateway.networking.k8s.io';

const talos = new TalosCluster({ talosVersion: '1.13.5', kubernetesVersion: '1.34.0' });

function object(apiVersion: string, kind: string, spec: unknown, metadata: object = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'one', ...metadata }, spec } as KubernetesObject;
}

const pool = (spec: object, metadata: object = {}): KubernetesObject =>
  object(`${CILIUM}/v2`, 'CiliumLoadBalancerIPPool', spec, metadata);
const policy = (spec: object, metadata: object = {}): KubernetesObject =>
  object(`${CILIUM}/v2`, 'CiliumNetworkPolicy', spec, { namespace: 'shop', ...metadata });
const gateway = (gatewayClassName: string, metadata: object = {}): KubernetesObject =>
  object(
    `${GATEWAY}/v1`,
    'Gateway',
    { gatewayClassName, listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    { namespace: 'shop', ...metadata },
  );
const route = (spec: object = {}, metadata: object = {}): KubernetesObject =>
  object(
    `${GATEWAY}/v1`,
    'HTTPRoute',
    { parentRefs: [{ name: 'one' }], rules: [{ backendRefs: [{ name: 'web', port: 80 }] }], ...spec },
    { namespace: 'shop', ...metadata },
  );

const service = (spec: object, metadata: object = {}): KubernetesObject =>
  object('v1', 'Service', { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }], ...spec }, metadata);

interface Around {
  readonly version?: string;
  readonly values?: CiliumValues;
}

/** The findings of an app with a Cilium and these objects. */
function found(objects: readonly object[], { version = RELEASE, values }: Around = {}): readonly SynthFinding[] {
  return inApp((chart) => {
    Cilium.fromVersion(chart, 'cilium', version, values === undefined ? {} : { values });
    for (const [i, one] of objects.entries()) new ApiObject(chart, `o${String(i)}`, one as never);
  });
}

function inApp(fill: (chart: Chart, app: App) => void): readonly SynthFinding[] {
  const outdir = mkdtempSync(join(tmpdir(), 'plain-objects-'));
  try {
    const app = new App({ outdir: join(outdir, 'dist') });
    fill(new Chart(app, 'c', { disableResourceNameHashes: true }), app);
    return synthesize(app).warnings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings as readonly SynthFinding[];
    throw error;
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const brief = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ level, id, paths }) => `${level} ${id} ${paths.join(' ')}`);

describe('plain objects', () => {
  it.each<[what: string, objects: readonly object[], finds: readonly string[], around?: Around]>([
    [
      'a misspelt field',
      [pool({ blokcs: [] })],
      ['error ip-pool/unknown-field spec.blokcs', 'error ip-pool/no-blocks spec.blocks'],
    ],
    [
      'a field next to spec',
      [{ ...pool({ blocks: [{ cidr: '192.0.2.0/28' }] }), speck: {} }],
      ['error ip-pool/unknown-field speck'],
    ],
    ['no spec', [object(`${CILIUM}/v2`, 'CiliumLoadBalancerIPPool', undefined)], ['error ip-pool/required spec']],
    ['host bits', [pool({ blocks: [{ cidr: '192.0.2.9/28' }] })], ['warning ip-pool/block spec.blocks[0]']],
    ['a short form of props', [pool({ blocks: ['192.0.2.0/28'] })], ['error ip-pool/type spec.blocks[0]']],
    [
      'a policy with a misspelt field',
      [policy({ endpointSelector: {}, ingres: [{}] })],
      ['error network-policy/unknown-field spec.ingres'],
    ],
    [
      'a port that is a number',
      [policy({ endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: 80 }] }] }] })],
      ['error network-policy/type spec.ingress[0].toPorts[0].ports[0].port'],
    ],
    [
      'spec and specs',
      [{ ...policy({ endpointSelector: {}, ingress: [] }), specs: [{ endpointSelector: {}, egress: [] }] }],
      ['error network-policy/no-rules spec.ingress', 'error network-policy/no-rules specs[0].egress'],
    ],
    [
      'a label that is a number',
      [policy({ endpointSelector: {}, ingress: [{}] }, { labels: { a: 1 } })],
      ['error network-policy/label metadata.labels.a'],
    ],
    [
      'an annotation with a blank',
      [policy({ endpointSelector: {}, ingress: [{}] }, { annotations: { 'a b': 'x' } })],
      ["error network-policy/annotation metadata.annotations['a b']"],
    ],
    [
      'a misspelt field of metadata',
      [policy({ endpointSelector: {}, ingress: [{}] }, { label: { a: 'b' } })],
      ['error network-policy/unknown-prop metadata.label'],
    ],
    [
      'a namespace of a cluster-scoped kind',
      [pool({ blocks: [{ cidr: '192.0.2.0/28' }] }, { namespace: 'kube-system' })],
      ['warning ip-pool/namespace metadata.namespace'],
    ],
    [
      'null',
      [policy({ endpointSelector: {}, ingress: [{}], egress: null })],
      ['error network-policy/type spec.egress'],
    ],
    [
      'two pools that overlap, once',
      [pool({ blocks: [{ cidr: '192.0.2.0/28' }] }), pool({ blocks: [{ cidr: '192.0.2.0/29' }] }, { name: 'two' })],
      ['error ip-pool/shared spec.blocks[0]'],
    ],
    [
      'a switch that is off, which a rest may have',
      [object(`${CILIUM}/v2alpha1`, 'CiliumL2AnnouncementPolicy', { loadBalancerIPs: true })],
      [
        'warning l2-policy/announcements-off cilium.l2announcements.enabled',
        'warning l2-policy/kube-proxy cilium.kubeProxyReplacement',
      ],
      { values: {} },
    ],
    [
      'a source range of a Service that is not a CIDR',
      [service({ loadBalancerSourceRanges: ['not-a-cidr'] })],
      ['error kubernetes/text spec.loadBalancerSourceRanges[0]'],
    ],
    [
      'the same port of a Service twice, without names',
      [service({ ports: [{ port: 80 }, { port: 80 }] })],
      [
        'error kubernetes/required spec.ports[0].name',
        'error kubernetes/required spec.ports[1].name',
        'error kubernetes/duplicate spec.ports[1].port',
      ],
    ],
    [
      'a misspelt field of a NetworkPolicy',
      [object('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {}, ingres: [] }, { namespace: 'shop' })],
      ['error kubernetes/unknown-field spec.ingres'],
    ],
    [
      'a route to a listener that does not exist',
      [gateway('cilium'), route({ parentRefs: [{ name: 'one', sectionName: 'https' }] })],
      ['error http-route/listener spec.parentRefs[0].sectionName'],
    ],
    [
      'a route to a Gateway that does not exist',
      [gateway('cilium'), route({ parentRefs: [{ name: 'two' }] })],
      ['warning http-route/unknown-gateway spec.parentRefs[0].name'],
    ],
  ])('%s is reported', (_, objects, finds, around = {}) => {
    expect(brief(found(objects, around))).toEqual(finds);
  });

  it.each<[what: string, objects: readonly object[], around?: Around]>([
    [
      'what every API server accepts in metadata',
      [
        policy(
          { endpointSelector: {}, ingress: [{}] },
          { finalizers: ['example.test/hold'], ownerReferences: [], generateName: 'one-' },
        ),
      ],
    ],
    [
      'null in fields with a default, and in metadata',
      [pool({ blocks: [{ cidr: '192.0.2.0/28' }], disabled: null }, { annotations: null, labels: { a: null } })],
    ],
    ['a Service without a namespace', [service({ type: 'ClusterIP' }, { annotations: { 'example.test/a': 'b' } })]],
    [
      "objects of Kubernetes' own kinds with text that GitOps replaces",
      [
        service({ type: 'ClusterIP', clusterIP: '${ADDRESS}' }, { labels: { 'example.test/a.b': '${A}' } }),
        object('apps/v1', 'Deployment', {
          replicas: '${COUNT}',
          selector: { matchLabels: { app: 'web' } },
          template: {
            metadata: { labels: { app: 'web' } },
            spec: { containers: [{ name: 'web', image: 'registry.example/web:1.0' }] },
          },
        }),
      ],
    ],
    ['status', [{ ...pool({ blocks: [{ cidr: '192.0.2.0/28' }] }), status: { conditions: [] } }]],
    ['a route with a Gateway', [gateway('cilium'), route()]],
    [
      'older versions that are served',
      [object(`${GATEWAY}/v1beta1`, 'HTTPRoute', route().spec, { namespace: 'shop' })],
    ],
    [
      'fields of an older version',
      [
        object(`${CILIUM}/v2alpha1`, 'CiliumBGPPeerConfig', {
          transport: { localPort: 179 },
          families: [{ afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } }],
        }),
      ],
    ],
    ['text that GitOps replaces', [gateway('cilium'), route({ hostnames: ['shop.${SECRET_DOMAIN}'] })]],
    [
      'fields of the experimental channel that another controller may read',
      [
        route({
          rules: [{ backendRefs: [{ name: 'web', port: 80, group: 'gateway.envoyproxy.io', kind: 'Backend' }] }],
        }),
      ],
    ],
    [
      "another controller's Gateway and its routes",
      [
        object(
          `${GATEWAY}/v1`,
          'GatewayClass',
          { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
          { name: 'envoy' },
        ),
        gateway('envoy'),
        route({ parentRefs: [{ name: 'one', sectionName: 'https' }] }),
        object(
          `${GATEWAY}/v1alpha2`,
          'TCPRoute',
          { parentRefs: [{ name: 'one' }] },
          { name: 'tcp', namespace: 'shop' },
        ),
      ],
      { values: {} },
    ],
    [
      'a Gateway of a class that the app does not have',
      [gateway('internal'), route({ parentRefs: [{ name: 'one', sectionName: 'https' }] })],
      { values: {} },
    ],
    ['routes of another controller, where Cilium has no Gateway API', [route()], { values: {} }],
  ])('%s has no findings', (_, objects, around = {}) => {
    const own = found(objects, around).filter(({ level, in: at }) => at.startsWith('c/o') || level === 'error');
    expect(brief(own)).toEqual([]);
  });

  it('are seen by constructs, and see them', () => {
    const findings = inApp((chart) => {
      const cilium = Cilium.fromVersion(chart, 'cilium', RELEASE);
      new ApiObject(chart, 'plain', pool({ blocks: [{ cidr: '192.0.2.0/28' }] }) as never);
      new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/29'] });
      new ApiObject(chart, 'home', gateway('cilium') as never);
      new HTTPRoute(chart, 'web', {
        cilium,
        namespace: 'shop',
        parentRefs: [{ name: 'one' }],
        rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
      });
      new Gateway(chart, 'other', {
        cilium,
        namespace: 'shop',
        listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
      });
      new ApiObject(
        chart,
        'route',
        route({ parentRefs: [{ name: 'other', sectionName: 'https' }] }, { name: 'two' }) as never,
      );
    });
    expect(findings.map(({ in: at, id }) => `${at} ${id}`)).toEqual([
      'c/pool ip-pool/shared',
      'c/route http-route/listener',
    ]);
  });

  it("are judged once where a patch carries them, those of Kubernetes' own kinds too, and not in apps without a cluster", () => {
    const wrong = service({ type: 'ClusterIP', ports: [{ port: 80 }, { port: 443 }] }, { namespace: 'shop' });
    const patched = inApp((chart) => {
      const cilium = Cilium.fromVersion(chart, 'cilium', RELEASE);
      new ApiObject(chart, 'web', wrong as never);
      new TalosPatch(chart, 'patch', { talos, cilium, manifests: [{ name: '10-web', chart }] });
    });
    expect(brief(patched).filter((one) => one.startsWith('error'))).toEqual([
      'error kubernetes/required manifests.10-web: Service shop/one: spec.ports[0].name',
      'error kubernetes/required manifests.10-web: Service shop/one: spec.ports[1].name',
    ]);
    expect(brief(inApp((chart) => void new ApiObject(chart, 'web', wrong as never)))).toEqual([]);
  });

  it('are those that JSON patches change, and those of other constructs', () => {
    const findings = inApp((chart) => {
      Cilium.fromVersion(chart, 'cilium', RELEASE);
      const other = new Construct(chart, 'other');
      new ApiObject(other, 'pool', pool({ blocks: [{ cidr: '192.0.2.9/28' }] }, { name: 'home' }) as never);
      const changed = new ApiObject(chart, 'changed', pool({ blocks: [{ cidr: '192.0.2.32/28' }] }) as never);
      changed.addJsonPatch(JsonPatch.replace('/spec/blocks/0/cidr', '192.0.2.33/28'));
    });
    expect(findings.map(({ in: at, id }) => `${at} ${id}`)).toEqual([
      'c/other/pool ip-pool/block',
      'c/changed ip-pool/block',
    ]);
  });

  it('stop app.synth() and Testing.synth() with the path of their construct', () => {
    const app = new App({ outdir: join(tmpdir(), 'never-written') });
    const chart = new Chart(app, 'c');
    Cilium.fromVersion(chart, 'cilium', RELEASE);
    new ApiObject(chart, 'pool', pool({ blokcs: [] }) as never);
    const message = /\[c\/pool\].*spec\.blokcs: Unknown field\. \[ip-pool\/unknown-field\]/;
    expect(() => {
      app.synth();
    }).toThrow(message);
    expect(() => Testing.synth(chart) as unknown).toThrow(message);
  });

  it('have warnings that any scope above acknowledges', () => {
    const findings = inApp((chart, app) => {
      Cilium.fromVersion(chart, 'cilium', RELEASE);
      new ApiObject(chart, 'pool', pool({ blocks: [{ cidr: '192.0.2.0/28' }] }, { namespace: 'kube-system' }) as never);
      Findings.acknowledge(app, 'ip-pool/namespace', 'It is dropped.');
    });
    expect(brief(findings)).toEqual([]);
  });

  it('get no namespace from their chart where they have none', () => {
    const findings = inApp((_, app) => {
      const chart = new Chart(app, 'shop', { namespace: 'shop' });
      Cilium.fromVersion(chart, 'cilium', RELEASE);
      new ApiObject(chart, 'pool', pool({ blocks: [{ cidr: '192.0.2.0/28' }] }) as never);
    });
    expect(brief(findings)).toEqual([]);
  });
});

describe('kinds and versions that a release does not serve', () => {
  const peering = object(`${CILIUM}/v2alpha1`, 'CiliumBGPPeeringPolicy', {
    virtualRouters: [{ localASN: 65000, neighbors: [{ peerASN: 65001, peerAddress: '192.0.2.1/32' }] }],
  });
  const nodeConfig = object(
    `${CILIUM}/v2alpha1`,
    'CiliumNodeConfig',
    { defaults: { 'enable-bbr': 'true' }, nodeSelector: {} },
    { namespace: 'kube-system' },
  );
  const plugin = object(`${CILIUM}/v2alpha1`, 'CiliumDatapathPlugin', { attachmentPolicy: 'Always', version: '1' });
  const l2 = object(`${CILIUM}/v2`, 'CiliumL2AnnouncementPolicy', { loadBalancerIPs: true });

  it.each<[what: string, one: object, version: string, message: string, hint: string]>([
    [
      'a version',
      l2,
      '1.19.6',
      'Cilium 1.19.6 does not serve CiliumL2AnnouncementPolicy as cilium.io/v2.',
      'Write `apiVersion: cilium.io/v2alpha1`.',
    ],
    [
      'a version that came back later',
      nodeConfig,
      '1.20.0',
      'Cilium 1.20.0 does not serve CiliumNodeConfig as cilium.io/v2alpha1.',
      'Write `apiVersion: cilium.io/v2`.',
    ],
    [
      'a removed kind',
      peering,
      '1.19.0',
      'Cilium 1.19.0 has no CiliumBGPPeeringPolicy.',
      'Write a CiliumBGPClusterConfig; Cilium 1.18 was the last release with this kind.',
    ],
    [
      'a new kind',
      plugin,
      '1.19.6',
      'Cilium 1.19.6 has no CiliumDatapathPlugin.',
      'Leave it out; Cilium 1.20 is the first release with this kind.',
    ],
    [
      'a misspelt kind',
      object(`${CILIUM}/v2`, 'CiliumNetworkPolcy', {}),
      '1.18.4',
      'Cilium 1.18.4 has no CiliumNetworkPolcy.',
      'Write `kind: CiliumNetworkPolicy`.',
    ],
    [
      'a kind that no release has',
      object(`${CILIUM}/v2`, 'CiliumExternalWorkload', {}),
      '1.18.4',
      'Cilium 1.18.4 has no CiliumExternalWorkload.',
      'Remove it: no supported release has this kind.',
    ],
  ])('%s is an error', (_, one, version, message, hint) => {
    const findings = found([one], { version }).filter(({ in: at }) => at === 'c/o0');
    expect(findings).toEqual([
      expect.objectContaining({ id: 'custom-resource/not-served', level: 'error', message, hint }),
    ]);
  });

  it.each<[object, string]>([
    [nodeConfig, '1.19.6'],
    [peering, '1.18.4'],
    [plugin, '1.20.0'],
    [object(`${CILIUM}/v2alpha1`, 'CiliumLoadBalancerIPPool', { blocks: [{ cidr: '192.0.2.0/28' }] }), '1.20.0'],
    [object(`${CILIUM}/v2`, 'CiliumEndpoint', undefined, { namespace: 'shop' }), '1.20.0'],
  ])('%j has no findings with Cilium %s', (one, version) => {
    expect(brief(found([one], { version }))).toEqual([]);
  });

  it('a policy that is not served announces nothing', () => {
    const services = [
      object('v1', 'Service', { type: 'LoadBalancer', ports: [{ port: 80 }] }, { namespace: 'shop' }),
      pool({ blocks: [{ cidr: '192.0.2.0/28' }] }, { name: 'home' }),
    ];
    const values = { l2announcements: { enabled: true }, kubeProxyReplacement: true };
    const judge = (one: KubernetesObject): readonly string[] =>
      patchFindings([...services, one], values).map(({ id }) => id);
    expect(judge(l2)).toEqual(expect.arrayContaining(['custom-resource/not-served', 'service/no-l2-policy']));
    const good = judge(object(`${CILIUM}/v2alpha1`, 'CiliumL2AnnouncementPolicy', l2.spec));
    expect(good).not.toContain('service/no-l2-policy');
  });

  it.each<[version: string, apiVersion: string, kind: string, message: string | undefined]>([
    ['1.19.6', 'v1alpha2', 'TLSRoute', undefined],
    ['1.19.6', 'v1alpha3', 'TLSRoute', 'Cilium 1.19.6 does not read TLSRoute v1alpha3; it reads v1alpha2.'],
    ['1.20.0', 'v1alpha2', 'TLSRoute', 'Cilium 1.20.0 does not read TLSRoute v1alpha2; it reads v1.'],
    ['1.20.0', 'v1', 'TLSRoute', undefined],
    ['1.19.6', 'v1alpha2', 'TCPRoute', 'Cilium 1.19.6 does not read objects of kind TCPRoute.'],
    ['1.20.0', 'v1', 'TCPRoute', undefined],
    ['1.19.6', 'v1', 'BackendTLSPolicy', 'Cilium 1.19.6 does not read objects of kind BackendTLSPolicy.'],
    ['1.19.6', 'v1', 'GRPCRoute', undefined],
    ['1.20.0', 'v1beta1', 'ReferenceGrant', undefined],
  ])('Cilium %s reads %s of %s, or warns', (version, apiVersion, kind, message) => {
    const one = object(`${GATEWAY}/${apiVersion}`, kind, { parentRefs: [{ name: 'one' }] }, { namespace: 'shop' });
    const findings = found([one, gateway('cilium', { name: 'other' })], { version }).filter(
      ({ in: at, id }) => at === 'c/o0' && id.startsWith('custom-resource/'),
    );
    expect(findings.map((finding) => `${finding.level} ${finding.id} ${finding.message}`)).toEqual(
      message === undefined ? [] : [`warning custom-resource/not-read ${message}`],
    );
  });
});

describe('the Cilium that judges', () => {
  it('is the one of the patch that holds the object; without one, all releases judge', () => {
    const findings = inApp((chart, app) => {
      const [old, current] = ['1.18.4', '1.20.0'].map((version, i) =>
        Cilium.fromVersion(chart, `cilium-${String(i)}`, version),
      );
      const plugin = object(`${CILIUM}/v2alpha1`, 'CiliumDatapathPlugin', { attachmentPolicy: 'Always', version: '1' });
      const charts = ['old', 'new', 'unknown'].map((id) => {
        const own = new Chart(app, id, { disableResourceNameHashes: true });
        new ApiObject(own, 'plugin', plugin as never);
        new ApiObject(own, 'pool', pool({ blokcs: [], blocks: [{ cidr: '192.0.2.9/28' }] }) as never);
        return own;
      });
      const patch = (id: string, cilium: ICilium | undefined, carried: Chart | undefined): TalosPatch =>
        new TalosPatch(app, id, {
          talos,
          cilium,
          manifests: [carried as Chart],
          outdir: join(app.outdir, `../${id}`),
        } as never);
      patch('p-old', old, charts[0]);
      patch('p-new', current, charts[1]);
    });
    expect(
      findings
        .filter(({ id }) => !id.startsWith('talos'))
        .map(({ in: at, id, paths }) => `${at} ${id} ${paths.join()}`),
    ).toEqual([
      'old/plugin custom-resource/not-served kind',
      'old/pool ip-pool/unknown-field spec.blokcs',
      'new/pool ip-pool/unknown-field spec.blokcs',
      'unknown/pool ip-pool/unknown-field spec.blokcs',
      'old/pool ip-pool/block spec.blocks[0]',
      'new/pool ip-pool/block spec.blocks[0]',
    ]);
  });
});

/** The findings of a patch without an app. */
function patchFindings(objects: readonly KubernetesObject[], values: CiliumValues = {}): readonly Finding[] {
  const cilium = renderCilium({
    version: RELEASE,
    values: { ...(talosValues(talos) as CiliumValues), ...values },
    talos,
  });
  try {
    return renderTalosPatch({
      talos,
      cilium: { kubeProxyReplacement: true, rendered: cilium },
      manifests: [
        { name: '10-cilium', objects: cilium.objects },
        { name: '20-app', objects },
      ],
    }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

describe('patches', () => {
  const at = 'manifests.20-app: cilium.io/CiliumLoadBalancerIPPool one: spec.blocks[0]';

  it('judge their objects without an app', () => {
    expect(
      patchFindings([pool({ blocks: [{ cidr: '192.0.2.9/28' }] })]).find(({ id }) => id === 'ip-pool/block')?.paths,
    ).toEqual([at]);
  });

  it('judge plain data next to constructs, and once', () => {
    const findings = inApp((chart, app) => {
      const cilium = new Cilium(chart, 'cilium', {
        version: RELEASE,
        values: talosValues(talos) as never,
        talos,
      });
      new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.0.2.0/28'] });
      const objects = [pool({ blocks: [{ cidr: '192.0.2.0/29' }] })];
      new TalosPatch(app, 'patch', {
        talos,
        manifests: [chart, { name: '20-app', objects }],
        outdir: join(app.outdir, '../talos'),
      });
    });
    const shared = findings.filter(({ id }) => id === 'ip-pool/shared');
    expect(shared.map(({ in: where, paths }) => `${where} ${paths.join()}`)).toEqual([`patch ${at}`]);
  });
});
