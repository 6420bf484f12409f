import { readPlainScalar } from '../../lib/helm/yaml-scalars';
import { readYaml } from '../../lib/helm/yaml-values';
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
