/** Changes values in a YAML text in place: what is not changed stays byte for byte, comments included. */
import { isDeepStrictEqual } from 'node:util';
import { LineCounter, isMap, isScalar, parseAllDocuments } from 'yaml';
import type { Document, Node, Scalar, YAMLMap } from 'yaml';
import type { Json } from '../kubernetes/json';
import type { TextPlace } from '../helm/places';
import { commentsIn, endOfNode, entriesText, eolOf, inlineText, lineEnd, lineStart, pairOf } from './yaml-text';
import type { Entry } from './yaml-text';

/** A value that is removed, and what is written instead. */
export interface Edit {
  /** The names of its path below the values. */
  readonly path: readonly string[];
  /** The place of its name. */
  readonly place: TextPlace;
  /** Values by path; none removes it. The path itself replaces the value where it is. */
  readonly into: readonly Entry[];
}

/** A value that cannot be changed in place. */
class CannotRewrite extends Error {}

/** A text after its changes. */
export interface Rewritten {
  readonly text: string;
  /** Edits that were left out: the value comes from an alias or a template, or a change would alter anything else. */
  readonly refused: readonly { readonly edit: Edit; readonly reason: string }[];
}

/** The text with the changes; the places are those in the text as it is given. */
export function rewriteValues(text: string, edits: readonly Edit[]): Rewritten {
  const refused: { readonly edit: Edit; readonly reason: string }[] = [];
  const attempt = <T>(edit: Edit, work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof CannotRewrite)) throw error;
      refused.push({ edit, reason: error.message });
      return undefined;
    }
  };
  const placed = edits.map((edit) => ({ edit, root: attempt(edit, () => rootOf(text, edit)) }));
  const result = placed.reduce(
    (current, { edit, root }) =>
      root === undefined ? current : (attempt(edit, () => rewritten(current, root, edit)) ?? current),
    text,
  );
  return { text: result, refused };
}

/** Where the values are: the map at a path of a document, or in a text that a block scalar there holds. */
interface Root {
  readonly document: number;
  readonly path: readonly (string | number)[];
  /** The values are in the text of the block scalar at `path`: where in it. */
  readonly inside?: Root;
}

function rewritten(text: string, root: Root, edit: Edit): string {
  if (root.inside !== undefined) {
    const { inside } = root;
    return inBlock(text, root, (inner) => rewritten(inner, inside, edit));
  }
  const expected = expectedData(dataAt(text, root), edit);
  const name = edit.path.join('.');
  const result = edited(text, root, edit);
  let data: unknown;
  try {
    data = dataAt(result, root);
  } catch {
    data = undefined;
  }
  if (!isDeepStrictEqual(data, expected)) throw new CannotRewrite(`${name} cannot be changed in place.`);
  return result;
}

function edited(text: string, root: Root, { path, into }: Edit): string {
  const parent = path.slice(0, -1);
  const [only] = into;
  if (into.length === 1 && only !== undefined && isDeepStrictEqual(only.path, path)) {
    return replaceValue(text, mapAt(text, root, parent), path.at(-1) ?? '', only.value);
  }
  const map = mapAt(text, root, parent);
  // What begins in the same map, under a name that is free, is written in the place of the removed value.
  const isHere = (entry: Entry): boolean =>
    isDeepStrictEqual(entry.path.slice(0, parent.length), parent) && !map.has(entry.path[parent.length]);
  const here = into.filter(isHere);
  const source = sourceOf(text, map, path.at(-1) ?? '');
  const fresh = here.map((entry) => ({
    ...entry,
    path: entry.path.slice(parent.length),
    source: sameValue(entry, source),
  }));
  const placed = fresh.length > 0 ? replacePair(text, map, path.at(-1) ?? '', fresh) : removeValue(text, root, path);
  return into
    .filter((entry) => !isHere(entry))
    .reduce((current, entry) => insert(current, root, { ...entry, source: sameValue(entry, source) }), placed);
}

interface Source {
  readonly value: unknown;
  readonly text: string;
}

/** The text of a scalar, to keep its quotes. */
function sourceOf(text: string, map: YAMLMap, name: string): Source | undefined {
  const { value } = pairOf(map, name);
  if (!isScalar(value) || !value.range || /^[|>&!]/.test(text.slice(value.range[0]))) return undefined;
  return { value: value.toJSON(), text: text.slice(value.range[0], value.range[1]) };
}

function sameValue({ value }: Entry, source: Source | undefined): string | undefined {
  return source !== undefined && isDeepStrictEqual(source.value, value) ? source.text : undefined;
}

function replaceValue(text: string, map: YAMLMap, name: string, value: Json): string {
  const { value: node } = pairOf(map, name);
  if (!node?.range) throw new CannotRewrite(`${name} has no value.`);
  const end = endOfNode(node);
  const isLine = text[end - 1] === '\n';
  return `${text.slice(0, node.range[0])}${inlineText(value)}${isLine ? eolOf(text) : ''}${text.slice(end)}`;
}

function replacePair(text: string, map: YAMLMap, name: string, entries: readonly Entry[]): string {
  const { key, value } = pairOf(map, name);
  const [start, end] = [key.range?.[0] ?? 0, value === null ? (key.range?.[1] ?? 0) : endOfNode(value)];
  if (map.flow) return `${text.slice(0, start)}${entries.map(flowText).join(', ')}${text.slice(end)}`;
  const indent = start - lineStart(text, start);
  const [first = '', ...others] = entriesText(entries, indent);
  // Comments inside a value that spans lines are kept below it.
  const lost = text.slice(start, end).includes('\n') ? commentsIn(text, start, end) : [];
  const lines = [...others, ...lost.map((comment) => ' '.repeat(indent) + comment)];
  const head = `${text.slice(0, start)}${first.trimStart()}`;
  if (text[end - 1] === '\n') {
    return head + ['', ...lines, ''].join(eolOf(text)) + text.slice(end);
  }
  const stop = lineEnd(text, end);
  return head + text.slice(end, stop) + lines.map((line) => eolOf(text) + line).join('') + text.slice(stop);
}

function flowText({ path, value, source }: Entry): string {
  const [name = '', ...rest] = path;
  const inner =
    rest.length === 0
      ? (source ?? inlineText(value))
      : `{ ${flowText({ path: rest, value, ...(source !== undefined && { source }) })} }`;
  return `${inlineText(name)}: ${inner}`;
}

/** Removes a value, and the sections that would be left without any. */
function removeValue(text: string, root: Root, path: readonly string[]): string {
  let depth = path.length;
  while (depth > 1 && mapAt(text, root, path.slice(0, depth - 1)).items.length === 1) depth--;
  const map = mapAt(text, root, path.slice(0, depth - 1));
  const { key, value } = pairOf(map, path[depth - 1] ?? '');
  const [start, end] = [key.range?.[0] ?? 0, value === null ? (key.range?.[1] ?? 0) + 1 : endOfNode(value)];
  if (map.flow) return removeFlow(text, map, start, end);
  const isLast = map.items.length === 1;
  const indent = start - lineStart(text, start);
  const stop = text[end - 1] === '\n' ? end : lineEnd(text, end);
  const after = text[end - 1] === '\n' ? stop : Math.min(stop + (text.startsWith('\r\n', stop) ? 2 : 1), text.length);
  const kept = commentsIn(text, start, stop).map((comment) => `${' '.repeat(indent)}${comment}${eolOf(text)}`);
  // The values themselves stay a map.
  const empty = isLast ? `${' '.repeat(indent)}{}${eolOf(text)}` : '';
  return text.slice(0, lineStart(text, start)) + kept.join('') + empty + text.slice(after);
}

function removeFlow(text: string, map: YAMLMap, start: number, end: number): string {
  const next = map.items.map(({ key }) => (key as Node).range?.[0] ?? 0).find((other) => other > start);
  if (next !== undefined) return text.slice(0, start) + text.slice(next);
  const before = map.items
    .map(({ key, value }) => (value === null ? ((key as Node).range?.[1] ?? 0) : endOfNode(value as Node)))
    .filter((other) => other < start)
    .at(-1);
  return text.slice(0, before ?? start) + text.slice(end);
}

/** Writes a value that is not there, below the sections that are. */
function insert(text: string, root: Root, { path, value, source }: Entry): string {
  let depth = 0;
  let map = mapAt(text, root, []);
  while (depth < path.length - 1 && isMap(map.get(path[depth] ?? '', true))) {
    map = map.get(path[depth] ?? '', true) as unknown as YAMLMap;
    depth++;
  }
  const name = path[depth] ?? '';
  if (map.has(name)) {
    if (depth === path.length - 1) return replaceValue(text, map, name, value);
    throw new CannotRewrite(`${path.slice(0, depth + 1).join('.')} is not a section.`);
  }
  const entry = { path: path.slice(depth), value, ...(source !== undefined && { source }) };
  const last = map.items.at(-1);
  if (map.flow || last === undefined) {
    const close = (map.range?.[1] ?? 0) - 1;
    if (text[close] !== '}') throw new CannotRewrite(`${path.join('.')} has no place.`);
    const before = text.slice(0, close).trimEnd();
    const space = last === undefined ? ' ' : text.slice(before.length, close);
    return `${before.replace(/,$/, '')}${last === undefined ? '' : ','} ${flowText(entry)}${space}${text.slice(close)}`;
  }
  const start = (last.key as Node).range?.[0] ?? 0;
  const end = last.value === null ? ((last.key as Node).range?.[1] ?? 0) + 1 : endOfNode(last.value as Node);
  const indent = start - lineStart(text, start);
  const lines = entriesText([entry], indent).join(eolOf(text));
  if (text[end - 1] === '\n') return `${text.slice(0, end)}${lines}${eolOf(text)}${text.slice(end)}`;
  const stop = lineEnd(text, end);
  return `${text.slice(0, stop)}${eolOf(text)}${lines}${text.slice(stop)}`;
}

function documentsOf(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false });
  return Array.isArray(documents) ? documents : [];
}

function nodeAt(text: string, { document, path }: Root): Node {
  const found = documentsOf(text)[document];
  const node = found?.getIn(path, true) as Node | undefined;
  if (node === undefined || (found?.errors.length ?? 0) > 0) throw new CannotRewrite('The text cannot be read.');
  return node;
}

function dataAt(text: string, root: Root): unknown {
  const { document, path } = root;
  const found = documentsOf(text)[document];
  if (found === undefined || found.errors.length > 0) throw new CannotRewrite('The text cannot be read.');
  const data: unknown = found.toJS();
  return plain(
    path.reduce<unknown>((tree, step) => (tree as Record<string | number, unknown> | undefined)?.[step], data),
  );
}

/** A copy that can be compared: a timestamp of YAML 1.1 is a text. */
function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data ?? null)) as unknown;
}

/** The map at a path of the values. */
function mapAt(text: string, root: Root, path: readonly string[]): YAMLMap {
  const node = nodeAt(text, { ...root, path: [...root.path, ...path] });
  if (!isMap(node)) throw new CannotRewrite(`${path.join('.')} comes from an alias.`);
  return node;
}

/** The values after an edit, as plain data. */
function expectedData(data: unknown, { path, into }: Edit): unknown {
  const copy = plain(data) as Record<string, unknown>;
  const [only] = into;
  if (!(into.length === 1 && isDeepStrictEqual(only?.path, path))) removeIn(copy, path);
  for (const entry of into) putIn(copy, entry.path, entry.value);
  return copy;
}

function removeIn(tree: Record<string, unknown>, [name = '', ...rest]: readonly string[]): void {
  const child = (tree[name] ?? {}) as Record<string, unknown>;
  if (rest.length > 0) removeIn(child, rest);
  if (rest.length === 0 || Object.keys(child).length === 0) Reflect.deleteProperty(tree, name);
}

function putIn(tree: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) tree[name] = value;
  else putIn((tree[name] ??= {}) as Record<string, unknown>, rest, value);
}

/** Finds the values around a value. */
function rootOf(text: string, { path, place }: Edit): Root {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false, lineCounter: lines });
  const offset = (lines.lineStarts[place.line - 1] ?? 0) + place.column - 1;
  for (const [document, { contents }] of (Array.isArray(documents) ? documents : []).entries()) {
    const found = contents === null ? undefined : pathTo(contents as Node, offset, []);
    if (found === undefined) continue;
    if (found.scalar === undefined) {
      const above = found.path.length - path.length;
      // An alias has the place of its anchor.
      if (!isDeepStrictEqual(found.path.slice(above), path)) break;
      return { document, path: found.path.slice(0, above) };
    }
    const { inner, innerPlace } = blockAt(text, found.scalar, place);
    return { document, path: found.path, inside: rootOf(inner, { path, place: innerPlace, into: [] }) };
  }
  throw new CannotRewrite(`${path.join('.')} is not written as a name of a map.`);
}

/** The path to the name at an offset, or to the block scalar around it. */
function pathTo(
  node: Node,
  offset: number,
  path: readonly (string | number)[],
): { readonly path: readonly (string | number)[]; readonly scalar?: Scalar } | undefined {
  const [start = 0, , end = 0] = node.range ?? [];
  if (offset < start || offset >= end) return undefined;
  if (isScalar(node)) return node.type === 'BLOCK_LITERAL' ? { path, scalar: node } : undefined;
  const { items } = node as { readonly items?: readonly unknown[] };
  for (const [i, item] of (items ?? []).entries()) {
    if (!isMap(node)) {
      const found = pathTo(item as Node, offset, [...path, i]);
      if (found !== undefined) return found;
      continue;
    }
    const { key, value } = item as { readonly key: Node; readonly value: Node | null };
    const inside = [...path, String((key as Scalar).value)];
    if (key.range?.[0] === offset) return { path: inside };
    const found = value === null ? undefined : pathTo(value, offset, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Block {
  /** Where its lines begin and end. */
  readonly start: number;
  readonly end: number;
  readonly indent: number;
  readonly inner: string;
}

function blockOf(text: string, scalar: Scalar): Block {
  const [begin = 0, end = 0] = scalar.range ?? [];
  const start = lineEnd(text, begin) + (text.startsWith('\r\n', lineEnd(text, begin)) ? 2 : 1);
  const lines = text.slice(start, end).split('\n');
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  return { start, end, indent, inner: lines.map((line) => line.slice(indent)).join('\n') };
}

function blockAt(
  text: string,
  scalar: Scalar,
  place: TextPlace,
): { readonly inner: string; readonly innerPlace: TextPlace } {
  const { start, indent, inner } = blockOf(text, scalar);
  const line = place.line - text.slice(0, start).split('\n').length + 1;
  return { inner, innerPlace: { line, column: place.column - indent } };
}

/** Changes the text that a block scalar holds. */
function inBlock(text: string, root: Root, change: (inner: string) => string): string {
  const node = nodeAt(text, root);
  if (!isScalar(node)) throw new CannotRewrite('The values are not a text any more.');
  const { start, end, indent, inner } = blockOf(text, node);
  const lines = change(inner).split('\n');
  const indented = lines.map((line) => (line.trim() === '' ? line : ' '.repeat(indent) + line)).join('\n');
  return text.slice(0, start) + indented + text.slice(end);
}
