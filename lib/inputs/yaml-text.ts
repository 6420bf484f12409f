/** YAML as text: where things begin and end, and how values are written. */
import { Lexer, isCollection, isPair, isScalar, stringify } from 'yaml';
import type { Node, Scalar, YAMLMap } from 'yaml';
import type { Json } from '../kubernetes/json';

/** A value by its path. */
export interface Entry {
  readonly path: readonly string[];
  readonly value: Json;
  /** How a scalar is written already. */
  readonly source?: string | undefined;
}

/** The line ending of a text. */
export function eolOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the line of an offset ends, before its line ending. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? end - 1 : end;
}

/** Where the content of a node ends, without comments after it. */
export function endOfNode(node: Node): number {
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    const { key, value } = isPair(last)
      ? (last as unknown as { key: Node; value: Node | null })
      : { key: null, value: last as Node };
    if (value !== null && value !== undefined) return endOfNode(value);
    if (key !== null) return (key.range?.[1] ?? 0) + 1;
  }
  return node.range?.[1] ?? 0;
}

/** The entry of a map. */
export function pairOf(map: YAMLMap, name: string): { readonly key: Scalar; readonly value: Node | null } {
  const found = map.items.find(({ key }) => isScalar(key) && String(key.value) === name);
  return found as unknown as { readonly key: Scalar; readonly value: Node | null };
}

/** The comments between two offsets. */
export function commentsIn(text: string, start: number, end: number): readonly string[] {
  const found: string[] = [];
  let offset = 0;
  let isContent = false;
  for (const token of new Lexer().lex(text)) {
    // Marks of the lexer are not in the text: a scalar or a document follows.
    if (token === '\u0002' || token === '\u0018' || token === '\u001f') {
      isContent = token === '\u001f';
      continue;
    }
    if (!isContent && token.startsWith('#') && offset >= start && offset < end) found.push(token.trimEnd());
    isContent = false;
    offset += token.length;
  }
  return found;
}

/** A value on one line. */
export function inlineText(value: Json): string {
  return stringify(value, { version: '1.1', lineWidth: 0, collectionStyle: 'flow', singleQuote: true }).trimEnd();
}

/** Values by path as lines of a block. */
export function entriesText(entries: readonly Entry[], indent: number): readonly string[] {
  return treeLines(entries, ' '.repeat(indent));
}

function treeLines(entries: readonly Entry[], indent: string): readonly string[] {
  const names = [...new Set(entries.map(({ path }) => path[0] ?? ''))];
  return names.flatMap((name) => {
    const below = entries
      .filter(({ path }) => path[0] === name)
      .map((entry) => ({ ...entry, path: entry.path.slice(1) }));
    const [only] = below;
    const head = `${indent}${inlineText(name)}:`;
    if (only !== undefined && only.path.length === 0) return [`${head} ${only.source ?? inlineText(only.value)}`];
    return [head, ...treeLines(below, `${indent}  `)];
  });
}
