import { fc } from '../properties';
import { changesBetween, describeChanges } from '../../lib/kubernetes/changes';
import type { JsonObject } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';

const object = (fields: JsonObject, kind = 'ConfigMap', name = 'one'): KubernetesObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, namespace: 'default' },
  ...fields,
});
const said = (before: JsonObject, after: JsonObject): readonly string[] =>
  describeChanges(changesBetween([object(before)], [object(after)]))
    .split('\n')
    .slice(1)
    .map((line) => line.trim());

describe('the changes between two renders', () => {
  it('name added, removed and kept objects', () => {
    const [one, two, three] = ['one', 'two', 'three'].map((name) => object({}, 'Service', name));
    expect(changesBetween([one, two] as never, [two, three] as never)).toEqual([
      { object: 'Service default/one', change: 'removed', fields: [] },
      { object: 'Service default/three', change: 'added', fields: [] },
    ]);
  });

  it.each<[string, JsonObject, JsonObject, readonly string[]]>([
    [
      'fields by their paths',
      { data: { a: '1', 'b.c': 'x' } },
      { data: { a: '2', 'b.c': 'x' } },
      ['~ data.a: "1" -> "2"'],
    ],
    ['keys that need quotes', { data: { 'enable-ipv4': 'true' } }, { data: {} }, [`- data['enable-ipv4']: "true"`]],
    [
      'list items by name, whatever their order',
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      },
      {
        env: [
          { name: 'B', value: '3' },
          { name: 'A', value: '1' },
        ],
      },
      ['~ env[B].value: "2" -> "3"'],
    ],
    [
      'other list items by what they are',
      { verbs: ['get', 'list'] },
      { verbs: ['watch', 'get'] },
      ['- verbs[]: "list"', '+ verbs[]: "watch"'],
    ],
    [
      'the order of plain lists',
      { args: ['-a', '-b'] },
      { args: ['-b', '-a'] },
      ['~ args: ["-a","-b"] -> ["-b","-a"]'],
    ],
    [
      'JSON in a text',
      { data: { 'a.json': '{"b":{"c":1}}' } },
      { data: { 'a.json': '{"b":{"c":2}}' } },
      [`~ data['a.json'].b.c: 1 -> 2`],
    ],
    ['another kind of value', { a: 1 }, { a: { b: 1 } }, ['~ a: 1 -> {"b":1}']],
  ])('name %s', (_, before, after, lines) => {
    expect(said(before, after)).toEqual(lines);
  });

  it('shorten long texts', () => {
    expect(said({ a: 'x'.repeat(300) }, {})[0]).toMatch(/^- a: "x{79}… \(302 characters\)$/);
  });

  it('are empty exactly when nothing changes', () => {
    const json = fc
      .dictionary(fc.string(), fc.jsonValue())
      .map((map) => object(JSON.parse(JSON.stringify({ data: map })) as JsonObject));
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(changesBetween([a], [JSON.parse(JSON.stringify(a)) as KubernetesObject])).toEqual([]);
        const same = JSON.stringify(a) === JSON.stringify(b);
        if (same) expect(changesBetween([a], [b])).toEqual([]);
      }),
    );
  });
});
