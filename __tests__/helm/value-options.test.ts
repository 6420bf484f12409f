import { fc, runs } from '../properties';
import { mergeSetOptions, SET_FORMS } from '../../lib/helm/value-options';
import { readTable } from './table';
import { meant, mergedByUs } from './value-options';
import type { Row, Truth } from './value-options';

/** Values files and expressions, and what Helm 3.19.4 and Helm 4.3.2 made of them (conformance/helm/values). */
const table = readTable<(Row & { readonly helm: Truth })[]>('value-options.json');

test('--set and its like are read and merged as Helm does', () => {
  for (const { helm, ...row } of table)
    expect({ row, values: mergedByUs(row).values }).toEqual({ row, values: meant(row, helm).values });
});

test('what Helm refuses has a message, and other expressions are reported with it', () => {
  const { problems } = mergeSetOptions({}, { set: ['a[x]=1', 'b=1', 'a.b'], 'set-json': ['c=x'] }, String);
  expect(problems).toEqual([
    { form: 'set-json', expression: 'c=x', message: '"x" does not begin with a JSON value.' },
    { form: 'set', expression: 'a[x]=1', message: 'The index "x" is not a number.' },
    { form: 'set', expression: 'a.b', message: 'The name "b" has no value.' },
  ]);
});

test('the paths that were set are known', () => {
  const options = { set: ['a.b=1,c[1].d={x}'], 'set-json': ['{"e":{"f":1}}', 'g[0]={"h":1}'] };
  expect(mergeSetOptions({}, options, String).set.map(({ path }) => path)).toEqual(['e', 'g[0]', 'a.b', 'c[1].d']);
});

test('no expression changes the prototype of all objects, or the values files', () => {
  const base = Object.freeze({ a: Object.freeze({ b: 1 }), l: Object.freeze([1]) });
  const pollution = ['__proto__.x=1', 'a.__proto__.x=1', 'constructor.prototype.x=1', 'l[0].__proto__.x=1', 'a.b=2'];
  const { values } = mergeSetOptions(
    base,
    { set: pollution, 'set-literal': pollution, 'set-json': ['{"__proto__":{"x":1}}'] },
    String,
  );
  expect({} as Record<string, unknown>).not.toHaveProperty('x');
  expect(Object.keys(values)).toEqual(['a', 'l', '__proto__', 'constructor']);
  expect(base).toEqual({ a: { b: 1 }, l: [1] });
});

test('no text crashes it, and its cost grows linearly', () => {
  const characters = fc.array(fc.constantFrom(...'a.[]0={},\\"1 '), { maxLength: 40 }).map((list) => list.join(''));
  fc.assert(
    fc.property(fc.constantFrom(...SET_FORMS), characters, (form, text) => {
      mergeSetOptions({}, { [form]: [text] }, String);
    }),
    runs(1000),
  );
  const long = Array.from({ length: 20_000 }, (_, i) => `a${String(i)}=1`).join(',');
  for (const form of SET_FORMS)
    expect(
      mergeSetOptions({}, { [form]: [long, '9'.repeat(100_000), `a=${'9'.repeat(100_000)}`] }, String),
    ).toBeDefined();
});
