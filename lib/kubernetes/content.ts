import { createHash } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import { madeOnce } from './fixed';

/** What a text is known by. Line endings do not count: Git may have changed them. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}

/** What data is known by as it is, the order of its keys included. @throws TypeError for what JSON cannot hold. */
export function dataHash(data: object): string {
  return madeOnce(data, dataHash, () => createHash('sha256').update(JSON.stringify(data)).digest('base64'));
}

/**
 * What documents are known by, however they are written. Keys without a value do not count: a Kubernetes object is written without
 * them.
 */
export function contentHash(documents: readonly unknown[]): string {
  const hash = createHash('sha256');
  for (const document of documents) hash.update(madeOnce(document, contentHash, () => lineOf(document)));
  return hash.digest('hex');
}

function lineOf(document: unknown): string {
  return `${JSON.stringify(document, sortedKeys) ?? 'null'}\n`;
}

/** The same of YAML or JSON text; `undefined` for other text. */
export function contentHashOf(text: string): string | undefined {
  try {
    const documents = parseAllDocuments(text, { version: '1.1' });
    if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return undefined;
    const data = documents.map((one): unknown => one.toJS({ maxAliasCount: 0 }));
    return contentHash(data.filter((one) => one !== null));
  } catch {
    return undefined;
  }
}

/** Whether two texts differ at most in how the same data is written. */
export function isSameContent(one: string, other: string): boolean {
  if (hashOf(one) === hashOf(other)) return true;
  const content = contentHashOf(one);
  return content !== undefined && content === contentHashOf(other);
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== null && one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
