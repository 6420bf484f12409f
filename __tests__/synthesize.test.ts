import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, JsonPatch, YamlOutputType } from 'cdk8s';
import type { AppProps } from 'cdk8s';
import { parse, parseAllDocuments } from 'yaml';
import { Construct } from 'constructs';
import { describeSynthesis } from '../lib/app/describe';
import { synthesize } from '../lib/app/synthesize';
import { TalosCluster } from '../lib/talos/cluster/cluster';
import { TalosPatch } from '../lib/talos/talos-patch';

const talos = new TalosCluster({ talosVersion: '1.13' });
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'synthesize-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Build = (app: App) => void;

function configMap(scope: Construct, name: string, data: Readonly<Record<string, unknown>> = {}): ApiObject {
  return new ApiObject(scope, name, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'kube-system' },
    data,
  } as never);
}

function plainChart(scope: Construct, id: string, ...names: readonly string[]): Chart {
  const made = new Chart(scope, id, { disableResourceNameHashes: true });
  for (const name of names) configMap(made, name, { b: 'on', a: 'one\ntwo\n' });
  return made;
}

/** Every file of a folder, YAML as data. */
function filesOf(outdir: string): Readonly<Record<string, unknown>> {
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    paths.map((path) => {
      const documents = parseAllDocuments(readFileSync(path, 'utf8'), { version: '1.1' });
      return [
        path.slice(outdir.length + 1),
        Array.isArray(documents) ? documents.map((document) => document.toJS() as unknown) : [],
      ];
    }),
  );
}

const LAYOUTS: Readonly<Record<string, { readonly props?: AppProps; readonly build: Build }>> = {
  'independent charts': {
    build: (app) => {
      plainChart(app, 'b', 'one', 'two');
      plainChart(app, 'a', 'three');
      plainChart(app, 'empty');
    },
  },
  'charts that depend on each other': {
    build: (app) => {
      const [first, second] = [plainChart(app, 'b', 'one'), plainChart(app, 'a', 'two')];
      second.addDependency(first);
    },
  },
  'objects that depend on each other, in one chart and across': {
    build: (app) => {
      const [b, a] = [plainChart(app, 'b', 'one', 'two'), plainChart(app, 'a', 'three')];
      b.node.findChild('one').node.addDependency(b.node.findChild('two'));
      b.node.findChild('one').node.addDependency(a.node.findChild('three'));
    },
  },
  'charts in charts': { build: (app) => plainChart(plainChart(app, 'outer', 'one'), 'inner', 'two') },
  'another extension': { props: { outputFileExtension: '.yml' }, build: (app) => plainChart(app, 'a', 'one') },
  'a file for the app': {
    props: { yamlOutputType: YamlOutputType.FILE_PER_APP },
    build: (app) => plainChart(app, 'a', 'one', 'two'),
  },
  'a file for each object': {
    props: { yamlOutputType: YamlOutputType.FILE_PER_RESOURCE },
    build: (app) => plainChart(app, 'a', 'one'),
  },
  'metadata beside the files': {
    props: { recordConstructMetadata: true },
    build: (app) => plainChart(app, 'a', 'one'),
  },
  'no chart': { build: () => undefined },
};

test.each(Object.entries(LAYOUTS))('%s has the files and objects of app.synth()', (_, { props, build }) => {
  const [ours, theirs] = ['ours', 'theirs'].map((name) => join(folder, name)) as [string, string];
  for (const [outdir, write] of [
    [ours, (app: App) => void synthesize(app)],
    [theirs, (app: App) => app.synth()],
  ] as const) {
    const app = new App({ outdir, ...props });
    build(app);
    write(app);
  }
  expect(filesOf(ours)).toEqual(filesOf(theirs));
});

test('a chart is the same text in a file and in a patch, and its size is reported', () => {
  const app = new App({ outdir: join(folder, 'dist') });
  const chart = plainChart(app, 'a', 'one');
  ApiObject.of(chart.node.findChild('one')).addJsonPatch(JsonPatch.add('/data/c', null));
  new TalosPatch(app, 'talos', { talos, manifests: [chart] });
  const { files } = synthesize(app);
  const text = readFileSync(join(folder, 'dist', 'a.k8s.yaml'), 'utf8');
  const patch = parse(readFileSync(join(folder, 'talos', 'controlplane.patch.yaml'), 'utf8')) as {
    cluster: { inlineManifests: readonly unknown[] };
  };
  expect(text).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  name: one
  namespace: kube-system
data:
  a: |
    one
    two
  b: "on"
`);
  expect(patch.cluster.inlineManifests).toEqual([{ name: '10-a', contents: text }]);
  expect(files.map(({ file, objects, bytes }) => [file, objects, bytes])).toEqual([
    ['a.k8s.yaml', 1, text.length],
    ['../talos/controlplane.patch.yaml', 1, expect.any(Number)],
  ]);
});

test('each chart is read once', () => {
  const app = new App({ outdir: join(folder, 'dist') });
  const read: string[] = [];
  class Counted extends Chart {
    override toJson(): unknown[] {
      read.push(this.node.id);
      return super.toJson();
    }
  }
  const manifests = ['a', 'b'].map((id) => new Counted(app, id));
  for (const chart of manifests) configMap(chart, `in-${chart.node.id}`);
  for (const id of ['p', 'q']) new TalosPatch(app, id, { talos, manifests, outdir: join(folder, id) });
  synthesize(app);
  expect(read.sort()).toEqual(['a', 'b']);
});

test('changes since the last synthesis are written', () => {
  const app = new App({ outdir: join(folder, 'dist') });
  const chart = plainChart(app, 'a', 'one');
  const patch = new TalosPatch(app, 'talos', { talos, manifests: [chart] });
  synthesize(app);
  configMap(chart, 'later');
  expect(synthesize(app).files.map(({ objects }) => objects)).toEqual([2, 2]);
  expect(patch.render().controlplane).toContain('name: later');
});

test('files of an app with one file per object are reported', () => {
  const app = new App({
    outdir: join(folder, 'dist'),
    yamlOutputType: YamlOutputType.FILE_PER_RESOURCE,
    outputFileExtension: '.yml',
  });
  plainChart(app, 'a', 'one', 'two');
  expect(synthesize(app).files.map(({ file, objects }) => [file, objects])).toEqual([
    ['ConfigMap.one.yml', 1],
    ['ConfigMap.two.yml', 1],
  ]);
});

test('an app that writes files by other means is left alone', () => {
  const synth = jest.fn();
  class Own extends App {
    override synth(): void {
      synth();
    }
  }
  const app = new Own({ outdir: join(folder, 'dist') });
  plainChart(app, 'a', 'one');
  expect(synthesize(app).files).toEqual([]);
  expect(synth).toHaveBeenCalledTimes(1);
});

test('a warning names its construct, and is reported once for several', () => {
  const app = new App({ outdir: join(folder, 'dist') });
  const warned = (id: string, message: string): void => {
    const finding = { id: 'mine/x', level: 'warning', paths: ['a'], message, hint: 'Do it.' };
    Object.assign(new Construct(app, id), { findings: [finding] });
  };
  for (const [id, message] of [
    ['one', 'Same.'],
    ['two', 'Other.'],
    ['three', 'Same.'],
  ] as const)
    warned(id, message);
  const synthesis = synthesize(app);
  expect(synthesis.warnings.map((warning) => warning.in)).toEqual(['one', 'two', 'three']);
  const [, warnings] = describeSynthesis(synthesis).split('3 warnings:\n');
  expect(warnings?.split('\n')).toEqual([
    '[one, three]   ! a: Same. [mine/x]',
    '      Do it.',
    '[two]   ! a: Other. [mine/x]',
    '      Do it.',
  ]);
});

describe('no file is written', () => {
  const outdir = (): string => join(folder, 'dist');

  test('an error of a construct or a patch is reported by each patch', () => {
    const app = new App({ outdir: outdir() });
    const charts = [plainChart(app, 'a', 'same'), plainChart(app, 'b', 'same')];
    const bad = new Construct(app, 'bad');
    bad.node.addValidation({ validate: () => ['it is bad'] });
    expect(() => synthesize(app)).toThrow(/\[bad\] it is bad/);
    app.node.tryRemoveChild('bad');
    for (const id of ['p', 'q']) new TalosPatch(app, id, { talos, manifests: charts });
    expect(() => synthesize(app)).toThrow(/\[p, q\].*ConfigMap kube-system\/same/s);
    expect(existsSync(outdir())).toBe(false);
  });

  test('an object that is not JSON is an error', () => {
    const app = new App({ outdir: outdir() });
    configMap(plainChart(app, 'a', 'fine'), 'odd', { a: NaN });
    expect(() => synthesize(app)).toThrow('ConfigMap kube-system/odd: data.a is an invalid number');
    expect(existsSync(outdir())).toBe(false);
  });
});
