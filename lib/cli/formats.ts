/** Findings in the forms that people and programs read. */
import { isAbsolute, relative } from 'node:path';
import { homepage, rulePage } from '../rules/homepage';
import { knownRules } from '../rules/known-rules';
import { oneLine, readableFinding } from '../rules/readable';
import { describePlace } from '../inputs/places';
import type { Place, PlacedFinding } from '../inputs/places';

/** How findings are printed. */
export const FORMATS = ['text', 'json', 'sarif', 'github'] as const;
export type Format = (typeof FORMATS)[number];

/** How findings are printed as text. */
export interface Printing {
  /** The texts of files by name: the line of a finding is printed, with a caret. Default: no line. */
  readonly sources?: ReadonlyMap<string, string> | undefined;
  /** Default: no. */
  readonly hasColour?: boolean;
}

/** Whether colours are wanted: on a terminal, unless `NO_COLOR` or `FORCE_COLOR` decide. */
export function wantsColour(stream: { readonly isTTY?: boolean }, environment = process.env): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** Findings, errors first, in the order of their places. */
export function sorted(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const rank = ({ level }: PlacedFinding): number => (level === 'error' ? 0 : 1);
  return [...findings].sort((a, b) => rank(a) - rank(b));
}

/** `prod.yaml:3:3 hubble.uii: error: Unknown value …`, with a hint, and with the line where its text is given. */
export function describePlaced(finding: PlacedFinding, { sources, hasColour = false }: Printing = {}): string {
  const { id, level, paths, message, hint, docs, place } = readableFinding(finding);
  const paint = (code: number, text: string): string => (hasColour ? `\u001b[${String(code)}m${text}\u001b[0m` : text);
  const at = place === undefined ? '' : oneLine(describePlace(place));
  // Of an option the path is part of its place.
  const where = paths.filter((path) => path !== at && !(place?.line === 0 && at.endsWith(` ${path}`))).join(', ');
  const head = [...(at === '' ? [] : [paint(1, at)]), ...(where === '' ? [] : [where])].join(' ');
  const word = paint(level === 'error' ? 31 : 33, level);
  const page = docs ?? (homepage === '' ? undefined : rulePage(id));
  return [
    `${head === '' ? '' : `${head}: `}${word}: ${message} ${paint(2, `[${id}]`)}`,
    ...excerpt(place, sources, paint),
    `    ${hint}`,
    ...(page === undefined ? [] : [`    See ${page}`]),
  ].join('\n');
}

/** The line of a place, and a caret below its column. */
function excerpt(
  place: Place | undefined,
  sources: Printing['sources'],
  paint: (code: number, text: string) => string,
): readonly string[] {
  const line =
    place === undefined || place.line === 0 ? undefined : sources?.get(place.file)?.split('\n')[place.line - 1];
  if (place === undefined || line === undefined) return [];
  const from = Math.max(0, place.column - WIDTH / 2);
  const shown = line
    .slice(from, from + WIDTH)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/gu, ' ');
  const number = String(place.line);
  const gutter = (text: string): string => paint(2, `${text.padStart(number.length + 2)} |`);
  return [`${gutter(number)} ${shown}`, `${gutter('')} ${' '.repeat(place.column - 1 - from)}${paint(31, '^')}`];
}

const WIDTH = 160;

/** A finding as data, with `file`, `line` and `column` where it has a place in a file. */
export function findingData({ place, docs, ...finding }: PlacedFinding): object {
  const where = place === undefined ? {} : place.line === 0 ? { option: place.file } : { ...place };
  return { ...finding, ...(docs === undefined ? {} : { docs }), ...where };
}

/** Annotations of GitHub's workflows. */
export function githubAnnotation({ id, level, paths, message, hint, place }: PlacedFinding): string {
  const inFile =
    place === undefined || place.line === 0
      ? []
      : [`file=${property(relativePath(place.file))}`, `line=${String(place.line)}`, `col=${String(place.column)}`];
  const where = place?.line === 0 ? `${place.file} ` : '';
  const at = paths.filter((path) => place === undefined || path !== describePlace(place)).join(', ');
  const text = `${where}${at === '' ? '' : `${at}: `}${message} ${hint}`;
  return `::${level} ${[...inFile, `title=${property(id)}`].join(',')}::${data(text)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A log of SARIF 2.1.0, for code scanning. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarif(findings: readonly PlacedFinding[], { version }: { readonly version: string }): object {
  const ids = [...new Set(findings.map(({ id }) => id))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cdk8s-talos-cilium',
            semanticVersion: version,
            rules: ids.map((id) => sarifRule(id, findings.find((one) => one.id === id)?.docs)),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => ({
          ruleId: finding.id,
          ruleIndex: ids.indexOf(finding.id),
          level: finding.level,
          message: {
            text: `${finding.paths.length > 0 ? `${finding.paths.join(', ')}: ` : ''}${finding.message} ${finding.hint}`,
          },
          locations: sarifLocations(finding),
        })),
      },
    ],
  };
}

/** Where nothing else explains a rule: what the values mean. */
const REFERENCE = 'https://docs.cilium.io/en/stable/helm-reference/';

function sarifRule(id: string, docs: string | undefined): object {
  const { message, hint, docs: known, level } = knownRules().get(id) ?? {};
  return {
    id,
    ...(message === undefined ? {} : { shortDescription: { text: message } }),
    helpUri: homepage === '' ? (docs ?? known ?? REFERENCE) : rulePage(id),
    ...(hint === undefined ? {} : { help: { text: hint } }),
    defaultConfiguration: { level: level === 'warning' ? 'warning' : 'error' },
  };
}

function sarifLocations({ place, paths }: PlacedFinding): readonly object[] {
  const logicalLocations = paths.map((path) => ({ fullyQualifiedName: path }));
  const logical = logicalLocations.length === 0 ? {} : { logicalLocations };
  if (place === undefined || place.line === 0) return logicalLocations.length === 0 ? [] : [logical];
  const uri = relativePath(place.file)
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
  const region = { startLine: place.line, startColumn: place.column };
  return [{ physicalLocation: { artifactLocation: { uri, uriBaseId: '%SRCROOT%' }, region }, ...logical }];
}

/** A file as a path from the working directory. */
function relativePath(file: string): string {
  return (isAbsolute(file) ? relative(process.cwd(), file) : file).replaceAll('\\', '/').replace(/^\.\//, '');
}
