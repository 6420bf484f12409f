/** Reads the definitions of custom resources. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CILIUM_KINDS, ciliumKindFindings, servedVersions } from '../lib/kubernetes/cilium-api';
import type { CiliumKind } from '../lib/kubernetes/cilium-api';
import type { Json } from '../lib/kubernetes/json';
import { compareMinors } from '../lib/releases/exact-version';

/** A schema of OpenAPI v3 as Kubernetes takes it, as far as it is read here. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** A kind with its stored schema in each minor that has it. */
export interface Kind {
  readonly name: string;
  /** The older API version or the channel whose schema this is; `undefined` for the one that is written. */
  readonly variant?: string;
  /** `cilium.io/v2`; several where minors differ. */
  readonly apiVersions: readonly string[];
  /** Minors that have the kind, oldest first, each with the schema of the whole object. */
  readonly schemas: ReadonlyMap<string, Schema>;
}

/** A definition, as far as it is read here. */
export interface Definition {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly served: boolean;
      readonly storage: boolean;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
}

/** The minors of a folder, oldest first. @throws Error when there is none. */
export function crdMinors(folder: string): readonly string[] {
  const minors = readdirSync(folder).flatMap((name) => /^cilium-(\d+\.\d+)$/.exec(name)?.[1] ?? []);
  if (minors.length === 0) throw new Error(`${folder} holds no cilium-<minor>/.`);
  return minors.sort(compareMinors);
}

/**
 * Every kind that users write, in the table's order.
 * @throws Error when the table of kinds (lib/kubernetes/cilium-api.ts) and the definitions differ.
 */
export function readKinds(folder: string): readonly Kind[] {
  const minors = crdMinors(folder).map((minor) => ({
    minor,
    definitions: readDefinitions(join(folder, `cilium-${minor}`)),
  }));
  return (Object.keys(CILIUM_KINDS) as CiliumKind[]).map((name) => {
    const { version } = CILIUM_KINDS[name];
    const schemas = new Map<string, Schema>();
    for (const { minor, definitions } of minors) {
      const stored = definitions.get(name)?.spec.versions.find(({ storage }) => storage);
      const known = ciliumKindFindings('', name, minor).length === 0;
      if (known !== (stored !== undefined) || (stored !== undefined && stored.name !== version)) {
        throw new Error(
          `Cilium ${minor} stores ${name} as ${stored?.name ?? 'nothing'}: lib/kubernetes/cilium-api.ts has another version.`,
        );
      }
      if (stored !== undefined) schemas.set(minor, simpler(stored.schema.openAPIV3Schema));
    }
    return { name, apiVersions: [`cilium.io/${version}`], schemas };
  });
}

/**
 * The older versions that are served of kinds that users write.
 * @throws Error when the table of kinds and the definitions differ.
 */
export function readOlderKinds(folder: string): readonly Kind[] {
  return (Object.keys(CILIUM_KINDS) as CiliumKind[]).flatMap((name) => {
    const schemas = new Map<string, Schema>();
    for (const minor of crdMinors(folder)) {
      const served = readDefinitions(join(folder, `cilium-${minor}`))
        .get(name)
        ?.spec.versions.filter((one) => one.served);
      // The newest release of each minor is here, but for 1.20.
      const known = servedVersions(name, minor === '1.20' ? '1.20.1' : `${minor}.0`);
      const names = served?.map((one) => `cilium.io/${one.name}`) ?? [];
      if (names.sort().join() !== [...known].sort().join())
        throw new Error(`Cilium ${minor} serves ${name} as ${names.join(', ')}: lib/kubernetes/cilium-api.ts differs.`);
      const older = served?.find(({ storage }) => !storage);
      if (older !== undefined) schemas.set(minor, simpler(older.schema.openAPIV3Schema));
    }
    return schemas.size === 0 ? [] : [{ name, variant: 'v2alpha1', apiVersions: ['cilium.io/v2alpha1'], schemas }];
  });
}

function readDefinitions(folder: string): ReadonlyMap<string, Definition> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  // A field may be called `description`, too: it is a schema then, and no text.
  const withoutProse = (key: unknown, value: unknown): unknown =>
    key === 'description' && typeof value === 'string' ? undefined : value;
  const definitions = files
    .sort()
    .map((name) => parse(readFileSync(join(folder, name), 'utf8'), withoutProse) as Definition);
  return new Map(definitions.map((definition) => [definition.spec.names.kind, definition]));
}

/** The same schema with one spelling for what has two. */
export function simpler(schema: Schema): Schema {
  const { properties, items, additionalProperties, allOf, anyOf, ...rest } = schema;
  const eitherWay = schema['x-kubernetes-int-or-string'] === true;
  const enums =
    allOf?.every((part) => Object.keys(part).join() === 'enum') === true
      ? allOf.flatMap((part) => [part.enum ?? []])
      : [];
  return {
    ...rest,
    ...(eitherWay ? { type: ['integer', 'string'] } : {}),
    ...(anyOf === undefined || eitherWay ? {} : { anyOf }),
    ...(allOf === undefined || enums.length > 0 ? {} : { allOf }),
    ...(enums.length > 0 ? { enum: enums.reduce((all, some) => all.filter((word) => some.includes(word))) } : {}),
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, simpler(child)])) }),
    ...(items === undefined ? {} : { items: simpler(items) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'object' ? simpler(additionalProperties) : additionalProperties,
        }),
  };
}

/** `CiliumBGPPeerConfig` as `cilium-bgp-peer-config`. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
