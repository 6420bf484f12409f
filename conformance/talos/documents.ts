import { parseDocument, visit } from 'yaml';

/** One document of a patch file. */
export interface PatchDocument {
  /** Its text in the file. */
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** '' for the v1alpha1 document. */
  readonly kind: string;
  readonly name: string;
  /** The document as a whole is to be deleted. */
  readonly deleted: boolean;
}

/** The documents of a patch file; an empty one stays in the list, with no fields. */
export function documentsIn(text: string): readonly PatchDocument[] {
  return text.split(/^---\n/m).map((part) => {
    const parsed = parseDocument(part, { version: '1.1' });
    if (parsed.errors.length > 0) throw new Error(`The patch is not YAML: ${String(parsed.errors[0])}`);
    // A lone dot or sign is a number to the parser, and text to Go's.
    visit(parsed, { Scalar: (_, scalar) => void (Number.isNaN(scalar.value) && (scalar.value = scalar.source)) });
    const fields = (parsed.toJS() ?? {}) as Record<string, unknown>;
    const deleted = fields.$patch === 'delete';
    const { kind = '', name = '' } = fields;
    return { text: part, fields, kind: String(kind), name: String(name), deleted };
  });
}

function isDeleted(value: unknown): boolean {
  return (value as { $patch?: unknown } | null)?.$patch === 'delete';
}

/** The value without anything that is to be deleted. */
export function withoutDeletes(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isDeleted(item)).map(withoutDeletes);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => !isDeleted(item));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutDeletes(item)]));
}

/** The paths of everything below the root that is to be deleted, as lists of keys. */
export function deletedPaths(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    isDeleted(item) ? [[...path, key]] : deletedPaths(item, [...path, key]),
  );
}

/** What is at a path. */
export function atPath(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

/** Whether Talos merges two documents into one. */
export function isSame(a: PatchDocument, b: PatchDocument): boolean {
  return a.kind === b.kind && a.name === b.name;
}
