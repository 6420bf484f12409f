import { ApiObject, App, Chart } from 'cdk8s';
import type { ChartProps } from 'cdk8s';
import * as lib from '../../lib';
import {
  BgpAdvertisement,
  BgpPeerConfig,
  CidrGroup,
  Cilium,
  CiliumError,
  CiliumNetworkPolicy,
  Gateway,
  GatewayClass,
  HTTPRoute,
  LoadBalancerIPPool,
  synthesize,
} from '../../lib';
import type { CustomResource, Finding, ResourceProps } from '../../lib';
import { findingsOf } from '../../lib/app/findings';
import { constructOf } from '../../lib/resource/manifest-rules';
import { RESOURCE_KINDS } from '../../lib/resources/kinds';
import { released } from '../../upstream/rules/released';
import { RESOURCES } from '../exports/table';

const POLICY = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'allow', namespace: 'shop' },
  spec: { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] },
};
const cilium = released('1.19.6');
const newChart = (props: ChartProps = {}): Chart => new Chart(new App(), 'c', props);
const made = (manifest: unknown, props: ChartProps = {}): CiliumNetworkPolicy =>
  CiliumNetworkPolicy.fromManifest(newChart(props), 'policy', manifest, { cilium });
const described = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ level, id, paths }) => `${level} ${id} ${paths.join(', ')}`);

interface Kind {
  new (scope: Chart, id: string, props: unknown): CustomResource<ResourceProps>;
  fromManifest(scope: Chart, id: string, manifest: unknown, options: object): CustomResource<ResourceProps>;
}
const kindOf = (name: string): Kind => (lib as unknown as Readonly<Record<string, Kind>>)[name] as Kind;

describe('what a construct writes is a manifest of its kind, and gives the same object', () => {
  it.each(RESOURCES.map(({ name, good }) => [name, good] as const))('%s', (name, good) => {
    const kind = kindOf(name);
    const first = new kind(newChart(), 'one', good);
    const written: unknown = first.apiObject.toJson();
    const again = kind.fromManifest(newChart(), 'other-id', written, { cilium: (good as ResourceProps).cilium });
    const weighed = ({ findings }: typeof first): readonly string[] =>
      // A manifest has labels and selectors where props have references.
      findings
        .map(({ level, id }) => `${level} ${id}`)
        .filter((one) => !one.endsWith('bgp-peer/unknown-advertisement'));
    expect(weighed(again)).toEqual(weighed(first));
    expect(again).toBeInstanceOf(kind);
    expect(again.apiObject.toJson()).toEqual(written);
    expect(again.name).toBe('one');
  });

  it('every kind names the class of its construct', () => {
    const classes = RESOURCE_KINDS.map((kind) => constructOf(kind));
    expect(classes.filter((name) => typeof kindOf(name)?.fromManifest !== 'function')).toEqual([]);
    expect(new Set(classes).size).toBe(RESOURCE_KINDS.length);
  });
});

describe('metadata', () => {
  it('everything that a manifest has is kept', () => {
    const manifest = {
      ...POLICY,
      metadata: {
        ...POLICY.metadata,
        labels: { app: 'shop' },
        annotations: { 'argocd.argoproj.io/sync-wave': '-1' },
        finalizers: ['example.test/hold'],
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop', uid: 'b1' }],
      },
    };
    const policy = made(manifest, { namespace: 'web' });
    expect(policy.findings).toEqual([]);
    expect(policy.apiObject.toJson()).toEqual(manifest);
    expect([policy.name, policy.namespace, policy.node.id]).toEqual(['allow', 'shop', 'policy']);
  });

  it('the chart adds its labels, and its namespace where the manifest has none', () => {
    const policy = made({ ...POLICY, metadata: { name: 'allow' } }, { namespace: 'web', labels: { team: 'a' } });
    expect(policy.namespace).toBe('web');
    expect((policy.apiObject.toJson() as typeof POLICY).metadata).toEqual({
      name: 'allow',
      namespace: 'web',
      labels: { team: 'a' },
    });
  });

  it('no namespace is written where neither manifest nor chart has one', () => {
    const manifest = { ...POLICY, metadata: { name: 'allow' } };
    expect(made(manifest).apiObject.toJson()).toEqual(manifest);
  });

  it('a cluster-scoped kind keeps a namespace of its own, with a warning, and gets none from the chart', () => {
    const pool = (metadata: object): LoadBalancerIPPool =>
      LoadBalancerIPPool.fromManifest(
        newChart({ namespace: 'web' }),
        'pool',
        {
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumLoadBalancerIPPool',
          metadata,
          spec: { blocks: [{ cidr: '192.0.2.0/24' }] },
        },
        { cilium },
      );
    const own = pool({ name: 'home', namespace: 'kube-system' });
    expect(described(own.findings)).toEqual(['warning ip-pool/namespace metadata.namespace']);
    expect(own.apiObject.metadata.namespace).toBe('kube-system');
    expect(pool({ name: 'home' }).apiObject.metadata.namespace).toBeUndefined();
  });
});

describe('the API version', () => {
  it('is kept where the release serves it', () => {
    for (const version of ['v2', 'v2alpha1']) {
      const manifest = {
        apiVersion: `cilium.io/${version}`,
        kind: 'CiliumCIDRGroup',
        metadata: { name: 'office' },
        spec: { externalCIDRs: ['192.0.2.0/24'] },
      };
      const group = CidrGroup.fromManifest(newChart(), 'group', manifest, { cilium });
      expect(group.findings).toEqual([]);
      expect(group.apiObject.toJson()).toEqual(manifest);
    }
  });
});

describe('what is not a manifest of the kind is a finding', () => {
  const api = new ApiObject(newChart(), 'object', POLICY);
  const cycle: Record<string, unknown> = { ...POLICY };
  cycle.spec = { endpointSelector: cycle, ingress: [cycle] };
  const foreign = { ...POLICY, apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway' };
  it.each<[string, unknown, readonly string[]]>([
    ['null', null, ['error network-policy/type manifest']],
    ['nothing', undefined, ['error network-policy/type manifest']],
    ['text', 'kind: CiliumNetworkPolicy', ['error network-policy/type manifest']],
    ['a list', [POLICY], ['error network-policy/type manifest']],
    ['a Date', new Date(0), ['error network-policy/type manifest']],
    ['a Map', new Map(Object.entries(POLICY)), ['error network-policy/type manifest']],
    ['an ApiObject', api, ['error network-policy/type manifest']],
    ['another kind', foreign, ['error custom-resource/kind kind']],
    ['another group', { ...POLICY, apiVersion: 'example.test/v1' }, ['error custom-resource/kind apiVersion']],
    ['a spec that is a construct', { ...POLICY, spec: api }, ['error network-policy/json spec']],
    ['a list of objects', { apiVersion: 'v1', kind: 'List', items: [POLICY] }, ['error custom-resource/kind kind']],
    [
      'data that holds itself',
      cycle,
      ['error network-policy/json spec.endpointSelector', 'error network-policy/json spec.ingress[0]'],
    ],
    ['another version', { ...POLICY, apiVersion: 'cilium.io/v3' }, ['error custom-resource/not-served apiVersion']],
    ['no version', { ...POLICY, apiVersion: undefined }, ['error network-policy/type apiVersion']],
    ['an odd version', { ...POLICY, apiVersion: 'cilium.io/v2/x' }, ['error network-policy/type apiVersion']],
    ['no metadata', { ...POLICY, metadata: undefined }, ['error network-policy/name metadata.name']],
    ['metadata that is a list', { ...POLICY, metadata: [] }, ['error network-policy/type metadata']],
    ['metadata that is a Date', { ...POLICY, metadata: new Date(0) }, ['error network-policy/type metadata']],
    ['a name that is a number', { ...POLICY, metadata: { name: 5 } }, ['error network-policy/name metadata.name']],
    ['a generated name', { ...POLICY, metadata: { generateName: 'a-' } }, ['error network-policy/name metadata.name']],
  ])('%s', (_, manifest, expected) => {
    const policy = made(manifest);
    expect(described(policy.findings)).toEqual(expected);
    // Nothing of it is written, and cdk8s does not fail over it.
    expect(policy.apiObject.kind).toBe('CiliumNetworkPolicy');
  });

  it('the message names the construct that was called and the one for the manifest', () => {
    const [{ message, hint } = { message: '', hint: '' }] = made(foreign).findings;
    expect(message).toContain('`CiliumNetworkPolicy.fromManifest()` expects kind CiliumNetworkPolicy of cilium.io');
    expect(hint).toBe('Pass it to `Gateway.fromManifest()`.');
  });

  it('all problems are reported at once, with their paths in the manifest', () => {
    const policy = made({
      metadata: { name: 'Allow', labels: { a: 1 }, annotations: { wave: -1 }, lables: {} },
      kind: 'CiliumNetworkPolicy',
      spec: { endpointSelector: {}, ingress: null, egres: [], egress: [{ toCIDR: ['10.0.0.0'] }, new Date(0)] },
    });
    expect(described(policy.findings)).toEqual([
      'error network-policy/type apiVersion',
      'error network-policy/name metadata.name',
      'error network-policy/label metadata.labels.a',
      'error network-policy/annotation metadata.annotations.wave',
      'error network-policy/unknown-prop metadata.lables',
      'error network-policy/json spec.egress[1]',
      'error network-policy/unknown-field spec.egres',
      'error network-policy/text spec.egress[0].toCIDR[0]',
      'error network-policy/type spec.ingress',
    ]);
  });

  it('an app with one is not written', () => {
    const chart = newChart();
    CiliumNetworkPolicy.fromManifest(chart, 'policy', foreign, { cilium });
    expect(() => synthesize(chart.node.root as App)).toThrow(/Gateway\.fromManifest/);
  });
});

describe('fields that only the API server sets', () => {
  const uid = 'b5c6f7a0-0d6c-4c1f-8f6e-2f0a9b8a7c11';
  const set = {
    creationTimestamp: '2026-01-01T00:00:00Z',
    generation: 2,
    managedFields: [{ manager: 'kubectl' }],
    resourceVersion: '4711',
    uid,
  };

  it('are not written, and one warning names them', () => {
    const policy = made({ ...POLICY, metadata: { ...POLICY.metadata, ...set }, status: { conditions: [] } });
    expect(described(policy.findings)).toEqual([
      'warning custom-resource/server-fields metadata.creationTimestamp, metadata.generation, metadata.managedFields, ' +
        'metadata.resourceVersion, metadata.uid, status',
    ]);
    expect(policy.apiObject.toJson()).toEqual(POLICY);
  });

  it('are quiet where a generator leaves them empty', () => {
    const policy = made({ ...POLICY, metadata: { ...POLICY.metadata, creationTimestamp: null }, status: {} });
    expect(policy.findings).toEqual([]);
  });

  it('are a warning in a plain object where the API server refuses them', () => {
    const chart = newChart();
    Cilium.fromVersion(chart, 'cilium', '1.19.6');
    const plain = new ApiObject(chart, 'policy', { ...POLICY, metadata: { ...POLICY.metadata, ...set } as object });
    expect(described(findingsOf(plain))).toEqual([
      'warning custom-resource/server-fields metadata.managedFields, metadata.resourceVersion, metadata.uid',
    ]);
  });
});

describe('metadata that the API server refuses', () => {
  it.each<[string, object, readonly string[]]>([
    ['text as finalizers', { finalizers: 'a.test/b' }, ['custom-resource/finalizer metadata.finalizers']],
    ['a finalizer with blanks', { finalizers: ['a b'] }, ['custom-resource/finalizer metadata.finalizers[0]']],
    ['text as owners', { ownerReferences: 'x' }, ['custom-resource/owner-reference metadata.ownerReferences']],
    [
      'an owner without a uid',
      { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a' }] },
      ['custom-resource/owner-reference metadata.ownerReferences[0].uid'],
    ],
    [
      'two controllers',
      {
        ownerReferences: ['a', 'b'].map((uid) => ({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: uid,
          uid,
          controller: true,
        })),
      },
      ['custom-resource/owner-reference metadata.ownerReferences[1].controller'],
    ],
    [
      'a key of an annotation with a blank',
      { annotations: { 'a b': 'x' } },
      ["network-policy/annotation metadata.annotations['a b']"],
    ],
    [
      'a Date in an annotation',
      { annotations: { a: new Date(0) } },
      ['network-policy/annotation metadata.annotations.a'],
    ],
    ['a Map in a finalizer', { finalizers: [new Map()] }, ['custom-resource/finalizer metadata.finalizers[0]']],
    ['a namespace that is a list', { namespace: [] }, ['network-policy/namespace metadata.namespace']],
  ])('%s', (_, metadata, expected) => {
    const found = made({ ...POLICY, metadata: { ...POLICY.metadata, ...metadata } }).findings;
    expect(described(found)).toEqual(expected.map((one) => `error ${one}`));
  });

  it('what it accepts has no findings: an empty namespace, null in labels and annotations', () => {
    const metadata = { name: 'allow', namespace: '', labels: { a: null }, annotations: null };
    const policy = made({ ...POLICY, metadata });
    expect(policy.findings).toEqual([]);
    expect((policy.apiObject.toJson() as typeof POLICY).metadata).toEqual({ name: 'allow', labels: { a: '' } });
  });
});

describe("objects of another controller's", () => {
  const GATEWAY_API = { apiVersion: 'gateway.networking.k8s.io/v1', metadata: { name: 'other', namespace: 'web' } };
  it.each(['gateway.envoyproxy.io/gatewayclass-controller', 'istio.io/gateway-controller'])(
    'a class of %s has no findings',
    (controllerName) => {
      const parametersRef = { group: 'example.test', kind: 'Parameters', name: 'own' };
      const manifest = {
        ...GATEWAY_API,
        kind: 'GatewayClass',
        metadata: { name: 'other' },
        spec: { controllerName, parametersRef },
      };
      expect(GatewayClass.fromManifest(newChart(), 'class', manifest, { cilium }).findings).toEqual([]);
    },
  );

  it('a Gateway and its route have no findings', () => {
    const chart = newChart();
    const listeners = [{ name: 'game', port: 25565, protocol: 'TCP' }];
    const gateway = { ...GATEWAY_API, kind: 'Gateway', spec: { gatewayClassName: 'envoy', listeners } };
    const backendRefs = [{ group: 'gateway.envoyproxy.io', kind: 'Backend', name: 'nas' }];
    const route = {
      ...GATEWAY_API,
      kind: 'HTTPRoute',
      spec: { parentRefs: [{ name: 'other' }], rules: [{ backendRefs }] },
    };
    expect(Gateway.fromManifest(chart, 'gateway', gateway, { cilium }).findings).toEqual([]);
    expect(HTTPRoute.fromManifest(chart, 'route', route, { cilium }).findings).toEqual([]);
  });

  it('one of Cilium is judged', () => {
    const spec = { gatewayClassName: 'cilium', listeners: [{ name: 'game', port: 25565, protocol: 'TCP' }] };
    const found = Gateway.fromManifest(
      newChart(),
      'gateway',
      { ...GATEWAY_API, kind: 'Gateway', spec },
      { cilium },
    ).findings;
    expect(described(found)).toContain('error gateway/protocol spec.listeners[0].protocol');
  });
});

test('resources of manifests and of props are judged together', () => {
  const chart = newChart();
  const manifest = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'lab' },
    spec: { blocks: [{ cidr: '192.0.2.0/25' }] },
  };
  new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.0.2.0/24'] });
  const lab = LoadBalancerIPPool.fromManifest(chart, 'lab', manifest, { cilium });
  expect(lab.findings.map(({ id }) => id)).toEqual(['ip-pool/shared']);
});

test('a reference to an advertisement without the label that references select is a warning', () => {
  const found = (labels: object): readonly string[] => {
    const chart = newChart();
    const manifest = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumBGPAdvertisement',
      metadata: { name: 'pods', labels },
      spec: { advertisements: [{ advertisementType: 'PodCIDR' }] },
    };
    const pods = BgpAdvertisement.fromManifest(chart, 'pods', manifest, { cilium });
    const families = [{ afi: 'ipv4', safi: 'unicast', advertisements: [pods] }] as const;
    return described(new BgpPeerConfig(chart, 'peer', { cilium, families }).findings);
  };
  expect(found({ advertise: 'bgp' })).toEqual(['warning bgp-peer/unknown-advertisement families[0].advertisements[0]']);
  expect(found({ 'cdk8s-talos-cilium/advertisement': 'pods' })).toEqual([]);
});

test('the class of all kinds refuses to make one', () => {
  const base = lib.CustomResource as unknown as Kind;
  expect(() => base.fromManifest(newChart(), 'policy', POLICY, { cilium })).toThrow(CiliumError);
});

test('the options are judged as props are', () => {
  const found = (options: unknown): readonly string[] =>
    described(CiliumNetworkPolicy.fromManifest(newChart(), 'policy', POLICY, options as never).findings);
  expect(found(undefined)).toEqual(['error network-policy/missing cilium']);
  expect(found({ cilium: '1.19.6' })).toEqual(['error network-policy/type cilium']);
  expect(found({ cilium, acknowlege: {} })).toEqual(['error network-policy/unknown-prop acknowlege']);
  expect(found({ cilium, acknowledge: { 'network-policy/no-such': 'x' } })).toEqual([
    "error network-policy/acknowledge acknowledge['network-policy/no-such']",
  ]);
});

test('texts that GitOps replaces are left to it', () => {
  const manifest = { ...POLICY, metadata: { name: '${APP}-allow', namespace: '${NAMESPACE}' } };
  const policy = made(manifest);
  expect(policy.findings).toEqual([]);
  expect(policy.apiObject.toJson()).toEqual(manifest);
});

test.each<[name: string, kind: string, spec: object]>([
  ['CiliumNetworkPolicy', 'cilium.io/v2/CiliumNetworkPolicy', { endpointSelector: {}, ingress: '${RULES}' }],
  ['Gateway', 'gateway.networking.k8s.io/v1/Gateway', { gatewayClassName: 'cilium', listeners: '${LISTENERS}' }],
  ['HTTPRoute', 'gateway.networking.k8s.io/v1/HTTPRoute', { hostnames: '${HOSTS}', rules: '${RULES}' }],
  ['LoadBalancerIPPool', 'cilium.io/v2/CiliumLoadBalancerIPPool', { blocks: '${BLOCKS}' }],
  [
    'EgressGatewayPolicy',
    'cilium.io/v2/CiliumEgressGatewayPolicy',
    { selectors: '${PODS}', destinationCIDRs: '${NETS}' },
  ],
])('a text in place of a list of %s causes no crash', (name, kind, spec) => {
  const [group = '', version = '', word = ''] = kind.split('/');
  const manifest = {
    apiVersion: `${group}/${version}`,
    kind: word,
    metadata: { name: 'one', namespace: 'shop' },
    spec,
  };
  const one = kindOf(name).fromManifest(newChart(), 'one', manifest, { cilium });
  expect(described(one.findings).filter((line) => line.includes('/failed'))).toEqual([]);
});
