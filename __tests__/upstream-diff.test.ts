import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chartDiff, releaseBelow } from '../upstream/diff';
import { changedLines } from '../lib/releases/changes/lines';

const folder = mkdtempSync(join(tmpdir(), 'charts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Readonly<Record<string, string>>;

function write(root: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function pack(version: string, files: Files): void {
  const root = join(folder, version);
  write(join(root, 'cilium'), files);
  execFileSync('tar', ['czf', join(folder, `cilium-${version}.tgz`), '-C', root, 'cilium']);
}

const object = (properties: object): object => ({ type: 'object', properties });
const image = object({ repository: { type: 'string' }, pullPolicy: { type: 'string' }, tag: { type: 'string' } });
const schema = (properties: object): string => JSON.stringify(object({ image, ...properties }));
const values = (tag: string, rest: string): string =>
  `image: {repository: r, pullPolicy: Always, tag: ${tag}}\n${rest}`;
const config = (keys: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cilium-config\ndata:\n${keys}`;

/** Two charts that differ in one thing of every kind, and a checkout that knows some of them. */
beforeAll(() => {
  pack('9.1.0', {
    'values.yaml': values('v1', 'shared: {size: 1, gone: x, kind: a}\n'),
    'values.schema.json': schema({
      shared: object({ size: { type: 'integer' }, gone: { type: 'string' }, kind: { type: 'string' } }),
    }),
    'templates/cilium-configmap.yaml': config(
      [
        '{{- $size := .Values.shared.size }}',
        '{{- if .Values.shared.kind }}',
        '  moves: "yes"',
        '{{- end }}',
        '  stays: {{ $size }}',
        '  rewritten: {{ .Values.shared.size }}',
        '  goes: {{ .Values.shared.gone }}',
        '  before: {{ .Values.oldSecret }}',
      ].join('\n'),
    ),
    'templates/cilium-agent/service.yaml': 'kind: Service\nmetadata:\n  name: old-service\n',
    'templates/validate.yaml':
      '{{ if .Values.shared.gone }}{{ fail "first" }}{{ end }}\n{{ if .Values.shared.kind }}{{ fail "second" }}{{ end }}\n',
  });
  pack('9.2.0-pre.1', {
    'values.yaml': values('v2', 'shared: {size: 2, kind: a, fresh: true}\n'),
    'values.schema.json': schema({
      shared: object({ size: { type: 'integer' }, kind: { type: ['string', 'null'] }, fresh: { type: 'boolean' } }),
    }),
    'templates/cilium-configmap.yaml': config(
      [
        '{{- $size := .Values.shared.size }}',
        '{{- if and .Values.shared.kind .Values.shared.fresh }}',
        '  moves: "yes"',
        '{{- else if $size }}',
        '  comes: "{{ .Values.hiddenOne }}"',
        '{{- end }}',
        '  stays: {{ $size }}',
        '  rewritten: {{ $size | quote }}',
        '{{- /* {{ if .Values.comment }}',
        '  commented: out */}}',
      ].join('\n'),
    ),
    'templates/cilium-agent/role.yaml':
      'kind: Role\nmetadata:\n  namespace: {{ .Release.Namespace }}\n  name: {{ .Values.shared.kind }}\n',
    'templates/validate.yaml':
      '{{ if and .Values.shared.fresh .Values.shared.kind }}{{ fail "second" }}{{ end }}\n{{ required "third" .Values.shared.size }}\n',
  });
  write(join(folder, 'checkout'), {
    'lib/cilium/features/shared.ts':
      "const size = v.shared.size;\nconst { fresh } = v.shared;\nconfig: {\n  moves: v.shared?.kind,\n  'goes': 1,\n}\n",
    'lib/cilium/components/agent/role.ts': 'export const role = 1;\n',
    'lib/cilium/components/agent/service.ts': "name: 'old-service', // a Service\n",
    'lib/cilium/components/other/agent/role.ts': '\n',
  });
});

const list = (): string =>
  chartDiff({ version: '9.2.0-pre.1', from: '9.1.0', charts: [folder], root: join(folder, 'checkout') });

/** What stands under a title: entries with the line of our files below them. */
function part(title: string): readonly (readonly [string, string])[] {
  const section =
    list()
      .split('\n## ')
      .find((text) => text.startsWith(`${title} (`)) ?? '';
  return [...section.matchAll(/^- \[ \] (.*)\n {6}(.*)$/gm)].map(([, what, where]) => [what, where] as const);
}

describe('the list of changes in a chart', () => {
  const feature = 'lib/cilium/features/shared.ts';
  it.each<[title: string, entries: (readonly [string, string])[]]>([
    ['values added', [['shared.fresh: boolean, default true', `${feature}:2`]]],
    ['values removed', [['shared.gone', `no file yet; close by: ${feature}:1`]]],
    ['defaults changed', [['shared.size: 1 -> 2', `${feature}:1`]]],
    ['types changed', [['shared.kind: string -> string|null', `${feature}:4`]]],
    ['hidden reads added', [['hiddenOne', 'no file yet']]],
    ['hidden reads removed', [['oldSecret', 'no file yet']]],
    ['images', [['image.tag: "v1" -> "v2"', 'no file yet']]],
    ['config keys added', [['comes: asks hiddenOne, shared.fresh, shared.kind, shared.size', 'no file yet']]],
    [
      'config keys removed',
      [
        ['before', 'no file yet'],
        ['goes', `${feature}:5`],
      ],
    ],
    ['config keys under another condition', [['moves: asks +shared.fresh', `${feature}:4`]]],
    ['config keys written otherwise', [['rewritten: asks the same values', 'no file yet']]],
    [
      'objects added',
      [['Role (computed name): templates/cilium-agent/role.yaml', 'lib/cilium/components/agent/role.ts']],
    ],
    [
      'objects removed',
      [
        [
          'Service old-service: templates/cilium-agent/service.yaml',
          'lib/cilium/components/agent/service.ts:1  lib/cilium/components/agent/service.ts',
        ],
      ],
    ],
    ['new places that refuse (fail, required)', [['templates/validate.yaml:2: asks shared.size', `${feature}:1`]]],
    [
      'places that refuse under another condition',
      [['templates/validate.yaml:1: asks shared.fresh, shared.kind', `${feature}:2  ${feature}:4`]],
    ],
    [
      'places that refuse no more (lines of 9.1.0)',
      [['templates/validate.yaml:1: asks shared.gone', `no file yet; close by: ${feature}:1`]],
    ],
    [
      'templates and files touched',
      [
        ['templates/cilium-agent/role.yaml: new, +4 -0 lines', 'lib/cilium/components/agent/role.ts'],
        ['templates/cilium-agent/service.yaml: gone, +0 -3 lines', 'lib/cilium/components/agent/service.ts'],
        ['templates/cilium-configmap.yaml: +6 -4 lines', 'no file yet'],
        ['templates/validate.yaml: +2 -2 lines', 'no file yet'],
      ],
    ],
  ])('%s', (title, entries) => {
    expect(part(title)).toEqual(entries);
  });

  it('is the same every time, and states when nothing changed', () => {
    expect(list()).toBe(list());
    expect(
      chartDiff({ version: '9.1.0', from: '9.1.0', charts: [folder], root: join(folder, 'checkout') }),
    ).not.toContain('- [ ]');
  });

  it('prints no text of a template', () => {
    expect(list()).not.toMatch(/\{\{|second|third/);
  });

  it('names a missing archive', () => {
    expect(() => chartDiff({ version: '9.9.9', from: '9.1.0', charts: [folder] })).toThrow('No cilium-9.9.9.tgz in');
  });
});

describe('the version to compare with', () => {
  const known = ['1.18.0', '1.18.12', '1.19.0', '1.19.10', '1.19.9'];
  it.each([
    ['1.18.13', '1.18.12'],
    ['1.19.10', '1.19.9'],
    ['1.20.0-pre.0', '1.19.10'],
    ['1.19.0', '1.18.12'],
  ])('is for %s the newest older one: %s', (version, from) => {
    expect(releaseBelow(version, known)).toBe(from);
  });

  it('must be named when no known version is older', () => {
    expect(() => releaseBelow('1.17.0', known)).toThrow('--from');
  });
});

it('changed lines are counted as by diff', () => {
  expect(changedLines('a\nb\nc\nd', 'a\nc\nx\ny\nd')).toEqual({ added: 2, removed: 1 });
  expect(changedLines('a\nb', 'a\nb')).toEqual({ added: 0, removed: 0 });
});
