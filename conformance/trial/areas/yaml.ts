import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { readInput } from '../../../lib/inputs/read';
import type { ValuesInput } from '../../../lib/inputs/read';
import { writeDocuments, writeYaml } from '../../../lib/kubernetes/yaml';
import type { Finding } from '../../../lib/rules/finding';
import type { Area, Fault } from '../area';
import { GoReader } from '../go';
import { PRIVATE_KEY, hostileJson, hostileText } from '../hostile';
import { realize, source } from '../tree';
import type { Tree } from '../tree';
import { endedText, findingsFault, isFault, notJson, pollutionFault, same, tried, yamlFault } from '../verdict';

type YamlCase = { readonly write: Tree } | { readonly read: string };

/** What Helm 3 and Helm 4 make of a values file. */
type Answers = readonly { readonly values?: unknown; readonly error?: string }[];

let helm: GoReader<Answers> | undefined;
let readers: GoReader<Readonly<Record<string, string>>> | undefined;

/** Whether everything in a value can be in a file: UTF-8 has no halves of surrogate pairs. */
const isUnicode = (value: unknown): boolean =>
  !/\p{Cs}/u.test(
    JSON.stringify(value).replace(/\\u(d[89a-f]\w\w)/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
  );

async function judgeWriting(tree: Tree): Promise<Fault | undefined> {
  const value = realize(tree);
  const ended = await tried(() => writeTexts(value));
  if (isFault(ended)) return ended;
  // Without a document there is nothing that a half of a character could make unreadable.
  if (ended.error !== undefined || !isUnicode(value)) return undefined;
  for (const text of ended.value) {
    const fault = yamlFault(value, text);
    if (fault !== undefined) return fault;
    const differs = await readers?.ask({ want: value, text });
    const [reader] = Object.keys(differs ?? {});
    if (reader !== undefined)
      return {
        kind: `${reader} reads what is written differently`,
        detail: `${JSON.stringify(text)} is read as ${differs?.[reader] ?? ''}`,
      };
  }
  return undefined;
}

function writeTexts(value: unknown): readonly string[] {
  try {
    return [writeYaml(value), writeDocuments([value as object])];
  } catch (error) {
    // The writer inside of the library states the place; the public one makes a finding of it.
    if (error instanceof TypeError && /half of a surrogate pair|JSON cannot hold|plain maps/.test(error.message))
      return [];
    throw error;
  }
}

const read = (text: string): ValuesInput => readInput({ name: 'values.yaml', text });
const written = ({ values, form, warnings }: ValuesInput): string => JSON.stringify([values, form, warnings]);

async function judgeReading(text: string): Promise<Fault | undefined> {
  const ended = await tried(() => read(text));
  if (isFault(ended)) return ended;
  const again = await tried(() => read(text));
  if (isFault(again)) return again;
  const fault = pollutionFault() ?? same(endedText(ended, written), endedText(again, written), 'what is read');
  if (fault !== undefined || ended.error !== undefined) return fault;
  const { values, form, warnings } = ended.value;
  const place = notJson(values, 'values');
  const wrong =
    findingsFault(warnings) ?? (place === undefined ? undefined : { kind: 'what is read is not JSON', detail: place });
  if (wrong !== undefined) return wrong;
  const copy = await tried(() => read(writeYaml(values)));
  if (isFault(copy)) return { ...copy, kind: `what was read and written: ${copy.kind}` };
  if (
    copy.error === undefined &&
    form === 'values' &&
    !isDeepStrictEqual(copy.value.values, values) &&
    !hasPlaceholders(text)
  )
    return {
      kind: 'what is read is not the same when it is written and read again',
      detail: `${JSON.stringify(values)}\n${JSON.stringify(copy.value.values)}`,
    };
  return form === 'values' && !hasPlaceholders(text) ? helmFault(text, values, warnings) : undefined;
}

/** Placeholders and templates are filled here, and text to Helm. */
const hasPlaceholders = (text: string): boolean => /\$\{|\{\{|\{%/.test(text);

/** Helm reads what we read, as we read it. That we refuse more is meant. */
async function helmFault(text: string, values: unknown, warnings: readonly Finding[]): Promise<Fault | undefined> {
  const answers = await helm?.ask({ files: [text] });
  if (answers === undefined) return undefined;
  for (const [i, { values: theirs = {}, error }] of answers.entries()) {
    const name = `Helm ${String(i + 3)}`;
    if (error !== undefined && error !== '')
      return {
        kind: `${name} refuses what is read: ${error.replace(/(['"]).*?\1|\d+/g, '…').slice(-60)}`,
        detail: `${error}\n${JSON.stringify(values)}`,
      };
    // A warning states where Helm 3 and Helm 4 differ.
    const isReported = i === 0 && warnings.some(({ message }) => message.includes('Helm 3 without'));
    if (!isReported && !isDeepStrictEqual(shortened(values), theirs))
      return {
        kind: `${name} reads otherwise`,
        detail: `ours ${JSON.stringify(values)}\ntheirs ${JSON.stringify(theirs)}`,
      };
  }
  return undefined;
}

/** As the answers of Go have it: long lists are cut, and -0 is 0. */
function shortened(value: unknown): unknown {
  if (Array.isArray(value)) return value.length > 100 ? ['length', value.length, value.at(-1)] : value.map(shortened);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortened(inner)]));
  return Object.is(value, -0) ? 0 : value;
}

const CASES = join(__dirname, '..', '..', 'helm', 'cases');
const FILES = readdirSync(CASES)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => readFileSync(join(CASES, name), 'utf8'));

const PIECES: readonly string[] = [
  ...[
    'a',
    'b',
    'a: ',
    'b: ',
    '"c": ',
    '? ',
    ': ',
    '- ',
    '-\t',
    '\n',
    '\n  ',
    '\n    ',
    '\n- ',
    '\n---\n',
    '\n...\n',
    '\t',
    ' ',
    '\r\n',
    ' # c\n',
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    ', ',
    '{a: b}',
    '[a, b]',
    '{a}',
    '[a: b]',
    '[?a]',
    '[::1]',
    '|',
    '|-',
    '|+2',
    '>',
    '>-\n',
    '&a ',
    '*a',
    '&a ?o',
    '<<: ',
    '<<: *a',
  ],
  ...[
    '!!str ',
    '!!int ',
    '!!binary ',
    '!!float ',
    '!x ',
    '!!null',
    '%YAML 1.1\n---\n',
    '%x: y',
    '"',
    "'",
    '"\\ud800"',
    '"\\/"',
    '"\\x41"',
    "''",
  ],
  ...[
    'apiVersion: v1\n',
    'kind: HelmRelease\n',
    'metadata:\n',
    'spec:\n',
    '${X}',
    '${X:-1}',
    '{{ x }}',
    '{% if x %}\n',
    '# talos-cilium: acknowledge x\n',
  ],
  ...[
    'hubble: ',
    'cni: ',
    'MTU: ',
    'true',
    'yes',
    'null',
    '~',
    '0x1F',
    '1_0',
    '1e6',
    '.5_0',
    '1e6:',
    '12:30:45',
    '2001-12-14',
    '.inf',
  ],
];

const pieces = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: hostileText }), {
    minLength: 1,
    maxLength: 9,
  })
  .map((all) => all.join(''));

/** A file that people wrote, with a few pieces in other places. */
const spliced = fc
  .tuple(
    fc.nat({ max: FILES.length - 1 }),
    fc.array(fc.record({ at: fc.nat({ max: 5_000 }), cut: fc.nat({ max: 8 }), piece: fc.constantFrom(...PIECES) }), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.nat({ max: 40 }),
  )
  .map(([file, edits, first]) => {
    const lines = (FILES[file] ?? '').split('\n');
    const start = lines.slice(first % Math.max(1, lines.length), (first % Math.max(1, lines.length)) + 12).join('\n');
    return edits.reduce((text, { at, cut, piece }) => {
      const place = at % (text.length + 1);
      return `${text.slice(0, place)}${piece}${text.slice(place + cut)}`;
    }, start);
  });

/** Names and scalars as they stand in files. */
const scalars = fc
  .tuple(
    fc.constantFrom('', ' ', '  '),
    hostileText,
    hostileText,
    fc.constantFrom('plain', 'name', 'item', 'flow', 'block'),
  )
  .map(([gap, name, text, where]) => {
    if (where === 'plain') return `a:${gap} ${text}\n`;
    if (where === 'name') return `${name}:${gap} ${text}\n`;
    if (where === 'item') return `a:\n${gap}- ${text}\n`;
    if (where === 'flow') return `a: [${gap}${text}, {b: ${name}}]\n`;
    return `a: |\n  ${text}\nb: ${name}\n`;
  });

/** YAML, read and written. */
export const yaml: Area<YamlCase> = {
  name: 'yaml',
  about: 'texts that are read as Helm reads them or refused, and values that every reader reads back as they were',
  cases: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.oneof(pieces, spliced, scalars).map((text): YamlCase => ({ read: text.replace(/\p{Cs}/gu, 'x') })),
    },
    {
      weight: 2,
      arbitrary: fc
        .oneof(hostileJson, hostileText, fc.constant<Tree>({ a: PRIVATE_KEY }))
        .map((tree): YamlCase => ({ write: { a: tree } })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(hostileText, hostileJson)
        .map(([name, tree]): YamlCase => ({ write: { [name]: tree, b: [tree] } })),
    },
  ),
  judge: (input) => ('read' in input ? judgeReading(input.read) : judgeWriting(input.write)),
  program: (input) =>
    'read' in input
      ? `readInput({ name: 'values.yaml', text: ${JSON.stringify(input.read)} });`
      : `lib.writeYaml(${source(input.write)});`,
  start: () => {
    helm = GoReader.start('helm/values');
    readers = GoReader.start('yaml/check', ['--each']);
    return helm === undefined || readers === undefined
      ? 'without Go: what is written is read by yaml alone'
      : "with Helm's own reader and three parsers in Go";
  },
  stop: () => {
    helm?.stop();
    readers?.stop();
  },
};
