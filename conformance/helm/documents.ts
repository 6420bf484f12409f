import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rendered } from '../../lib/cilium/render';
import { templatesOf } from '../../lib/cilium/versions';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { helmDocuments } from '../../lib/releases/documents';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { Verdict } from './helm';

/*
 * The documents that `helm template` prints, in its order: the template of each, and which object it is. The table has a hash for each
 * version and value set, made with real Helm; `npm test` compares ours with it.
 */

/** Version -> value set -> hash of its documents. */
export type DocumentTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

const FILE = join(__dirname, 'documents.json');

export function readDocumentTable(): DocumentTable {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as DocumentTable) : {};
}

/** Writes what Helm printed for value sets of a version. */
export function writeDocumentTable(version: string, verdicts: ReadonlyMap<string, Verdict>): void {
  const table = readDocumentTable();
  const fresh = [...verdicts].flatMap(([id, verdict]) => {
    const documents = documentsOfHelm(verdict);
    return documents === undefined ? [] : [[id, digestOf(documents)] as const];
  });
  const versions = { ...table, [version]: { ...table[version], ...Object.fromEntries(fresh) } };
  writeFileSync(FILE, `${JSON.stringify(versions, undefined, 2)}\n`);
}

/** `templates/cilium-agent/daemonset.yaml DaemonSet kube-system/cilium`; `undefined` where Helm refuses, or is not there. */
export function documentsOfHelm({ objects, sources }: Verdict): readonly string[] | undefined {
  return sources && objects?.map((object, i) => line(sources[i], object));
}

export function documentsOf({ objects, context }: Pick<Rendered, 'objects' | 'context'>): readonly string[] {
  const documents = helmDocuments(objects, templatesOf(context.profile), context.v as unknown as JsonObject);
  return documents.map(({ object, source }) => line(source, object));
}

export function digestOf(documents: readonly string[]): string {
  return createHash('sha256').update(documents.join('\n')).digest('hex').slice(0, 16);
}

/** Jobs have a hash of template text in their names, which no two programs make alike. */
function line(source: string | undefined, { kind, metadata: { namespace = '', name } }: KubernetesObject): string {
  return `${source ?? '?'} ${kind} ${namespace}/${name.replace(/-[0-9a-f]{10}$/, '-<hash>')}`;
}
