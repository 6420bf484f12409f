import type { HTTPRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { parseGoRegexp } from '../../helm/go-regexp';
import { othersWith } from '../../resource/kind';
import type { ReadResource, Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, routeWith } from './examples';
import type { HttpRouteRule } from './examples';
import type { HTTPRouteProps } from './props';
import type { HttpRouteModel } from './http-route-model';
import { placesOf } from './route-model';
import type { PlacedMatch } from './route-model';

/** The limit of the API server for all rules together. */
const MOST_MATCHES = 128;

/** What a path that is not a regular expression must not contain. */
const IN_PATHS: readonly (readonly [RegExp, string])[] = [
  [/^(?!\/)/, 'does not begin with `/`'],
  [/\/\//, 'contains `//`'],
  [/\/\.\.?(\/|$)/, 'contains a segment `.` or `..`'],
  [/%2f/i, 'contains an encoded slash'],
  [/#/, 'contains `#`'],
  [/[^-A-Za-z0-9/._~!$&'()*+,;=:@%#]|%(?![0-9a-fA-F]{2})/, 'contains a character that must be percent-encoded'],
];

/** Rules about matches. */
export const MATCH_RULES: readonly HttpRouteRule[] = [
  {
    id: 'http-route/path',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      plainPaths(model).flatMap(({ at, value }) => {
        const reason = IN_PATHS.find(([wrong]) => wrong.test(value))?.[1];
        return reason === undefined
          ? []
          : problem(
              `${at}.path.value`,
              `'${value}' ${reason}, and the API server rejects it.`,
              /[*^$()[\]|\\]/.test(value)
                ? 'Write a plain path, or the type RegularExpression.'
                : 'Write a path such as `/api`.',
            );
      }),
    examples: { bad: routeWith({ matches: ['api'] }), good: routeWith({ matches: ['/api'] }) },
  },
  {
    id: 'http-route/pattern-in-path',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      plainPaths(model)
        .filter(({ value }) => /\*|\$$|\(.*\)/.test(value))
        .map(({ at, value }) =>
          problem(
            `${at}.path.value`,
            `'${value}' is compared literally, without wildcards.`,
            'Write the part before the wildcard, which matches all paths below it, or the type RegularExpression.',
          ),
        ),
    examples: { bad: routeWith({ matches: ['/api/*'] }), good: routeWith({ matches: ['/api'] }) },
  },
  {
    id: 'http-route/regular-expression',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) => model.rules.flatMap(({ matches }) => matches.flatMap(regexpProblems)),
    examples: {
      bad: routeWith({ matches: [{ path: { type: 'RegularExpression', value: '/api/(?!admin)' } }] }),
      good: routeWith({ matches: [{ path: { type: 'RegularExpression', value: '/api/v[0-9]+' } }] }),
    },
  },
  {
    id: 'http-route/match-twice',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      allMatches(model).flatMap(({ rule, at, key }, i, all) => {
        const first = all.slice(0, i).find((other) => other.key === key && other.rule !== rule);
        return first === undefined
          ? []
          : problem(
              [first.at, at],
              'Two rules match the same requests, and the first gets all of them.',
              'Remove the later one, or set weights of several backends in one rule.',
            );
      }),
    examples: {
      bad: {
        props: {
          ...EXAMPLE_ROUTE,
          rules: [
            { matches: ['/api'], backendRefs: EXAMPLE_BACKENDS },
            { matches: ['/api'], backendRefs: EXAMPLE_BACKENDS },
          ],
        },
      },
      good: {
        props: {
          ...EXAMPLE_ROUTE,
          rules: [
            { matches: ['/api'], backendRefs: EXAMPLE_BACKENDS },
            { matches: ['/web'], backendRefs: EXAMPLE_BACKENDS },
          ],
        },
      },
    },
  },
  {
    id: 'http-route/same-requests',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: (subject) => sameRequests(subject),
    examples: {
      bad: { props: EXAMPLE_ROUTE, others: [{ subject: 'http-route', props: { ...EXAMPLE_ROUTE, name: 'older' } }] },
      good: {
        props: EXAMPLE_ROUTE,
        others: [
          { subject: 'http-route', props: { ...EXAMPLE_ROUTE, name: 'older', hostnames: ['older.example.test'] } },
        ],
      },
    },
  },
  {
    id: 'http-route/too-many-matches',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      countMatches(model) > MOST_MATCHES &&
      problem(
        'rules',
        `There are ${String(countMatches(model))} matches, and the API server allows ${String(MOST_MATCHES)} in a route.`,
        'Split it into several routes.',
      ),
    examples: {
      bad: { props: { ...EXAMPLE_ROUTE, rules: manyRules(3) } },
      good: { props: { ...EXAMPLE_ROUTE, rules: manyRules(2) } },
    },
  },
];

/** The paths of all matches that are not regular expressions. */
function plainPaths({ rules }: HttpRouteModel): readonly { readonly at: string; readonly value: string }[] {
  return rules
    .flatMap(({ matches }) => matches)
    .flatMap(({ at, match: { path: { type = 'PathPrefix', value = '/' } = {} } }) =>
      type === 'RegularExpression' ? [] : [{ at, value }],
    );
}

/** The matches of all rules, with a key that is equal for matches of the same requests; a rule without matches matches every path. */
function allMatches({
  rules,
}: HttpRouteModel): readonly { readonly rule: number; readonly at: string; readonly key: string }[] {
  return rules.flatMap(({ at, matches }, rule) =>
    (matches.length === 0 ? [{ at, match: {} }] : matches).map((one) => ({ rule, at: one.at, key: keyOf(one.match) })),
  );
}

type Route = Pick<ReadResource<HTTPRouteProps, HttpRouteModel>, 'model' | 'namespace'>;

function sameRequests({ model, namespace, earlier }: Subject<HTTPRouteProps, HttpRouteModel>): readonly Problem[] {
  const places = placesOf({ model, namespace });
  return allMatches(model).flatMap(({ at, key }) => {
    const keys = places.map((place) => `${place} ${key}`);
    const [rival] = othersWith<HTTPRouteProps, HttpRouteModel>(earlier, 'http-route', requestsOf, keys);
    return rival === undefined
      ? []
      : problem(
          at,
          `The route ${rival.name} matches the same requests at the same gateway, and the older of the two gets all of them.`,
          'Give each its own hostnames or matches, or set weights of several backends in one rule.',
        );
  });
}

/** A rule without matches counts as one match. */
function countMatches({ rules }: HttpRouteModel): number {
  return rules.reduce((sum, { fields }) => sum + (fields.matches?.length ?? 1), 0);
}

/** What a route matches at its listeners: equal for matches of the same requests. */
function requestsOf(route: Route): readonly string[] {
  const matches = allMatches(route.model);
  return placesOf(route).flatMap((place) => matches.map(({ key }) => `${place} ${key}`));
}

/** Rules with 50 matches each. */
function manyRules(count: number): NonNullable<HTTPRouteProps['rules']> {
  return Array.from({ length: count }, (_, i) => ({
    matches: Array.from({ length: 50 }, (_item, j) => `/${String(i)}/${String(j)}`),
    backendRefs: EXAMPLE_BACKENDS,
  }));
}

/** Regular expressions that Envoy cannot parse: it uses RE2, like Go. */
function regexpProblems({
  at,
  match: { path, headers = [], queryParams = [] },
}: PlacedMatch<HTTPRouteMatch>): readonly Problem[] {
  const all = [
    ...(path === undefined ? [] : [{ ...path, place: `${at}.path.value` }]),
    ...headers.map((header, i) => ({ ...header, place: `${at}.headers[${String(i)}].value` })),
    ...queryParams.map((parameter, i) => ({ ...parameter, place: `${at}.queryParams[${String(i)}].value` })),
  ];
  return all.flatMap(({ type, value = '', place }) => {
    const read = type === 'RegularExpression' ? parseGoRegexp(value) : undefined;
    return read === undefined || 'matches' in read
      ? []
      : problem(
          place,
          `'${value}' is not a valid RE2 regular expression: ${read.error}.`,
          'Write one in the syntax of https://github.com/google/re2/wiki/Syntax.',
        );
  });
}

function keyOf({ path, method, headers = [], queryParams = [] }: HTTPRouteMatch): string {
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  const sorted = (
    list: readonly { readonly name: string; readonly type?: string; readonly value: string }[],
  ): readonly string[] => list.map((one) => `${one.name.toLowerCase()} ${one.type ?? 'Exact'} ${one.value}`).sort();
  return JSON.stringify([
    type,
    type === 'PathPrefix' ? value.replace(/(?<=.)\/$/, '') : value,
    method,
    sorted(headers),
    sorted(queryParams),
  ]);
}
