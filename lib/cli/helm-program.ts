/** The user's own Helm. */
import { spawnSync } from 'node:child_process';
import { parseAllDocuments } from 'yaml';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';
import { CommandError, EXIT } from './terminal';
import type { Exit } from './terminal';

/** What `Chart.yaml` says. */
export interface ChartName {
  readonly name: string;
  readonly version: string;
}

/** Most that Helm prints for Cilium is 1 MB. */
const MOST = 64 * 1024 * 1024;

/** Runs Helm. @throws CommandError when it cannot be started, and with Helm's words when it refuses. */
function helm(program: string, args: readonly string[], refused?: Exit): string {
  const { stdout, stderr, status, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: MOST });
  if (error !== undefined)
    throw new CommandError(`cannot start '${program}' (${error.message}); install Helm 3, or pass --helm PROGRAM.`);
  if (status !== 0)
    throw new CommandError(`'${program} ${args[0] ?? ''}' failed:\n${stderr.trim().replace(/^/gm, '  ')}`, refused);
  return stdout;
}

/** Name and version of a chart. */
export function readChart(program: string, chart: string): ChartName {
  const [document] = parseAllDocuments(helm(program, ['show', 'chart', chart]));
  const found: unknown = document === undefined || !('toJS' in document) ? undefined : document.toJS();
  if (!isMap(found) || typeof found.name !== 'string' || typeof found.version !== 'string')
    throw new CommandError(`'${chart}' has no Chart.yaml with a name and a version.`);
  return { name: found.name, version: found.version };
}

/** What `helm template` prints, as objects. YAML as Kubernetes reads it: 1.1. */
export function helmTemplate(program: string, args: readonly string[]): readonly KubernetesObject[] {
  const documents = parseAllDocuments(helm(program, ['template', ...args], EXIT.failed), {
    version: '1.1',
    uniqueKeys: false,
  });
  return (Array.isArray(documents) ? documents : []).flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new CommandError(`Helm printed YAML that cannot be read: ${error.message}`);
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}
