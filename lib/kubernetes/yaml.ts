import { codeOf } from '../rules/readable';
import { Document, Scalar, type Tags } from 'yaml';
import { actual } from '../rules/words';
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

/** What either of the two below and the one above may match: texts without it, which are most, are searched once. */
const UNUSUAL = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;

/** Control characters but tabs and line breaks. */
const CONTROL = /[^\P{Cc}\t\n]/u;

/**
 * What a parser of YAML 1.1 or one written in Go may take for a number, and a little more. Go drops every underscore first, knows
 * prefixes in either case, and accepts a sign after `0b` and `0o`.
 */
const NUMBER = /^(?=.*\d)[-+]?(?:0[xob][-+]?[\da-f]*|\d*(?:\.\d*)?(?:e[-+]?\d+)?)$/i;

/** Most texts, recognized without `yaml`: what looks like this needs no quotes unless it is a word or holds a sign … */
const PLAIN = /^-{0,2}[a-z/](?:[ -~]*[!-9;-~])?$/i;
const WORD = /^(?:y|yes|n|no|true|false|on|off|null|-?e[-+]?\d+)$/i;
const SIGN = /: | #/;

/** Durations, quantities and IPv4 addresses: not numbers in any YAML version. */
const MEASURE = /^(?:\d+(?:\.\d+)?(?:ms|[smh%]|[kMGT]i?))+$|^\d+(?:\.\d+){3}(?:[/:]\d+)?$/;

/** … and this needs them. */
const QUOTED = /^(?:true|false|\d*)$/;

/** Keys that are longer need another form. */
const LONGEST_KEY = 1024;

/**
 * One YAML document that every parser in use reads as the same data: Kubernetes' (sigs.k8s.io/yaml), Talos' (yaml.v3
 * and v4) and `yaml`. No comments, anchors, folding or trailing blanks; keys sorted, so equal data gives equal bytes.
 * Map entries that are `undefined` are left out.
 * @throws TypeError naming the path of what cannot be written: no JSON, or broken Unicode.
 */
export function writeYaml(value: unknown, layout: YamlLayout = {}): string {
  return document(value, layout, false);
}

/** A Kubernetes object as a document: that of what `tidy` makes of it, without making it. @throws TypeError as those two. */
export function writeObject(object: object): string {
  return document(object, {}, true);
}

/** Several documents with `---` between them; none before the first or after the last, and '' for no documents. */
export function writeDocuments(values: readonly unknown[], layout: YamlLayout = {}): string {
  return joinDocuments(values.map((value) => writeYaml(value, layout)));
}

/** Documents that are text already, as {@link writeDocuments} puts them together. */
export function joinDocuments(texts: readonly string[]): string {
  return texts.join('---\n');
}

/** What holds all through a document. */
interface Rules {
  readonly firstInside: readonly string[];
  /** Null is left out of maps, and refused in lists. */
  readonly withoutNull: boolean;
}

function document(
  value: unknown,
  { first = ['apiVersion', 'kind', 'metadata'], firstInside = [] }: YamlLayout,
  withoutNull: boolean,
): string {
  return `${node(value, '', '', first, { firstInside, withoutNull })}\n`;
}

/** A value whose first line follows something, and whose further lines start with `indent`. Without a line break at its end. */
function node(value: unknown, path: string, indent: string, first: readonly string[], rules: Rules): string {
  if (typeof value === 'string') return text(value, path, indent);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refusal(path, `is ${actual(value)}, which JSON cannot hold`);
    return String(value);
  }
  if (Array.isArray(value)) return list(value, path, indent, rules);
  if (typeof value === 'object') return map(value as Readonly<Record<string, unknown>>, path, indent, first, rules);
  throw refusal(path, `is ${value === undefined ? 'missing' : `a ${typeof value}`}, which JSON cannot hold`);
}

function list(items: readonly unknown[], path: string, indent: string, rules: Rules): string {
  if (items.length === 0) return '[]';
  const inside = `${indent}  `;
  return items
    .map((item, i) => {
      const place = `${path}[${String(i)}]`;
      if (rules.withoutNull && item === null) throw refusal(place, 'is null; a list cannot hold that');
      return `- ${node(item, place, inside, rules.firstInside, rules)}`;
    })
    .join(`\n${indent}`);
}

function map(
  entries: Readonly<Record<string, unknown>>,
  path: string,
  indent: string,
  first: readonly string[],
  rules: Rules,
): string {
  const prototype: unknown = Object.getPrototypeOf(entries);
  if (prototype !== Object.prototype && prototype !== null) {
    throw refusal(path, `is ${actual(entries)}; only plain maps can be written`);
  }
  const rank = (key: string): number => (first.includes(key) ? first.indexOf(key) : first.length);
  const keys = Object.keys(entries)
    .filter((key) => entries[key] !== undefined && !(rules.withoutNull && entries[key] === null))
    .sort((a, b) => rank(a) - rank(b) || compareText(a, b));
  if (keys.length === 0) return '{}';
  return keys
    .map((key) => {
      const place = path === '' ? key : `${path}.${key}`;
      return pair(oneLine(key, place), entries[key], place, indent, rules);
    })
    .join(`\n${indent}`);
}

function pair(key: string, value: unknown, path: string, indent: string, rules: Rules): string {
  const isLong = key.length > LONGEST_KEY;
  // A list is not indented more than its key.
  const inside = Array.isArray(value) && !isLong ? indent : `${indent}  `;
  const written = node(value, path, inside, rules.firstInside, rules);
  if (isLong) return `? ${key}\n${indent}: ${written}`;
  const isBlock = typeof value === 'object' && value !== null && written !== '{}' && written !== '[]';
  return isBlock ? `${key}:\n${inside}${written}` : `${key}: ${written}`;
}

/** A string as value: a literal block where it has several lines and a block keeps them. */
function text(value: string, path: string, indent: string): string {
  if (!value.includes('\n') || path === '' || !fitsBlock(value)) return oneLine(value, path);
  if (UNUSUAL.test(value) && BROKEN_UNICODE.test(value)) throw brokenUnicode(path);
  const isEnded = value.endsWith('\n');
  const lines = isEnded ? value.slice(0, -1) : value;
  // Empty lines are not indented.
  const indented = lines.includes('\n\n')
    ? lines.replace(/\n+/g, `$&${indent}`)
    : lines.replaceAll('\n', `\n${indent}`);
  return `|${isEnded ? '' : '-'}\n${indent}${indented}`;
}

/** Whether a literal block is sure to be read back as it is. */
function fitsBlock(value: string): boolean {
  // A document mark at the start of a line ends the document, also in the middle of an embedded manifest.
  if (value.startsWith('---') || value.startsWith('...')) return false;
  if (UNUSUAL.test(value) && (CONTROL.test(value) || value.search(NEEDS_ESCAPE) !== -1)) return false;
  // A block keeps its meaning only when its first line has no indentation of its own; trailing blanks make Talos'
  // encoder turn a whole manifest into one quoted line, and more than one final line break needs trailing empty lines.
  return !(
    /^[ \t\n]/.test(value) ||
    [' \n', '\t\n'].some((end) => value.includes(end)) ||
    [' ', '\t', '\n\n'].some((end) => value.endsWith(end))
  );
}

/** A string in one line, with quotes where one parser or another needs them. */
function oneLine(value: string, path: string): string {
  if ((PLAIN.test(value) && !SIGN.test(value) && !WORD.test(value)) || MEASURE.test(value)) return value;
  if (BROKEN_UNICODE.test(value)) throw brokenUnicode(path);
  const isQuoted =
    QUOTED.test(value) ||
    value.includes('\n') ||
    value.startsWith('---') ||
    value.startsWith('...') ||
    value === '<<' ||
    isNumber(value) ||
    CONTROL.test(value) ||
    value.search(NEEDS_ESCAPE) !== -1;
  return isQuoted ? quoted(value) : byLibrary(value);
}

function isNumber(value: string): boolean {
  return /^[-+.\d]/.test(value) && NUMBER.test(value.replaceAll('_', ''));
}

function quoted(value: string): string {
  return JSON.stringify(value).replace(NEEDS_ESCAPE, codeOf);
}

/** Holds one scalar at a time; made once, because making it takes longer than writing with it. */
let holder: Document | undefined;

/** What `yaml` makes of a single line: as it is, or in quotes. */
function byLibrary(value: string): string {
  holder ??= new Document(null, { version: '1.1', customTags: withoutMerge });
  holder.contents = new Scalar(value) as never;
  return holder.toString({ lineWidth: 0, doubleQuotedAsJSON: true }).slice(0, -1);
}

/** The merge tag would write the text `<<` unquoted, and yaml/v4 then drops it. */
function withoutMerge(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge');
}

function brokenUnicode(path: string): TypeError {
  return refusal(path, 'holds half of a surrogate pair, which no UTF-8 text can hold');
}

function refusal(path: string, message: string): TypeError {
  return new TypeError(`${path === '' ? 'The value' : path} ${message}.`);
}
