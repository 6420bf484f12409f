/** Writes the schemas of custom resources for judgement at run time: one file per kind and content. */
import type { GeneratedFile } from '../lib/releases/generated-file';
import type { Kind, Schema } from './crds';
import { kebab } from './crds';

/** A schema that is closed: JSON Schema, with Kubernetes' list types. */
type Judge = Readonly<Record<string, unknown>>;

/** What is kept, in this order. Defaults (but not their values), map types and rules in CEL are not. */
const KEPT = [
  'type',
  'nullable',
  'enum',
  'format',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'x-kubernetes-preserve-unknown-fields',
  'x-kubernetes-list-map-keys',
] as const satisfies readonly (keyof Schema)[];

/** Shapes of which a file has several copies are kept once, when they are longer than this many characters. */
const WORTH_A_NAME = 100;

/** `schemas.json`, which says where the schema of a kind and minor is, and the files that it names. */
export function schemaFiles(kinds: readonly Kind[]): readonly GeneratedFile[] {
  const byText = new Map<string, string>();
  const files: GeneratedFile[] = [];
  const index: Record<string, Record<string, string>> = {};
  // The plain kind goes before its cluster-wide sister and its variants, which may have the same schema.
  for (const kind of [...kinds].sort((a, b) => keyOf(a).length - keyOf(b).length || (a.name < b.name ? -1 : 1))) {
    const file = [kebab(kind.name), ...(kind.variant === undefined ? [] : [kind.variant])].join('-');
    for (const [minor, schema] of kind.schemas) {
      const text = schemaText(schema);
      const path = byText.get(text) ?? `${minor}/${file}.json`;
      if (!byText.has(text)) files.push({ path, text });
      byText.set(text, path);
      (index[keyOf(kind)] ??= {})[minor] = path;
    }
  }
  const lines = kinds.map((kind) => `${JSON.stringify(keyOf(kind))}: ${JSON.stringify(index[keyOf(kind)])}`);
  return [...files, { path: 'schemas.json', text: `{\n${lines.join(',\n')}\n}\n` }];
}

/** The name of a kind in `schemas.json`, `CiliumNodeConfig@v2alpha1` for a variant. */
function keyOf({ name, variant }: Kind): string {
  return variant === undefined ? name : `${name}@${variant}`;
}

/** The schema of `{ spec, specs }` of one kind. */
function schemaText(whole: Schema): string {
  const bodies = Object.entries(whole.properties ?? {}).filter(([name]) => name === 'spec' || name === 'specs');
  const required = (whole.required ?? []).filter((name) => bodies.some(([body]) => body === name));
  const root = closed({
    type: 'object',
    properties: Object.fromEntries(bodies),
    ...(required.length > 0 ? { required } : {}),
  });
  const { definitions, schema } = shared(root);
  const lines = [...definitions].map(([name, judge]) => `${JSON.stringify(name)}: ${JSON.stringify(judge)}`);
  return `{"definitions": {\n${lines.join(',\n')}\n},\n${JSON.stringify(schema).slice(1)}\n`;
}

/** A schema as JSON Schema that knows no other fields than its own. */
function closed(schema: Schema): Judge {
  const { properties, items, additionalProperties, oneOf, anyOf, allOf, not } = schema;
  const listType = schema['x-kubernetes-list-type'];
  const isObject = schema.type === 'object';
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    ...words(schema),
    ...(schema.default === undefined ? {} : { 'x-kubernetes-has-default': true }),
    ...(listType === undefined || listType === 'atomic' ? {} : { 'x-kubernetes-list-type': listType }),
    ...(properties === undefined ? {} : { properties: eachOf(properties, closed) }),
    ...(items === undefined ? {} : { items: closed(items) }),
    ...(typeof additionalProperties === 'object'
      ? { additionalProperties: closed(additionalProperties) }
      : isObject && !open && additionalProperties !== true
        ? { additionalProperties: false }
        : {}),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(branch) }),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map(branch) }),
    ...(allOf === undefined ? {} : { allOf: allOf.map(branch) }),
    ...(not === undefined ? {} : { not: branch(not) }),
  };
}

function words(schema: Schema): Judge {
  return Object.fromEntries(KEPT.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]));
}

/**
 * One of several choices. Choices declare no fields: those that they name with nothing said of them are left out.
 * @throws Error for a choice that says more: it needs code first, here and where it is judged.
 */
function branch(schema: Schema): Judge {
  const { properties = {}, ...rest } = schema;
  const more = Object.values(properties).some((child) => Object.keys(child).length > 0);
  const choice = words(rest);
  if (more || Object.keys(choice).length < Object.keys(rest).length)
    throw new Error(`Unsupported choice in a definition: ${JSON.stringify(schema)}`);
  return choice;
}

function eachOf(properties: Readonly<Record<string, Schema>>, write: (schema: Schema) => Judge): Judge {
  return Object.fromEntries(
    Object.keys(properties)
      .sort()
      .map((name) => [name, write(properties[name])]),
  );
}

/** Takes what stands at several places out of a schema, under the name of the first place. */
function shared(root: Judge): { readonly definitions: ReadonlyMap<string, Judge>; readonly schema: Judge } {
  const counts = new Map<string, number>();
  eachChild(root, '', (judge) => {
    const text = JSON.stringify(judge);
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 1; // what is inside of a copy is taken out with it
  });
  const definitions = new Map<string, Judge>();
  const names = new Map<string, string>();
  const write = (judge: Judge, place: string, top: boolean): Judge => {
    const text = JSON.stringify(judge);
    if (top || (counts.get(text) ?? 0) < 2 || text.length < WORTH_A_NAME)
      return mapChildren(judge, place, (child, at) => write(child, at, false));
    let name = names.get(text);
    if (name === undefined) {
      name = [place, ...Array.from({ length: names.size + 1 }, (_, i) => `${place}${String(i + 2)}`)].find(
        (free) => ![...names.values()].includes(free),
      ) as string;
      names.set(text, name);
      definitions.set(
        name,
        mapChildren(judge, place, (child, at) => write(child, at, false)),
      );
    }
    return { $ref: `#/definitions/${name}` };
  };
  return {
    schema: write(root, 'body', true),
    definitions: new Map([...definitions].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function eachChild(judge: Judge, place: string, visit: (judge: Judge, place: string) => boolean): void {
  mapChildren(judge, place, (child, at) => {
    if (visit(child, at)) eachChild(child, at, visit);
    return child;
  });
}

function mapChildren(judge: Judge, place: string, write: (child: Judge, place: string) => Judge): Judge {
  const { properties, items, additionalProperties } = judge as {
    properties?: Record<string, Judge>;
    items?: Judge;
    additionalProperties?: Judge | false;
  };
  return {
    ...judge,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, write(child, name)])),
        }),
    ...(items === undefined ? {} : { items: write(items, place) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: write(additionalProperties, place) } : {}),
  };
}
