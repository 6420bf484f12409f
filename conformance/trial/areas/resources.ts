import { App, Chart } from 'cdk8s';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import fc from 'fast-check';
import { RESOURCES, errorsIn } from '../../../__tests__/exports/table';
import * as lib from '../../../lib';
import type { Finding, ICilium } from '../../../lib';
import { readSchema, resolve, schemaPath } from '../../../lib/resource/schema-file';
import type { Schema, SchemaFile, SchemaKind } from '../../../lib/resource/schema-file';
import { RESOURCE_KINDS } from '../../../lib/resources/kinds';
import { ciliumWith } from '../../../upstream/rules/released';
import type { Area } from '../area';
import { hostile } from '../hostile';
import { Code, treeOf } from '../tree';
import type { Path, Tree, TreeMap } from '../tree';
import { objectsFault, yamlFault } from '../verdict';
import { spoiltArea } from './spoilt';
import type { Outcome, Sample } from './spoilt';

/** Names of rows that have areas of their own: kinds, cluster, patch. */
export const OWN = new RegExp(
  `^(?:${RESOURCES.map(({ name }) => name).join('|')}|TalosCluster|TalosPatch|renderTalosPatch)(?: |\\.fromManifest$|$)`,
);

const VERSIONS = ['1.18.4', '1.19.6', '1.20.0'] as const;

type Kind = (new (
  scope: Construct,
  id: string,
  props: unknown,
) => Construct & { readonly apiObject: ApiObject; readonly findings: readonly Finding[] }) &
  Pick<typeof lib.CidrGroup, 'fromManifest'>;

const kinds = new Map(
  RESOURCE_KINDS.map(({ construct, api, rules }) => {
    const name = construct ?? api.kind.replace(/^Cilium(?!(?:Clusterwide)?NetworkPolicy|NodeConfig)/, '');
    return [name, { kind: api.kind as SchemaKind, examples: rules.map(({ examples }) => examples) }] as const;
  }),
);

function made(name: string, given: unknown, isManifest: boolean, cilium: ICilium): Outcome {
  const kind = lib[name as 'CidrGroup'] as unknown as Kind;
  const app = new App({ outdir: '/tmp/never-written' });
  const chart = new Chart(app, 'c');
  const one = (
    isManifest ? kind.fromManifest(chart, 'one', given, { cilium }) : new kind(chart, 'one', given)
  ) as InstanceType<Kind>;
  const errors = errorsIn(app);
  const findings = [...errors, ...one.findings.filter(({ level }) => level === 'warning')];
  if (errors.length > 0) return { findings };
  const object = one.apiObject.toJson() as never;
  return { findings, text: JSON.stringify(object), fault: objectsFault([object]) ?? yamlFault(object) };
}

/** Optional fields of a schema that a value does not have, a few levels deep. */
function fieldsOf(file: SchemaFile, given: Schema, path: Path, depth: number): readonly Path[] {
  const schema = resolve(file, given);
  const inside = schema.items === undefined ? [] : fieldsOf(file, schema.items, [...path, 0], depth);
  if (depth === 0) return [path];
  return [
    path,
    ...inside,
    ...Object.entries(schema.properties ?? {}).flatMap(([name, inner]) =>
      fieldsOf(file, inner, [...path, name], depth - 1),
    ),
  ];
}

function samplesOf(version: string): readonly Sample[] {
  const cilium = ciliumWith(version);
  return RESOURCES.flatMap(({ name, good }): readonly Sample[] => {
    const known = kinds.get(name);
    const path =
      known === undefined
        ? undefined
        : (schemaPath(known.kind, version.startsWith('1.20') ? '1.20' : version) ?? schemaPath(known.kind, '1.4'));
    if (path === undefined) return [];
    const file = readSchema(path);
    const spec = resolve(file, file.properties?.spec ?? file);
    const fields = fieldsOf(file, spec, [], 5).filter((place) => place.length > 0);
    const props: TreeMap = { ...(treeOf(good) as TreeMap), cilium: new Code('cilium', () => cilium) };
    const written = treeOf(manifestOf(name, good, cilium));
    const start = `const app = new App(); const chart = new Chart(app, 'c');\nconst cilium = lib.Cilium.fromVersion(chart, 'cilium', '${version}');\n`;
    return [
      {
        name: `${name} ${version}`,
        good: props,
        more: fields,
        call: (given) => made(name, given, false, cilium),
        code: (given) => `${start}new lib.${name}(chart, 'one', ${given}); lib.synthesize(app);`,
      },
      {
        name: `${name}.fromManifest ${version}`,
        good: written,
        more: fields.map((place) => ['spec', ...place]),
        call: (given) => made(name, given, true, cilium),
        code: (given) => `${start}lib.${name}.fromManifest(chart, 'one', ${given}, { cilium }); lib.synthesize(app);`,
      },
    ];
  });
}

/** A right manifest of a kind. */
function manifestOf(name: string, good: object, cilium: ICilium): unknown {
  const kind = lib[name as 'CidrGroup'] as unknown as Kind;
  const chart = new Chart(new App({ outdir: '/tmp/never-written' }), 'c');
  const object = new kind(chart, 'one', { ...good, cilium }).apiObject.toJson() as object;
  return 'spec' in object || 'specs' in object ? object : new kind(chart, 'two', good).apiObject.toJson();
}

/** Text that fits formats and patterns of schemas in the main. */
const FITTING: readonly string[] = [
  ...[
    '10.0.0.0/8',
    '192.168.1.1',
    'fd00::/64',
    'fd00::1',
    'a',
    'web',
    'web.example.test',
    '*.example.test',
    '*',
    '/a',
    '^eth0$',
  ],
  ...[
    '80',
    '8080',
    'http',
    'TCP',
    'UDP',
    'ANY',
    'ipv4',
    'unicast',
    'In',
    'Exists',
    'app',
    'io.cilium/bgp',
    'Service',
    'Gateway',
    'HTTPRoute',
    '10s',
  ],
];

/** A value that follows a schema more or less. */
function fromSchema(file: SchemaFile, given: Schema | undefined, depth: number): fc.Arbitrary<Tree> {
  const schema = resolve(file, given);
  const right = rightOf(file, schema, depth);
  return fc.oneof({ weight: 12, arbitrary: right }, { weight: 1, arbitrary: hostile });
}

function rightOf(file: SchemaFile, schema: Schema, depth: number): fc.Arbitrary<Tree> {
  const { type, properties, items, additionalProperties } = schema;
  const words = schema.enum;
  if (words !== undefined && words.length > 0) return fc.constantFrom(...(words as readonly Tree[]));
  const union = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].filter(
    (one) => one.type !== undefined || one.properties !== undefined,
  );
  if (type === undefined && union.length > 0 && properties === undefined)
    return fc.oneof(...union.map((one) => rightOf(file, resolve(file, one), depth)));
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number')
    return fc.integer({
      min: schema.minimum ?? 0,
      max: Math.max(schema.minimum ?? 0, Math.min(schema.maximum ?? 70_000, 4_294_967_295)),
    });
  if (type === 'string') return fc.constantFrom(...FITTING);
  if (type === 'array')
    return depth <= 0
      ? fc.constant<Tree>([])
      : fc.array(fromSchema(file, items, depth - 1), { maxLength: 2, size: 'max' });
  if (properties !== undefined) {
    const fields = Object.entries(properties).filter(
      ([, inner]) => depth > 0 || ['string', 'integer', 'boolean'].includes(String(resolve(file, inner).type)),
    );
    if (fields.length === 0) return fc.constant<Tree>({});
    return fc.record(Object.fromEntries(fields.map(([field, inner]) => [field, fromSchema(file, inner, depth - 1)])), {
      requiredKeys: fields.map(([field]) => field).filter((field) => schema.required?.includes(field) === true),
      noNullPrototype: true,
    }) as fc.Arbitrary<TreeMap>;
  }
  if (typeof additionalProperties === 'object')
    return fc.dictionary(fc.constantFrom(...FITTING), fromSchema(file, additionalProperties, depth - 1), {
      maxKeys: 2,
      noNullPrototype: true,
    }) as fc.Arbitrary<TreeMap>;
  return fc.constantFrom<Tree>(...FITTING, 1, true);
}

const samples = VERSIONS.flatMap(samplesOf);

/** Whole specs by the schema, for a sample in three; the place of the change is the whole then. */
const specs = new Map<string, fc.Arbitrary<Tree>>();

function specOf(sample: Sample): fc.Arbitrary<Tree> {
  const found = specs.get(sample.name);
  if (found !== undefined) return found;
  const [name = '', version = ''] = sample.name.replace('.fromManifest', '').split(' ');
  const kind = kinds.get(name)?.kind;
  const path = kind === undefined ? undefined : (schemaPath(kind, version) ?? schemaPath(kind, '1.4'));
  const file = path === undefined ? undefined : readSchema(path);
  const arbitrary = file === undefined ? hostile : fromSchema(file, file.properties?.spec ?? file, 6);
  specs.set(sample.name, arbitrary);
  return arbitrary;
}

const isManifest = ({ name }: Sample): boolean => name.includes('.fromManifest');

/** Spoilt props and manifests of every kind. */
const spoilt = spoiltArea({
  name: 'resources',
  about: 'custom resources of every kind: spoilt props and manifests, and specs at random by the schema',
  samples,
});

type SpoiltCase = Parameters<typeof spoilt.judge>[0];
type ResourceCase = { readonly spoilt: SpoiltCase } | { readonly sample: number; readonly spec: Tree };

/** A sample with a spec of its own. */
function whole(input: { readonly sample: number; readonly spec: Tree }): {
  readonly sample: Sample;
  readonly given: Tree;
} {
  const sample = samples[input.sample] as Sample;
  const good = sample.good as TreeMap;
  if (isManifest(sample)) return { sample, given: { ...good, spec: input.spec } };
  const fields =
    typeof input.spec === 'object' && input.spec !== null && !Array.isArray(input.spec) && !(input.spec instanceof Code)
      ? (input.spec as TreeMap)
      : { spec: input.spec };
  return { sample, given: { cilium: good.cilium ?? null, name: 'one', ...fields } };
}

function areaOf(input: { readonly sample: number; readonly spec: Tree }): {
  readonly area: typeof spoilt;
  readonly one: SpoiltCase;
} {
  const { sample, given } = whole(input);
  return {
    area: spoiltArea({ name: 'resources', about: '', samples: [{ ...sample, good: given, more: [] }] }),
    one: { sample: 0, changes: [] },
  };
}

/** Every kind of custom resource. */
export const resources: Area<ResourceCase> = {
  ...spoilt,
  cases: fc.oneof(
    { weight: 2, arbitrary: spoilt.cases.map((one): ResourceCase => ({ spoilt: one })) },
    {
      weight: 1,
      arbitrary: fc.nat({ max: samples.length - 1 }).chain(
        (sample) =>
          fc.record({
            sample: fc.constant(sample),
            spec: specOf(samples[sample] as Sample),
          }) as fc.Arbitrary<ResourceCase>,
      ),
    },
  ),
  judge: (input: ResourceCase) => {
    if ('spoilt' in input) return spoilt.judge(input.spoilt);
    const { area, one } = areaOf(input);
    return area.judge(one);
  },
  program: (input: ResourceCase) => {
    if ('spoilt' in input) return spoilt.program(input.spoilt);
    const { area, one } = areaOf(input);
    return area.program(one);
  },
};
