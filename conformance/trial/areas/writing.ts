import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import fc from 'fast-check';
import { CiliumError, TalosCluster, TalosPatch, synthesize } from '../../../lib';
import type { SynthResult } from '../../../lib';
import type { Area, Fault } from '../area';
import { hostileText } from '../hostile';
import { Sandbox, changesOf } from '../sandbox';
import { findingsFault, isFault, tried } from '../verdict';

interface WritingCase {
  readonly outdir: string;
  readonly extension: string | undefined;
  readonly output: YamlOutputType;
  readonly charts: readonly string[];
  /** Output folders of patches. */
  readonly patches: readonly (string | undefined)[];
  /** What is there before: a file, a folder, or where a link leads. */
  readonly there: readonly { readonly path: string; readonly what: string }[];
  readonly byApp: boolean;
}

const talos = new TalosCluster({ talosVersion: '1.14', nameservers: ['1.1.1.1'] });
let sandbox: Sandbox | undefined;

function appOf(input: WritingCase, box: Sandbox): App | undefined {
  const outdir = box.inside(input.outdir);
  const folders = input.patches.map((folder) => (folder === undefined ? undefined : box.inside(folder)));
  if (outdir === undefined || folders.some((folder, i) => folder === undefined && input.patches[i] !== undefined))
    return undefined;
  const app = new App({
    outdir,
    yamlOutputType: input.output,
    ...(input.extension === undefined ? {} : { outputFileExtension: input.extension }),
  });
  const charts = input.charts.map((id, i) => {
    const chart = new Chart(app, id);
    new ApiObject(chart, 'object', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `c-${String(i)}`, namespace: 'default' },
      data: { a: 'b' },
    });
    return chart;
  });
  for (const [i, folder] of folders.entries())
    new TalosPatch(app, `talos-${String(i)}`, {
      talos,
      manifests: charts.slice(0, 1),
      target: 'plain',
      ...(folder === undefined ? {} : { outdir: folder }),
    });
  return app;
}

/** cdk8s refuses some ids and names with errors of its own, before anything of this library runs. */
function built(input: WritingCase, box: Sandbox): App | undefined {
  try {
    return appOf(input, box);
  } catch (error) {
    if (error instanceof CiliumError) throw error;
    return undefined;
  }
}

const write = (input: WritingCase, app: App): SynthResult | undefined => {
  // Without a patch `app.synth()` is that of cdk8s alone.
  if (!input.byApp || input.patches.length === 0) return synthesize(app);
  app.synth();
  return undefined;
};

const noted =
  (act: () => SynthResult | undefined): (() => SynthResult | undefined) =>
  () => {
    const original = process.stderr.write.bind(process.stderr);
    process.stderr.write = () => true;
    try {
      return act();
    } finally {
      process.stderr.write = original;
    }
  };

async function judge(input: WritingCase): Promise<Fault | undefined> {
  const box = (sandbox ??= new Sandbox());
  box.fill(thereOf(input));
  const before = box.picture();
  const started = await tried(() => built(input, box));
  if (isFault(started)) return started;
  if (started.error !== undefined || started.value === undefined) return undefined;
  const app = started.value;
  const ended = await tried(noted(() => write(input, app)));
  const after = box.picture();
  if (isFault(ended)) {
    const half = changesOf(before, after);
    return half.length === 0
      ? ended
      : { kind: `${ended.kind}, and something is written`, detail: `${half.join('\n')}\n${ended.detail}` };
  }
  if (ended.error !== undefined) {
    const half = changesOf(before, after).filter((change) => after.get(change.slice(2)) !== 'folder');
    return half.length === 0
      ? undefined
      : {
          kind: 'something is written although it is refused',
          detail: `${half.join('\n')}\n${ended.error.message.slice(0, 400)}`,
        };
  }
  return writtenFault(input, ended.value, app.outdir, { before, after }) ?? (await againFault(input, box, after));
}

interface Pictures {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/** Every file is there as reported, and nothing else. */
function writtenFault(
  input: WritingCase,
  result: SynthResult | undefined,
  outdir: string,
  { before, after }: Pictures,
): Fault | undefined {
  const gone = [...before].filter(([path, what]) => what !== 'folder' && !after.has(path)).map(([path]) => path);
  if (gone.length > 0) return { kind: "someone else's file is gone", detail: gone.join('\n') };
  const isMeant = (path: string): boolean =>
    /\.new|\.tmp$|~$/.test(input.extension ?? '') && path.endsWith(input.extension ?? '');
  const rest = [...after.keys()].filter(
    (path) =>
      /\.new(?:\.|$)|\.tmp$|~$/.test(path) && !before.has(path) && after.get(path) !== 'folder' && !isMeant(path),
  );
  if (rest.length > 0) return { kind: 'a file that was in the making is left', detail: rest.join('\n') };
  for (const [path, what] of before)
    if (what.startsWith('outside') && after.get(path) !== what)
      return { kind: 'a file outside is changed', detail: path };
  if (result === undefined) return undefined;
  const fault = findingsFault(result.warnings);
  if (fault !== undefined) return fault;
  const names = result.files.map(({ file }) => join(outdir, file));
  if (new Set(names).size !== names.length) return { kind: 'one file is written twice', detail: names.join('\n') };
  for (const { file, sha256 } of result.files) {
    const hash = createHash('sha256')
      .update(readFileSync(join(outdir, file)))
      .digest('hex');
    if (hash !== sha256) return { kind: 'a file is not what is reported', detail: file };
  }
  const outside = after.get('../outside');
  return outside === before.get('../outside')
    ? undefined
    : { kind: 'a link is followed', detail: `outside is changed by ${input.outdir}` };
}

/** A second run gives the same files. */
async function againFault(
  input: WritingCase,
  box: Sandbox,
  first: ReadonlyMap<string, string>,
): Promise<Fault | undefined> {
  const app = built(input, box);
  if (app === undefined) return undefined;
  const ended = await tried(noted(() => write(input, app)));
  if (isFault(ended)) return { ...ended, kind: `the second time: ${ended.kind}` };
  if (ended.error !== undefined)
    return { kind: 'the second run is refused', detail: ended.error.message.slice(0, 600) };
  const changed = changesOf(first, box.picture());
  return changed.length === 0 ? undefined : { kind: 'the second run gives other files', detail: changed.join('\n') };
}

function thereOf({ there }: WritingCase): Readonly<Record<string, string | null | { readonly to: string }>> {
  const made: Record<string, string | null | { readonly to: string }> = {
    '../outside': 'of someone else\n',
    'foreign.txt': 'x\n',
  };
  const box = sandbox ?? new Sandbox();
  for (const { path, what } of there) {
    if (path === '' || box.inside(path) === undefined || path.startsWith('/') || path.includes('..')) continue;
    made[path] = what === 'folder' ? null : what.startsWith('-> ') ? { to: what.slice(3) } : what;
  }
  return made;
}

const folder = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      'dist',
      'out/talos',
      'out',
      './dist',
      'dist/',
      'out/../dist',
      'dist/talos',
      'link',
      'link/p',
      'real/p',
      'my out',
      'DIST',
      '.',
      'dist//talos',
      'dist/controlplane.patch.yaml',
    ),
  },
  { weight: 1, arbitrary: hostileText },
);
const chart = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'a',
      'b',
      'A',
      'controlplane',
      'controlplane.patch',
      'all',
      'report',
      'talos',
      'talos/controlplane',
    ),
  },
  { weight: 1, arbitrary: hostileText },
);
const path = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        'dist',
        'out',
        'out/talos',
        'link',
        'real',
        'dist/a.k8s.yaml',
        'dist/talos',
        'dist/talos/controlplane.patch.yaml',
        'dist/talos/report.json',
        'dist/other.txt',
        'dist/b.k8s.yaml',
      ],
      ...[
        'out/talos/controlplane.patch.yaml',
        'out/talos/report.json',
        'dist/a.k8s.yaml.new',
        'dist/talos/controlplane.patch.yaml.new',
      ],
    ),
  },
  { weight: 1, arbitrary: hostileText },
);
const what = fc.constantFrom(
  ...[
    'x\n',
    '',
    '{}',
    '{"schema": 1}',
    '[]',
    '{"files": 5}',
    '\u0000\u0001',
    'folder',
    'folder',
    '-> ../outside',
    '-> real',
    '-> .',
    '-> link',
    '-> nowhere',
    '-> /dev/null',
    '-> dist',
  ],
);

/** Files, folders and links. */
export const writing: Area<WritingCase> = {
  name: 'writing',
  about:
    'synthesize and app.synth() into hostile folders, under hostile names, over files, folders and links that are there',
  cases: fc.record({
    outdir: folder,
    extension: fc.option(fc.oneof(fc.constantFrom('.yaml', '.k8s.yaml', '.json', ''), hostileText), {
      nil: undefined,
      freq: 3,
    }),
    output: fc.constantFrom(
      YamlOutputType.FILE_PER_CHART,
      YamlOutputType.FILE_PER_APP,
      YamlOutputType.FILE_PER_RESOURCE,
      YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
    ),
    charts: fc.uniqueArray(chart, { minLength: 1, maxLength: 3 }),
    patches: fc.array(fc.option(folder, { nil: undefined }), { maxLength: 2 }),
    there: fc.array(fc.record({ path, what }), { maxLength: 3 }),
    byApp: fc.boolean(),
  }),
  judge,
  program: (input) =>
    `// below an empty folder with the file foreign.txt, beside it a file outside\n${JSON.stringify(input)}`,
  stop: () => {
    sandbox?.remove();
    sandbox = undefined;
  },
};
