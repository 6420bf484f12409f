import { fc, runs } from '../properties';
import { parse, parseAllDocuments } from 'yaml';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import type { SizeTarget } from '../../lib/talos/patch/input';
import { SIZE_RULES } from '../../lib/talos/patch/size-rules';
import { runRules } from '../../lib/rules/rule';

const talos = new TalosCluster({ talosVersion: '1.13' });
const documents = new TalosCluster({ talosVersion: '1.14' });

function object(kind: string, name: string, namespace?: string, more: object = {}): KubernetesObject {
  const apiVersion = {
    ConfigMap: 'v1',
    Secret: 'v1',
    Namespace: 'v1',
    Pod: 'v1',
    Job: 'batch/v1',
    CronJob: 'batch/v1',
    DaemonSet: 'apps/v1',
  }[kind];
  return { apiVersion: apiVersion ?? 'cilium.io/v2alpha1', kind, metadata: { name, namespace }, ...more };
}

function findings(input: Partial<TalosPatchInput>): readonly Finding[] {
  try {
    return renderTalosPatch({ talos, manifests: [], ...input }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

const ids = (input: Partial<TalosPatchInput>): readonly string[] => findings(input).map(({ id }) => id);
const one = (...objects: readonly KubernetesObject[]): Partial<TalosPatchInput> => ({
  manifests: [{ name: '10-a', objects }],
});
const map = object('ConfigMap', 'a', 'kube-system');
const RUNS = { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'example.org/a:1' }] } };

describe('manifests', () => {
  const named = (...names: readonly string[]): Partial<TalosPatchInput> => ({
    manifests: names.map((name, i) => ({ name, objects: [object('ConfigMap', `a${String(i)}`, 'kube-system')] })),
  });

  test.each<[string, Partial<TalosPatchInput>, readonly string[]]>([
    ['names that sort as given', named('10-a', '20-b', '90-c'), []],
    ['names that sort otherwise', named('20-b', '10-a'), ['talos-patch/order']],
    ['ten as text', named('9-a', '10-b'), ['talos-patch/order']],
    ['one name twice', named('10-a', '10-a'), ['talos-patch/name']],
    ['no DNS name', named('10_A'), ['talos-patch/name']],
    ['nothing in it', { manifests: [{ name: '10-a', objects: [] }] }, ['talos-patch/empty']],
    [
      'one object in two',
      { manifests: ['10-a', '20-b'].map((name) => ({ name, objects: [map] })) },
      ['object/duplicate'],
    ],
    ['one object twice in one', one(map, map), ['object/duplicate']],
    ['an object that is none', one({ kind: 'ConfigMap' } as unknown as KubernetesObject), ['object/api-version']],
    ['a Job', one(object('Job', 'a', 'kube-system')), ['talos-patch/job']],
    [
      'a Job that stays a week',
      one(object('Job', 'a', 'kube-system', { spec: { template: RUNS, ttlSecondsAfterFinished: 604800 } })),
      ['talos-patch/job'],
    ],
    [
      'a Job that is gone soon',
      one(object('Job', 'a', 'kube-system', { spec: { template: RUNS, ttlSecondsAfterFinished: 1800 } })),
      [],
    ],
    ['a Job that is named by what it runs', one(object('Job', 'a-0123456789', 'kube-system')), []],
    ['a Job that is named by its content', one(object('Job', 'a-ec2511f24b', 'kube-system')), []],
    [
      "another tool's object",
      one({ ...map, metadata: { ...map.metadata, annotations: { 'config.k8s.io/owning-inventory': 'a' } } }),
      ['talos-patch/inventory'],
    ],
    ['a CronJob', one(object('CronJob', 'a', 'kube-system')), []],
  ])('%s', (_, input, expected) => {
    expect(ids(input)).toEqual(expected);
  });

  test('custom resources of Cilium come after Cilium', () => {
    const pool = {
      name: '10-pool',
      objects: [object('CiliumLoadBalancerIPPool', 'a', undefined, { spec: { blocks: [{ cidr: '192.0.2.0/28' }] } })],
    };
    const cilium = { name: '20-cilium', objects: [map] };
    expect(ids({ manifests: [pool, cilium], ciliumManifest: '20-cilium' })).toEqual(['talos-patch/before-cilium']);
    expect(
      ids({
        manifests: [
          { ...cilium, name: '10-cilium' },
          { ...pool, name: '20-pool' },
        ],
        ciliumManifest: '10-cilium',
      }),
    ).toEqual([]);
    expect(ids({ manifests: [pool] })).toEqual([]);
  });

  test('all problems are reported at once', () => {
    const input = {
      manifests: [
        { name: 'B', objects: [map, map] },
        { name: 'A', objects: [] },
      ],
    };
    expect(ids(input)).toEqual([
      'talos-patch/name',
      'talos-patch/name',
      'talos-patch/empty',
      'object/duplicate',
      'talos-patch/order',
    ]);
  });
});

describe('secrets', () => {
  const key = (kind: string): string => `-----BEGIN ${kind}PRIVATE KEY-----\nAAAA\n-----END ${kind}PRIVATE KEY-----\n`;

  test.each<[string, KubernetesObject, boolean]>([
    ['a Secret with data', object('Secret', 'a', 'kube-system', { data: { a: 'YQ==' } }), true],
    ['a Secret with texts', object('Secret', 'a', 'kube-system', { stringData: { a: 'a' } }), true],
    ['an empty Secret', object('Secret', 'a', 'kube-system'), false],
    ['a Secret with nothing in it', object('Secret', 'a', 'kube-system', { data: {} }), false],
    ['a key in a ConfigMap', object('ConfigMap', 'a', 'kube-system', { data: { a: key('') } }), true],
    ['an RSA key', object('ConfigMap', 'a', 'kube-system', { data: { a: `x${key('RSA ')}` } }), true],
    ...['', 'RSA ', 'EC ', 'ENCRYPTED ', 'OPENSSH '].map((kind): [string, KubernetesObject, boolean] => [
      `an encoded ${kind}key`,
      object('ConfigMap', 'a', 'kube-system', { binaryData: { a: Buffer.from(key(kind)).toString('base64') } }),
      true,
    ]),
    ['a certificate', object('ConfigMap', 'a', 'kube-system', { data: { a: '-----BEGIN CERTIFICATE-----\n' } }), false],
    [
      'a public key',
      object('ConfigMap', 'a', 'kube-system', {
        binaryData: { a: Buffer.from('-----BEGIN PUBLIC KEY-----').toString('base64') },
      }),
      false,
    ],
  ])('%s', (_, secret, isRefused) => {
    expect(ids(one(secret))).toEqual(isRefused ? ['talos-patch/secret'] : []);
    expect(ids({ ...one(secret), allowSecrets: true })).toEqual([]);
  });
});

describe('external manifests', () => {
  const manifest = { name: '50-a', url: 'https://example.org/a.yaml' };

  test.each<[string, Partial<TalosPatchInput>, readonly string[]]>([
    ['https', { externalManifests: [manifest] }, []],
    ['no URL', { externalManifests: [{ name: '50-a', url: 'a.yaml' }] }, ['talos-patch/url']],
    ['a file', { externalManifests: [{ name: '50-a', url: 'file:///a.yaml' }] }, ['talos-patch/url']],
    [
      'the name of an inline manifest',
      { ...one(map), externalManifests: [{ ...manifest, name: '10-a' }] },
      ['talos-patch/name'],
    ],
    [
      'a credential',
      { externalManifests: [{ ...manifest, headers: { Authorization: 'Bearer a' } }] },
      ['talos-patch/secret'],
    ],
    [
      'different headers',
      { externalManifests: [manifest, { ...manifest, name: '60-b', headers: { Accept: 'text/yaml' } }] },
      ['talos-patch/headers'],
    ],
    [
      'different headers in documents',
      {
        talos: documents,
        externalManifests: [manifest, { ...manifest, name: '60-b', headers: { Accept: 'text/yaml' } }],
      },
      [],
    ],
  ])('%s', (_, input, expected) => {
    expect(ids(input)).toEqual(expected);
  });
});

describe('namespaces', () => {
  const container = { name: 'a', image: 'example.org/a:1' };
  const podSpec = (spec: object): object => ({ containers: [container], ...spec });
  const pod = (namespace: string, spec: object): KubernetesObject =>
    object('DaemonSet', 'a', namespace, {
      spec: {
        selector: { matchLabels: { app: 'a' } },
        template: { metadata: { labels: { app: 'a' } }, spec: podSpec(spec) },
      },
    });
  const added = (...objects: readonly KubernetesObject[]): readonly (readonly [string, string])[] => {
    const { controlplane = '' } = renderTalosPatch({ talos, manifests: [{ name: '10-a', objects }] });
    const { cluster } = parse(controlplane) as { cluster: { inlineManifests: { contents: string }[] } };
    return (cluster.inlineManifests[0]?.contents ?? '')
      .split('---\n')
      .map((text) => parse(text) as KubernetesObject)
      .filter(({ kind }) => kind === 'Namespace')
      .map(({ metadata: { name, labels } }) => [name, String(labels?.['pod-security.kubernetes.io/enforce'])] as const);
  };

  test.each<[string, object]>([
    ['host network', { hostNetwork: true }],
    ['host processes', { hostPID: true }],
    ['a host path', { volumes: [{ name: 'a', hostPath: { path: '/' } }] }],
    ['a host port', { containers: [{ ...container, ports: [{ containerPort: 1, hostPort: 1 }] }] }],
    ['a privileged container', { containers: [{ ...container, securityContext: { privileged: true } }] }],
    [
      'a capability',
      { initContainers: [{ ...container, name: 'b', securityContext: { capabilities: { add: ['NET_ADMIN'] } } }] },
    ],
  ])('%s needs a privileged namespace', (_, spec) => {
    expect(added(pod('demo', spec))).toEqual([['demo', 'privileged']]);
    const labelled = object('Namespace', 'demo', undefined, { metadata: { name: 'demo', labels: {} } });
    expect(ids(one(labelled, pod('demo', spec)))).toEqual(['talos-patch/pod-security']);
    expect(ids(one(pod('default', spec)))).toEqual(['talos-patch/pod-security']);
    expect(ids(one(pod('kube-system', spec)))).toEqual([]);
  });

  test('other pods are admitted by baseline', () => {
    const careful = {
      ...container,
      ports: [{ containerPort: 80 }],
      securityContext: { capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } },
    };
    expect(added(pod('demo', { containers: [careful] }))).toEqual([['demo', 'baseline']]);
    expect(added(object('ConfigMap', 'a', 'z'), object('ConfigMap', 'a', 'b'))).toEqual([
      ['b', 'baseline'],
      ['z', 'baseline'],
    ]);
  });

  test('pods of CronJobs and plain pods count too', () => {
    const spec = podSpec({ hostNetwork: true, restartPolicy: 'Never' });
    expect(
      added(
        object('CronJob', 'a', 'demo', { spec: { schedule: '@daily', jobTemplate: { spec: { template: { spec } } } } }),
      ),
    ).toEqual([['demo', 'privileged']]);
    expect(added(object('Pod', 'a', 'demo', { spec }))).toEqual([['demo', 'privileged']]);
  });

  test('existing namespaces are not added', () => {
    expect(added(map, object('Namespace', 'demo'), object('ConfigMap', 'a', 'demo'))).toEqual([['demo', 'undefined']]);
  });

  test('a namespace is in the first manifest that needs it, and privileged if a later one needs that', () => {
    const { report, controlplane = '' } = renderTalosPatch({
      talos,
      manifests: [
        { name: '10-a', objects: [map] },
        { name: '20-b', objects: [object('ConfigMap', 'a', 'demo')] },
        { name: '30-c', objects: [pod('demo', { hostNetwork: true })] },
      ],
    });
    expect(report[0]?.manifests.map(({ objects }) => objects)).toEqual([1, 2, 1]);
    expect(controlplane.match(/enforce: (\w+)/g)).toEqual(['enforce: privileged']);
  });
});

describe('report', () => {
  /** Hexadecimal text that gzip cannot shrink below half. */
  const noise = (bytes: number): KubernetesObject => {
    let state = 1;
    const hex = Array.from({ length: bytes }, () => {
      state = (state * 48271) % 2147483647;
      return (state % 16).toString(16);
    });
    return object('ConfigMap', 'a', 'kube-system', { data: { a: hex.join('') } });
  };

  test('each file is described', () => {
    const cluster = new TalosCluster({ talosVersion: '1.13', timeServers: ['a'] });
    const {
      report,
      controlplane = '',
      all = '',
    } = renderTalosPatch({ talos: cluster, manifests: [{ name: '10-a', objects: [map] }] });
    expect(report.map(({ output, file, objects, bytes }) => ({ output, file, objects, bytes }))).toEqual([
      { output: 'all', file: 'all.patch.yaml', objects: 0, bytes: Buffer.byteLength(all) },
      { output: 'controlplane', file: 'controlplane.patch.yaml', objects: 1, bytes: Buffer.byteLength(controlplane) },
    ]);
    expect(report[1]?.manifests).toEqual([expect.objectContaining({ name: '10-a', objects: 1 })]);
    expect(report[1]?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each<[SizeTarget | undefined, number, readonly string[]]>([
    ['aws', 1_000, []],
    ['aws', 20_000, ['talos-patch/user-data-16-kib']],
    ['hetzner', 20_000, []],
    ['hetzner', 40_000, ['talos-patch/user-data-32-kib']],
    // A config that goes to the machines by talosctl is not user data, however large.
    ['plain', 100_000, []],
    [undefined, 100_000, []],
  ])('a patch for %s of %d bytes has the findings %j', (target, bytes, expected) => {
    expect(ids({ ...one(noise(bytes)), target })).toEqual(expected);
  });

  test('ten megabytes are too large for Talos', () => {
    const found = (bytes: number, target: SizeTarget = 'plain'): unknown =>
      runRules(SIZE_RULES, { output: 'controlplane', bytes, gzipBytes: 1, target }).map(({ id, level }) => [id, level]);
    expect(found(10 * 1024 * 1024 + 1)).toEqual([['talos-patch/too-large', 'error']]);
    expect(found(10 * 1024 * 1024)).toEqual([]);
    expect(found(10 * 1024 * 1024, 'hetzner')).toEqual([['talos-patch/user-data-32-kib', 'warning']]);
  });

  test('a warning states whether compression helps', () => {
    const said = (bytes: number): string | undefined =>
      findings({ ...one(noise(bytes)), target: 'hetzner' })[0]?.message;
    expect(said(40_000)).toMatch(/compressed with gzip it is .* KiB, which Talos accepts too\.$/);
    expect(said(100_000)).toMatch(/still too much\.$/);
  });

  test('warnings can be acknowledged, errors cannot', () => {
    expect(
      ids({ ...one(noise(20_000)), target: 'aws', acknowledge: { 'talos-patch/user-data-16-kib': 'Accepted.' } }),
    ).toEqual([]);
    expect(ids({ ...one(map, map), acknowledge: { 'object/duplicate': 'Accepted.' } })).toEqual([
      'talos-patch/acknowledge',
      'object/duplicate',
    ]);
  });
});

test('the order of keys in the input is not in the output', () => {
  const left = renderTalosPatch({
    talos,
    manifests: [{ name: '10-a', objects: [{ ...map, data: { b: '1', a: '2' } }] }],
  });
  const right = renderTalosPatch({
    talos,
    manifests: [{ objects: [{ data: { a: '2', b: '1' }, ...map }], name: '10-a' }],
  });
  expect({ ...left, inlineManifests: left?.inlineManifests() }).toEqual({
    ...right,
    inlineManifests: right?.inlineManifests(),
  });
});

test('any content gives clean text that reads back the same', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\t', '-', ':', '#') }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), value, { noNullPrototype: true }), (data) => {
      for (const cluster of [talos, documents]) {
        const { controlplane = '' } = renderTalosPatch({
          talos: cluster,
          manifests: [{ name: '10-a', objects: [{ ...map, data }] }],
          allowSecrets: true,
        });
        expect(controlplane).not.toMatch(/[ \t]$/m);
        expect(controlplane).toMatch(/\n$/);
        expect(controlplane).not.toMatch(/(^|\n)---\n$/);
        const patch = parseAllDocuments(controlplane)[0]?.toJS() as {
          manifest?: string;
          cluster?: { inlineManifests: { contents: string }[] };
        };
        const manifest = patch.manifest ?? patch.cluster?.inlineManifests[0]?.contents ?? '';
        expect(parse(manifest)).toEqual({ ...map, metadata: { name: 'a', namespace: 'kube-system' }, data });
      }
    }),
    runs(200),
  );
});
