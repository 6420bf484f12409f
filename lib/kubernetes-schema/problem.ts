import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';

/** One problem of a value. */
export interface Problem {
  /** Last part of the finding's id. */
  readonly rule:
    'text' | 'range' | 'required' | 'exclusive' | 'duplicate' | 'reference' | 'combination' | 'server-fields';
  /** @default error */
  readonly level?: 'warning';
  /** From the value to the place: names of fields, and places in lists. @default - the value itself */
  readonly path?: readonly (string | number)[];
  /** The fact, one sentence. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly hint: string;
}

/** A rule of the API server that types do not express. It accepts any value, and finds nothing in what it is not about. */
export type Judge = (value: unknown) => readonly Problem[] | undefined;

/** One rule about the fields of a map. */
export type FieldRule = (fields: JsonObject) => Problem | readonly Problem[] | undefined | false;

type Path = string | readonly (string | number)[];

/** A condition over the fields of a map. */
type Condition = (fields: JsonObject) => boolean;

/** A judge of maps, as a table of rules about their fields. */
export function ofFields(...rules: readonly FieldRule[]): Judge {
  return (value) => (isMap(value) ? found(...rules.flatMap((rule) => rule(value))) : undefined);
}

/** A field is required, or required under a condition. */
export function needs(field: Path, message: string, hint: string, condition: Condition = () => true): FieldRule {
  const path = typeof field === 'string' ? [field] : field;
  return (fields) => condition(fields) && !isSet(at(fields, path)) && { rule: 'required', path, message, hint };
}

/** Two fields exclude each other. */
export function exclude(one: string, other: string, hint = 'Keep one of them.'): FieldRule {
  return (fields) =>
    isSet(fields[one]) &&
    isSet(fields[other]) && {
      rule: 'exclusive',
      path: [other],
      message: `${one} and ${other} exclude each other.`,
      hint,
    };
}

/** A field is allowed only under a condition. */
export function only(
  field: string,
  condition: Condition,
  message: string,
  hint: string,
  rule: 'combination' | 'exclusive' = 'combination',
): FieldRule {
  return (fields) => isSet(fields[field]) && !condition(fields) && { rule, path: [field], message, hint };
}

/** Exactly one of several fields is set. */
export function exactlyOne(names: readonly string[], what: string): FieldRule {
  return (fields) => {
    const given = names.filter((name) => isSet(fields[name]));
    if (given.length > 1) return exclusive(given);
    return (
      given.length === 0 && {
        rule: 'required',
        message: `It has no ${what}.`,
        hint: `Write one of ${names.join(', ')}.`,
      }
    );
  };
}

/** Fields of which only one may be set. */
export function exclusive(given: readonly string[]): Problem {
  return {
    rule: 'exclusive',
    path: [given[1] ?? ''],
    message: `${given.join(' and ')} exclude each other.`,
    hint: 'Keep one of them.',
  };
}

/** A problem under a condition. */
export function when(condition: Condition, problem: Problem): FieldRule {
  return (fields) => condition(fields) && problem;
}

function at(fields: JsonObject, path: readonly (string | number)[]): Json | undefined {
  return path.reduce<Json | undefined>((here, step) => (isMap(here) ? here[step] : undefined), fields);
}

/** A value in a sentence: `"Exist"`, `84720`, `a map`. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text;
}

/** Problems, or `undefined` for none, as the compiled validators expect. */
export function found(...problems: readonly (Problem | undefined | false)[]): readonly Problem[] | undefined {
  const real = problems.filter((problem): problem is Problem => typeof problem === 'object');
  return real.length === 0 ? undefined : real;
}

/** A value as a list; an empty one when it is not a list. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Whether a field is set: to the server an empty text is not. */
export function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
