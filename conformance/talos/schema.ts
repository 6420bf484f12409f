import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import { withoutDeletes } from './documents';
import type { PatchDocument } from './documents';

interface Schema {
  readonly $defs: Readonly<Record<string, SchemaDocument>>;
  readonly oneOf: readonly { readonly $ref: string }[];
}

interface SchemaDocument {
  readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[] }>>;
}

/** The published schema calls some documents other than Talos does. */
const SCHEMA_NAMES: Readonly<Record<string, string>> = {
  UnattendedInstallConfig: 'UnattendedInstall',
  KubespanEndpointsConfig: 'KubeSpanEndpoints',
};

const file = join(__dirname, '../../../shared/data/talos/1.14.schema.json');
const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
const validators = new Map<string, ValidateFunction>();

/** The document kinds of Talos 1.14. */
export const KINDS: readonly string[] = schema.oneOf.flatMap(({ $ref }) => kindsOf($ref)).map(talosName);

/** What the JSON schema of Talos 1.14 says about a document. `whole`: it is new to the config, so required fields count. */
export function schemaErrors({ fields, kind, deleted }: PatchDocument, whole: boolean): readonly string[] {
  if (!KINDS.includes(kind)) return [`${kind} is no document of Talos 1.14`];
  if (deleted) return [];
  const validate = validatorOf(kind, whole);
  const own = { ...(withoutDeletes(fields) as object), kind: SCHEMA_NAMES[kind] ?? kind };
  if (validate(own)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${kind}${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  );
}

function validatorOf(kind: string, whole: boolean): ValidateFunction {
  const key = `${kind}/${String(whole)}`;
  const known = validators.get(key);
  if (known !== undefined) return known;
  const ref = schema.oneOf.find(({ $ref }) => kindsOf($ref).map(talosName).includes(kind))?.$ref;
  const made = new Ajv2020({ strict: false }).compile({ $ref: ref, $defs: whole ? schema.$defs : withoutRequired(schema.$defs) });
  validators.set(key, made);
  return made;
}

function kindsOf($ref: string): readonly string[] {
  return schema.$defs[$ref.slice('#/$defs/'.length)]?.properties?.kind?.enum ?? [];
}

function talosName(name: string): string {
  return Object.entries(SCHEMA_NAMES).find(([, own]) => own === name)?.[0] ?? name;
}

function withoutRequired(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRequired);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, item]) => !(key === 'required' && Array.isArray(item)));
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutRequired(item)]));
}
