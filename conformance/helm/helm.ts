import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import type { JsonObject } from '../../lib/kubernetes/json';
import { forHelm } from '../../lib/releases/declared-differences';
import type { Case } from './cases';

/** Helm's result for one case: objects, or its error. */
export interface Verdict {
  readonly id: string;
  readonly objects?: readonly KubernetesObject[];
  /** The templates of the objects, in their order; stored renders have none. */
  readonly sources?: readonly string[];
  readonly error?: string;
}

/** The source of Helm's results: chart archives for Helm itself, or a folder of stored renders `<version>.jsonl.gz`. */
export type Truth = { readonly charts: string } | { readonly stored: string };

/** Renders every case of one chart version with Helm, by default under the declared differences. Stored renders have only their own cases. */
export async function askHelm(
  truth: Truth,
  version: string,
  cases: readonly Case[],
  adjusted = forHelm,
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts =
    'stored' in truth
      ? storedVerdicts(truth.stored, version)
      : await renderedVerdicts(truth.charts, version, cases, adjusted);
  return new Map(verdicts.map((verdict) => [verdict.id, verdict]));
}

function storedVerdicts(folder: string, version: string): readonly Verdict[] {
  const lines = gunzipSync(readFileSync(join(folder, `${version}.jsonl.gz`))).toString('utf8');
  return lines.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Verdict]));
}

async function renderedVerdicts(
  charts: string,
  version: string,
  cases: readonly Case[],
  adjusted: (values: JsonObject) => JsonObject,
): Promise<readonly Verdict[]> {
  const chart = join(charts, `cilium-${version}.tgz`);
  if (!existsSync(chart))
    throw new Error(`No archive ${chart}: give the folder that holds cilium-<version>.tgz with --charts.`);
  const jobs = cases.map(({ values, ...environment }) =>
    JSON.stringify({ ...environment, chart, values: adjusted(values) }),
  );
  const answers = await pipe(helmJudge(), `${jobs.join('\n')}\n`);
  return answers.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Verdict]));
}

/** The program that renders with Helm's own Go packages, built once and kept outside the repository. */
function helmJudge(): string {
  return execFileSync('bash', [join(__dirname, '..', 'go-binary'), join(__dirname, 'judge')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

function pipe(command: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else reject(new Error(`${command} ended with ${String(code)}`));
    });
    child.stdin.end(input);
  });
}
