import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import type * as cdk8s from 'cdk8s';
import type { AppProps } from 'cdk8s';
import { Construct } from 'constructs';
import {
  Cilium,
  CiliumError,
  LoadBalancerIPPool,
  TalosCluster,
  TalosPatch,
  describeSynthesis,
  synthesize,
} from '../../lib';
import type * as library from '../../lib';
import type { SynthFinding, TalosPatchProps } from '../../lib';
import { sample } from '../speed';
import { filesOf } from './program';
import { released } from '../../upstream/rules/released';

const talos = new TalosCluster({ talosVersion: '1.13', nameservers: ['1.1.1.1'] });
let folder = '';
let printed = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synth-'));
  printed = '';
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS;
  rmSync(folder, { recursive: true });
});

const PATCHES = ['talos/all.patch.yaml', 'talos/controlplane.patch.yaml', 'talos/report.json'];
const newApp = (props: AppProps = {}): App => new App({ outdir: join(folder, 'dist'), ...props });

function configMap(scope: Construct, id: string, name = id, data: object = { b: 'on', a: 'one\ntwo\n' }): ApiObject {
  const metadata = { name, namespace: 'kube-system' };
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as never);
}

function chartOf(scope: Construct, id: string, ...names: readonly string[]): Chart {
  const chart = new Chart(scope, id);
  for (const name of names) configMap(chart, name);
  return chart;
}

function patchOf(app: Construct, manifests: readonly Chart[], props: Partial<TalosPatchProps> = {}): TalosPatch {
  return new TalosPatch(app, 'talos', { talos, manifests, ...props });
}

/** A construct that has something to say. */
function saying(scope: Construct, id: string, message: string, level = 'warning'): Construct {
  return Object.assign(new Construct(scope, id), {
    findings: [{ id: 'mine/x', level, paths: ['a'], message, hint: 'Do it.' }],
  });
}

function errorOf(work: () => unknown): CiliumError {
  try {
    work();
  } catch (error) {
    if (error instanceof CiliumError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const places = ({ findings }: CiliumError): readonly string[] =>
  findings.map((one) => `${(one as SynthFinding).in} ${one.id} ${one.level}`);

const written = (): Readonly<Record<string, string>> => filesOf(folder);
const manifestsOf = (files: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('talos/')));

describe('app.synth()', () => {
  const LAYOUTS: readonly (readonly [string, AppProps])[] = [
    ['a file for the app', { yamlOutputType: YamlOutputType.FILE_PER_APP }],
    ['a file for each chart', { yamlOutputType: YamlOutputType.FILE_PER_CHART }],
    ['a file for each object', { yamlOutputType: YamlOutputType.FILE_PER_RESOURCE }],
    ['a folder for each chart', { yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE }],
    ['metadata of constructs', { recordConstructMetadata: true }],
    ['another extension', { outputFileExtension: '.yaml' }],
  ];

  test.each(LAYOUTS)(
    '%s: the manifests of an app without a patch, byte for byte, and the files of synthesize(app)',
    (_, props) => {
      const build = (withPatch: boolean): App => {
        const app = newApp(props);
        const charts = [chartOf(app, 'b', 'one', 'two'), chartOf(app, 'a', 'three')] as const;
        charts[0].addDependency(charts[1]);
        chartOf(charts[0], 'inner', 'four');
        if (withPatch) patchOf(app, charts);
        return app;
      };
      build(false).synth();
      const theirs = written();
      build(true).synth();
      const ours = written();
      expect(manifestsOf(ours)).toEqual(theirs);
      expect(Object.keys(ours).filter((file) => file.startsWith('talos/'))).toEqual(PATCHES);
      rmSync(folder, { recursive: true });
      const { files } = synthesize(build(true));
      expect(Object.keys(written())).toEqual(Object.keys(ours));
      expect(files.map(({ file }) => join('dist', file)).sort()).toEqual(
        Object.keys(ours)
          .filter((file) => !file.endsWith('.json'))
          .sort(),
      );
      expect(printed).toBe('');
    },
  );

  test('no chart at all: the output folder is made', () => {
    patchOf(newApp(), []).node.root.node.addValidation({ validate: () => [] });
    const app = newApp();
    patchOf(app, []);
    app.synth();
    expect(existsSync(join(folder, 'dist'))).toBe(true);
  });

  test('refuses with every finding, placed, warnings too, and no stack of the library', () => {
    const app = newApp();
    const chart = chartOf(app, 'a', 'one');
    new Cilium(chart, 'cilium', { version: '1.19.6', values: JSON.parse('{ "lbExternalClusterIP": true }') as object });
    new LoadBalancerIPPool(chart, 'home', { cilium: released('1.19.6'), blocks: ['127.0.0.0/24'] });
    saying(chart, 'old', 'It is old.');
    new Construct(chart, 'bad').node.addValidation({ validate: () => ['it is bad'] });
    patchOf(app, [chart], { outdir: join(folder, 'dist', 'talos') });
    const error = errorOf(() => {
      app.synth();
    });
    expect(places(error)).toEqual([
      'a/cilium values/unknown error',
      'a/home ip-pool/block error',
      'a/bad app/validation error',
      'talos talos-patch/outdir-inside error',
      'a/old mine/x warning',
    ]);
    expect(error.message).toMatch(
      /^Validation failed with the following errors:\n {2}\[a\/cilium\] {3}✗ lbExternalClusterIP: /,
    );
    expect(error.message).toContain('\n  [a/bad] it is bad\n');
    expect(error.message).not.toMatch(/ at /);
    expect(error.stack?.startsWith(`CiliumError: ${error.message}`)).toBe(true);
    expect(error.stack).not.toMatch(/lib\/app|node:internal|cdk8s\/lib/);
    expect(Object.keys(error)).toEqual([]);
    expect(written()).toEqual({});
  });

  test('can be called again: after a refusal that was mended, and with what came to the app', () => {
    const app = newApp();
    const chart = chartOf(app, 'a', 'one');
    patchOf(app, [chart]);
    saying(app, 'bad', 'It is bad.', 'error');
    expect(() => {
      app.synth();
    }).toThrow(/\[bad\] {3}✗ a: It is bad\./);
    app.node.tryRemoveChild('bad');
    app.synth();
    configMap(chart, 'later');
    app.synth();
    expect(written()['talos/controlplane.patch.yaml']).toContain('name: later');
    expect(written()['dist/a.k8s.yaml']).toContain('name: later');
    expect(printed).toBe('');
  });

  test('refuses objects that no YAML can hold, as synthesize does', () => {
    for (const write of [(app: App) => app.synth(), synthesize]) {
      const app = newApp();
      configMap(chartOf(app, 'a'), 'odd', 'odd', { x: NaN });
      patchOf(app, []);
      expect(() => Testing.synth(app.charts[0] as Chart)).toThrow(
        'ConfigMap kube-system/odd: data.x is an invalid number',
      );
      expect(places(errorOf(() => write(app)))).toEqual(['a object/json error']);
      expect(written()).toEqual({});
    }
  });

  test('values are resolved by the resolvers of the app', () => {
    const app = newApp({
      resolvers: [{ resolve: (context) => (context.value === 'SECRET' ? context.replaceValue('shown') : undefined) }],
    });
    const chart = new Chart(app, 'a');
    const produce = jest.fn(() => 'lazy');
    configMap(chart, 'one', 'one', { x: 'SECRET', z: Lazy.any({ produce }) });
    patchOf(app, [chart]);
    app.synth();
    for (const file of ['dist/a.k8s.yaml', 'talos/controlplane.patch.yaml'])
      expect(written()[file]).toMatch(/x: shown\n\s*z: lazy/);
  });
});

describe('warnings', () => {
  test('are printed once, and new ones when they come', () => {
    const app = newApp();
    patchOf(app, [chartOf(app, 'a', 'one')]);
    saying(app, 'one', 'Same.');
    saying(app, 'two', 'Same.');
    app.synth();
    const text = '2 warnings:\n[one, two]   ! a: Same. [mine/x]\n      Do it.\n';
    expect(printed).toBe(text);
    app.synth();
    expect(printed).toBe(text);
    saying(app, 'three', 'New.');
    app.synth();
    expect(printed).toBe(`${text}1 warning:\n[three]   ! a: New. [mine/x]\n      Do it.\n`);
  });

  test('are data from synthesize, which prints nothing, nor does app.synth() after it', () => {
    const app = newApp();
    patchOf(app, [chartOf(app, 'a', 'one')]);
    saying(app, 'one', 'Old.');
    const { warnings } = synthesize(app);
    expect(warnings.map(({ in: place, message }) => [place, message])).toEqual([['one', 'Old.']]);
    app.synth();
    expect(printed).toBe('');
  });

  test('are in the report, with the path of the construct', () => {
    const app = newApp();
    const chart = new Chart(app, 'c');
    const cilium = new Cilium(chart, 'cilium', {
      version: '1.19.6',
      talos,
      values: { extraConfig: { x: '1' }, hubble: { relay: { enabled: true } } },
    });
    const pool = new LoadBalancerIPPool(chart, 'home', { cilium, blocks: ['192.168.1.200/32'] });
    saying(app, 'mine', 'Old.');
    const patch = patchOf(app, [chart], { target: 'hetzner' });
    const { warnings } = synthesize(app);
    const report = JSON.parse(written()['talos/report.json'] ?? '') as { readonly warnings: readonly SynthFinding[] };
    expect(report.warnings.map((one) => `${one.in} ${one.id}`)).toEqual(warnings.map((one) => `${one.in} ${one.id}`));
    expect(warnings.length).toBe(1 + [cilium, pool, patch].reduce((sum, { findings }) => sum + findings.length, 0));
    expect(patch.findings).not.toEqual([]);
  });

  const STRICT: readonly (readonly [string, (app: App, chart: Chart) => unknown])[] = [
    ['option of synthesize', (app) => synthesize(app, { failOnWarnings: true })],
    [
      'prop of TalosPatch',
      (app, chart) => {
        patchOf(app, [chart], { failOnWarnings: true });
        app.synth();
      },
    ],
    [
      'prop of TalosPatch, in Testing.synth',
      (app, chart) => {
        patchOf(app, [chart], { failOnWarnings: true });
        try {
          return Testing.synth(chart);
        } catch (error) {
          expect(String(error)).toMatch(
            /^Error: Validation failed with the following errors:\n {2}\[one\] {3}! a: Old\. \[mine\/x\]\n {6}Do it\.$/,
          );
          app.synth();
          return undefined;
        }
      },
    ],
    [
      'environment',
      (app, chart) => {
        process.env.CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS = '1';
        patchOf(app, [chart]);
        app.synth();
      },
    ],
  ];

  test.each(STRICT)('are refused like errors with failOnWarnings: %s', (_, work) => {
    const app = newApp();
    const chart = chartOf(app, 'a', 'one');
    saying(app, 'one', 'Old.');
    const error = errorOf(() => work(app, chart));
    expect(places(error)).toEqual(['one mine/x warning']);
    expect(error.message).toBe(
      'Validation failed: there are warnings, and `failOnWarnings` is set:\n  [one]   ! a: Old. [mine/x]\n      Do it.',
    );
    expect([written(), printed]).toEqual([{}, '']);
  });

  test.each(['0', 'false', ''])('are not refused with %j in the environment', (value) => {
    process.env.CDK8S_TALOS_CILIUM_FAIL_ON_WARNINGS = value;
    const app = newApp();
    patchOf(app, [chartOf(app, 'a', 'one')]);
    saying(app, 'one', 'Old.');
    app.synth();
    expect(Object.keys(written())).toEqual(['dist/a.k8s.yaml', ...PATCHES]);
  });
});

describe('synthesis without files', () => {
  const build = (): { readonly app: App; readonly chart: Chart } => {
    const app = newApp();
    const chart = chartOf(app, 'a', 'one');
    patchOf(app, [chart], { outdir: join(folder, 'dist') });
    saying(app, 'old', 'Old.');
    return { app, chart };
  };

  test('Testing.synth and chart.toJson write nothing and say nothing about files', () => {
    const { chart } = build();
    expect(Testing.synth(chart)).toEqual(chart.toJson());
    expect([written(), printed]).toEqual([{}, '']);
  });

  test('app.synthYaml() says once that patches are not written', () => {
    const { app } = build();
    const text = app.synthYaml();
    expect(app.synthYaml()).toBe(text);
    expect(text).toContain('kind: ConfigMap');
    expect(printed).toBe(
      'app.synthYaml() writes no files, so Talos patches are not written: talos. Call app.synth() for them.\n' +
        '1 warning:\n[old]   ! a: Old. [mine/x]\n      Do it.\n',
    );
    expect(written()).toEqual({});
  });

  test('all three refuse what app.synth() refuses', () => {
    const { app, chart } = build();
    configMap(chart, 'again', 'one');
    const other = chartOf(app, 'b', 'two');
    configMap(other, 'again', 'two');
    expect(() => Testing.synth(chart)).toThrow(
      /\[talos\].*ConfigMap kube-system\/one|\[b\/again\] {3}✗ ConfigMap kube-system\/two is defined/s,
    );
    expect(places(errorOf(() => app.synthYaml()))).toContain('b/again app/duplicate-object error');
  });
});

describe('apps of every sort', () => {
  test('an app that overrides synth: its own way is kept, and patches hold what it did last', () => {
    const did: string[] = [];
    class Own extends App {
      override synth(): void {
        for (const chart of this.charts) configMap(chart, 'added');
        super.synth();
        did.push(readFileSync(join(this.outdir, 'a.k8s.yaml'), 'utf8'));
      }
    }
    const app = new Own({ outdir: join(folder, 'dist') });
    patchOf(app, [chartOf(app, 'a', 'one')]);
    app.synth();
    expect(did).toEqual([written()['dist/a.k8s.yaml']]);
    expect(written()['talos/controlplane.patch.yaml']).toContain('name: added');
    expect(Object.keys(written())).toEqual(['dist/a.k8s.yaml', ...PATCHES]);
  });

  test('an app whose synth is a field, or calls synthesize', () => {
    class Field extends App {
      override synth = (): void => {
        App.prototype.synth.call(this);
      };
    }
    class Calls extends App {
      override synth(): void {
        synthesize(this);
      }
    }
    for (const Kind of [Field, Calls]) {
      const app = new Kind({ outdir: join(folder, Kind.name, 'dist') });
      patchOf(app, [chartOf(app, 'a', 'one')]);
      app.synth();
      synthesize(app);
      expect(Object.keys(filesOf(join(folder, Kind.name)))).toEqual(['dist/a.k8s.yaml', ...PATCHES]);
    }
  });

  test('an app whose synth fails: nothing is left in the folders of patches, and it can be called again', () => {
    let fails = true;
    class Own extends App {
      override synth(): void {
        if (fails) throw new Error('the disk is full');
        super.synth();
      }
    }
    const app = new Own({ outdir: join(folder, 'dist') });
    patchOf(app, [chartOf(app, 'a', 'one')]);
    expect(() => {
      app.synth();
    }).toThrow('the disk is full');
    expect(written()).toEqual({});
    fails = false;
    app.synth();
    expect(Object.keys(written())).toEqual(['dist/a.k8s.yaml', ...PATCHES]);
  });

  test('a patch anywhere in the app, and several with folders of their own', () => {
    const app = newApp();
    const chart = chartOf(app, 'a', 'one');
    const stage = new Construct(app, 'stage');
    for (const id of ['p', 'q'])
      new TalosPatch(stage, id, { talos, manifests: [chart], outdir: join(folder, 'talos', id) });
    new TalosPatch(chart, 'inside', { talos, manifests: [chart] });
    app.synth();
    expect(Object.keys(written()).filter((file) => file.endsWith('report.json'))).toEqual([
      'talos/p/report.json',
      'talos/q/report.json',
      'talos/report.json',
    ]);
  });

  test('a root that is not an app: patches are text, and nothing is written', () => {
    const root = new Construct(undefined as never, '');
    const objects = [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one', namespace: 'kube-system' } }];
    const patch = new TalosPatch(root, 'talos', { talos, manifests: [{ name: '10-a', objects }] });
    expect(patch.outdir).toBe('talos');
    expect(patch.render().controlplane).toContain('10-a');
  });

  test('constructs of the library without a patch: app.synth() warns and refuses, too', () => {
    const app = newApp();
    const chart = new Chart(app, 'a');
    new LoadBalancerIPPool(chart, 'home', { cilium: released('1.19.6'), blocks: ['192.168.1.0/29'] });
    saying(app, 'old', 'Old.');
    app.synth();
    expect(printed).toContain('[old]   ! a: Old.');
    new LoadBalancerIPPool(chart, 'bad', { cilium: released('1.19.6'), blocks: ['192.168.1.0/99'] });
    expect(places(errorOf(() => app.synth()))).toContain('old mine/x warning');
  });

  test('two copies of the library and of cdk8s in one tree', () => {
    jest.isolateModules(() => {
      /* eslint-disable @typescript-eslint/no-require-imports */
      const other = require('../../lib') as typeof library;
      const theirs = require('cdk8s') as typeof cdk8s;
      /* eslint-enable @typescript-eslint/no-require-imports */
      expect(other.TalosPatch).not.toBe(TalosPatch);
      expect(theirs.App).not.toBe(App);
      const build = (AppOfTree: typeof App, outdir: string): App => {
        const app = new AppOfTree({ outdir: join(folder, outdir, 'dist') });
        const chart = chartOf(app, 'a', 'one');
        const cilium = new other.Cilium(chart, 'cilium', {
          version: '1.19.6',
          talos: new other.TalosCluster({ talosVersion: '1.13' }),
        });
        new TalosPatch(app, 'p', {
          talos,
          cilium,
          manifests: [chart],
          acknowledge: { 'talos-patch/job': 'Accepted.', 'talos-patch/user-data-32-kib': 'Accepted.' },
        });
        new other.TalosPatch(app, 'q', { talos, manifests: [], cilium, outdir: join(folder, outdir, 'other') });
        new LoadBalancerIPPool(chart, 'pool', { cilium, blocks: ['192.168.1.0/29'] });
        return app;
      };
      const ways = [App, theirs.App].flatMap((AppOfTree) =>
        [(app: App) => app.synth(), synthesize, other.synthesize].map((write) => ({ AppOfTree, write })),
      );
      const trees = sample(ways, 4, 1).map(({ AppOfTree, write }, i) => {
        write(build(AppOfTree, String(i)));
        return Object.keys(filesOf(join(folder, String(i))));
      });
      const files = [
        'dist/a.k8s.yaml',
        'other/all.patch.yaml',
        'other/controlplane.patch.yaml',
        'other/report.json',
        ...PATCHES,
      ];
      expect(trees).toEqual(trees.map(() => files));
      const app = build(theirs.App, 'refused');
      new other.LoadBalancerIPPool(app.node.findChild('a') as Chart, 'two', {
        cilium: app.node.findChild('a').node.findChild('cilium') as Cilium,
        blocks: ['192.168.1.0/28'],
      });
      expect(places(errorOf(() => app.synth())).filter((place) => place.includes('ip-pool/shared'))).not.toEqual([]);
    });
  });
});

describe('one object twice', () => {
  const idsOf = (build: (app: App) => void): readonly string[] => {
    const app = newApp();
    build(app);
    patchOf(app, []);
    try {
      app.synth();
    } catch (error) {
      return places(error as CiliumError).filter((place) => place.includes(' error'));
    }
    return [];
  };

  test('is an error in one chart, which names both places and the object', () => {
    const app = newApp();
    const chart = new Chart(app, 'c');
    for (const id of ['a', 'b']) new Cilium(chart, id, { version: '1.19.6' });
    const error = errorOf(() => app.synth());
    expect(places(error)).toEqual(['c/b app/duplicate-object error']);
    expect(error.message).toMatch(
      /\[c\/b\] {3}✗ \S+ \S+, .* and \d+ more objects are defined in c\/a as well; a cluster holds each object once\./,
    );
    expect(() => Testing.synth(chart)).toThrow(/app\/duplicate-object/);
  });

  test('counts by group, kind, namespace and name, not by version', () => {
    const gateway = (chart: Chart, version: string, namespace: string): ApiObject =>
      new ApiObject(chart, version + namespace, {
        apiVersion: `gateway.networking.k8s.io/${version}`,
        kind: 'Gateway',
        metadata: { name: 'g', namespace },
        spec: { gatewayClassName: 'cilium', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
      });
    const twice = (...of: readonly (readonly [string, string])[]): readonly string[] =>
      idsOf((app) => {
        const chart = new Chart(app, 'c');
        for (const [version, namespace] of of) gateway(chart, version, namespace);
      });
    expect(twice(['v1', 'a'], ['v1beta1', 'a'])).toEqual(['c/v1beta1a app/duplicate-object error']);
    expect(twice(['v1', 'a'], ['v1', 'b'])).toEqual([]);
  });

  test('is accepted when a JSON patch renames one of them', () => {
    expect(
      idsOf((app) => {
        const chart = chartOf(app, 'c', 'one');
        configMap(chart, 'two', 'one').addJsonPatch(JsonPatch.replace('/metadata/name', 'two'));
      }),
    ).toEqual([]);
  });

  test('is accepted in two charts, unless one Cilium connects them', () => {
    const pools = (tied: boolean): readonly string[] =>
      idsOf((app) => {
        const ciliums = ['a', 'b'].map(
          (id) =>
            new Cilium(new Chart(app, id), 'cilium', {
              version: '1.19.6',
              acknowledge: { 'cluster/same-name': 'Accepted.' },
            }),
        );
        ciliums.forEach((cilium, i) => {
          const chart = new Chart(app, `pools-${String(i)}`);
          new LoadBalancerIPPool(chart, 'home', {
            cilium: tied ? ciliums[0] : cilium,
            blocks: [`192.168.${String(i)}.0/24`],
          });
        });
      });
    expect(pools(false)).toEqual([]);
    expect(pools(true)).toEqual(['pools-1/home app/duplicate-object error']);
  });

  test('is an error of the patch when its charts have it', () => {
    const app = newApp();
    const chart = chartOf(app, 'c', 'one');
    configMap(chart, 'two', 'one');
    patchOf(app, [chart]);
    expect(places(errorOf(() => app.synth()))).toEqual(['talos object/duplicate error']);
  });
});

describe('synthesize and describeSynthesis', () => {
  test('refuse what is not an app, and options that do not exist', () => {
    const refused = (...args: readonly unknown[]): readonly string[] =>
      errorOf(() => synthesize(...(args as [App]))).findings.map(({ id, paths }) => `${id} ${paths.join()}`);
    for (const app of [undefined, null, {}, [], 'dist', { outdir: 'dist' }]) {
      expect(refused(app)).toEqual([expect.stringMatching(/^synthesize\/(missing|type) app$/)]);
    }
    expect(refused(newApp(), { failOnWarning: true })).toEqual([expect.stringContaining('failOnWarning')]);
    expect(refused(newApp(), { failOnWarnings: 'yes' })).toEqual([expect.stringContaining('failOnWarnings')]);
    expect(refused(newApp(), 'strict')).toEqual([expect.stringContaining('options')]);
  });

  test('count one object and one file as one', () => {
    const app = newApp({ outdir: join(folder, 'dist') });
    chartOf(app, 'a', 'one');
    expect(describeSynthesis(synthesize(app))).toMatch(
      /dist: 1 file, \d+ B\n {2}a\.k8s\.yaml\s+1 object {2,}\d+ bytes/,
    );
    chartOf(app, 'b', 'two', 'three');
    expect(describeSynthesis(synthesize(app))).toMatch(/: 2 files, .*\n.*\n {2}b\.k8s\.yaml\s+2 objects {2,}/);
  });
});
