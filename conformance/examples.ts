import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Writes every example into its own folder, for the judges: conformance/examples.ts FOLDER. FOLDER/as-written holds them as
 * they are; FOLDER/<talos>-on-<contract> the same programs with another Talos. FOLDER/talos.json lists which Talos judges which patches,
 * and the expected result.
 */

/** The Talos of each example's patches, and whether its kube-proxy stays. */
const PATCHES: Readonly<
  Record<
    string,
    { readonly talos: string; readonly contract?: string; readonly kubeProxy: boolean; readonly kubeSpan?: boolean }
  >
> = {
  bgp: { talos: '1.14', kubeProxy: false },
  'bgp-talos': { talos: '1.14', kubeProxy: false },
  goldentooth: { talos: '1.14', kubeProxy: false },
  'tiles/tiles-test': { talos: '1.14', kubeProxy: false },
  'tiles/tiles-prod': { talos: '1.14', kubeProxy: false },
  'kubespan-native-routing': { talos: '1.11', kubeProxy: false, kubeSpan: true },
  'kubespan-1.14': { talos: '1.14', kubeProxy: false, kubeSpan: true },
  'homelab-l2': { talos: '1.14', kubeProxy: false },
  'host-firewall/1-audit': { talos: '1.14', kubeProxy: false },
  'host-firewall/2-enforced': { talos: '1.14', kubeProxy: false },
  'talos-guide/with-kube-proxy': { talos: '1.14', kubeProxy: true },
  'talos-guide/without-kube-proxy': { talos: '1.14', kubeProxy: false },
  'talos-guide/hosted': { talos: '1.14', kubeProxy: false },
  'talos-guide/gateway-api': { talos: '1.14', kubeProxy: false },
  'talos-guide/own-namespace': { talos: '1.14', kubeProxy: false },
  'talos-guide/kubespan': { talos: '1.14', kubeProxy: false, kubeSpan: true },
  'upgrade/1-start': { talos: '1.13', kubeProxy: false },
  'upgrade/2-cilium-1.19': { talos: '1.13', kubeProxy: false },
  'upgrade/3-cilium-1.20': { talos: '1.13', kubeProxy: false },
  'upgrade/4-talos-1.14': { talos: '1.14', contract: '1.13', kubeProxy: false },
  'upgrade/5-documents': { talos: '1.14', kubeProxy: false },
};

/** The Talos that every example with one Talos is written for, too. */
const TARGETS: readonly { readonly talos: string; readonly contract: string }[] = [
  { talos: '1.11', contract: '1.11' },
  { talos: '1.12', contract: '1.12' },
  { talos: '1.13', contract: '1.13' },
  { talos: '1.14', contract: '1.13' },
  { talos: '1.14', contract: '1.14' },
];

/** Examples of something that only one Talos has. */
const ONLY_ON: Readonly<Record<string, string>> = { 'bgp-talos': '1.14' };

const root = join(__dirname, '..');
/** Below the repository, so that programs there find the library. */
const sources = join(root, '.cache', 'example-sources');
const WORKERS = 2;

interface Run {
  readonly name: string;
  readonly program: string;
  readonly outdir: string;
}

async function main(out: string): Promise<void> {
  for (const folder of [out, sources]) rmSync(folder, { recursive: true, force: true });
  const examples = readdirSync(join(root, 'examples')).filter((name) =>
    existsSync(join(root, 'examples', name, 'main.ts')),
  );
  const written = examples.map((name): Run => ({
    name,
    program: join(root, 'examples', name, 'main.ts'),
    outdir: join(out, 'as-written', name, 'dist'),
  }));
  const varied = TARGETS.flatMap((target) =>
    examples
      .filter((name) => hasOneTalos(name) && (ONLY_ON[name] ?? target.talos) === target.talos)
      .map((name): Run => {
        const folder = `${target.talos}-on-${target.contract}`;
        return {
          name,
          program: varySource(name, join(sources, folder, name), target),
          outdir: join(out, folder, name, 'dist'),
        };
      }),
  );
  await runAll([...written, ...varied]);
  const cases = [...checkedCases(join(out, 'as-written'))];
  for (const { talos, contract } of TARGETS) {
    const folder = `${talos}-on-${contract}`;
    const present = patchFolders(join(out, folder));
    cases.push(...present.map((path) => caseOf(folder, path, talos, contract)));
  }
  writeFileSync(join(out, 'talos.json'), JSON.stringify(cases, undefined, 1));
  console.log(
    `${String(written.length)} examples, ${String(varied.length)} times with another Talos, ${String(cases.length)} patches`,
  );
}

/** Examples with several Talos releases are judged unchanged. */
function hasOneTalos(name: string): boolean {
  return sourcesOf(join(root, 'examples', name)).reduce((sum, text) => sum + (text.match(TALOS)?.length ?? 0), 0) === 1;
}

const TALOS = /talosVersion: '[^']+'/g;

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** A copy of an example for another Talos. Its origin and Kubernetes release change with it. */
function varySource(name: string, folder: string, { talos, contract }: (typeof TARGETS)[number]): string {
  cpSync(join(root, 'examples', name), folder, { recursive: true });
  for (const file of readdirSync(folder).filter((one) => one.endsWith('.ts'))) {
    const text = readFileSync(join(folder, file), 'utf8')
      .replace(/(generatedBy|kubernetesVersion): '[^']+',?/g, '')
      .replace(TALOS, `talosVersion: '${talos}', generatedBy: '${contract}'`);
    writeFileSync(join(folder, file), text);
  }
  return join(folder, 'main.ts');
}

async function runAll(runs: readonly Run[]): Promise<void> {
  const waiting = [...runs];
  const worker = async (): Promise<void> => {
    for (let run = waiting.shift(); run !== undefined; run = waiting.shift()) await runOne(run);
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
}

function runOne({ name, program, outdir }: Run): Promise<void> {
  mkdirSync(outdir, { recursive: true });
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    cwd: root,
    env: { ...process.env, CDK8S_OUTDIR: outdir },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (printed += data.toString()));
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${name} (${program}):\n${printed}`));
    });
  });
}

/** Patches as their examples write them; each must be in the table above. */
function checkedCases(out: string): readonly object[] {
  const [patched, known] = [patchFolders(out), Object.keys(PATCHES)];
  const stray = [
    ...patched.filter((path) => !known.includes(path)),
    ...known.filter((path) => !patched.includes(path)),
  ];
  if (stray.length > 0)
    throw new Error(
      `conformance/examples.ts does not agree with the examples about the patches of ${stray.join(', ')}.`,
    );
  return Object.entries(PATCHES).map(([path, { talos, contract = talos }]) =>
    caseOf('as-written', path, talos, contract),
  );
}

function patchFolders(out: string): readonly string[] {
  return readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^[^/]+\/talos\/(.*\/)?report\.json$/.test(path))
    .map((path) => path.replace('/talos', '').replace('/report.json', ''))
    .sort();
}

function caseOf(folder: string, path: string, talos: string, contract: string): object {
  const { kubeProxy, kubeSpan } = PATCHES[path] ?? { kubeProxy: false };
  return {
    folder: `${folder}/${path.replace(/^[^/]+/, '$&/talos')}`,
    talos,
    contract,
    expect: { cni: 'none', kubeProxy, ...(kubeSpan === undefined ? {} : { kubeSpan }) },
  };
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('conformance/examples.ts FOLDER: the folder to write to.');
void main(folder).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
