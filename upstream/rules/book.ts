import { stringify } from 'yaml';
import type { Json } from '../../lib/kubernetes/json';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { isPlain } from '../../lib/rules/words';

/** What a rule can weigh; `either` depends on what it looks at. */
export type Weight = Finding['level'] | 'either';

/** A rule as test and pages need it. */
export interface ListedRule<E> {
  readonly id: string;
  readonly level: Weight;
  readonly docs?: string | undefined;
  /** The chart's template that fails under the same condition. */
  readonly chart?: string | undefined;
  readonly examples: { readonly bad: E; readonly good: E };
}

/** The rules of one room, and how their examples are judged. */
export interface RuleBook<E = unknown> {
  /** What the index calls it: `LoadBalancerIPPool`. */
  readonly name: string;
  /** What the rules look at, one sentence. */
  readonly over: string;
  readonly rules: readonly ListedRule<E>[];
  /** All findings of an example. */
  judge(example: E): readonly Finding[];
  /** An example as a page shows it: one document, or several. */
  input(example: E): Json | readonly Json[];
}

/** A book of any examples: TypeScript has no type for "of some E". */
export function book<E>(of: RuleBook<E>): RuleBook {
  return of as unknown as RuleBook;
}

/** A rule of `lib/rules/rule.ts`, whatever its subject. */
interface AnyRule<E> {
  readonly id: string;
  readonly level: Finding['level'] | ((subject: never) => Finding['level']);
  readonly docs?: string | undefined;
  readonly chart?: string | undefined;
  readonly examples: { readonly bad: E; readonly good: E };
}

/** Rules of `lib/rules/rule.ts` as entries of a book. */
export function listed<E>(rules: readonly AnyRule<E>[]): readonly ListedRule<E>[] {
  return rules.map(({ id, level, docs, chart, examples }) => ({
    id,
    level: typeof level === 'function' ? 'either' : level,
    docs,
    chart,
    examples,
  }));
}

/** The findings of work that returns them, or throws them. */
export function findingsOf(work: () => readonly Finding[]): readonly Finding[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

/** Data for a page: `undefined` is left out, functions and other values that JSON cannot hold are named. */
export function plain(value: unknown): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    const { name } = value.constructor;
    if (!isPlain(value)) return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    return Object.fromEntries(entries.map(([name, item]) => [name, plain(item)]));
  }
  return typeof value === 'function' ? 'a function' : ((value ?? null) as Json);
}

/** An example as YAML, for a page. */
export function yamlOf(input: Json | readonly Json[]): string {
  const documents = Array.isArray(input) ? (input as readonly Json[]) : [input];
  return documents
    .map((one) => stringify(one, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd())
    .join('\n---\n');
}
