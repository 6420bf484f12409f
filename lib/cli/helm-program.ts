/** The user's own Helm. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDocuments } from '../helm/yaml-values';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { CommandError, EXIT } from './terminal';

/** What Helm made of values: its objects, or why it refuses them. */
export type HelmOutcome = { readonly objects: readonly KubernetesObject[] } | { readonly refused: string };

/** Most that Helm prints for Cilium is 1 MB. */
const MOST = 64 * 1024 * 1024;

interface Ended {
  readonly ok: boolean;
  readonly out: string;
  readonly words: string;
}

/** Runs Helm. @throws CommandError when it cannot be started. */
function helm(program: string, args: readonly string[]): Ended {
  const { stdout, stderr, status, error, signal } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: MOST });
  if (error !== undefined)
    throw new CommandError(`cannot start '${program}' (${error.message}); install Helm, or pass --helm PROGRAM.`);
  const words = stderr.trim() === '' ? `it ended with ${signal ?? String(status)} and no message` : stderr.trim();
  return { ok: status === 0, out: stdout, words };
}

/** Gets a chart as `helm template` would, into a folder. @returns the path of the archive. */
export function helmPull(program: string, chart: string, version: string, folder: string): string {
  const { ok, words } = helm(program, ['pull', chart, '--version', version, '--destination', folder]);
  if (!ok) throw new CommandError(`'${program} pull ${chart} --version ${version}' failed:\n${indented(words)}`);
  const [archive] = readdirSync(folder);
  if (archive === undefined) throw new CommandError(`'${program} pull ${chart} --version ${version}' got no chart.`);
  return join(folder, archive);
}

/** What `helm template` prints, as objects. */
export function helmTemplate(program: string, args: readonly string[]): HelmOutcome {
  const { ok, out, words } = helm(program, ['template', ...args]);
  if (!ok) return { refused: words };
  const documents = readDocuments(out);
  // Of a name that a template writes twice, Kubernetes uses the last one.
  const [problem] = documents.flatMap(({ problems }) => problems.filter(({ id }) => id !== 'duplicate'));
  if (problem !== undefined)
    throw new CommandError(
      `'${program} template' printed YAML that cannot be read, at line ${String(problem.line)}: ${problem.message}`,
      EXIT.failed,
    );
  return { objects: documents.flatMap(({ data }) => (isMap(data) ? [data as unknown as KubernetesObject] : [])) };
}

/** Words of another program, apart from ours. */
export function indented(words: string): string {
  return words.replace(/^/gm, '  ');
}
