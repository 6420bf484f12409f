/** Reads YAML values with the meaning they have to Helm, and refuses what it would swallow in silence. */
import type { CST, Document, Node } from 'yaml';
import { Composer, LineCounter, Parser, isMap as isYamlMap, isScalar, isSeq } from 'yaml';
import type { Json, JsonObject } from '../kubernetes/json';
import { isMap } from '../kubernetes/json';
import type { PlaceTree, TextPlace } from './places';
import { MAX_NODES, isNothing, readNode } from './yaml-node';
import type { Reading, SurprisingScalar, YamlProblem } from './yaml-node';
import { strictProblems } from './yaml-strictness';
import { refusedTabs } from './yaml-tabs';
import { textProblems } from './yaml-text';

export type { TextPlace } from './places';
export type { SurprisingScalar, YamlProblem } from './yaml-node';

/** What a text holds. With problems the data is incomplete. */
export interface YamlValues {
  readonly data: JsonObject;
  readonly problems: readonly YamlProblem[];
  readonly surprises: readonly SurprisingScalar[];
}

/** One document of a text. With problems the data is incomplete. */
export interface YamlDocument {
  readonly data: Json;
  readonly places: PlaceTree;
  readonly problems: readonly YamlProblem[];
  readonly surprises: readonly SurprisingScalar[];
  /** No document is before it, not even an empty one: all that Helm reads. */
  readonly isFirst: boolean;
}

/** How a text is read. */
export interface YamlReading {
  /** The place of an offset, for a text that was made of another one. Default: its place in this text. */
  readonly placeAt?: (offset: number) => TextPlace;
}

/** Reads one document whose root is a map; an empty text is an empty map. Never throws. */
export function readYaml(text: string): YamlValues {
  const documents = readDocuments(text);
  const [first] = documents;
  if (first === undefined) return { data: {}, problems: [], surprises: [] };
  const problems = documents.flatMap((one) => one.problems.filter(({ id }) => id === 'syntax'));
  const more = onlyOne(documents);
  // The rest can be read in spite of a duplicate name.
  if (problems.length + more.length > 0)
    return {
      data: {},
      problems: [...documents.flatMap((one) => one.problems.filter(isOfParser)), ...more],
      surprises: [],
    };
  if (isMap(first.data)) return { ...first, data: first.data };
  return { data: {}, problems: [...first.problems, notMap(first)], surprises: first.surprises };
}

/** Whether the parser reports it, before anything is read. */
function isOfParser({ id }: YamlProblem): boolean {
  return id === 'syntax' || id === 'duplicate';
}

/** The problem of a document after the first one, of those that hold something. */
export function onlyOne(documents: readonly Pick<YamlDocument, 'places' | 'isFirst'>[]): readonly YamlProblem[] {
  const ignored = documents.find(({ isFirst }) => !isFirst);
  if (ignored === undefined) return [];
  const message = 'A second document starts here; Helm would silently ignore it.';
  return [{ id: 'documents', ...ignored.places.at, message, hint: 'Keep one document per file.' }];
}

/** The problem of a document that is not a map. */
export function notMap({ places }: Pick<YamlDocument, 'places'>): YamlProblem {
  const message = 'Expected a map of names to values.';
  return { id: 'map', ...places.at, message, hint: 'Write "name: value" lines.' };
}

/** Reads every document that holds something. Never throws. */
export function readDocuments(text: string, reading: YamlReading = {}): readonly YamlDocument[] {
  const lines = new LineCounter();
  const placeAt =
    reading.placeAt ??
    ((offset: number): TextPlace => {
      const { line, col } = lines.linePos(offset);
      return { line, column: col };
    });
  const parsed = parseDocuments(text, lines);
  if (typeof parsed === 'number') return [unread([tooDeepProblem(placeAt(parsed))])];
  const wrong = textProblems(text, placeAt);
  if (wrong.length > 0) return [unread(wrong)];
  const bare = isBare(parsed[0]) ? bareProblems(text, placeAt) : [];
  if (bare.length > 0) return [unread(bare)];
  const tabs = refusedTabs(parsed, text);
  return parsed.flatMap((document, i) => {
    const start = i === 0 ? 0 : document.range[0];
    const end = parsed[i + 1]?.range[0] ?? Infinity;
    const found = parserProblems(document, placeAt, text);
    const tab = found.length > 0 ? undefined : tabs.find((offset) => offset >= start && offset < end);
    const problems = tab === undefined ? found : [tabProblem(placeAt(tab))];
    if (problems.length === 0 && isNothing(document.contents)) return [];
    return [{ ...readDocument(document, problems, { placeAt, source: text }), isFirst: i === 0 }];
  });
}

/** A text that cannot be read at all. */
function unread(problems: readonly YamlProblem[]): YamlDocument {
  return { data: {}, places: { at: { line: 1, column: 1 }, below: new Map() }, problems, surprises: [], isFirst: true };
}

function isBare(first: Document.Parsed | undefined): boolean {
  return first === undefined || (first.directives.docStart !== true && first.range[0] === first.range[1]);
}

/** Without a document, Helm accepts only comments and blank lines. */
function bareProblems(text: string, placeAt: (offset: number) => TextPlace): readonly YamlProblem[] {
  const found = /^\ufeff?(?: *(?:#[^\n]*)?(?:\r?\n|$))*/.exec(text)?.[0].length ?? 0;
  if (found === text.length) return [];
  const message = 'Invalid YAML: no document follows.';
  return [{ id: 'syntax', ...placeAt(found), message, hint: 'Repair the syntax at this place.' }];
}

function readDocument(
  { contents }: Document.Parsed,
  found: readonly YamlProblem[],
  { placeAt, source }: Pick<Reading, 'placeAt' | 'source'>,
): Omit<YamlDocument, 'isFirst'> {
  const problems = [...found];
  const surprises: SurprisingScalar[] = [];
  const below = new Map<string, PlaceTree>();
  const root = contents as Node | null;
  const places = { at: placeAt(root?.range?.[0] ?? 0), below };
  // The rest can be read in spite of a duplicate name.
  if (problems.some(({ id }) => id !== 'duplicate')) return { data: {}, places, problems, surprises };
  const reading = {
    placeAt,
    source,
    problems,
    surprises,
    open: new Set<Node>(),
    anchors: new Map<string, Node>(),
    budget: { nodes: MAX_NODES },
  };
  const data = readNode(root, '', reading, below) ?? {};
  return { data, places, problems: onceEach(problems), surprises };
}

function parserProblems(
  document: Document.Parsed,
  placeAt: (offset: number) => TextPlace,
  source: string,
): readonly YamlProblem[] {
  const { contents, errors, warnings, directives, range } = document;
  const invalid = [...errors, ...warnings].map((error): YamlProblem => {
    return {
      id: 'syntax',
      ...placeAt(error.pos[0]),
      message: `Invalid YAML: ${error.message}.`,
      hint: 'Repair the syntax at this place.',
    };
  });
  const repeated = repeatedNames(contents).map((offset): YamlProblem => ({
    id: 'duplicate',
    ...placeAt(offset),
    message: 'This name occurs twice in the same map; Helm would silently use the last one.',
    hint: 'Keep one of them.',
  }));
  const strict = (invalid.length > 0 ? [] : strictProblems(document, source)).map(
    ({ offset, ...words }): YamlProblem => ({ id: 'syntax', ...placeAt(offset), ...words }),
  );
  const problems = [...invalid, ...strict, ...repeated].sort((a, b) => a.line - b.line || a.column - b.column);
  if (directives.yaml.explicit !== true && Object.keys(directives.tags).length === 1) return problems;
  const message = 'Helm 4 does not accept a line with a directive, %YAML or %TAG.';
  return [...problems, { id: 'syntax', ...placeAt(range[0]), message, hint: 'Remove the line.' }];
}

function tooDeepProblem(place: TextPlace): YamlProblem {
  const message = `This text is nested deeper than ${String(DEEPEST)} levels.`;
  return { id: 'syntax', ...place, message, hint: 'Look for a mistake: no values are nested that deeply.' };
}

function tabProblem(place: TextPlace): YamlProblem {
  const message = 'Helm does not accept a tab at the start of a line.';
  return { id: 'syntax', ...place, message, hint: 'Use spaces.' };
}

/** Where names are written again in their map. The parser would compare each with all others. */
function repeatedNames(root: unknown): readonly number[] {
  const found: number[] = [];
  const open: unknown[] = [root];
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isYamlMap(node)) continue;
    const names = new Set<unknown>();
    for (const { key, value } of node.items) {
      if (isScalar(key)) {
        if (names.has(key.value)) found.push(key.range?.[0] ?? 0);
        names.add(key.value);
      }
      open.push(key, value);
    }
  }
  return found;
}

/** The parser and the reading may both find a name that stands twice. */
function onceEach(problems: readonly YamlProblem[]): readonly YamlProblem[] {
  return [
    ...new Map(
      problems.map((problem) => [`${problem.id} ${String(problem.line)}:${String(problem.column)}`, problem]),
    ).values(),
  ];
}

/** Deeper than any values: what reads them recurses, and must end in the same way on every machine. */
const DEEPEST = 100;

/** The offset of a collection that is nested too deep. */
function tooDeep(tokens: readonly CST.Token[]): number | undefined {
  const open = tokens.flatMap((token) => (token.type === 'document' ? [{ token: token.value, depth: 0 }] : []));
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { token, depth } = visit;
    if (token === undefined || token === null || !('items' in token)) continue;
    if (depth === DEEPEST) return token.offset;
    for (const { key, value } of token.items)
      open.push({ token: key ?? undefined, depth: depth + 1 }, { token: value, depth: depth + 1 });
  }
  return undefined;
}

/** The failsafe schema leaves every scalar a text, so that Go's rules decide what it means, not the library's. */
function parseDocuments(text: string, lineCounter: LineCounter): readonly Document.Parsed[] | number {
  const tokens = [...new Parser(lineCounter.addNewLine).parse(text)];
  const deep = tooDeep(tokens);
  if (deep !== undefined) return deep;
  const options = {
    version: '1.1',
    schema: 'failsafe',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  } as const;
  return [...new Composer(options).compose(tokens)] as readonly Document.Parsed[];
}
