import { deepEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FILES, LINES } from '../../../__tests__/cli/template-lines';
import { runProgram } from '../../../lib/cli/program';
import { describeDifference } from '../../../lib/helm/difference';
import { CILIUM_VERSIONS } from '../../../imports/cilium-chart';
import { comparison } from '../../../lib/releases/comparison';
import { flagsOf } from './flags';
import type { Flag } from './flags';
import { digestOfPrinted, printedByHelm, sidesOf } from './judge';
import type { Printed } from './judge';
import { wordsOf } from './shell';
import type { Line, Words } from './shell';
import { runMain } from '../../run-main';

/*
 * Lines of `helm template` through a shell, our command and real Helm: `check.ts --charts FOLDER [--write] [--sample N] [--helm4 PROGRAM] [FILE]`.
 * The lines are those of `npm test`, or of a file with `%%` lines between them: such lines are read from where they are, and
 * not committed. `--write` writes what Helm printed into the table of `npm test` (`npm run format` lays it out).
 */

const FLAGS = join(__dirname, '..', '..', '..', '__tests__', 'cli', 'helm-flags.json');
const TABLE = join(__dirname, '..', '..', '..', '__tests__', 'cli', 'template-lines.json');

/** For variables that scripts set elsewhere. */
const VARIABLES = {
  version: [
    'V',
    'ver',
    'VERSION',
    'cilium_version',
    'CILIUM',
    'CILIUM_VERSION',
    'CHART_VERSION',
    'CILIUM_DEFAULT_VERSION',
  ],
  others: {
    CILIUM_TARGET_VERSION: '1.20.0',
    INITIAL_CILIUM_MINOR: '1.19',
    NAMESPACE: 'kube-system',
    HELM_CHART_NAME: 'cilium',
    KUBERNETES_API_SERVER_ADDRESS: '192.168.121.5',
    KUBERNETES_API_SERVER_PORT: '6443',
    API_SERVER_IP: '10.0.0.7',
    API_SERVER_PORT: '6443',
    APISERVER_IP: '10.0.0.7',
    APISERVER_PORT: '6443',
    foo: '10.0.0.7',
    POD_CIDR: '10.244.0.0/16',
    REPO: 'repo',
    ROOT: 'repo',
    VALUES_FILE: 'v.yaml',
    CILIUM_VALUES: 'v.yaml',
    values: 'v.yaml',
    chart: 'cilium-1.20.0.tgz',
    TEMPLATE_TYPE: 'test',
    K8S: '1.35.0',
    RELEASE: 'v1.35.0',
    REGISTRY: 'registry.example.org',
    TAG: 'v1.19.4',
    CILIUM_CI_TAG: '0123abc',
    CLUSTER_ID: '7',
    CLUSTER_NAME: 'west',
    s: 'site1',
  },
};

async function main(): Promise<number> {
  const { values: options, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      charts: { type: 'string', default: process.env.CILIUM_CHARTS },
      write: { type: 'boolean', default: false },
      sample: { type: 'string', default: '1' },
      helm4: { type: 'string' },
    },
  });
  const { charts } = options;
  if (charts === undefined || charts === '') throw new Error('Give the folder of cilium-<version>.tgz with --charts.');
  const [file] = positionals;
  const lines =
    file === undefined ? [...LINES.filter(({ exit = 0 }) => exit === 0), ...localLines(charts)] : readLines(file);
  const chosen = lines.filter((_, i) => i % Number(options.sample) === 0);
  const folder = mkdtempSync(join(tmpdir(), 'helm-lines-'));
  const home = process.cwd();
  try {
    for (const name of VARIABLES.version) process.env[name] = '1.19.4';
    Object.assign(process.env, VARIABLES.others);
    const words = wordsOf(chosen, folder, FILES);
    process.chdir(folder);
    const helm = helmProgram(home);
    const found: Record<string, string | null> = {};
    let bad = 0;
    for (const [i, { line }] of chosen.entries()) {
      const { problems, digest } = await compare(words[i] ?? [], {
        charts,
        helm,
        folder,
        isPublic: file !== undefined,
      });
      if (LINES.some((row) => row.line === line)) found[line] = digest;
      if (problems.length === 0) continue;
      bad += 1;
      console.log([`✗ ${line}`, ...problems.slice(0, 8).map((one) => `    ${one}`)].join('\n'));
    }
    console.log(`${String(chosen.length - bad)} of ${String(chosen.length)} lines print what Helm prints`);
    checkFlags({ 3: helm, ...(options.helm4 !== undefined && { 4: options.helm4 }) }, options.write);
    if (options.write) writeFileSync(TABLE, JSON.stringify(found));
    else if (file === undefined) {
      const table = JSON.parse(readFileSync(TABLE, 'utf8')) as Readonly<Record<string, string | null>>;
      const known = Object.fromEntries(Object.keys(found).map((line) => [line, table[line]]));
      deepEqual(known, found, 'The table is not what Helm prints; run with --write and look at the difference.');
    }
    return bad === 0 ? 0 : 1;
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
}

/** The flags that each Helm lists are those of `npm test`. */
function checkFlags(programs: Readonly<Record<string, string>>, isWritten: boolean): void {
  const known = JSON.parse(readFileSync(FLAGS, 'utf8')) as Readonly<Record<string, readonly Flag[]>>;
  const listed = Object.entries(programs).map(([version, program]) => {
    const help = execFileSync(program, ['template', '--help'], { encoding: 'utf8' });
    return [version, flagsOf(help)] as const;
  });
  if (isWritten) writeFileSync(FLAGS, JSON.stringify({ ...known, ...Object.fromEntries(listed) }));
  else
    for (const [version, flags] of listed)
      deepEqual(known[version], flags, `Helm ${version} has other flags; run with --write.`);
}

interface Setting {
  readonly charts: string;
  readonly helm: string;
  readonly folder: string;
  readonly isPublic: boolean;
}

async function compare(
  given: Words,
  { charts, helm, folder, isPublic }: Setting,
): Promise<{ readonly problems: readonly string[]; readonly digest: string | null }> {
  const words = isPublic ? madeUsable(given) : given;
  if (isPublic) writeMissingFiles(words, folder);
  const silent = await captured(() => Promise.resolve(sidesOf(words, charts)));
  if (silent.result === undefined) return { problems: [`we refuse: ${silent.error}`], digest: null };
  const sides = silent.result;
  const printed = printedByHelm(helm, sides.helm, folder);
  const plain = isPublic ? await captured(() => runProgram(['template', ...words])) : undefined;
  const ours = await captured(() => runProgram(['template', ...sides.ours]));
  if (plain !== undefined && plain.result !== 0)
    console.log(`  stopped: ${plain.err.split('\n').slice(0, 4).join(' | ')}`);
  const digest = 'refusal' in printed ? null : digestOfPrinted(printed);
  if ('refusal' in printed) {
    const isRefused = ours.result !== 0;
    return { problems: isRefused ? [] : [`Helm refuses, we print: ${printed.refusal}`], digest };
  }
  if (ours.result !== 0) return { problems: [`Helm prints, we refuse: ${ours.err}`], digest };
  const { documents } = JSON.parse(ours.out) as { readonly documents: readonly Printed[] };
  const differences = comparison(
    printed.map(({ object }) => object),
    documents.map(({ object }) => object),
  ).map(describeDifference);
  const same = digestOfPrinted(documents) === digest;
  return { problems: differences.length > 0 || same ? differences : ['another order, or other templates'], digest };
}

interface Captured<T> {
  readonly result?: T;
  readonly error?: string;
  readonly out: string;
  readonly err: string;
}

/** What work prints. */
async function captured<T>(work: () => Promise<T>): Promise<Captured<T>> {
  const { stdout, stderr } = process;
  const [out, err] = [stdout.write.bind(stdout), stderr.write.bind(stderr)];
  const text = { out: '', err: '' };
  stdout.write = (chunk: unknown) => ((text.out += String(chunk)), true);
  stderr.write = (chunk: unknown) => ((text.err += String(chunk)), true);
  try {
    return { result: await work(), ...text };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), ...text };
  } finally {
    stdout.write = out;
    stderr.write = err;
  }
}

/** An archive and unpacked charts: as they are, and with other defaults. */
function localLines(charts: string): readonly Line[] {
  const archive = join(resolve(charts), 'cilium-1.19.6.tgz');
  const unpack = `mkdir -p copy && tar xzf '${archive}' -C copy`;
  return [
    { line: `helm template cilium '${archive}' -n kube-system --version 1.18.4` },
    { line: `${unpack}; helm template cilium ./copy/cilium -n kube-system -f base.yaml` },
    {
      line: "mkdir -p other && cp -r copy/cilium other && sed -i 's/^MTU: 0/MTU: 1432/' other/cilium/values.yaml; helm template cilium other/cilium -n kube-system",
    },
    {
      line:
        `mkdir -p net/charts && cp '${archive}' net/charts && printf 'apiVersion: v2\\nname: network\\nversion: 0.1.0\\ndependencies: [{name: cilium, ` +
        `version: 1.19.6, repository: https://helm.cilium.io}]\\n' > net/Chart.yaml && printf 'cilium: {MTU: 1400}\\n' > net/values.yaml; ` +
        `printf 'cilium: {operator: {replicas: 1}}\\n' > more.yaml; helm template net ./net -n kube-system -f more.yaml --set cilium.ipam.mode=kubernetes,cilium.MTU=1432`,
    },
    { line: "helm template net/ -n kube-system -s 'charts/cilium/templates/cilium-agent/*.yaml'" },
  ];
}

function readLines(file: string): readonly Line[] {
  return readFileSync(file, 'utf8')
    .split(/^%%$/m)
    .map((line) => ({ line: line.trim() }))
    .filter(({ line }) => line !== '');
}

/** Releases that we do not render become one that we do. */
function madeUsable(words: Words): Words {
  return words.map((word, i) => {
    const isVersion = words[i - 1] === '--version' || word.startsWith('--version=');
    const version = word.replace(/^--version=/, '');
    if (!isVersion || CILIUM_VERSIONS.some((known) => known === version.replace(/^v/, ''))) return word;
    return word.replace(version, '1.18.4');
  });
}

/** Values files that are not here get ordinary values. */
function writeMissingFiles(words: Words, folder: string): void {
  for (const [i, word] of words.entries()) {
    const isFile = words[i - 1] === '-f' || words[i - 1] === '--values';
    const name = isFile ? word : /^(?:--values=|-f=?)(.+)$/.exec(word)?.[1];
    for (const one of name?.split(',') ?? []) {
      const path = join(folder, one);
      const target = one.startsWith('/') ? one : path;
      if (existsSync(target)) continue;
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, 'ipam: {mode: kubernetes}\nhubble: {relay: {enabled: true}, ui: {enabled: true}}\n');
    }
  }
}

function helmProgram(home: string): string {
  return execFileSync('bash', [join(home, 'conformance/go-binary'), join(home, 'conformance/helm/program')], {
    encoding: 'utf8',
    env: { ...process.env, GO_PACKAGE: 'helm.sh/helm/v3/cmd/helm' },
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

runMain(main);
