import { readPlainScalar } from '../../lib/helm/yaml-scalars';
import { readYaml } from '../../lib/helm/yaml-values';
import { decoded } from '../../lib/helm/yaml-text';
import type { Json, JsonObject } from '../../lib/kubernetes/json';
import { readTable } from './table';

/** What sigs.k8s.io/yaml 1.6, as Helm 3.19 uses it, reads; null for a document that it refuses. */
const table = readTable<{ scalars: [string, Json][]; documents: [string, JsonObject | null][] }>('yaml.json');

test.each(table.scalars)('plain %p is read like Go', (text, value) => {
  expect(readPlainScalar(text).value).toEqual(value);
});

/** What Helm reads, but in an unexpected way: an error here. */
const REFUSED: Readonly<Record<string, string>> = {
  'b: 3\n<<: {a: 1, b: 2}\n': 'merge',
  '1.5: a\n': 'name',
  '1.20: a\n': 'name',
  'a: 1\na: 2\n': 'duplicate',
  '---\na: 1\n---\nb: 2\n': 'documents',
  'a: !!int "5"\n': 'syntax',
  'a: !!float 5\n': 'syntax',
  'a: !!bool "yes"\n': 'syntax',
  'a: !foo bar\n': 'syntax',
  'a: !!binary aGk=\n': 'syntax',
};

test.each(table.documents)('%j is read like Go, or refused', (text, expected) => {
  const { data, problems } = readYaml(text);
  const reason = REFUSED[text];
  if (expected !== null && reason === undefined) expect({ data, problems }).toEqual({ data: expected, problems: [] });
  else
    expect(problems.map(({ id }) => id)).toEqual(
      reason === undefined ? [expect.any(String)] : expect.arrayContaining([reason]),
    );
});

test('surprising scalars are reported, plain ones are not', () => {
  const { surprises } = readYaml('a: yes\nb: [0400, 1.20, true, 5, 0x1F, 1e3, "no"]\non: 1\n');
  expect(surprises).toEqual([
    { line: 1, column: 4, path: 'a', text: 'yes', value: true },
    { line: 2, column: 5, path: 'b[0]', text: '0400', value: 256 },
    { line: 2, column: 11, path: 'b[1]', text: '1.20', value: 1.2 },
    { line: 3, column: 1, path: 'a name', text: 'on', value: 'true' },
  ]);
});

test('a block that ends with the file is reported: Helm 4 adds a line break, Helm 3 does not', () => {
  for (const cut of ['a: |\n  b', 'a: >+\n  b'])
    expect(readYaml(cut)).toMatchObject({ data: { a: 'b\n' }, surprises: [{ path: 'a', isAtEnd: true }] });
  for (const whole of ['a: |-\n  b', 'a: |\n  b\n', 'a: |\n  b\n  ']) expect(readYaml(whole).surprises).toEqual([]);
});

/** Of `conformance/yaml`, where Helm's own reader judges these and 160,000 more. */
test.each([
  '---\n# ours\n---\na: 1\n',
  'null\n---\na: 1\n',
  '...\n',
  '%x: y\n',
  '\t',
  'a: "\\/"\n',
  'a: "\\ud83d\\ude00"\n',
  'a: "\\ud800"\n',
  'a:\n-\tb\n',
  'a:\n- \tb\n',
  'a: |\n  \tb\n',
  'a: [a:]\n',
  'a: [?a]\n',
  'a: [::1]\n',
  'a: {a? b}\n',
  'a: {b\n  : c}\n',
  'a: {b\n c: d}\n',
  'a:\n- b\n? c\n- d\n',
  'a: &?o x\n',
  'a: [!]\n',
  '9223372036854775808: a\n',
  '1e6: a\n',
  '-0.0: a\n',
  'a: \x07\n',
  '# \x07\n',
  'a: b\ufeffc\n',
  'a: \ufffe\n',
  'a: \ud800\n',
  'a: b\rc: d\n',
  'a: b\u0085c\n',
  '# b\u2028c: d\n',
  '---: a\n',
  '--- {a: b}\n',
  'a: 1\n---#b: c\n',
  '# ours\n---\n...\n',
  '%YAML 1.1\n---\na: 1\n',
  '%TAG !a! tag:a\n---\na: 1\n',
  '\t\na: 1\n',
  '\t# ours\na: 1\n',
  'a:\n\t\n',
  'a: b\n\t',
  'a:\n  \tb\n',
  'a: "b"\n\t\nc: d\n',
  'a: [b\n\t]\n',
  'a:\n- \t\n  b: c\n',
  '? \ta\n: b\n',
  '? a\n: \tb\n',
  '? a\n  : b\n',
  'a: b\nc\n  : d\n',
  'a: {b  :}\n',
  'a: {!\n  b: c}\n',
])('%j is refused: Helm refuses it, or reads something else', (text) => {
  expect(readYaml(text).problems).toHaveLength(1);
});

test.each<[string, JsonObject]>([
  ['a: .5_0\n', { a: 0.5 }],
  ['a: 0b-1\n', { a: -1 }],
  ['a: 0x10000000000000000\n', { a: '0x10000000000000000' }],
  ['a: 01777777777777777777777777\n', { a: 1.7777777777777778e24 }],
  ['9007199254740993: a\n', { '9007199254740993': 'a' }],
  ['# ours\n---\na: 1\n', { a: 1 }],
  ['\ufeffa: "\\u2028"\r\n', { a: '\u2028' }],
  ['---\n', {}],
  ['# ours\n', {}],
  ['--- # ours\r\na: 1\r\n', { a: 1 }],
  ['a: b\n  \tc\n  \t\n', { a: 'b c' }],
  ['a: "b\n  \tc"\n', { a: 'b c' }],
  ['a: [\n  \tb,\n  \t"c"\n  ]\n', { a: ['b', 'c'] }],
  ['a: |\n  b\n  \tc\n', { a: 'b\n\tc\n' }],
  ['? &b a\n: c\n', { a: 'c' }],
])('%j is read as Helm does', (text, data) => {
  expect(readYaml(text)).toMatchObject({ data, problems: [] });
});

test('a file is decoded as Helm does; what cannot be decoded is refused at its place', () => {
  const marked = (start: number[], text: Buffer): Buffer => Buffer.concat([Buffer.from(start), text]);
  const little = Buffer.from('a: é\n', 'utf16le');
  for (const bytes of [
    Buffer.from('a: é\n'),
    marked([0xef, 0xbb, 0xbf], Buffer.from('a: é\n')),
    marked([0xff, 0xfe], little),
    marked([0xfe, 0xff], Buffer.from(little).swap16()),
  ])
    expect(readYaml(decoded(bytes))).toMatchObject({ data: { a: 'é' }, problems: [] });
  for (const wrong of [[0xe9], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff, 0xfe], [0xf5]])
    expect(readYaml(decoded(marked([0x61, 0x3a, 0x20, 0xef, 0xbf, 0xbd], Buffer.from(wrong)))).problems).toEqual([
      expect.objectContaining({ line: 1, column: 5, message: 'The text is not valid UTF-8.' }),
    ]);
});

test('texts of 100 levels are read, those of more refused at the 101st', () => {
  const nested = (levels: number): string => `a: ${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}\n`;
  expect(readYaml(nested(100)).problems).toEqual([]);
  for (const levels of [101, 5_000])
    expect(readYaml(nested(levels)).problems).toEqual([
      expect.objectContaining({ column: 103, message: 'This text is nested deeper than 100 levels.' }),
    ]);
  const lines = Array.from({ length: 101 }, (_, i) => `${' '.repeat(i)}a:`).join('\n');
  expect(readYaml(`${lines} b`).problems).toEqual([expect.objectContaining({ line: 101, column: 101 })]);
});

test('circular and exploding aliases are refused', () => {
  expect(readYaml('a: &a [*a]\n').problems.map(({ id }) => id)).toEqual(['alias']);
  const layers = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
  expect(readYaml(`l0: &l0 [x]\n${layers.join('\n')}\n`).problems.map(({ id }) => id)).toEqual(['alias']);
});

test('a name that would change the prototype is data', () => {
  const { data } = readYaml('__proto__: {polluted: yes}\n');
  expect(Object.keys(data)).toEqual(['__proto__']);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});
