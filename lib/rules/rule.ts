import type { Finding } from './finding';
import { readableFinding } from './readable';

/** How much a finding weighs: an `error` stops rendering, a `warning` does not. */
export type Level = Finding['level'];

/** One place where a rule found something. */
export interface Problem {
  /** The paths concerned, as the user writes them: `blocks[0]`, `cilium.bgpControlPlane.enabled`, `talos.podSubnets`. */
  readonly paths: readonly string[];
  /** The fact, one sentence in the present tense, in upstream's own words. */
  readonly message: string;
  /** How to fix it, one sentence. */
  readonly hint: string;
}

/**
 * A rule as data, next to what it guards. Values, clusters, resources, Services, the Talos cluster and Talos patches all use it.
 * @typeParam S what it looks at: something that was read once, never text.
 * @typeParam E an input that its examples give.
 */
export interface Rule<S, E = unknown> {
  /** `<subject>/<rule>`, unique. */
  readonly id: string;
  /** An error is what Helm, the API server, Talos, the operator or the agent refuses, or what cannot work in any cluster. */
  readonly level: Level | ((subject: S) => Level);
  /** Every place with the problem; nothing means that all is well. */
  readonly find: (subject: S) => Problem | readonly Problem[] | false | undefined;
  /** Upstream's page that explains it. */
  readonly docs?: string;
  /** Set where the official chart fails under the same condition: the template that does. */
  readonly chart?: string;
  /** `bad` trips this rule and no other error; `good` is the repaired input without any. One test runs them all. */
  readonly examples: { readonly bad: E; readonly good: E };
}

/** A finding that reading makes before any rule runs, such as a wrong type: declared, without `find`, for its id and its page. */
export type ReadingRule<S, E = unknown> = Omit<Rule<S, E>, 'find'>;

/** One problem, at one path or several. */
export function problem(paths: string | readonly string[], message: string, hint: string): Problem {
  return { paths: typeof paths === 'string' ? [paths] : paths, message, hint };
}

/** The findings of rules that look at one subject, in the order of the rules. */
export function runRules<S>(rules: readonly Rule<S>[], subject: S): readonly Finding[] {
  return rules.flatMap((rule) => runRule(rule, subject));
}

/** The findings of one rule. */
export function runRule<S>({ id, level, docs, find }: Rule<S>, subject: S): readonly Finding[] {
  const found = find(subject);
  // A rule of the user, in JavaScript, may return null as well.
  if (!found) return [];
  const weight = typeof level === 'function' ? level(subject) : level;
  return [found]
    .flat()
    .map(({ paths, message, hint }) => readableFinding({ id, level: weight, paths, message, hint, docs }));
}
