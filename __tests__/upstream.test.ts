import fs from 'node:fs';
import { join } from 'node:path';
import { CILIUM_VERSIONS } from '../imports/cilium-chart';
import type { ShapeMap } from '../lib/cilium/shape';
import { allPaths } from '../lib/cilium/suggestions';
import { loadProfile } from '../lib/cilium/versions';
import type { Curated } from '../lib/releases/values/curated';
import { curatedOf } from '../lib/releases/values/curated';
import { readKnowledge } from '../upstream/knowledge';
import { imageTable, minorDefaults } from '../lib/releases/values/defaults';
import { readsOf, undeclaredReads } from '../lib/releases/values/reads';
import { recordReads } from '../upstream/recording';
import { shapesOf } from '../lib/releases/values/shapes';
import { overlay, shapeAt, versionTags } from '../lib/releases/values/tree';

const curated = (own: Partial<Curated> = {}): Curated => ({
  type: () => undefined,
  byName: new Map([['extraArgs', 'strings']]),
  strict: new Set(),
  wider: new Set(),
  isTexts: (name) => /labels$/i.test(name),
  isFragment: (_, name) => name === 'resources',
  hidden: () => [],
  nullable: new Set(),
  ignoredReads: new Set(),
  ...own,
});

describe('shapes', () => {
  it('describe a schema in words', () => {
    const schema = {
      properties: {
        on: { type: 'boolean' },
        maybe: { type: ['null', 'integer', 'string'] },
        word: { oneOf: [{ type: 'null' }, { enum: ['a', 'b'] }] },
        percent: { type: ['null', 'integer'], minimum: 0, maximum: 100 },
        podLabels: { type: 'object' },
        free: { type: 'object' },
        extraArgs: { type: 'array', items: {} },
        names: { type: 'array', items: { type: 'string' } },
        rules: { type: 'array', items: { anyOf: [{ properties: { key: { type: 'string' } } }] } },
        resources: {
          type: 'object',
          properties: { limits: { type: 'object', properties: { cpu: { type: 'string' } } } },
        },
        section: { type: 'object', properties: { name: { type: 'string' } } },
      },
    };
    expect(shapesOf(schema, '1.18.0', curated({ hidden: () => [['section.secret', 'string']] }))).toEqual({
      on: 'boolean',
      maybe: 'integer|string|null',
      word: "'a'|'b'|null",
      percent: '0..100|null',
      podLabels: 'texts',
      free: 'map',
      extraArgs: 'strings',
      names: 'strings',
      rules: { '[]': { key: 'string', '...': 'any' } },
      resources: { limits: { cpu: 'string', '...': 'any' }, '...': 'any' },
      section: { name: 'string', secret: 'string' },
    });
  });

  it('can be narrowed by hand, but not widened', () => {
    const schema = { properties: { mode: { type: 'string' } } };
    expect(shapesOf(schema, '1.18.0', curated({ type: () => "'a'|'b'" }))).toEqual({ mode: "'a'|'b'|text" });
    expect(shapesOf({ properties: { mode: { enum: ['a', 'b'] } } }, '1.18.0', curated({}))).toEqual({
      mode: "'a'|'b'",
    });
    expect(() => shapesOf(schema, '1.18.0', curated({ type: () => 'string|boolean' }))).toThrow(
      'mode: the curated type allows boolean',
    );
  });

  it('are merged over several releases, with the releases that know each value', () => {
    const versions = ['1.18.0', '1.18.1', '1.19.0', '1.19.1', '1.20.0'];
    const tree = overlay(
      new Map<string, ShapeMap>([
        ['1.18.0', { old: 'string', a: { b: 'string' } }],
        ['1.18.1', { old: 'string', late: 'string', a: { b: 'string' } }],
        ['1.19.0', { a: { b: 'boolean' } }],
        ['1.19.1', { late: 'string', a: { b: 'boolean' } }],
        ['1.20.0', { late: 'string', a: { b: 'boolean' } }],
      ]),
    );
    const tags = (name: string): readonly string[] => versionTags(tree.children.get(name) ?? tree, versions);
    expect(shapeAt(tree)).toEqual({ a: { b: 'string|boolean' }, late: 'string', old: 'string' });
    expect([tags('old'), tags('late'), tags('a')]).toEqual([['@removed 1.19'], ['@since 1.18.1, 1.19.1'], []]);
  });
});

describe('defaults', () => {
  const image = (tag: string): object => ({ repository: 'r', pullPolicy: 'Always', tag, digest: `sha256:${tag}` });
  const patches = [
    { patch: 0, version: '1.18.0', defaults: { a: 1, b: { c: [1], d: 2 }, image: image('v0') } },
    { patch: 1, version: '1.18.1', defaults: { a: 1, b: { c: [1], d: 2 }, image: image('v1') } },
    { patch: 2, version: '1.18.2', defaults: { a: 1, b: { c: [2], e: {} }, image: image('v2') } },
  ] as Parameters<typeof minorDefaults>[0];

  it('are stored once, with the differences of later patches', () => {
    expect(minorDefaults(patches)).toEqual({
      base: { a: 1, b: { c: [1], d: 2 }, image: { repository: 'r', pullPolicy: 'Always' } },
      patches: { '2': { set: { 'b.c': [2], 'b.e': {} }, removed: ['b.d'] } },
    });
  });

  it('have their images in a separate table', () => {
    expect(imageTable(patches)['1.18.1']).toEqual({ 'image.tag': 'v1', 'image.digest': 'sha256:v1' });
  });
});

describe('reads', () => {
  it.each<[template: string, reads: string[]]>([
    ['{{ .Values.a.b | quote }} {{ $.Values.c }}', ['a.b', 'c']],
    ['{{ if hasKey .Values.a "b" }}{{ get .Values "c" }}{{ end }}', ['a', 'a.b', 'c']],
    ['{{ dig "a" "b" "" .Values.AsMap }}{{ dig "x" (list) .Values.y }}', ['AsMap', 'a.b', 'y', 'y.x']],
    [
      '{{- $s := (coalesce .Values.a .Values.b) -}}{{ $s.c }}{{ if hasKey $s "d" }}{{ end }}',
      ['a', 'a.c', 'a.d', 'b', 'b.c', 'b.d'],
    ],
  ])('%s', (template, reads) => {
    expect([...new Set(readsOf(template))].sort()).toEqual(reads);
  });

  it('are found where no shape knows them', () => {
    const files = [
      {
        path: 'cilium/templates/x.yaml',
        text: '{{ .Values.a.b }}{{ .Values.a.c }}{{ .Values.m.any }}{{ .Values.skip }}',
      },
    ];
    expect(undeclaredReads(files, { a: { b: 'string' }, m: 'map' }, new Set(['skip']))).toEqual(['a.c']);
  });
});

describe('a recording', () => {
  it('lists what was read, also of frozen data', () => {
    const { values, reads } = recordReads(
      Object.freeze({ a: Object.freeze({ b: 1, c: [1] }), m: { x: 1 }, n: { y: 1 }, never: 1 } as const),
    );
    expect([values.a.b, values.a.c, Object.keys(values.m), values.n.y]).toEqual([1, [1], ['x'], 1]);
    expect({ ...values.m }).toEqual({ x: 1 });
    expect((values as { absent?: number }).absent).toBeUndefined();
    expect(reads()).toEqual(['a.b', 'a.c', 'absent', 'm', 'm.x', 'n.y']);
  });
});

describe('the curated lists', () => {
  const known = new Set(
    CILIUM_VERSIONS.flatMap((version) =>
      allPaths(loadProfile(version)?.profile.shapes ?? {}).map((path) => path.join('.')),
    ),
  );
  const names = (file: string): readonly string[] =>
    [
      ...fs
        .readFileSync(join(__dirname, '..', 'upstream', file), 'utf8')
        .matchAll(/^ {2}([A-Za-z0-9.]+)(?:@[\d.]+)?:/gm),
    ].map((match) => match[1]);

  it('name values that exist', () => {
    const typed = names('value-types.yaml').filter((name) => name.includes('.'));
    expect(typed.filter((path) => !known.has(path))).toEqual([]);
    const hidden = CILIUM_VERSIONS.flatMap((version) =>
      curatedOf(readKnowledge())
        .hidden(version)
        .map(([path]) => path),
    );
    expect(hidden.filter((path) => !known.has(path))).toEqual([]);
  });
});
