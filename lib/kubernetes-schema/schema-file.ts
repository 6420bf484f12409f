/** The definitions of Kubernetes in `imports/kubernetes/`, and the validators compiled from them. Both are loaded on demand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JUDGES } from './judges';
import type { Judge } from './problem';

/** A definition, or a part of one: JSON Schema with additional keywords. */
export interface Definition {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Definition>>;
  readonly items?: Definition;
  readonly additionalProperties?: Definition | false;
  /** A rule of `judges.ts`. */
  readonly judge?: string;
  readonly if?: Definition;
  readonly then?: Definition;
  /** The minors that have a field. @default - all */
  readonly minors?: string;
  /** A shape of the chart, the same for every Kubernetes release. */
  readonly chart?: true;
}

/** `schema.json`. */
export interface DefinitionFile {
  /** The minors whose definitions these are, oldest first. */
  readonly minors: readonly string[];
  /** The definition of each kind, by `apps/v1/DaemonSet`. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly definitions: Readonly<Record<string, Definition>>;
}

/** One mismatch. */
export interface Mismatch {
  /** A JSON pointer. */
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: unknown;
}

interface Validator {
  (value: unknown): boolean;
  readonly errors: readonly Mismatch[] | null;
}

type Validators = Readonly<Record<string, Validator>>;

let validators: Validators | undefined;
let file: DefinitionFile | undefined;

/** All mismatches of a value with a definition. Fields that not all minors have are among them, as `minors`. */
export function mismatches(definition: string, value: unknown): readonly Mismatch[] {
  validators ??= loadValidators();
  const validate = validators[definition];
  if (validate === undefined) throw new TypeError(`Unknown definition ${definition}.`);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** The definitions. They are read only to describe a mismatch, or to find the definition of a kind. */
export function definitionFile(): DefinitionFile {
  file ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'kubernetes', 'schema.json'), 'utf8'),
  ) as DefinitionFile;
  return file;
}

/** Loads the compiled validators, only when a value of Kubernetes is set. */
function loadValidators(): Validators {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loads on demand, and bundlers still find it
  const make = require('../../imports/kubernetes/validators.js') as (
    judges: Readonly<Record<string, Judge>>,
  ) => Validators;
  return make(JUDGES);
}

/** Resolves a reference to a definition. */
export function resolved(definition: Definition | undefined): Definition {
  const name = nameOf(definition);
  return name === undefined ? (definition ?? {}) : (definitionFile().definitions[name] ?? {});
}

/** The name of the referenced definition. */
export function nameOf(definition: Definition | undefined): string | undefined {
  return definition?.$ref?.replace('#/definitions/', '');
}

/** The definition at a path in a value of a definition, with its name, where it has one. */
export function definitionAt(
  root: string,
  path: readonly (string | number)[],
): { readonly name?: string | undefined; readonly definition: Definition } {
  let here: { readonly name?: string | undefined; readonly definition: Definition } = {
    name: root,
    definition: definitionFile().definitions[root] ?? {},
  };
  for (const step of path) {
    const { items, properties = {}, additionalProperties } = here.definition;
    const below =
      typeof step === 'number'
        ? items
        : Object.hasOwn(properties, step)
          ? properties[step]
          : typeof additionalProperties === 'object'
            ? additionalProperties
            : undefined;
    here = {
      name: nameOf(below),
      definition: { ...resolved(below), ...(below?.minors === undefined ? {} : { minors: below.minors }) },
    };
  }
  return here;
}
