/**
 * Values files of old releases, rewritten by `upgrade --write` for a newer one, judged by Helm's own program:
 *   node --import tsx conformance/helm/upgrade.ts --helm HELM --charts FOLDER [--to 1.20.0] [FILE…]
 * FOLDER has the charts of both releases (`npm run fetch -- history`). A file's release is in its name, `lab-1.14.5.yaml`. Helm accepts the old
 * file with the old chart; then it accepts the new file with the new chart, our `check` finds no removed value in it but
 * those that `upgrade` named, every comment is still there, and a second run changes nothing.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { renderCilium } from '../../lib/cilium/render';
import { runProgram } from '../../lib/cli/program';
import { readInput } from '../../lib/inputs/read';
import { commentsIn } from '../../lib/inputs/yaml-text';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';

interface Verdict {
  readonly file: string;
  /** `not judged` when the old chart refuses the old file. */
  readonly verdict: 'good' | 'named' | 'wrong' | 'not judged';
  readonly words: readonly string[];
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    helm: { type: 'string' },
    charts: { type: 'string', default: process.env.CILIUM_HISTORY },
    to: { type: 'string', multiple: true, default: ['1.18.12', '1.20.0'] },
  },
});

async function main(): Promise<number> {
  const { helm = 'helm', charts, to } = options;
  if (charts === undefined) throw new Error('Give the folder of the charts with --charts.');
  const own = join(__dirname, 'old-values');
  const files = positionals.length > 0 ? positionals : readdirSync(own).map((name) => join(own, name));
  const folder = mkdtempSync(join(tmpdir(), 'upgrade-'));
  let wrong = 0;
  try {
    for (const target of to) {
      const verdicts: Verdict[] = [];
      for (const file of files) verdicts.push(await judge(file, target, { helm, charts, folder }));
      for (const { file, verdict, words } of verdicts)
        if (verdict !== 'good') console.log(`${target} ${verdict}: ${file}\n    ${words.join('\n    ')}`);
      const count = (verdict: Verdict['verdict']): string =>
        String(verdicts.filter((one) => one.verdict === verdict).length);
      console.log(
        `To ${target}: ${count('good')} good, ${count('named')} good but for what is named, ${count('wrong')} wrong, ${count('not judged')} not judged.`,
      );
      wrong += verdicts.filter((one) => one.verdict === 'wrong').length;
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return wrong === 0 ? 0 : 1;
}

interface Given {
  readonly helm: string;
  readonly charts: string;
  readonly folder: string;
}

async function judge(file: string, to: string, { helm, charts, folder }: Given): Promise<Verdict> {
  const from = /\d+\.\d+\.\d+/.exec(basename(file))?.[0] ?? '';
  const copy = join(folder, 'values.yaml');
  copyFileSync(file, copy);
  const before = readFileSync(file, 'utf8');
  const old = helmRefuses(helm, join(charts, `cilium-${from}.tgz`), copy);
  if (old !== undefined) return { file, verdict: 'not judged', words: [old] };
  const upgrade = async (): Promise<string> =>
    (await run(['upgrade', '--from', from, '--to', to, '-f', copy, '--write', '--json'])).stdout;
  const plan = JSON.parse(await upgrade()) as Plan;
  const after = readFileSync(copy, 'utf8');
  const kept = plan.values.filter(({ outcome }) => outcome === 'kept').map(({ path }) => path);
  const words = [...lostComments(before, after).map((comment) => `lost: ${comment}`)];
  await upgrade();
  if (readFileSync(copy, 'utf8') !== after) words.push('a second run changes the file again');
  const refused = helmRefuses(helm, join(charts, `cilium-${to}.tgz`), copy);
  const errors = findings(after, to).filter(({ level }) => level === 'error');
  const isNamed = (path: string): boolean => kept.some((one) => path === one || path.startsWith(`${one}.`));
  const removed = errors.filter(({ id }) => id === 'values/removed').flatMap(({ paths }) => paths);
  words.push(...removed.filter((path) => !isNamed(path)).map((path) => `${path} is still there and not named`));
  const said = plan.findings.filter(({ level }) => level === 'error');
  if (refused !== undefined && kept.length + said.length === 0) words.push(refused);
  if (words.length > 0) return { file, verdict: 'wrong', words };
  const named = [...kept.map((path) => `to decide: ${path}`), ...said.map(({ id, message }) => `${id}: ${message}`)];
  return {
    file,
    verdict: named.length > 0 ? 'named' : 'good',
    words: refused === undefined ? named : [...named, refused],
  };
}

interface Plan {
  readonly values: readonly { readonly path: string; readonly outcome: string }[];
  readonly findings: readonly Finding[];
}

/** Helm's words; `undefined` when it renders. */
function helmRefuses(helm: string, chart: string, values: string): string | undefined {
  const args = [
    'template',
    'cilium',
    chart,
    '--namespace',
    'kube-system',
    '--kube-version',
    '1.31.0',
    '--values',
    values,
  ];
  const { status, stderr } = spawnSync(
    helm,
    [
      ...args,
      ...['monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1/GatewayClass'].flatMap((api) => [
        '--api-versions',
        api,
      ]),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return status === 0 ? undefined : stderr.trim().split('\n').slice(0, 4).join(' | ').slice(0, 400);
}

function findings(text: string, version: string): readonly Finding[] {
  try {
    return renderCilium({
      version,
      values: readInput({ name: 'values', text }).values,
      kubeVersion: '1.31.0',
      apiVersions: ['monitoring.coreos.com/v1'],
    }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

function lostComments(before: string, after: string): readonly string[] {
  const left = [...commentsIn(after, 0, after.length)];
  return commentsIn(before, 0, before.length).filter((comment) => {
    const at = left.indexOf(comment);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Runs the program, and keeps what it prints. */
async function run(args: readonly string[]): Promise<{ readonly stdout: string }> {
  const printed: string[] = [];
  const [out, err] = [process.stdout.write.bind(process.stdout), process.stderr.write.bind(process.stderr)];
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  process.stderr.write = () => true;
  try {
    await runProgram(args);
  } finally {
    process.stdout.write = out;
    process.stderr.write = err;
  }
  return { stdout: printed.join('') };
}

void main().then((code) => {
  process.exitCode = code;
});
