import { isMap } from '../../kubernetes/json';
import type { Json, JsonObject } from '../../kubernetes/json';
import { othersWith } from '../../resource/kind';
import type { ReadResource, ResourceExample, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS } from './examples';
import { parentReferences, placesOf } from './route-model';
import type { PlacedMatch, RouteModel, RouteProps, RuleModel } from './route-model';
import { exampleOf } from './route-types';
import type { RouteType } from './route-types';

/** The limit of the API server for all rules of a route together. */
const MOST_MATCHES = 128;

/** One rule of a route whose rules have matches. */
interface MatchingRule<M> extends RuleModel {
  readonly fields: RuleModel['fields'] & { readonly matches?: readonly unknown[] };
  readonly matches: readonly PlacedMatch<M>[];
}

/** How the matches of a kind of route are compared. */
export interface Matching<M> {
  readonly type: RouteType;
  /** What they match, in words: `requests`. */
  readonly what: string;
  /** Equal for matches of the same requests. */
  readonly keyOf: (match: Partial<M>) => string;
  /** How many matches the API server counts for a rule without them. */
  readonly countedWithout: 0 | 1;
  /** The short form of a match, another one for other numbers. */
  readonly short: (rule: number, match: number) => string;
}

/** Rules about matches that are equal or too many. */
export function sameMatchRules<P extends RouteProps, R extends MatchingRule<M>, M>(
  matching: Matching<M>,
): readonly ResourceRule<P, RouteModel<R>>[] {
  const { type, what, countedWithout, short } = matching;
  const { subject, docs } = type;
  const keyed = keyedBy<M>(matching);
  const requestsOf = (route: Pick<ReadResource<P, RouteModel<R>>, 'model' | 'namespace'>): readonly string[] => {
    const matches = keyed(route.model);
    return placesOf(route).flatMap((place) => matches.map(({ key }) => `${place} ${key}`));
  };
  const countOf = ({ rules }: RouteModel<R>): number =>
    rules.reduce((sum, { fields }) => sum + (fields.matches?.length ?? countedWithout), 0);
  const withMatches = (...lists: readonly (readonly string[])[]): ResourceExample<P> =>
    exampleOf<P>(type, { rules: lists.map((matches) => ({ matches, backendRefs: EXAMPLE_BACKENDS })) });
  const manyRules = (count: number): ResourceExample<P> =>
    withMatches(...Array.from({ length: count }, (_, i) => Array.from({ length: 50 }, (_item, j) => short(i, j))));
  const one = withMatches([short(0, 0)]);
  const besideOlder = (fields: Partial<RouteProps>): ResourceExample<P> => ({
    ...one,
    others: [{ subject, props: { ...one.props, ...fields, name: 'older' } }],
  });
  return [
    {
      id: `${subject}/match-twice`,
      level: 'warning',
      docs,
      find: ({ model }) =>
        keyed(model).flatMap(({ rule, at, key }, i, all) => {
          const first = all.slice(0, i).find((other) => other.key === key && other.rule !== rule);
          return first === undefined
            ? []
            : problem(
                [first.at, at],
                `Two rules match the same ${what}, and the first gets all of them.`,
                'Remove the later one, or set weights of several backends in one rule.',
              );
        }),
      examples: { bad: withMatches([short(0, 0)], [short(0, 0)]), good: withMatches([short(0, 0)], [short(1, 0)]) },
    },
    {
      id: `${subject}/same-requests`,
      level: 'warning',
      docs,
      find: ({ model, namespace, earlier }) => {
        const places = placesOf({ model, namespace });
        return keyed(model).flatMap(({ at, key }) => {
          const keys = places.map((place) => `${place} ${key}`);
          const [rival] = othersWith<P, RouteModel<R>>(earlier, subject, requestsOf, keys);
          return rival === undefined
            ? []
            : problem(
                at,
                `The route ${rival.name} matches the same ${what} at the same gateway, and the older of the two gets all of them.`,
                'Give each its own hostnames or matches, or set weights of several backends in one rule.',
              );
        });
      },
      examples: { bad: besideOlder({}), good: besideOlder({ hostnames: ['older.example.test'] }) },
    },
    {
      id: `${subject}/too-many-matches`,
      level: 'error',
      docs,
      find: ({ model }) =>
        countOf(model) > MOST_MATCHES &&
        problem(
          'rules',
          `There are ${String(countOf(model))} matches, and the API server allows ${String(MOST_MATCHES)} in a route.`,
          'Split it into several routes.',
        ),
      examples: { bad: manyRules(3), good: manyRules(2) },
    },
  ];
}

interface KeyedMatch {
  readonly rule: number;
  readonly at: string;
  readonly key: string;
}

/** The matches of all rules with their keys; a rule without matches matches everything. */
function keyedBy<M>({
  keyOf,
}: Matching<M>): (model: { readonly rules: readonly MatchingRule<M>[] }) => readonly KeyedMatch[] {
  return ({ rules }) =>
    rules.flatMap(({ at, matches }, rule) =>
      (matches.length === 0 ? [{ at, match: {} }] : matches).map((one) => ({
        rule,
        at: one.at,
        key: keyOf(one.match),
      })),
    );
}

/** Where names belong that people write in routes whose rules have matches. */
export const MATCHING_ELSEWHERE = {
  gateways: 'Write `parentRefs: [gateway]`.',
  parents: 'Write `parentRefs: [gateway]`.',
  hosts: 'Write `hostnames: [ … ]`.',
  host: 'Write `hostnames: [ … ]`.',
  matches: 'Write `rules: [{ matches: … }]`.',
  backendRefs: 'Write `rules: [{ backendRefs: … }]`.',
  filters: 'Write `rules: [{ filters: … }]`.',
  tls: 'Write it at a listener of the Gateway.',
  'parentRefs[].listener': 'Write `sectionName`.',
  'rules[].sessionPersistence': 'Leave it out: Cilium does not support session persistence here.',
} as const;

/** The spec of a route whose rules have matches, short forms written in full. */
export function bodyWithMatches(
  { parentRefs, rules, ...fields }: JsonObject,
  full: (short: string) => JsonObject,
): JsonObject {
  const inFull = (one: Json): Json => (typeof one === 'string' ? full(one) : one);
  const written = (rule: Json): Json =>
    isMap(rule) && Array.isArray(rule.matches) ? { ...rule, matches: (rule.matches as Json[]).map(inFull) } : rule;
  return {
    spec: {
      ...fields,
      parentRefs: parentReferences(parentRefs),
      rules: Array.isArray(rules) ? (rules as Json[]).map(written) : rules,
    },
  };
}
