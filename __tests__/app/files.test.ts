import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { ApiObject, App, Chart, Testing, YamlOutputType } from 'cdk8s';
import type { AppProps } from 'cdk8s';
import { parseAllDocuments, stringify } from 'yaml';
import { CiliumError, TalosCluster, TalosPatch, synthesize } from '../../lib';
import { writeFiles } from '../../lib/app/write';
import { filesOf } from './program';

const { CDK8S_OUTDIR: inherited } = process.env;
let folder = '';
let printed = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'some files '));
  printed = '';
  delete process.env.CDK8S_OUTDIR;
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  if (inherited === undefined) delete process.env.CDK8S_OUTDIR;
  else process.env.CDK8S_OUTDIR = inherited;
  rmSync(folder, { recursive: true });
});

interface Options {
  readonly charts?: readonly string[];
  readonly nameservers?: readonly string[];
  readonly workers?: boolean;
  readonly props?: AppProps;
  /** Output folder, and those of patches, below the test's own; a patch without one has `undefined`. */
  readonly outdir?: string;
  readonly patches?: readonly (string | undefined)[];
}

const below = (path: string): string => `${folder}/${path}`;

function build({
  charts = ['a'],
  nameservers = [],
  workers = false,
  props,
  outdir = 'dist',
  patches = [undefined],
}: Options = {}): App {
  const app = new App({ outdir: below(outdir), ...props });
  const manifests = charts.map((id) => {
    const chart = new Chart(app, id);
    new ApiObject(chart, 'one', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: id, namespace: 'kube-system' },
    });
    return chart;
  });
  const labels = workers ? { workers: { nodeLabels: { 'example.test/x': 'y' } } } : {};
  const talos = new TalosCluster({ talosVersion: '1.13', nameservers, ...labels });
  patches.forEach((path, i) => {
    new TalosPatch(app, `p${String(i)}`, { talos, manifests, outdir: path === undefined ? undefined : below(path) });
  });
  return app;
}

/** The ids and facts of what is refused, with the test's own folder left out; an empty list when nothing is. */
function refused(app: App): readonly string[] {
  const before = filesOf(folder);
  try {
    app.synth();
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    expect(filesOf(folder)).toEqual(before);
    return error.findings.map(({ id, message, hint }) => {
      expect(hint).toMatch(/outdir|remove|outputFileExtension|Shorten/);
      return `${id} ${message.replaceAll(`${folder}/`, '')}`;
    });
  }
  return [];
}

const names = (): readonly string[] => Object.keys(filesOf(folder));
const WRITTEN = ['dist/a.k8s.yaml', 'talos/controlplane.patch.yaml', 'talos/report.json'];

describe('the folder of patches', () => {
  const INSIDE: readonly (readonly [string, string, () => void])[] = [
    ['the output folder itself', 'dist', () => undefined],
    ['a folder in it', 'dist/talos', () => undefined],
    ['a way round into it', 'elsewhere/../dist/./talos/', () => undefined],
    [
      'a link into it',
      'link/talos',
      () => {
        mkdirSync(below('dist'));
        symlinkSync('dist', below('link'));
      },
    ],
    [
      'a folder in what the output folder is a link to',
      'real/talos',
      () => {
        mkdirSync(below('real'));
        symlinkSync(below('real'), below('dist'));
      },
    ],
  ];

  test.each(INSIDE)('cannot be %s', (_, path, prepare) => {
    prepare();
    expect(refused(build({ patches: [path] }))).toEqual([
      expect.stringMatching(/^talos-patch\/outdir-inside '.*' is inside the output folder 'dist'/),
    ]);
  });

  test('cannot be in it in a relative spelling, nor in the folder of cdk8s-cli', () => {
    const app = build({ patches: [] });
    const talos = new TalosCluster({ talosVersion: '1.13' });
    new TalosPatch(app, 'p', { talos, manifests: [], outdir: relative('.', below('dist/talos')) });
    expect(refused(app)).toEqual([expect.stringContaining('talos-patch/outdir-inside')]);
    process.env.CDK8S_OUTDIR = below('cli');
    expect(refused(build({ patches: ['cli/talos'] }))).toEqual([
      expect.stringContaining("is inside the output folder 'cli'"),
    ]);
  });

  test('may be around the output folder, or have a name that only begins like it', () => {
    for (const path of ['.', 'dist-talos', 'dist.d/talos', '..dist'])
      expect(refused(build({ patches: [path] }))).toEqual([]);
  });

  test('is for one patch of an app, whatever the spelling', () => {
    mkdirSync(below('real'));
    symlinkSync('real', below('link'));
    const shared = expect.stringMatching(
      /^talos-patch\/outdir-shared The patch 'p0' of this app writes to the same folder/,
    );
    expect(refused(build({ patches: [undefined, undefined] }))).toEqual([shared]);
    expect(refused(build({ patches: ['real/p', 'link/p'] }))).toEqual([shared]);
    expect(refused(build({ patches: ['real/p', 'real/q/../p/'] }))).toEqual([shared]);
    expect(refused(build({ patches: ['real/p', 'real/q', 'talos/p'] }))).toEqual([]);
  });

  test('is for one output folder', () => {
    expect(refused(build({ outdir: 'out/prod' }))).toEqual([]);
    expect(refused(build({ outdir: 'out/dev' }))).toEqual([
      "talos-patch/outdir-taken 'out/talos' holds the patches of another output folder, '../prod'; that of this app is '../dev'.",
    ]);
    expect(refused(build({ outdir: 'out/dev', patches: ['out/talos-dev'] }))).toEqual([]);
    symlinkSync('prod', below('out/live'));
    expect(refused(build({ outdir: 'out/live', patches: ['out/talos'] }))).toEqual([]);
  });

  test('has to be a folder', () => {
    writeFileSync(below('talos'), 'notes');
    expect(refused(build())).toEqual(["talos-patch/outdir-file 'talos' is not a folder."]);
    expect(refused(build({ patches: ['talos/p'] }))).toEqual(["talos-patch/outdir-file 'talos' is not a folder."]);
    symlinkSync('nowhere', below('dangling'));
    expect(refused(build({ patches: ['dangling'] }))).toEqual(["talos-patch/outdir-file 'dangling' is not a folder."]);
  });

  test('may have blanks, backslashes and letters of any language', () => {
    for (const path of ['my patches', 'C:\\patches\\talos', 'Flicken für Köln']) {
      const app = build({ patches: [path] });
      expect(refused(app)).toEqual([]);
      expect(existsSync(join(below(path), 'controlplane.patch.yaml'))).toBe(true);
      const [, generate] = (app.node.findChild('p0') as TalosPatch).commands().create;
      expect(generate?.run).toMatch(/--config-patch-control-plane '@.*\/controlplane\.patch\.yaml'$/);
    }
  });
});

describe('the default folder of patches', () => {
  const folderOf = (outdir: string, env?: string): string => {
    if (env !== undefined) process.env.CDK8S_OUTDIR = env;
    return new TalosPatch(new App({ outdir }), 'p', {
      talos: new TalosCluster({ talosVersion: '1.13' }),
      manifests: [],
    }).outdir;
  };

  test.each([
    ['dist', undefined, 'talos'],
    ['out/prod/', undefined, 'out/talos'],
    ['./dist', undefined, 'talos'],
    ['/srv/app/dist', undefined, '/srv/app/talos'],
    ['.', undefined, '../talos'],
    ['dist', 'dist', 'talos'],
    ['dist/prod', 'dist', 'talos/prod'],
    ['dist/templates', 'dist/templates', 'dist/talos'],
  ])('is, for output folder %j and CDK8S_OUTDIR %j, %j', (outdir, env, expected) => {
    expect(folderOf(outdir, env)).toBe(expected);
  });

  test('lie in the folder of Chart.yaml with --format helm', () => {
    mkdirSync(below('dist/templates'), { recursive: true });
    writeFileSync(below('dist/Chart.yaml'), '');
    expect(folderOf(below('dist/templates'), below('dist/templates'))).toBe(below('talos'));
    expect(folderOf(below('dist/templates/prod'))).toBe(below('talos/prod'));
  });

  test('has the name of an output folder directly in the temporary folder, as of Testing.app()', () => {
    const apps = [Testing.app(), Testing.app()];
    const talos = new TalosCluster({ talosVersion: '1.13' });
    const patches = apps.map((app) => new TalosPatch(app, 'talos', { talos, manifests: [] }));
    for (const app of apps) app.synth();
    for (const [i, { outdir }] of patches.entries()) {
      expect(outdir).toBe(`${apps[i]?.outdir ?? ''}-talos`);
      expect(Object.keys(filesOf(outdir))).toEqual(['report.json']);
      rmSync(outdir, { recursive: true });
      rmSync(apps[i]?.outdir ?? '', { recursive: true });
    }
  });
});

describe('--stdout', () => {
  const rename = (name: string): string => {
    const path = join(dirname(folder), name);
    mkdirSync(path, { recursive: true });
    return path;
  };

  test('is the folder of cdk8s-cli, directly in the temporary folder, and nothing else', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'cdk8s-'));
    process.env.CDK8S_OUTDIR = temporary;
    const app = build({ props: { outdir: temporary } });
    app.synth();
    expect(Object.keys(filesOf(temporary))).toEqual(['a.k8s.yaml']);
    expect(existsSync(`${temporary}-talos`)).toBe(false);
    expect(printed).toBe(
      'cdk8s synth --stdout prints manifests only, so Talos patches are not written: p0. Run cdk8s synth for them.\n',
    );
    app.synth();
    synthesize(app);
    expect(printed.match(/--stdout/g)).toHaveLength(1);
    rmSync(temporary, { recursive: true });
  });

  test.each([
    ['another name', () => rename('cdk8s-app-of-mine')],
    ['not directly there', () => below('cdk8s-aB3dE6')],
    ['no name of mkdtemp', () => rename('cdk8s.outdir.aB3dE6')],
  ])('is not taken for it: %s', (_, make) => {
    const outdir = make();
    process.env.CDK8S_OUTDIR = outdir;
    const app = build({ props: { outdir } });
    app.synth();
    const patch = app.node.findChild('p0') as TalosPatch;
    expect(Object.keys(filesOf(patch.outdir))).toContain('controlplane.patch.yaml');
    expect(printed).toBe('');
    for (const path of [outdir, patch.outdir]) rmSync(path, { recursive: true });
  });

  test('is not taken for it where CDK8S_OUTDIR says nothing', () => {
    const temporary = mkdtempSync(join(tmpdir(), 'cdk8s-'));
    build({ props: { outdir: temporary } }).synth();
    expect(existsSync(join(`${temporary}-talos`, 'controlplane.patch.yaml'))).toBe(true);
    for (const path of [temporary, `${temporary}-talos`]) rmSync(path, { recursive: true });
  });
});

describe('files that are there', () => {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(below(path)), { recursive: true });
    writeFileSync(below(path), text);
  };
  const read = (path: string): string => readFileSync(below(path), 'utf8');

  test('stay when they are of others, even under our names', () => {
    for (const file of [
      'worker.yaml',
      'controlplane.yaml',
      'secrets.yaml',
      'worker.patch.yaml',
      'controlplane.patch.yaml.new',
    ]) {
      write(`talos/${file}`, file);
    }
    write('dist/b.k8s.yaml', 'b');
    for (let i = 0; i < 2; i++) {
      expect(refused(build())).toEqual([]);
      expect(names()).toHaveLength(WRITTEN.length + 6);
      expect(read('talos/worker.patch.yaml')).toBe('worker.patch.yaml');
      expect(read('talos/controlplane.patch.yaml.new')).toBe('controlplane.patch.yaml.new');
      expect(read('dist/b.k8s.yaml')).toBe('b');
    }
  });

  const IN_THE_WAY: readonly (readonly [string, () => void, string])[] = [
    [
      'an unknown patch',
      () => write('talos/controlplane.patch.yaml', 'mine'),
      "unknown-file 'talos/controlplane.patch.yaml' was not written by",
    ],
    [
      'a report of another program',
      () => write('talos/report.json', '{ "ok": true }'),
      "unknown-file 'talos/report.json' was not written by",
    ],
    [
      'a report that is not JSON',
      () => write('talos/report.json', 'ok'),
      "unknown-file 'talos/report.json' was not written by",
    ],
    [
      'a folder',
      () => mkdirSync(below('talos/controlplane.patch.yaml'), { recursive: true }),
      "unknown-file 'talos/controlplane.patch.yaml' is not a regular",
    ],
    [
      'a link',
      () => {
        write('elsewhere', 'mine');
        mkdirSync(below('talos'));
        symlinkSync('../elsewhere', below('talos/controlplane.patch.yaml'));
      },
      "unknown-file 'talos/controlplane.patch.yaml' is not a regular file",
    ],
  ];

  test.each(['/x', '10.0.0.0/33', 'a\\b', '\0', 'a\nb', '\ud800', 'x'.repeat(101)])(
    'the extension %j, which no file can have, is an error for every way of writing',
    (outputFileExtension) => {
      for (const yamlOutputType of [YamlOutputType.FILE_PER_CHART, YamlOutputType.FILE_PER_RESOURCE])
        expect(refused(build({ props: { outputFileExtension, yamlOutputType } }))).toEqual([
          expect.stringMatching(/^app\/file The extension ".*" is not the end of a file name\.$/),
        ]);
    },
  );

  test('a name that is too long for the file system is an error that names the file', () => {
    const app = build({ props: { yamlOutputType: YamlOutputType.FILE_PER_RESOURCE } });
    const name = `${'x'.repeat(62)}.`.repeat(3) + 'x'.repeat(60);
    new ApiObject(app.charts[0] as Chart, 'long', {
      apiVersion: 'cilium.io/v2alpha1',
      kind: 'CiliumCIDRGroup',
      metadata: { name },
      spec: { externalCIDRs: [] },
    } as never);
    expect(refused(app)).toEqual([
      `app/file 'dist/CiliumCIDRGroup.${name}.k8s.yaml' cannot be written: the name is too long (ENAMETOOLONG). No file was changed.`,
    ]);
  });

  test.each(IN_THE_WAY)('%s in the way is an error before anything is written', (_, prepare, expected) => {
    prepare();
    expect(refused(build({ charts: ['b'] }))).toEqual([expect.stringContaining(`talos-patch/${expected}`)]);
  });

  test('a folder where a manifest is to be, or a file where a folder is to be, is an error', () => {
    mkdirSync(below('dist/a.k8s.yaml'), { recursive: true });
    expect(refused(build())).toEqual(["app/file 'dist/a.k8s.yaml' is a folder."]);
    write('out', 'mine');
    expect(refused(build({ outdir: 'out' }))).toEqual(["app/file 'out' is not a folder."]);
  });

  test('are replaced, and deleted when they are no longer written', () => {
    build({ charts: ['a', 'old'], nameservers: ['1.1.1.1'], workers: true }).synth();
    expect(names()).toEqual([
      'dist/a.k8s.yaml',
      'dist/old.k8s.yaml',
      ...['all.patch.yaml', 'controlplane.patch.yaml', 'report.json', 'worker.patch.yaml'].map(
        (file) => `talos/${file}`,
      ),
    ]);
    build().synth();
    expect(names()).toEqual(WRITTEN);
    synthesize(build({ charts: ['b'] }));
    expect(names()).toEqual(['dist/b.k8s.yaml', ...WRITTEN.slice(1)]);
  });

  test('stay with a warning when they were edited and are no longer written', () => {
    build({ charts: ['a', 'old'], workers: true }).synth();
    write('talos/worker.patch.yaml', 'mine');
    write('dist/old.k8s.yaml', 'mine');
    build().synth();
    expect(printed.match(/^.*stays as it is.*$/gm)).toEqual(
      ['[] ', '[p0] '].map(
        (place, i) =>
          `${place}  ! '${below(['dist/old.k8s.yaml', 'talos/worker.patch.yaml'][i] ?? '')}' was changed after it was written and is not written any more; it stays as it is. [app/kept-file]`,
      ),
    );
    expect([read('talos/worker.patch.yaml'), read('dist/old.k8s.yaml')]).toEqual(['mine', 'mine']);
  });

  test('are still recognized when Git changed their line endings', () => {
    build({ nameservers: ['1.1.1.1'] }).synth();
    for (const [path, text] of Object.entries(filesOf(folder))) write(path, text.replaceAll('\n', '\r\n'));
    expect(refused(build({ charts: ['b'] }))).toEqual([]);
    expect(names()).toEqual(['dist/b.k8s.yaml', ...WRITTEN.slice(1)]);
  });

  test('are written anew when the report lists them, whatever they hold now', () => {
    build().synth();
    const before = filesOf(folder);
    write('talos/controlplane.patch.yaml', 'mine: true\n');
    rmSync(below('dist/a.k8s.yaml'));
    write('elsewhere', 'mine');
    symlinkSync('../elsewhere', below('dist/a.k8s.yaml'));
    const { warnings } = synthesize(build());
    expect(warnings.map(({ id, in: place }) => [id, place])).toEqual([
      ['app/changed-file', ''],
      ['app/changed-file', 'p0'],
    ]);
    build().synth();
    expect(filesOf(folder)).toEqual({ ...before, elsewhere: 'mine' });
    expect(printed).toBe('');
  });

  test('may be formatted: that is not a change, also where the program changed', () => {
    build({ charts: ['a', 'old'], workers: true, nameservers: ['1.1.1.1'] }).synth();
    for (const [path, text] of Object.entries(filesOf(folder)))
      write(
        path,
        path.endsWith('.json')
          ? JSON.stringify(JSON.parse(text))
          : `# Formatted\n---\n${parseAllDocuments(text, { version: '1.1' })
              .map((one) => stringify(one.toJS(), { version: '1.1', indent: 4, defaultStringType: 'QUOTE_DOUBLE' }))
              .join('---\n')}`.replaceAll('\n', '\r\n'),
      );
    expect(synthesize(build({ charts: ['a'], nameservers: ['9.9.9.9'] })).warnings).toEqual([]);
    expect(names()).toEqual([WRITTEN[0], 'talos/all.patch.yaml', ...WRITTEN.slice(1)]);
  });

  test('go with their patch, also where the first of several is gone', () => {
    const patches = ['talos/p', 'talos/q', 'talos/r'];
    build({ patches }).synth();
    write('talos/p/notes', 'mine');
    write('talos/q/controlplane.patch.yaml', 'mine');
    build({ patches: patches.slice(2) }).synth();
    expect(names().slice(1)).toEqual([
      'talos/p/notes',
      'talos/q/controlplane.patch.yaml',
      'talos/r/controlplane.patch.yaml',
      'talos/r/report.json',
    ]);
    expect(printed).toContain('app/kept-file');
  });

  test('are an error in the place of manifests where no report lists them', () => {
    write('dist/a.k8s.yaml', 'mine');
    expect(refused(build())).toEqual(["app/file 'dist/a.k8s.yaml' was not written by this library."]);
    write('dist/a.k8s.yaml', 'apiVersion: v1\nkind: ConfigMap\n');
    expect(refused(build())).toEqual([]);
    write('dist/b.k8s.yaml', 'apiVersion: v1\nkind: ConfigMap\n');
    expect(refused(build({ charts: ['a', 'b'] }))).toEqual([
      "app/file 'dist/b.k8s.yaml' was not written by this library.",
    ]);
  });

  test('are accepted without a report when they have the content to be written', () => {
    build().synth();
    rmSync(below('talos/report.json'));
    expect(refused(build())).toEqual([]);
  });

  test('are not deleted outside the folders when a report was manipulated', () => {
    build().synth();
    const hash = /"file": "a.k8s.yaml",\s*"sha256": "(\w+)"/.exec(read('talos/report.json'))?.[1] ?? '';
    write('precious.yaml', read('dist/a.k8s.yaml'));
    const report = JSON.parse(read('talos/report.json')) as { app: { files: object[] } };
    for (const file of ['../precious.yaml', below('precious.yaml'), 'x/../../precious.yaml'])
      report.app.files.push({ file, sha256: hash });
    write('talos/report.json', JSON.stringify(report));
    build({ charts: ['b'] }).synth();
    expect(names()).toEqual(['dist/b.k8s.yaml', 'precious.yaml', ...WRITTEN.slice(1)]);
  });

  test.each([
    ['app.synth()', (app: App) => app.synth()],
    ['synthesize', synthesize],
  ])('%s replaces a manifest that is a link, and leaves what it leads to', (_, run) => {
    write('precious', 'mine');
    mkdirSync(below('dist'));
    symlinkSync('../precious', below('dist/a.k8s.yaml'));
    run(build());
    expect(read('precious')).toBe('mine');
    expect(lstatSync(below('dist/a.k8s.yaml')).isFile()).toBe(true);
    expect(read('dist/a.k8s.yaml')).toContain('kind: ConfigMap');
  });

  test('a folder for each chart: that of a renamed chart goes, unless others have files in it', () => {
    const props = { yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE };
    build({ charts: ['a', 'b'], props }).synth();
    write('dist/b/notes', 'mine');
    build({ charts: ['c'], props }).synth();
    expect(names()).toEqual(['dist/b/notes', 'dist/c/ConfigMap.c.k8s.yaml', ...WRITTEN.slice(1)]);
    expect(existsSync(below('dist/a'))).toBe(false);
  });

  test('a report is the same on every machine: paths in it are relative', () => {
    const reports = ['one', 'two'].map((name) => {
      build({ outdir: `${name}/dist`, nameservers: ['1.1.1.1'] }).synth();
      return read(`${name}/talos/report.json`);
    });
    expect(reports[0]).toBe(reports[1]);
    expect(reports[0]).not.toContain(basename(realpathSync(folder)));
  });
});

test('a folder that no file system allows is an error', () => {
  // Linux: `mkdir` below /proc fails with ENOENT, on which Node's recursive `mkdir` never ends.
  expect(() => {
    writeFiles(['/proc/no-such/folder'], [{ path: '/proc/no-such/folder/file.yaml', text: '' }]);
  }).toThrow(/ENOENT|EACCES|EROFS|ENOTSUP/);
});
