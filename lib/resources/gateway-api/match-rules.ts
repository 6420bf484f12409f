import type { HTTPRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { parseGoRegexp } from '../../helm/go-regexp';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { ROUTE_DOCS, routeWith } from './examples';
import type { HttpRouteRule } from './examples';
import type { HTTPRouteProps } from './props';
import type { HttpRouteModel, HttpRuleModel } from './http-route-model';
import type { PlacedMatch } from './route-model';
import { HTTP_ROUTE } from './route-types';
import { sameMatchRules } from './matching-routes';

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
  ...sameMatchRules<HTTPRouteProps, HttpRuleModel, HTTPRouteMatch>({
    type: HTTP_ROUTE,
    what: 'requests',
    keyOf,
    // The API server adds one.
    countedWithout: 1,
    short: (rule, match) => `/${String(rule)}/${String(match)}`,
  }),
];

/** The paths of all matches that are not regular expressions. */
function plainPaths({ rules }: HttpRouteModel): readonly { readonly at: string; readonly value: string }[] {
  return rules
    .flatMap(({ matches }) => matches)
    .flatMap(({ at, match: { path: { type = 'PathPrefix', value = '/' } = {} } }) =>
      type === 'RegularExpression' ? [] : [{ at, value }],
    );
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

function keyOf({ path, method, headers = [], queryParams = [] }: Partial<HTTPRouteMatch>): string {
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
