/** The definitions of Kubernetes as `imports/kubernetes/` keeps them, and the validators that were compiled of them. Both are loaded when they are needed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { JUDGES } from './judges';
import type { Judge } from './problem';

/** A definition, or a part of one: JSON Schema with keywords of our own. */
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
  /** A shape of the chart's own, which is the same with every Kubernetes. */
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

/** One thing that does not fit. */
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

/** Everything in a value that does not fit a definition. Fields that not all minors have are among it, as `minors`. */
export function mismatches(definition: string, value: unknown): readonly Mismatch[] {
  validators ??= loadValidators();
  const validate = validators[definition];
  if (validate === undefined) throw new TypeError(`Unknown definition ${definition}.`);
  return validate(value) ? [] : (validate.errors ?? []);
}

/** The definitions. They are only read when there is something to say, or to find the definition of a kind. */
export function definitionFile(): DefinitionFile {
  file ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'kubernetes', 'schema.json'), 'utf8'),
  ) as DefinitionFile;
  return file;
}

/** Loads the compiled validators, which only those pay for who set a value of Kubernetes. */
function loadValidators(): Validators {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only here it comes late, and bundlers still find it
  const make = require('../../imports/kubernetes/validators.js') as (
    judges: Readonly<Record<string, Judge>>,
  ) => Validators;
  return make(JUDGES);
}

/** A definition itself where a reference to one may stand. */
export function resolved(definition: Definition | undefined): Definition {
  const name = nameOf(definition);
  return name === undefined ? (definition ?? {}) : (definitionFile().definitions[name] ?? {});
}

/** The name of the definition that is referred to. */
export function nameOf(definition: Definition | undefined): string | undefined {
  return definition?.$ref?.replace('#/definitions/', '');
}

/** The definition of what stands at a path in a value of a definition; with its name, where it has one. */
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
