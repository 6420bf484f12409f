import { fc, runs } from '../properties';
import { parse, parseAllDocuments } from 'yaml';
import { numberTexts } from '../../conformance/yaml/numbers';
import { readPlainScalar } from '../../lib/helm/yaml-scalars';
import { tidy } from '../../lib/kubernetes/tidy';
import { writeDocuments, writeObject, writeYaml } from '../../lib/kubernetes/yaml';

/** Reads a text as both YAML versions; the Go parsers stand between them. conformance/yaml asks those. */
function readBoth(text: string): readonly unknown[] {
  return ['1.1', '1.2'].map((version) => parse(text, { version: version as '1.1' }) as unknown);
}

test('keys are sorted, apiVersion, kind and metadata first at the top', () => {
  const text = writeYaml({
    spec: { z: 1, a: [{ b: 1, a: {} }], kind: 'x' },
    kind: 'A',
    metadata: { name: 'n', labels: {} },
    apiVersion: 'v1',
    data: [],
  });
  expect(text).toBe(`apiVersion: v1
kind: A
metadata:
  labels: {}
  name: "n"
data: []
spec:
  a:
  - a: {}
    b: 1
  kind: x
  z: 1
`);
});

test('several lines are a literal block, unless only quotes keep them', () => {
  const text = writeYaml({
    a: 'one\ntwo\n',
    b: 'one\ntwo',
    c: ' one\ntwo',
    d: 'one \ntwo',
    e: '\tone\ntwo',
    f: 'one\n\n',
    g: '\none',
    h: 'one\r\ntwo',
  });
  expect(text).toBe(`a: |
  one
  two
b: |-
  one
  two
c: " one\\ntwo"
d: "one \\ntwo"
e: "\\tone\\ntwo"
f: "one\\n\\n"
g: "\\none"
h: "one\\r\\ntwo"
`);
});

test('text that some parser reads as another type is quoted', () => {
  const words = [
    '0o17',
    '6e1_0',
    '<<',
    'on',
    'y',
    'No',
    '0755',
    '1:30',
    '1e3',
    '~',
    '',
    '2001-01-01',
    '---',
    '--- a',
    '.inf',
    '0x1F',
    '1_000',
    'e0',
    '-E3',
    'Off',
    '8080',
  ];
  for (const word of words) expect(writeYaml({ [word]: word })).toBe(`"${word}": "${word}"\n`);
});

test('line separators and control characters are escaped', () => {
  expect(writeYaml({ a: 'x\u2028y\u2029z\u0085\u007f\u009f\ufeff\0' })).toBe(
    'a: "x\\u2028y\\u2029z\\u0085\\u007f\\u009f\\ufeff\\u0000"\n',
  );
});

test('long texts are neither folded nor aliased', () => {
  const long = 'word '.repeat(200).trim();
  const shared = { text: long };
  expect(writeYaml({ a: shared, b: shared })).toBe(`a:\n  text: ${long}\nb:\n  text: ${long}\n`);
});

test('equal data gives equal bytes', () => {
  expect(writeYaml({ b: 1, a: { d: 2, c: 3 }, 10: 'x', 9: 'y' })).toBe(
    writeYaml({ 9: 'y', 10: 'x', a: { c: 3, d: 2 }, b: 1 }),
  );
});

test('undefined entries are left out', () => {
  expect(writeYaml({ a: undefined, b: 1 })).toBe('b: 1\n');
});

test('the layout can put other keys first', () => {
  expect(writeYaml({ b: [{ a: 1, name: 'n1' }], name: 'x', a: 1 }, { first: ['name'], firstInside: ['name'] })).toBe(
    'name: x\na: 1\nb:\n- name: n1\n  a: 1\n',
  );
});

test.each<[string, unknown, RegExp]>([
  ['half a surrogate pair', { data: { text: 'a\ud800' } }, /^data\.text holds half/],
  ['half a surrogate pair in a key', { '\udc00': 1 }, /holds half/],
  ['NaN', { spec: [{ a: NaN }] }, /^spec\[0\]\.a is an invalid number/],
  ['undefined in a list', [undefined], /^\[0\] is missing/],
  ['a function', { f: () => 1 }, /^f is a function/],
  ['a class instance', { when: new Date(0) }, /^when is an instance of Date/],
])('%s is refused with its path', (_, value, message) => {
  expect(() => writeYaml(value)).toThrow(TypeError);
  expect(() => writeYaml(value)).toThrow(message);
});

test('separators stand only between documents', () => {
  expect(writeDocuments([])).toBe('');
  expect(writeDocuments([{ a: 1 }])).toBe('a: 1\n');
  expect(writeDocuments([{ a: 1 }, { b: 2 }])).toBe('a: 1\n---\nb: 2\n');
});

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      'a',
      ' ',
      '\t',
      '\n',
      '\r',
      '-',
      ':',
      '#',
      '"',
      "'",
      '\\',
      '0',
      '_',
      'o',
      'e',
      '.',
      '|',
      '>',
      '<',
      '\u2028',
      '\u0085',
    ),
  }),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
})).map;

test('any data is read back as it was written', () => {
  fc.assert(
    fc.property(json, (value) => {
      const wanted = JSON.parse(JSON.stringify(value)) as unknown;
      const written = writeYaml(value);
      for (const read of readBoth(written)) expect(read).toEqual(wanted);
      for (const line of written.split('\n')) expect(line).not.toMatch(/[ \t]$/);
    }),
    runs(500),
  );
});

test('a manifest inside a manifest is read back', () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 1, maxLength: 3 }), (values) => {
      const inside = writeDocuments(values.map((data) => ({ apiVersion: 'v1', kind: 'A', data })));
      const [outside] = readBoth(writeYaml({ list: [{ name: 'a', contents: inside }] })) as [
        { list: [{ contents: string }] },
      ];
      expect(outside.list[0].contents).toBe(inside);
      const documents = parseAllDocuments(inside, { version: '1.1' }) as readonly { toJS: () => { data: unknown } }[];
      expect(documents.map((document) => document.toJS().data)).toEqual(JSON.parse(JSON.stringify(values)));
      // The node cuts at every line that begins like this.
      expect(inside.split(/^---.*$/m)).toHaveLength(values.length);
    }),
    runs(300),
  );
});

test('an object is written as tidy returns it', () => {
  const outcome = (write: () => string): string => {
    try {
      return write();
    } catch (error) {
      // Of several faults either may name another one first.
      return error instanceof TypeError ? 'refused' : String(error);
    }
  };
  expect(() => writeObject({ a: [null] })).toThrow('a[0] is null');
  expect(writeObject({ b: null, a: [{ c: null }], d: undefined })).toBe('a:\n- {}\n');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.anything(), { noNullPrototype: true }), (object) => {
      expect(outcome(() => writeObject(object))).toBe(outcome(() => writeYaml(tidy(object))));
    }),
    runs(500),
  );
});

test('no text is read back as a number, however numbers are spelt', () => {
  const texts = numberTexts();
  const wrong = texts.filter((text) => {
    const written = writeYaml({ a: text }).slice(3, -1);
    return written === text && readPlainScalar(text).value !== text;
  });
  expect(texts.length).toBeGreaterThan(10_000);
  expect(wrong).toEqual([]);
});
