/** Reads the nodes of a YAML document with the meaning they have to Helm. */
import type { Node, Pair, Scalar } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Json, JsonObject } from '../kubernetes/json';
import type { PlaceTree, TextPlace } from './places';
import { readPlainScalar } from './yaml-scalars';

/** Why a text is refused. */
export interface YamlProblem extends TextPlace {
  /** `syntax`, `duplicate`, `documents`, `name`, `tag`, `number`, `merge`, `alias` or `map`. */
  readonly id: string;
  readonly message: string;
  readonly hint: string;
}

/** A scalar, or a name, that means something else than it looks like. */
export interface SurprisingScalar extends TextPlace {
  readonly path: string;
  /** As written. */
  readonly text: string;
  readonly value: Json;
  /** The text ends with the file, which makes a difference between Helm 3 and Helm 4. */
  readonly isAtEnd?: true;
}

/** Aliases can repeat a text many times over; no values need more nodes than this. */
export const MAX_NODES = 100_000;

/** What a document is read into. */
export interface Reading {
  /** The place of an offset. */
  readonly placeAt: (offset: number) => TextPlace;
  readonly source: string;
  readonly problems: YamlProblem[];
  readonly surprises: SurprisingScalar[];
  /** Nodes being read: an alias back to one of them would never end. */
  readonly open: Set<Node>;
  /** The value of each anchor at this point of the text. */
  readonly anchors: Map<string, Node>;
  readonly budget: { nodes: number };
}

/** Records a problem at a node. */
export function report(
  { problems, placeAt }: Reading,
  node: Node | null,
  id: string,
  message: string,
  hint: string,
): undefined {
  problems.push({ id, ...placeAt(node?.range?.[0] ?? 0), message, hint });
  return undefined;
}

/** Nothing at all, or a null. */
export function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && isPlain(node) && readPlainScalar(String(node.value ?? '')).value === null);
}

/** Written without quotes and without a tag: the text decides what it is. */
function isPlain({ type, tag }: Scalar): boolean {
  return (type === undefined || type === 'PLAIN') && tag === undefined;
}

/** The places of what is read, by name or index. */
type Places = Map<string, PlaceTree>;

/** Reads a node; the places of what is in it are added to `places`. */
export function readNode(node: Node | null, path: string, reading: Reading, places: Places): Json | undefined {
  if (node === null) return null;
  if (--reading.budget.nodes < 0) {
    return reading.budget.nodes === -1
      ? report(reading, node, 'alias', 'Aliases repeat more than any values need.', 'Write the values out.')
      : undefined;
  }
  if (isAlias(node)) {
    const target = reading.anchors.get(node.source);
    if (target === undefined)
      return report(
        reading,
        node,
        'alias',
        `Unknown anchor &${node.source}.`,
        'Define it above, or write the value out.',
      );
    return readNode(target, path, reading, places);
  }
  if (reading.open.has(node))
    return report(reading, node, 'alias', 'An alias refers to a value that contains it.', 'Write the value out.');
  keepAnchor(node, reading);
  reading.open.add(node);
  const value = isScalar(node)
    ? readScalar(node, path, reading)
    : isSeq(node)
      ? readList(node.items, path, reading, places)
      : readAnyMap(node, path, reading, places);
  reading.open.delete(node);
  return value;
}

function keepAnchor(node: Node, { anchors }: Reading): void {
  const { anchor } = node as { readonly anchor?: string };
  if (anchor !== undefined) anchors.set(anchor, node);
}

function readAnyMap(node: Node, path: string, reading: Reading, places: Places): Json | undefined {
  return isMap(node)
    ? readMap(node, path, reading, places)
    : report(reading, node, 'syntax', 'Values contain only maps, lists and scalars.', 'Write one of these.');
}

function readList(items: readonly unknown[], path: string, reading: Reading, places: Places): Json {
  return items.map((item, i) => {
    const below: Places = new Map();
    const node = item as Node | null;
    places.set(String(i), { at: reading.placeAt(node?.range?.[0] ?? 0), below, block: blockOf(node, reading) });
    return readNode(node, `${path}[${i}]`, reading, below) ?? null;
  });
}

function readScalar(node: Scalar, path: string, reading: Reading): Json | undefined {
  const text = String(node.value ?? '');
  if (isCutByEnd(node, reading.source))
    reading.surprises.push({ ...reading.placeAt(node.range?.[0] ?? 0), path, text, value: text, isAtEnd: true });
  if (!isPlain(node)) return text;
  const { value, surprising } = readPlainScalar(text);
  if (value === undefined)
    return report(
      reading,
      node,
      'number',
      `${text} is a number that JSON cannot represent.`,
      'Write a finite number, or put it in quotes.',
    );
  if (surprising) reading.surprises.push({ ...reading.placeAt(node.range?.[0] ?? 0), path, text, value });
  return value;
}

/** A block without a line break after it, to which Helm 4 adds one. */
function isCutByEnd({ type, value, range }: Scalar, source: string): boolean {
  const isBlock = type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
  if (!isBlock || (range?.[1] ?? 0) < source.length) return false;
  return !/\n *$/.test(source) && String(value).endsWith('\n');
}

/** Reads a map; the places of its entries are added to `places`. */
export function readMap(
  { items }: { readonly items: readonly Pair[] },
  path: string,
  reading: Reading,
  places: Places,
): JsonObject {
  const result = new Map<string, Json>();
  const written = new Set<string>();
  for (const { key, value } of items) {
    if (isMergeKey(key)) {
      merge(value as Node | null, { result, written, path, key: key as Node, places }, reading);
      continue;
    }
    const name = readName(key as Node | null, path, reading);
    if (name === undefined) continue;
    const node = key as Node;
    if (written.has(name)) {
      report(
        reading,
        node,
        'duplicate',
        `Helm reads this as the name "${name}", which already occurs in the same map.`,
        'Keep one of them.',
      );
    }
    written.add(name);
    const below: Places = new Map();
    places.set(name, {
      at: reading.placeAt(node.range?.[0] ?? 0),
      below,
      block: blockOf(value as Node | null, reading),
    });
    const read = readNode(value as Node | null, path === '' ? name : `${path}.${name}`, reading, below);
    if (read !== undefined) result.set(name, read);
  }
  return Object.fromEntries(result);
}

/** Where the lines of a literal block are. */
function blockOf(node: Node | null, { placeAt, source }: Reading): PlaceTree['block'] {
  if (!isScalar(node) || node.type !== 'BLOCK_LITERAL' || node.range === undefined || node.range === null)
    return undefined;
  const [start, end] = node.range;
  const raw = source.slice(start, end).split('\n').slice(1);
  const first = raw.find((line) => line.trim() !== '') ?? '';
  const own = String(node.value)
    .split('\n')
    .find((line) => line.trim() !== '');
  const blanks = (line: string): number => line.length - line.trimStart().length;
  return { line: placeAt(start).line + 1, indent: blanks(first) - blanks(own ?? '') };
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && isPlain(key) && key.value === '<<';
}

interface MergeInto {
  readonly result: Map<string, Json>;
  readonly written: ReadonlySet<string>;
  readonly path: string;
  readonly key: Node;
  readonly places: Places;
}

/** `<<: *base` or `<<: [*first, *second]`: the first that has a name gives it; names written below replace it. */
function merge(value: Node | null, { result, written, path, key, places }: MergeInto, reading: Reading): void {
  const merged: Places = new Map();
  const read = readNode(value, path, reading, merged);
  const sources = Array.isArray(read) ? (read as readonly Json[]) : [read];
  for (const [i, source] of sources.entries()) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) {
      report(reading, key, 'merge', 'Only maps, or lists of maps, can be merged with <<.', 'Refer to a map.');
      continue;
    }
    for (const [name, item] of Object.entries(source as JsonObject)) {
      if (written.has(name)) {
        report(
          reading,
          key,
          'merge',
          `Helm would replace "${name}", which is written above, with the merged one.`,
          'Write << first, or leave one of them out.',
        );
      } else if (!result.has(name)) {
        result.set(name, item ?? null);
        const place = (Array.isArray(read) ? merged.get(String(i))?.below : merged)?.get(name);
        if (place !== undefined) places.set(name, place);
      }
    }
  }
}

/** Names are text to the chart, but Go reads them as values first: `on:` is the name "true", `0400:` the name "256". */
function readName(key: Node | null, path: string, reading: Reading): string | undefined {
  const node = isAlias(key) ? (reading.anchors.get(key.source) ?? null) : key;
  if (node !== null) keepAnchor(node, reading);
  const bad = (message: string): undefined =>
    report(reading, key, 'name', message, 'Write the name as text, in quotes if need be.');
  if (!isScalar(node)) return bad('A name must be text.');
  const text = String(node.value ?? '');
  if (!isPlain(node)) return text;
  const { value, surprising, integer } = readPlainScalar(text);
  const isSigned = integer !== undefined && integer < 2n ** 63n;
  if (value === null || value === undefined || (typeof value === 'number' && !isSigned)) {
    return bad(`"${text}" is not a name in Helm, but ${value === null ? 'null' : 'a number'}.`);
  }
  const name = String(integer ?? value);
  if (surprising)
    reading.surprises.push({
      ...reading.placeAt(node.range?.[0] ?? 0),
      path: `a name${path === '' ? '' : ` in ${path}`}`,
      text,
      value: name,
    });
  return name;
}
