import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CiliumKind } from '../kubernetes/cilium-api';
import type { GatewayKind } from '../kubernetes/gateway-api';
import type { Json } from '../kubernetes/json';

/** A schema as `imports/` keeps it: JSON Schema without defaults, closed, with Kubernetes' list types. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly nullable?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-has-default'?: true;
}

/** The schema of `{ spec, specs }` of a kind. */
export interface SchemaFile extends Schema {
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** A kind with schemas in `imports/`. */
export type SchemaKind = CiliumKind | GatewayKind;

/** Whose definitions the folders of `imports/` hold. */
const PRODUCTS = { 'cilium.io': 'Cilium', 'gateway.networking.k8s.io': 'Gateway API' } as const;

type Group = keyof typeof PRODUCTS;

/**
 * The file with the schema of a kind, for {@link readSchema}; `undefined` when the release has no such kind, or is not known.
 * @param version of Cilium, or of the Gateway API for its kinds: `1.18.4` or `1.18`.
 * @param variant an older API version, `v2alpha1`, or the channel `experimental`. @default - what is written
 */
export function schemaPath(kind: SchemaKind, version: string, variant?: string): string | undefined {
  const minor = minorOf(version);
  return schemaPaths(kind, variant).find(([known]) => known === minor)?.[1];
}

/** `1.18` of `1.18.4`. */
export function minorOf(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?:\.|$)/.exec(version)?.[1];
}

/** The minors that have a kind, oldest first, each with the file of its schema. */
export function schemaPaths(kind: SchemaKind, variant?: string): readonly (readonly [minor: string, path: string])[] {
  const group = groupOf(kind);
  const index = readJson(`${group}/schemas.json`) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  const own = index[kind] ?? {};
  const files = variant === undefined ? own : { ...own, ...index[`${kind}@${variant}`] };
  return Object.entries(files).map(([minor, path]) => [minor, `${group}/${path}`]);
}

/** Whose minors those of a kind are: `Cilium`. */
export function productOf(kind: SchemaKind): string {
  return PRODUCTS[groupOf(kind)];
}

function groupOf(kind: SchemaKind): Group {
  return kind.startsWith('Cilium') ? 'cilium.io' : 'gateway.networking.k8s.io';
}

const files = new Map<string, unknown>();

/** Read on demand: an app with pools only never reads the schema of policies. */
export function readSchema(path: string): SchemaFile {
  return readJson(path) as SchemaFile;
}

function readJson(path: string): unknown {
  if (!files.has(path)) {
    files.set(path, JSON.parse(readFileSync(join(__dirname, '..', '..', 'imports', path), 'utf8')));
  }
  return files.get(path);
}

/** A schema, with a reference to one resolved. */
export function resolve(file: SchemaFile, schema: Schema | undefined): Schema {
  const name = schema?.$ref?.replace('#/definitions/', '');
  return name === undefined ? (schema ?? {}) : (file.definitions[name] ?? {});
}

/** The schema of a field; empty where nothing is known. */
export function fieldOf(file: SchemaFile, { properties = {}, additionalProperties }: Schema, name: string): Schema {
  if (Object.hasOwn(properties, name)) return resolve(file, properties[name]);
  return resolve(file, typeof additionalProperties === 'object' ? additionalProperties : undefined);
}

/** The schema at a path of names of fields and indexes of lists; empty where nothing is known. */
export function schemaAt(file: SchemaFile, path: readonly (string | number)[]): Schema {
  return path.reduce<Schema>(
    (schema, step) => (typeof step === 'number' ? resolve(file, schema.items) : fieldOf(file, schema, step)),
    resolve(file, file),
  );
}
