import { fc, runs } from './properties';
import fs from 'node:fs';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import type { CiliumValues } from '../imports/cilium-chart';
import type { Context } from '../lib/cilium/context';
import { renderCilium } from '../lib/cilium/render';
import { allPaths } from '../lib/cilium/suggestions';
import { resolveValues } from '../lib/cilium/values';
import type { ResolvedValues } from '../lib/cilium/values';
import { loadProfile, patchesOf } from '../lib/cilium/versions';
import type { JsonObject } from '../lib/kubernetes/json';

const resolve = (values: unknown, version = '1.18.4', unknownValues?: 'warn'): ResolvedValues =>
  resolveValues({ version, values: values as CiliumValues, unknownValues });

/** Findings as one line each. */
const linesOf = (values: unknown, version = '1.18.4', unknownValues?: 'warn'): string[] =>
  resolve(values, version, unknownValues).findings.map(
    ({ id, level, paths, message, hint }) => `${level} ${id} ${paths.join()}: ${message} ${hint}`,
  );

test.each([
  ['below a section that the user switches off is a warning', { hubble: { enabled: false, uii: {} } }, 'warning'],
  ['deeper below it, too', { hubble: { enabled: false, relay: { foo: 1 } } }, 'warning'],
  ['beside a switch of another name is an error', { ingressController: { enabld: true } }, 'error'],
  ['below a section that is off by default is an error', { encryption: { typ: 'wireguard' } }, 'error'],
])('an unknown name %s', (_, values, level) => {
  expect(resolve(values, '1.19.6').findings.map((finding) => [finding.id, finding.level])).toEqual([
    ['values/unknown', level],
  ]);
});

describe('defaults', () => {
  it.each(CILIUM_VERSIONS)('%s has its own image and no findings', (version) => {
    const { v, findings, version: used } = resolve({}, version);
    expect(findings).toEqual([]);
    expect([used, v.image.tag, v.operator.image.tag]).toEqual([version, `v${version}`, `v${version}`]);
    expect(v.image.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('follow the patch, not only the minor', () => {
    const at = (version: string): unknown[] => {
      const { v } = resolve({}, version);
      return [
        v.kubeProxyReplacement,
        v.configDriftDetection?.enabled,
        v.enableTunnelBIGTCP,
        v.l2podAnnouncements.interfacePattern,
      ];
    };
    expect(at('1.18.2')).toEqual([undefined, undefined, undefined, undefined]);
    expect(at('1.18.9')).toEqual(['false', true, undefined, undefined]);
    expect(at('1.19.2')).toEqual(['false', undefined, false, undefined]);
    expect(at('1.19.3')).toEqual(['false', true, undefined, undefined]);
    expect(at('1.19.5')).toEqual(['false', true, undefined, '']);
  });

  it('let the cluster make certificates, because a render must not be random', () => {
    const { v } = resolve({});
    expect([v.hubble.tls.auto.method, v.clustermesh.apiserver.tls.auto.method]).toEqual(['cronJob', 'cronJob']);
    expect(resolve({ hubble: { tls: { auto: { method: 'helm' } } } }).v.hubble.tls.auto.method).toBe('helm');
  });

  it("are frozen, and the user's values are not changed", () => {
    const values = { securityContext: { capabilities: { ciliumAgent: ['CHOWN'] } } };
    const before = JSON.stringify(values);
    const { v } = resolve(values);
    expect(Object.isFrozen(v) && Object.isFrozen(v.securityContext.capabilities.ciliumAgent)).toBe(true);
    expect(JSON.stringify(values)).toBe(before);
    expect(Object.isFrozen(values.securityContext.capabilities.ciliumAgent)).toBe(false);
  });

  it('are not loaded for other minors', () => {
    jest.isolateModules(() => {
      const read = jest.spyOn(fs, 'readFileSync');
      const fresh = jest.requireActual<{ resolveValues: typeof resolveValues }>('../lib/cilium/values');
      fresh.resolveValues({ version: '1.19.6', values: {} });
      const minors = read.mock.calls
        .map(([path]) => /cilium-chart[\\/]([\d.]+)/.exec(String(path))?.[1])
        .filter((minor) => minor !== undefined);
      expect(new Set(minors)).toEqual(new Set(['1.19']));
      read.mockRestore();
    });
  });
});

describe('null', () => {
  it('removes a default', () => {
    const { v } = resolve({
      bpf: { root: null },
      tolerations: null,
      affinity: { podAntiAffinity: null },
      upgradeCompatibility: null,
    });
    expect('root' in v.bpf || 'tolerations' in v || 'upgradeCompatibility' in v).toBe(false);
    expect(v.affinity).toEqual({});
  });

  it('stays null where there is no default', () => {
    expect(resolve({ loadBalancer: { mode: null } }).v.loadBalancer.mode).toBeNull();
  });

  it('leaves an empty section where a section was', () => {
    const { v, findings } = resolve({ bpf: null, nodePort: null, hostServices: null });
    expect(findings).toEqual([]);
    expect(v.bpf.autoMount).toEqual({});
    expect(v.bpf.masquerade).toBeUndefined();
    expect(v.nodePort).toEqual({});
    expect(v.hostServices).toBeUndefined();
  });

  it('removes a label of the defaults, and stays where another source may set one', () => {
    const { v } = resolve({ nodeSelector: { 'kubernetes.io/os': null, other: null }, podLabels: { a: null, b: 'c' } });
    expect([v.nodeSelector, v.podLabels]).toEqual([{ other: null }, { a: null, b: 'c' }]);
  });
});

describe('unknown values', () => {
  const PASS_ON = "To pass it on as Helm does, set unknownValues: 'warn'.";

  it.each<[values: object, at: string, meant: string]>([
    [{ lbExternalClusterIP: true }, 'lbExternalClusterIP', 'bpf.lbExternalClusterIP'],
    [{ cgroup: { automount: { enabled: false } } }, 'cgroup.automount', 'cgroup.autoMount'],
    [{ bbr: true }, 'bbr', 'bandwidthManager.bbr'],
    [{ mtu: 1420 }, 'mtu', 'MTU'],
    [{ 'routing-mode': 'native' }, 'routing-mode', 'routingMode'],
    [{ bandwithManager: { enabled: true } }, 'bandwithManager', 'bandwidthManager'],
    [
      { hubble: { relay: { PodDisruptionBudget: {} } } },
      'hubble.relay.PodDisruptionBudget',
      'hubble.relay.podDisruptionBudget',
    ],
    [
      { hubble: { ui: { resources: {} } } },
      'hubble.ui.resources',
      'hubble.ui.backend.resources or hubble.ui.frontend.resources',
    ],
    [{ 'hubble.relay.enabled': true }, "['hubble.relay.enabled']", 'hubble.relay.enabled'],
    [{ operator: { replica: 1 } }, 'operator.replica', 'operator.replicas'],
  ])('%j', (values, at, meant) => {
    expect(linesOf(values)).toEqual([
      `error values/unknown ${at}: Unknown value for Cilium 1.18.4; it would be ignored. Did you mean ${meant}? ${PASS_ON}`,
    ]);
    expect(linesOf(values, '1.18.4', 'warn')[0]).toMatch(/^warning/);
  });

  it('get no suggestion without a similar name', () => {
    expect(linesOf({ agentConfig: {} })[0]).toMatch(/Remove it, or look up its name/);
  });

  it('are reported differently when another release has them', () => {
    expect(linesOf({ configDriftDetection: { enabled: false } })).toEqual([
      'error values/other-version configDriftDetection: Unknown value for Cilium 1.18.4; it exists in 1.18.9 and later, 1.19.3 and later, 1.20. ' +
        'Remove it, or use a release that has it (1.18.9 and later, 1.19.3 and later, 1.20).',
    ]);
  });

  it('are omitted from the result where they are errors', () => {
    expect(Object.keys(resolve({ nonsense: 1 }, '1.18.4').v)).toEqual(Object.keys(resolve({}).v));
  });
});

describe('types', () => {
  it.each<[values: object, message: string]>([
    [
      { envoy: { prometheus: { port: 9964 } } },
      "envoy.prometheus.port: Expected a string, got 9964. Put it in quotes: '9964'.",
    ],
    [
      { hubble: { relay: { enabled: 'true' } } },
      'hubble.relay.enabled: Expected true or false, got "true". Write it without quotes: true.',
    ],
    [{ MTU: '1420' }, 'MTU: Expected an integer, got "1420". Write it without quotes: 1420.'],
    [{ encryption: { type: 'wiregard' } }, 'encryption.type: Expected one of'],
    [
      { routingMode: 'Native' },
      "routingMode: Expected one of '', 'native', 'tunnel', got \"Native\". Did you mean 'native'?",
    ],
    [{ podLabels: { a: 5 } }, "podLabels.a: Expected a string, got 5. Put it in quotes: '5'."],
    [{ extraArgs: ['--a', 5] }, "extraArgs[1]: Expected a string, got 5. Put it in quotes: '5'."],
    [{ extraArgs: '--a' }, 'extraArgs: Expected a list of strings, got "--a". Write a list: ["--a"].'],
    [{ bpf: true }, 'bpf: Expected a map, got true. Write a map.'],
    [
      { ipam: { operator: { clusterPoolIPv4PodCIDRList: [10] } } },
      'ipam.operator.clusterPoolIPv4PodCIDRList[0]: Expected a string, got 10.',
    ],
    [{ k8sServicePort: true }, 'k8sServicePort: Expected'],
    [
      { updateStrategy: { rollingUpdate: { maxUnavailable: true } } },
      'updateStrategy.rollingUpdate.maxUnavailable: Expected',
    ],
  ])('%j', (values, message) => {
    const [first, ...more] = linesOf(values, '1.19.6');
    expect(first?.replace('error values/type ', '')).toContain(message);
    expect(more).toEqual([]);
  });

  it('may be whatever the chart accepts', () => {
    const values: CiliumValues = {
      kubeProxyReplacement: true,
      k8sServicePort: 7445,
      autoDirectNodeRoutes: 'true',
      devices: ['eth0'],
      nodePort: { addresses: '192.168.0.0/16' },
      bpf: { mapDynamicSizeRatio: '0.0025' },
      envoy: { httpUpstreamLingerTimeout: '5s' },
      endpointPolicyUpdateTimeoutDuration: '5s',
      hubble: { metrics: { tls: { server: { mtls: { name: 'ca' } } } } },
      tolerations: [{ key: 'a', operator: 'Exists', tolerationSeconds: null }],
      affinity: { nodeAffinity: null },
      clustermesh: { config: { clusters: { a: { address: 'a.example', port: 2379 } } } },
    };
    expect(linesOf(values, '1.20.0')).toEqual([]);
    expect(resolve(values, '1.20.0').v).toMatchObject(values);
  });

  it('leave the default in place where they are wrong', () => {
    const { v } = resolve({ MTU: 'big', ipam: { mode: 'kubernetes' }, tolerations: ['x'] });
    expect([v.MTU, v.ipam.mode, v.tolerations]).toEqual([0, 'kubernetes', [{ operator: 'Exists' }]]);
  });

  it('upgradeCompatibility must be a version', () => {
    expect(linesOf({ upgradeCompatibility: 'old' })[0]).toMatch(/^error values\/upgrade-compatibility/);
    expect(linesOf({ upgradeCompatibility: 1.16 })[0]).toMatch(/Put it in quotes: .1.16./);
    expect(linesOf({ upgradeCompatibility: '1.16' })).toEqual([]);
  });
});

describe('partial image values', () => {
  const DIGEST = `sha256:${'0'.repeat(64)}`;

  it.each<[string, object, readonly string[]]>([
    ['a tag of its own', { image: { tag: 'v1.18.5' } }, ['image-tag image.tag']],
    ['of the operator', { operator: { image: { tag: 'v1.18.5' } } }, ['image-tag operator.image.tag']],
    [
      'deep below',
      { hubble: { ui: { backend: { image: { tag: 'v9' } } } } },
      ['image-tag hubble.ui.backend.image.tag'],
    ],
    ['no repository', { envoy: { image: { repository: '' } } }, ['image-incomplete envoy.image.repository']],
    ['no digest', { image: { digest: null } }, ['image-incomplete image.digest']],
    [
      'neither',
      { certgen: { image: { digest: '', repository: null } } },
      ['image-incomplete certgen.image.repository', 'image-incomplete certgen.image.digest'],
    ],
    [
      'of another operator',
      { operator: { image: { tag: 'v1', awsDigest: '' } } },
      ['image-incomplete operator.image.awsDigest'],
    ],
    ['a mirror', { image: { repository: 'mirror.example/cilium' } }, []],
    ['the same tag', { image: { tag: 'v1.18.4' } }, []],
    ['a tag with its digest', { image: { tag: 'v1.18.5', digest: DIGEST } }, []],
    ['a tag alone', { image: { tag: 'v1.18.5', useDigest: false } }, []],
    ['another image altogether', { image: { override: 'example/cilium:x', tag: 'y' } }, []],
    ['no digest, and none wanted', { image: { digest: '', useDigest: false } }, []],
  ])('%s', (_, values, ids) => {
    expect(resolve(values).findings.map(({ id, paths, level }) => `${level} ${id} ${paths.join()}`)).toEqual(
      ids.map((id) => `warning values/${id}`),
    );
  });

  it.each<[string, object]>([
    ['Hubble Relay, nulled', { hubble: { relay: null } }],
    ['Hubble Relay, off', { hubble: { relay: { enabled: false, image: { digest: null } } } }],
    ['Hubble Relay, off by default', { hubble: { relay: { image: { digest: null } } } }],
    ['all of Hubble', { hubble: null }],
    [
      'Hubble off, and a tag for its user interface',
      { hubble: { enabled: false, ui: { backend: { image: { tag: 'v9' } } } } },
    ],
    ['SPIRE', { authentication: null }],
    ['parts of SPIRE', { authentication: { mutual: { spire: { install: { agent: null } } } } }],
    ['the mesh', { clustermesh: { apiserver: { image: { digest: '' } } } }],
    ['preflight', { preflight: null }],
    ['certgen without anything to certify', { hubble: { enabled: false }, certgen: null }],
  ])('are not reported for parts that are not rendered: %s', (_, values) => {
    for (const version of ['1.18.12', '1.19.6', '1.20.0'])
      expect(linesOf(values, version).filter((line) => line.includes('values/image'))).toEqual([]);
  });

  it('are reported for parts that are rendered', () => {
    const places = (values: object): readonly string[] =>
      resolve(values, '1.19.6').findings.map(({ paths }) => paths.join());
    const image = { digest: '' };
    expect(places({ hubble: { relay: { enabled: true, image } } })).toEqual(['hubble.relay.image.digest']);
    expect(
      places({ hubble: { enabled: false, ui: { enabled: true, standalone: { enabled: true }, backend: { image } } } }),
    ).toEqual(['hubble.ui.backend.image.digest']);
    expect(places({ clustermesh: { useAPIServer: true, apiserver: { image } } })).toEqual([
      'clustermesh.apiserver.image.digest',
    ]);
    expect(places({ envoy: { enabled: null, image } })).toEqual(['envoy.image.digest']);
  });

  it('says which digest stays', () => {
    expect(linesOf({ image: { tag: 'v1.18.5' } })).toEqual([
      "warning values/image-tag image.tag: The digest is still that of v1.18.4 and takes precedence: the tag 'v1.18.5' has no effect. Set image.digest to the digest of this tag, or image.useDigest to false.",
    ]);
  });
});

describe('unknown releases', () => {
  it('are rendered with the data of the nearest patch, the tag of the release, and one warning', () => {
    const { version, findings, v } = resolve({ hubble: { relay: { enabled: true } } }, '1.18.99');
    expect(version).toBe(`1.18.${String(patchesOf('1.18').at(-1))}`);
    expect(findings.map(({ level, id, paths }) => `${level} ${id} ${paths.join()}`)).toEqual([
      'warning values/unknown-patch version',
    ]);
    for (const image of [v.image, v.operator.image, v.hubble.relay.image, v.clustermesh.apiserver.image])
      expect(image).toMatchObject({ tag: 'v1.18.99', useDigest: false });
    expect(v.envoy.image).toEqual(resolve({}, version).v.envoy.image);
  });

  it('take the digests and tags that the user writes', () => {
    const digest = `sha256:${'0'.repeat(64)}`;
    const values = { image: { digest }, operator: { image: { tag: 'v1.18.98' } } };
    const { v, findings } = resolve(values, '1.18.99');
    expect(findings.map(({ id }) => id)).toEqual(['values/unknown-patch']);
    expect(v.image).toMatchObject({ tag: 'v1.18.99', digest, useDigest: true });
    expect(v.operator.image).toMatchObject({ tag: 'v1.18.98', useDigest: false });
  });

  it.each(['1.21.0', '1.17.5', '2.0.0'])('%s is refused', (version) => {
    expect(linesOf({ nonsense: 1 }, version)).toEqual([
      expect.stringMatching(/^error values\/unsupported-version version: .* is not supported/),
    ]);
  });

  it.each(['', 'latest', 'v1.18.4', '1.18', '1.18.4-rc.1', '1.18.04x'])('%j is not a release', (version) => {
    expect(linesOf({}, version)).toEqual([expect.stringMatching(/is not a Cilium version/)]);
  });

  it('a leading v is reported with a hint', () => {
    expect(resolve({}, 'v1.18.4').findings.map(({ hint }) => hint)).toEqual(['Use 1.18.4.']);
    expect(resolve({}, 'v1.17.4').findings.map(({ hint }) => hint)).toEqual([expect.stringContaining('such as')]);
  });
});

describe('any input', () => {
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  const deep = Array.from({ length: 5000 }).reduce<unknown>((below) => ({ a: below }), 1);

  it.each<[name: string, values: unknown]>([
    ['a function', { a: () => 1 }],
    ['a date', { a: new Date(0) }],
    ['a class instance', { a: new Map([['b', 1]]) }],
    ['a bigint', { a: 1n }],
    ['a number that is none', { a: Number.NaN }],
    ['a hole in a list', { extraArgs: [undefined] }],
    ['a reserved name', JSON.parse('{"__proto__": {"a": 1}}')],
    ['a circle', cyclic],
    ['a depth without end', deep],
    ['a list', [1]],
    ['a text', 'hubble.enabled=true'],
  ])('is reported at its place: %s', (_name, values) => {
    const { findings } = resolve(values);
    expect(findings.map(({ id }) => id)).toContain('values/not-data');
    expect(findings.every(({ level }) => level === 'error')).toBe(true);
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it.each([undefined, null, {}, { bpf: undefined }])('%p is nothing', (values) => {
    expect(linesOf(values)).toEqual([]);
  });

  it('does not reach built-in methods by name', () => {
    expect(
      linesOf({ constructor: 1, toString: 2, bpf: { hasOwnProperty: 3 } }).every((line) =>
        line.includes('values/unknown'),
      ),
    ).toBe(true);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...CILIUM_VERSIONS), (values, version) => {
        const { v } = resolve(values, version);
        expect(Object.isFrozen(v)).toBe(true);
      }),
      runs(100),
    );
  });

  it('never throws where names are known and values are arbitrary', () => {
    const paths = allPaths(loadProfile('1.20.0')?.profile.shapes ?? {});
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...paths), fc.jsonValue()), { maxLength: 4 }), (entries) => {
        const values: Record<string, unknown> = {};
        for (const [path, value] of entries) put(values, path, value);
        const { v, findings } = resolve(values, '1.20.0');
        expect(Object.keys(v).sort()).toEqual(expect.arrayContaining(['bpf', 'hubble', 'operator']));
        for (const { paths, message, hint } of findings)
          expect([paths.join(), message, hint].every((text) => text.length > 0)).toBe(true);
      }),
      runs(300),
    );
  });
});

function put(tree: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[name] = value;
  else {
    const below = tree[name];
    const inside = typeof below === 'object' && below !== null && !Array.isArray(below) ? (below as JsonObject) : {};
    tree[name] = { ...inside };
    put(tree[name] as Record<string, unknown>, rest, value);
  }
}

describe('values that are kept with a warning', () => {
  const passed = (values: object, version = '1.18.4') => resolveValues({ version, values, unknownValues: 'warn' });

  it('are those that no release knows, at any depth', () => {
    const rateLimits = [{ nodes: 0, limit: 10, burst: 20, more: 1 }];
    const { v, findings } = passed({
      ours: { a: [1] },
      hubble: { ours: true },
      ciliumEndpointSlice: { enabled: true, rateLimits },
    });
    expect(findings.map(({ id, level, paths }) => [id, level, ...paths])).toEqual([
      ['values/unknown', 'warning', 'ours'],
      ['values/unknown', 'warning', 'hubble.ours'],
      ['values/unknown', 'warning', 'ciliumEndpointSlice.rateLimits[0].more'],
    ]);
    expect(v).toMatchObject({
      ours: { a: [1] },
      hubble: { ours: true, enabled: true },
      ciliumEndpointSlice: { rateLimits },
    });
    // As real Helm 3.19 renders it.
    const { objects } = renderCilium({
      version: '1.18.12',
      values: { ciliumEndpointSlice: { enabled: true, rateLimits } },
      unknownValues: 'warn',
    });
    expect(JSON.stringify(objects)).toContain(
      JSON.stringify('[{"burst":20,"limit":10,"more":1,"nodes":0}]').slice(1, -1),
    );
  });

  it('are not those of another release', () => {
    const { v, findings } = passed({ configDriftDetection: { enabled: false } });
    expect(findings.map(({ id, level }) => [id, level])).toEqual([['values/other-version', 'warning']]);
    expect(Object.keys(v)).not.toContain('configDriftDetection');
  });

  it('can be read by a feature of the user', () => {
    const own = {
      name: 'own',
      contribute: ({ v }: Context) => ({ config: { 'our-key': String((v as { ours?: unknown }).ours) } }),
    };
    const rendered = renderCilium({
      version: '1.19.6',
      values: { ours: 'yes' } as object,
      unknownValues: 'warn',
      features: [own],
    });
    expect(rendered.explain('our-key')).toHaveLength(1);
    expect(JSON.stringify(rendered.objects)).toContain('"our-key":"yes"');
  });
});

describe('an unknown enum value', () => {
  const words = (unknownValues: 'error' | 'warn') =>
    resolveValues({ version: '1.18.4', values: { routingMode: 'nativ' as 'native' }, unknownValues });

  it('is refused with a suggestion, or reported and passed on as in the chart', () => {
    expect(words('error').findings).toEqual([
      expect.objectContaining({
        id: 'values/word',
        level: 'error',
        paths: ['routingMode'],
        hint: "Did you mean 'native'?",
      }),
    ]);
    expect(words('warn').findings).toEqual([expect.objectContaining({ id: 'values/word', level: 'warning' })]);
    expect(words('warn').v.routingMode).toBe('nativ');
  });

  it('is always an error where the chart refuses it', () => {
    const { findings } = resolveValues({
      version: '1.18.4',
      values: { scheduling: { mode: 'x' as 'anti-affinity' } },
      unknownValues: 'warn',
    });
    expect(findings).toEqual([expect.objectContaining({ id: 'values/type', level: 'error' })]);
  });
});
