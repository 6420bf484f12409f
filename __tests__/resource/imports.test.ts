import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { kebab } from '../../upstream/crds';
import { readSchema, schemaPath, schemaPaths } from '../../lib/resource/schema-file';
import { CILIUM_KINDS, ciliumKindFindings } from '../../lib/kubernetes/cilium-api';
import type { CiliumKind } from '../../lib/kubernetes/cilium-api';
import { parseGoRegexp } from '../../lib/helm/go-regexp';

const FOLDER = join(__dirname, '..', '..', 'imports', 'cilium.io');
const MINORS = ['1.18', '1.19', '1.20'];
const KINDS = Object.keys(CILIUM_KINDS) as CiliumKind[];
const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' });
const text = (path: string): string => readFileSync(join(FOLDER, path), 'utf8');

/** Every keyword that schemas may have; no code would check others. */
const KEYWORDS: readonly string[] = [
  ...[
    '$ref',
    'definitions',
    'type',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'enum',
    'format',
    'pattern',
  ],
  ...[
    'minimum',
    'maximum',
    'minLength',
    'maxLength',
    'minItems',
    'maxItems',
    'minProperties',
    'maxProperties',
    'oneOf',
    'anyOf',
  ],
  ...['x-kubernetes-list-type', 'x-kubernetes-list-map-keys', 'x-kubernetes-preserve-unknown-fields'],
  'x-kubernetes-has-default',
];

type Node = Readonly<Record<string, unknown>>;

function* schemasIn(node: Node): Generator<Node> {
  yield node;
  const {
    properties = {},
    definitions = {},
    items,
    additionalProperties,
    oneOf = [],
    anyOf = [],
  } = node as Record<string, object>;
  for (const child of [
    ...Object.values(properties),
    ...Object.values(definitions),
    items,
    additionalProperties,
    ...(oneOf as Node[]),
    ...(anyOf as Node[]),
  ]) {
    if (typeof child === 'object') yield* schemasIn(child as Node);
  }
}

/** The schemas of a folder of `imports/`. */
const schemasOf = (folder: string): readonly string[] =>
  readdirSync(join(FOLDER, '..', folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json') && path !== 'schemas.json')
    .map((path) => `${folder}/${path}`);
const schemaFiles = [...schemasOf('cilium.io'), ...schemasOf('gateway.networking.k8s.io')];

describe('the schemas', () => {
  it('exist for every kind in every minor that has it, and no others', () => {
    const used = new Set<string>();
    for (const kind of KINDS) {
      for (const minor of MINORS) {
        const path = schemaPath(kind, `${minor}.3`);
        expect([kind, minor, path !== undefined]).toEqual([
          kind,
          minor,
          ciliumKindFindings('', kind, minor).length === 0,
        ]);
        if (path !== undefined) used.add(path);
      }
      for (const [, path] of schemaPaths(kind, 'v2alpha1')) used.add(path);
      expect(schemaPaths(kind).map(([minor]) => minor)).toEqual(
        MINORS.filter((minor) => ciliumKindFindings('', kind, minor).length === 0),
      );
    }
    expect([...used].sort()).toEqual([...schemasOf('cilium.io')].sort());
    expect(schemaPath('CiliumNodeConfig', '1.2')).toBeUndefined();
    expect(schemaPath('CiliumNodeConfig', 'newest')).toBeUndefined();
  });

  it.each(schemaFiles)('%s has only judged keywords, and is closed', (path) => {
    const file = readSchema(path);
    for (const schema of schemasIn(file as unknown as Node)) {
      expect(Object.keys(schema).filter((keyword) => !KEYWORDS.includes(keyword))).toEqual([]);
      const name = (schema.$ref as string | undefined)?.replace('#/definitions/', '');
      if (name !== undefined) expect(Object.keys(file.definitions)).toContain(name);
      if (schema.type === 'object')
        expect(schema.additionalProperties ?? schema['x-kubernetes-preserve-unknown-fields']).toBeDefined();
    }
  });

  it('have patterns that are read as Go does, and none that is slow to reject a text', () => {
    const patterns = new Set(
      schemaFiles.flatMap((path) =>
        [...schemasIn(readSchema(path) as unknown as Node)].flatMap(({ pattern }) =>
          pattern === undefined ? [] : [String(pattern)],
        ),
      ),
    );
    expect(patterns.size).toBeGreaterThan(10);
    const start = performance.now();
    for (const pattern of patterns) {
      const read = parseGoRegexp(pattern);
      expect(read).toHaveProperty('matches');
      if ('matches' in read)
        for (const part of ['a', 'a-', '1', '1:', '.a', 'A_']) read.matches(`${part.repeat(200)} `);
    }
    // JavaScript's own expressions would take longer than the universe has been there.
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});

describe('the types', () => {
  it.each(KINDS)('are exported for %s, over all minors and for each minor that has the kind', (kind) => {
    const { version } = CILIUM_KINDS[kind];
    const file = kebab(kind);
    const all = text(`${file}.ts`);
    expect(all).toContain(`export interface ${kind} {`);
    expect(all).toContain(`readonly apiVersion: 'cilium.io/${version}';`);
    const exported = [...all.matchAll(/^export (?:interface|type) (\w+)/gm)].map((match) => match[1]);
    const listed = new RegExp(`export type \\{([^}]*)\\} from './${file}';`).exec(text('index.ts'))?.[1];
    expect(listed?.match(/\w+/g)).toEqual(exported);
    expect(MINORS.filter((minor) => existsSync(join(FOLDER, minor, `${file}.ts`)))).toEqual(
      schemaPaths(kind).map(([minor]) => minor),
    );
  });

  it('contain types only', () => {
    for (const path of files.filter((name) => name.endsWith('.ts'))) {
      expect(text(path)).toMatch(/^\/\/ Generated by `npm run import`/);
      expect(text(path).match(/^(?:import|export) (?!type |interface )/m)).toBeNull();
    }
  });
});
