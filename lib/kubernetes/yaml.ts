import { Document, Pair, Scalar, YAMLMap, YAMLSeq, type Tags } from 'yaml';
import { compareText } from './order';

/** How a text is laid out. What it means never depends on it. */
export interface YamlLayout {
  /** Keys that come first in the outermost map, in this order; the others follow sorted. Default: apiVersion, kind, metadata. */
  readonly first?: readonly string[];
  /** Keys that come first in every map further in. Default: none. */
  readonly firstInside?: readonly string[];
}

/** Half of a surrogate pair: no UTF-8 text can hold it. */
const BROKEN_UNICODE = /\p{Surrogate}/u;

/** Characters that YAML takes for line breaks or refuses raw; inside double quotes they can be written as escapes. */
const NEEDS_ESCAPE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Numbers to the Go parsers but plain strings to YAML 1.1: `0o17`, `6e1_0`. */
const NUMBER_OF_GO = /^[-+]?(0o[0-7_]+|\.?\d[\w.+-]*_[\w.+-]*)$/i;

/**
 * One YAML document that every parser in use reads as the same data: Kubernetes' (sigs.k8s.io/yaml), Talos' (yaml.v3
 * and v4) and `yaml`. No comments, anchors, folding or trailing blanks; keys sorted, so equal data gives equal bytes.
 * Map entries that are `undefined` are left out.
 * @throws TypeError naming the path of what cannot be written: no JSON, or broken Unicode.
 */
export function writeYaml(value: unknown, layout: YamlLayout = {}): string {
  const document = new Document(null, { version: '1.1', customTags: withoutMerge, aliasDuplicateObjects: false });
  const { first = ['apiVersion', 'kind', 'metadata'], firstInside = [] } = layout;
  document.contents = asNode(value, '', first, firstInside) as never;
  const text = document.toString({ lineWidth: 0, indentSeq: false, blockQuote: 'literal', doubleQuotedAsJSON: true });
  // Every string that holds such a character is double-quoted, so an escape means the same there.
  return text.replace(NEEDS_ESCAPE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Several documents with `---` between them; none before the first or after the last, and '' for no documents. */
export function writeDocuments(values: readonly unknown[], layout: YamlLayout = {}): string {
  return values.map((value) => writeYaml(value, layout)).join('---\n');
}

/** The merge tag would write the text `<<` unquoted, and yaml/v4 then drops it. */
function withoutMerge(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge');
}

function asNode(value: unknown, path: string, first: readonly string[], firstInside: readonly string[]): unknown {
  if (typeof value === 'string') return scalar(value, path, false);
  if (typeof value === 'boolean' || value === null) return new Scalar(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refusal(path, `is ${String(value)}, which no JSON number can say`);
    return new Scalar(Object.is(value, -0) ? 0 : value);
  }
  if (Array.isArray(value)) return list(value, path, firstInside);
  if (typeof value === 'object') return map(value as Readonly<Record<string, unknown>>, path, first, firstInside);
  throw refusal(path, `is ${typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`}, which no JSON can say`);
}

function list(items: readonly unknown[], path: string, firstInside: readonly string[]): YAMLSeq {
  const sequence = new YAMLSeq();
  sequence.items = items.map((item, i) => asNode(item, `${path}[${String(i)}]`, firstInside, firstInside));
  sequence.flow = items.length === 0;
  return sequence;
}

function map(entries: Readonly<Record<string, unknown>>, path: string, first: readonly string[], firstInside: readonly string[]): YAMLMap {
  const prototype: unknown = Object.getPrototypeOf(entries);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refusal(path, `is an instance of ${entries.constructor.name}; only plain maps can be written`);
  }
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  const keys = Object.keys(entries)
    .filter((key) => entries[key] !== undefined)
    .sort((a, b) => rank(a) - rank(b) || compareText(a, b));
  const result = new YAMLMap();
  result.flow = keys.length === 0;
  result.items = keys.map((key) => {
    const place = path === '' ? key : `${path}.${key}`;
    return new Pair(scalar(key, place, true), asNode(entries[key], place, firstInside, firstInside));
  });
  return result;
}

function scalar(text: string, path: string, isKey: boolean): Scalar {
  if (BROKEN_UNICODE.test(text)) throw refusal(path, 'holds half of a surrogate pair, which no UTF-8 text can hold');
  const node = new Scalar(text);
  if (mustBeQuoted(text, isKey || path === '')) node.type = 'QUOTE_DOUBLE';
  else if (text.includes('\n')) node.type = 'BLOCK_LITERAL';
  return node;
}

/** Whether only the double-quoted form is sure to be read back as it is. */
function mustBeQuoted(text: string, inOneLine: boolean): boolean {
  if (text.search(NEEDS_ESCAPE) !== -1 || NUMBER_OF_GO.test(text) || text === '<<' || text.includes('\r')) return true;
  // A document mark at the start of a line ends the document, also in the middle of an embedded manifest.
  if (text.startsWith('---') || text.startsWith('...')) return true;
  if (!text.includes('\n')) return false;
  // A block keeps its meaning only when its first line has no indentation of its own; trailing blanks make Talos'
  // encoder turn a whole manifest into one quoted line, and more than one final line break needs trailing empty lines.
  return inOneLine || /^[ \t\n]/.test(text) || /[ \t](\n|$)/.test(text) || text.endsWith('\n\n');
}

function refusal(path: string, says: string): TypeError {
  return new TypeError(`${path === '' ? 'The value' : path} ${says}.`);
}
