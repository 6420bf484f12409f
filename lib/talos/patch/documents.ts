import type { Json, JsonObject } from '../../kubernetes/json';
import type { Output, Statement } from '../cluster/setting';
import { isMap } from '../../kubernetes/json';

/**
 * The documents of one output: deletes of sections, documents that must exist, deletes of documents, then the v1alpha1 document, then
 * the others in the order of their first statement, then those placed last. In the middle every document appears once, because Talos
 * up to 1.13 rejects a file with duplicates.
 */
export function documentsOf(statements: readonly Statement[], output: Output): readonly JsonObject[] {
  const own = statements.filter((statement) => statement.output === output);
  const placed = (place?: Statement['place']): readonly JsonObject[] =>
    mergeDocuments(own.filter((statement) => statement.place === place));
  const [first, rest] = [placed('first'), placed()];
  const isSections = ({ kind }: JsonObject): boolean => kind === undefined;
  const isDocument = ({ kind }: JsonObject): boolean => kind !== undefined;
  return [
    ...first.filter(isSections),
    ...placed('there'),
    ...first.filter(isDocument),
    ...rest.filter(isSections),
    ...rest.filter(isDocument),
    ...placed('last'),
  ];
}

function mergeDocuments(statements: readonly Statement[]): readonly JsonObject[] {
  const documents = new Map<string, JsonObject>();
  for (const { document } of statements) {
    const id = `${String(document.kind)}/${String(document.name)}`;
    const known = documents.get(id);
    documents.set(id, known === undefined ? document : merge(known, document, id));
  }
  return [...documents.values()];
}

function merge(left: JsonObject, right: JsonObject, path: string): JsonObject {
  const result: Record<string, Json | undefined> = { ...left };
  for (const [key, value] of Object.entries(right)) {
    if (value === undefined) continue;
    const known = result[key];
    const place = `${path}.${key}`;
    if (known === undefined || known === value) result[key] = value;
    else if (isMap(known) && isMap(value)) result[key] = merge(known, value, place);
    else throw new Error(`Two settings write ${place}.`);
  }
  return result;
}
