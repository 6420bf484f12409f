import type { Json } from '../kubernetes/json';

/** What a rule has to say of a value. */
export interface Problem {
  /** Last part of the finding's id. */
  readonly rule: 'text' | 'range' | 'required' | 'exclusive' | 'duplicate' | 'reference' | 'combination';
  /** Default: `error`. */
  readonly level?: 'warning';
  /** The way from the value to the place, names of fields and places in lists. Default: the value itself. */
  readonly path?: readonly (string | number)[];
  /** The fact, one sentence. */
  readonly message: string;
  /** The way out, one sentence. */
  readonly hint: string;
}

/** A rule of the API server that no type says. It is given anything, and has nothing to say of what it is not about. */
export type Judge = (value: unknown) => readonly Problem[] | undefined;

/** A value in a sentence: `"Exist"`, `84720`, `a map`. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text;
}

/** Problems, or `undefined` for none, as the compiled validators want it. */
export function found(...problems: readonly (Problem | undefined | false)[]): readonly Problem[] | undefined {
  const real = problems.filter((problem): problem is Problem => typeof problem === 'object');
  return real.length === 0 ? undefined : real;
}

/** A value as a list; an empty one when it is none. */
export function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Whether a field says something: to the server an empty text is none. */
export function isSet(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== '';
}
