/** Reads YAML values with the meaning they have to Helm, and refuses what it would swallow in silence. */
import type { Document, Node, Pair, Scalar } from 'yaml';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Json, JsonObject } from '../kubernetes/json';
import { readPlainScalar } from './yaml-scalars';

/** A place in the text, counted from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

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
}

/** What a text holds. With problems the data is incomplete. */
export interface YamlValues {
  readonly data: JsonObject;
  readonly problems: readonly YamlProblem[];
  readonly surprises: readonly SurprisingScalar[];
}

/** Reads one document whose root is a map; an empty text is an empty map. Never throws. */
export function readYaml(text: string): YamlValues {
  const lines = new LineCounter();
  const documents = parseDocuments(text, lines);
  if (documents === undefined) {
    const message = 'This text is nested too deeply.';
    return {
      data: {},
      problems: [
        { id: 'syntax', line: 1, column: 1, message, hint: 'Look for a mistake: no values are nested that deeply.' },
      ],
      surprises: [],
    };
  }
  const problems = documents
    .flatMap(({ errors, warnings }) => [...errors, ...warnings])
    .map((error): YamlProblem => {
      const place = placeOf(lines, error.pos[0]);
      return error.code === 'DUPLICATE_KEY'
        ? {
            id: 'duplicate',
            ...place,
            message: 'This name occurs twice in the same map; Helm would silently use the last one.',
            hint: 'Keep one of them.',
          }
        : {
            id: 'syntax',
            ...place,
            message: `Invalid YAML: ${error.message}.`,
            hint: 'Repair the syntax at this place.',
          };
    });
  for (const { directives, range } of documents) {
    if (directives.yaml.explicit !== true || directives.yaml.version === '1.1') continue;
    problems.push({
      id: 'syntax',
      ...placeOf(lines, range[0]),
      message: 'Helm reads YAML 1.1 only.',
      hint: 'Remove the %YAML line.',
    });
  }
  const filled = documents.filter(({ contents }) => !isNothing(contents));
  const second = filled[1]?.contents?.range[0];
  if (second !== undefined) {
    problems.push({
      id: 'documents',
      ...placeOf(lines, second),
      message: 'A second document starts here; Helm would silently ignore it.',
      hint: 'Keep one document per file.',
    });
  }
  const surprises: SurprisingScalar[] = [];
  const document = filled[0];
  // The rest can be read in spite of a duplicate name.
  if (problems.some(({ id }) => id !== 'duplicate') || document === undefined) return { data: {}, problems, surprises };
  const reading: Reading = {
    lines,
    problems,
    surprises,
    open: new Set(),
    anchors: new Map(),
    budget: { nodes: MAX_NODES },
  };
  const root = document.contents;
  if (isMap(root)) return { data: readMap(root, '', reading), problems: onceEach(problems), surprises };
  report(reading, root, 'map', 'Expected a map of names to values.', 'Write "name: value" lines.');
  return { data: {}, problems, surprises };
}

/** The parser and the reading may both find a name that stands twice. */
function onceEach(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.id} ${String(problem.line)}:${String(problem.column)}`, problem]),
    ).values(),
  ];
}

/** The failsafe schema leaves every scalar a text, so that Go's rules decide what it means, not the library's. */
function parseDocuments(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | undefined {
  const options = {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    lineCounter,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  try {
    const parsed = parseAllDocuments(text, options);
    return Array.isArray(parsed) ? (parsed as readonly Document.Parsed[]) : [];
  } catch {
    return undefined; // the library recurses, and hostile text can exhaust the stack
  }
}

/** Aliases can repeat a text many times over; no values need more nodes than this. */
const MAX_NODES = 100_000;

interface Reading {
  readonly lines: LineCounter;
  readonly problems: YamlProblem[];
  readonly surprises: SurprisingScalar[];
  /** Nodes being read: an alias back to one of them would never end. */
  readonly open: Set<Node>;
  /** The value of each anchor at this point of the text. */
  readonly anchors: Map<string, Node>;
  readonly budget: { nodes: number };
}

function placeOf(lines: LineCounter, offset: number): TextPlace {
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

function report({ problems, lines }: Reading, node: Node | null, id: string, message: string, hint: string): undefined {
  problems.push({ id, ...placeOf(lines, node?.range?.[0] ?? 0), message, hint });
  return undefined;
}

/** Nothing at all, or a null. */
function isNothing(node: Node | null): boolean {
  return node === null || (isScalar(node) && isPlain(node) && readPlainScalar(String(node.value ?? '')).value === null);
}

/** Written without quotes and without a tag: the text decides what it is. */
function isPlain({ type, tag }: Scalar): boolean {
  return (type === undefined || type === 'PLAIN') && tag === undefined;
}

function readNode(node: Node | null, path: string, reading: Reading): Json | undefined {
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
    return readNode(target, path, reading);
  }
  if (reading.open.has(node))
    return report(reading, node, 'alias', 'An alias refers to a value that contains it.', 'Write the value out.');
  keepAnchor(node, reading);
  reading.open.add(node);
  const value = isScalar(node)
    ? readScalar(node, path, reading)
    : isSeq(node)
      ? readList(node.items, path, reading)
      : readAnyMap(node, path, reading);
  reading.open.delete(node);
  return value;
}

function keepAnchor(node: Node, { anchors }: Reading): void {
  const { anchor } = node as { readonly anchor?: string };
  if (anchor !== undefined) anchors.set(anchor, node);
}

function readAnyMap(node: Node, path: string, reading: Reading): Json | undefined {
  return isMap(node)
    ? readMap(node, path, reading)
    : report(reading, node, 'syntax', 'Values contain only maps, lists and scalars.', 'Write one of these.');
}

function readList(items: readonly unknown[], path: string, reading: Reading): Json {
  return items.map((item, i) => readNode(item as Node | null, `${path}[${i}]`, reading) ?? null);
}

function readScalar(node: Scalar, path: string, reading: Reading): Json | undefined {
  const text = String(node.value ?? '');
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
  if (surprising) reading.surprises.push({ ...placeOf(reading.lines, node.range?.[0] ?? 0), path, text, value });
  return value;
}

function readMap({ items }: { readonly items: readonly Pair[] }, path: string, reading: Reading): JsonObject {
  const result = new Map<string, Json>();
  const written = new Set<string>();
  for (const { key, value } of items) {
    if (isMergeKey(key)) {
      merge(value as Node | null, { result, written, path, key: key as Node }, reading);
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
    const read = readNode(value as Node | null, path === '' ? name : `${path}.${name}`, reading);
    if (read !== undefined) result.set(name, read);
  }
  return Object.fromEntries(result);
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && isPlain(key) && key.value === '<<';
}

interface MergeInto {
  readonly result: Map<string, Json>;
  readonly written: ReadonlySet<string>;
  readonly path: string;
  readonly key: Node;
}

/** `<<: *base` or `<<: [*first, *second]`: the first that has a name gives it; names written below replace it. */
function merge(value: Node | null, { result, written, path, key }: MergeInto, reading: Reading): void {
  const read = readNode(value, path, reading);
  for (const source of Array.isArray(read) ? (read as readonly Json[]) : [read]) {
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
      } else if (!result.has(name)) result.set(name, item ?? null);
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
  const { value, surprising } = readPlainScalar(text);
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isInteger(value))) {
    return bad(`"${text}" is not a name in Helm, but ${value === null ? 'null' : 'a number'}.`);
  }
  if (surprising)
    reading.surprises.push({
      ...placeOf(reading.lines, node.range?.[0] ?? 0),
      path: `a name${path === '' ? '' : ` in ${path}`}`,
      text,
      value: String(value),
    });
  return String(value);
}
