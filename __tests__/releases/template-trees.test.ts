import { Effects, Evaluation } from '../../lib/cilium/effects';
import { printedBy, printsTheSame } from '../../lib/cilium/template-trees';
import type { JsonObject } from '../../lib/kubernetes/json';
import { Blocks, templateHashes } from '../../lib/releases/template/blocks';
import { pruned } from '../../lib/releases/template/effects';
import { NodeTable } from '../../lib/releases/template/nodes';

const FILE = 'templates/a.yaml';

/** What a template prints under values, as a list of hashes with lines. */
function printed(template: string, values: JsonObject): ReturnType<typeof printedBy> {
  const table = new NodeTable();
  const blocks = new Blocks(new Map([[FILE, template]]), table);
  const { nodes, placeOf } = pruned(table, [...blocks.outputs, ...blocks.allTests]);
  const effects = new Effects({ nodes, outputs: blocks.outputs.map(placeOf) });
  const tree = blocks.trees([FILE], { placeOf, hasLines: true })[FILE] ?? [];
  return printedBy(tree, new Evaluation(effects, values), true);
}

function isSame(before: string, after: string, values: JsonObject): boolean {
  return printsTheSame(printed(before, values), printed(after, values));
}

const BASE = 'kind: A\nspec:\n  name: {{ .Values.name }}\n';

test.each([
  {
    what: 'a new condition counts where it holds',
    after: `${BASE}{{- if .Values.more }}\n  more: true\n{{- end }}\n`,
    same: {},
    differs: { more: true },
  },
  {
    what: 'a condition that is gone counts where it held',
    before: `${BASE}{{- if .Values.more }}\n  more: true\n{{- end }}\n`,
    after: BASE,
    same: {},
    differs: { more: true },
  },
  {
    what: 'a condition that changed counts where its outcome does',
    before: `{{- if .Values.a }}\n${BASE}{{- end }}\n`,
    after: `{{- if and .Values.a (not .Values.b) }}\n${BASE}{{- end }}\n`,
    same: { a: true },
    differs: { a: true, b: true },
  },
  {
    what: 'what is read by `with` counts',
    before: '{{- with .Values.a }}\n  x: {{ . }}\n{{- end }}\n',
    after: '{{- with .Values.b }}\n  x: {{ . }}\n{{- end }}\n',
    same: {},
    differs: { a: 1, b: 1 },
  },
  {
    what: 'the branch that is not taken does not count',
    before: '{{- if .Values.a }}\n  x: 1\n{{- else }}\n  x: 2\n{{- end }}\n',
    after: '{{- if .Values.a }}\n  x: 1\n{{- else }}\n  x: 3\n{{- end }}\n',
    same: { a: true },
    differs: {},
  },
  {
    what: 'a moved block counts where it prints',
    before: `${BASE}{{- with .Values.a }}\n  a: {{ . }}\n{{- end }}\n  z: 1\n`,
    after: `${BASE}  z: 1\n{{- with .Values.a }}\n  a: {{ . }}\n{{- end }}\n`,
    same: {},
    differs: { a: 1 },
  },
])('$what', ({ before = BASE, after, same, differs }) => {
  expect([isSame(before, after, same), isSame(before, after, differs)]).toEqual([true, false]);
});

test.each([
  ['comments of the template', `{{/* about */}}\n${BASE}`],
  ['comments of the manifest', `# about\n${BASE}`],
  ['blank lines', `\n${BASE}\n\n`],
  ['assignments of a file that prints nothing else', undefined],
])('%s print nothing', (_, after) => {
  const [before, now] = after === undefined ? ['{{- $a := 1 }}\n', '{{- $a := 2 }}\n{{- $b := 3 }}\n'] : [BASE, after];
  expect(isSame(before, now, {})).toBe(true);
});

test.each([
  ['a value', BASE.replace('.name', '.other')],
  ['indentation', BASE.replace('  name', '    name')],
  ['trimmed blanks', BASE.replace('{{ .Values', '{{- .Values')],
  ['an assignment', `{{- $a := 1 }}\n${BASE}`],
])('%s counts', (_, after) => {
  expect(isSame(BASE, after, {})).toBe(false);
});

test('lines are those of the file', () => {
  const lines = printed(`{{/* a\ncomment */}}\n${BASE}`, {}).map(({ line }) => line);
  expect(lines).toEqual([3, 4, 5, 5]);
});

test('a condition that Helm alone knows stays a difference', () => {
  const template = (word: string): string => `{{- if .Capabilities.${word} }}\n  x: 1\n{{- end }}\n`;
  expect(isSame(template('KubeVersion'), template('APIVersions'), {})).toBe(false);
});

test('blocks that swap their content have other hashes', () => {
  const template = (a: string, b: string): string =>
    `{{- if .Values.a }}\n  x: ${a}\n{{- else }}\n  x: ${b}\n{{- end }}\n`;
  const hashes = (text: string): readonly string[] => templateHashes(new Map([[FILE, text]])).blocks[FILE] ?? [];
  expect(hashes(template('1', '2'))).not.toEqual(hashes(template('2', '1')));
});
