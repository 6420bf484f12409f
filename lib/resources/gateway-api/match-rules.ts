import type { HTTPRouteProps } from './props';
import type { HTTPRouteMatch, HTTPRouteParentRef } from '../../../imports/gateway.networking.k8s.io';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { parseGoRegexp } from '../../helm/go-regexp';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, eachRule, matchesOf, routeWith } from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

/** The API server takes no more in all rules together. */
const MOST_MATCHES = 128;

/** What a path that is compared as text cannot hold, with the reason. */
const IN_PATHS: readonly (readonly [RegExp, string])[] = [
  [/^(?!\/)/, 'does not begin with `/`'],
  [/\/\//, 'holds `//`'],
  [/\/\.\.?(\/|$)/, 'holds `.` or `..` as a part'],
  [/%2f/i, 'holds an encoded slash'],
  [/#/, 'holds `#`'],
  [/[^-A-Za-z0-9/._~!$&'()*+,;=:@%#]|%(?![0-9a-fA-F]{2})/, 'holds a character that must be percent-encoded'],
];

const CHECKS: readonly Check[] = [
  {
    id: 'http-route/path',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, (rule, path) =>
        matchesOf(rule).flatMap((match, i) => {
          const { type = 'PathPrefix', value = '/' } = match.path ?? {};
          const reason = type === 'RegularExpression' ? undefined : IN_PATHS.find(([wrong]) => wrong.test(value))?.[1];
          if (reason === undefined) return [];
          const hint = /[*^$()[\]|\\]/.test(value)
            ? 'Write a plain path, or take the type RegularExpression.'
            : 'Write a path such as `/api`.';
          return [
            {
              paths: [`${path}.matches[${String(i)}].path.value`],
              message: `'${value}' ${reason}, and the API server refuses it.`,
              hint,
            },
          ];
        }),
      ),
    examples: { bad: routeWith({ matches: ['api'] }), good: routeWith({ matches: ['/api'] }) },
  },
  {
    id: 'http-route/pattern-in-path',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, (rule, path) =>
        matchesOf(rule).flatMap((match, i) => {
          const { type = 'PathPrefix', value = '/' } = match.path ?? {};
          if (type === 'RegularExpression' || !/\*|\$$|\(.*\)/.test(value)) return [];
          return [
            {
              paths: [`${path}.matches[${String(i)}].path.value`],
              message: `'${value}' is compared letter by letter, so nothing in it stands for anything else.`,
              hint: 'Write the part before it, which everything below matches, or take the type RegularExpression.',
            },
          ];
        }),
      ),
    examples: { bad: routeWith({ matches: ['/api/*'] }), good: routeWith({ matches: ['/api'] }) },
  },
  {
    id: 'http-route/regular-expression',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, (rule, path) =>
        matchesOf(rule).flatMap((match, i) => expressions(match, `${path}.matches[${String(i)}]`)),
      ),
    examples: {
      bad: routeWith({ matches: [{ path: { type: 'RegularExpression', value: '/api/(?!admin)' } }] }),
      good: routeWith({ matches: [{ path: { type: 'RegularExpression', value: '/api/v[0-9]+' } }] }),
    },
  },
  {
    id: 'http-route/match-twice',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props }) => {
      const all = everyMatch(props);
      return all.flatMap(({ i, at, key }, place) => {
        const first = all.slice(0, place).find((other) => other.key === key && other.i !== i);
        return first === undefined
          ? []
          : [
              {
                paths: [first.at, at],
                message: 'Both match the same requests, and the first gets them all.',
                hint: 'Take the later one out, or weigh several backends in one rule.',
              },
            ];
      });
    },
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
    find: ({ props, namespace = 'default', earlier }) => {
      const rivals = othersOf<HTTPRouteProps>(earlier, 'http-route').filter((other) =>
        rivalsOf(props, namespace, other.props),
      );
      return everyMatch(props).flatMap(({ at, key }) => {
        const rival = rivals.find((other) => everyMatch(other.props).some((match) => match.key === key));
        return rival === undefined
          ? []
          : [
              {
                paths: [at],
                message: `The route ${rival.name} matches the same requests at the same gateway, and the older of the two gets them all.`,
                hint: 'Give each its own hostnames or matches, or weigh several backends in one rule.',
              },
            ];
      });
    },
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
    find: ({ props }) => {
      // A rule without matches has one: every path.
      const count = (props.rules ?? []).reduce((sum, rule) => sum + (rule.matches?.length ?? 1), 0);
      return count <= MOST_MATCHES
        ? []
        : [
            {
              paths: ['rules'],
              message: `There are ${String(count)} matches, and the API server takes ${String(MOST_MATCHES)} in a route.`,
              hint: 'Make several routes of it.',
            },
          ];
    },
    examples: {
      bad: { props: { ...EXAMPLE_ROUTE, rules: manyRules(3) } },
      good: { props: { ...EXAMPLE_ROUTE, rules: manyRules(2) } },
    },
  },
];

/** Every match of a route, with its rule; a rule without matches has one, of every path. */
function everyMatch(
  props: HTTPRouteProps,
): readonly { readonly i: number; readonly at: string; readonly key: string }[] {
  return (props.rules ?? []).flatMap((rule, i) => {
    const matches = matchesOf(rule);
    return (matches.length === 0 ? [{}] : matches).map((match, j) => ({
      i,
      at: matches.length === 0 ? `rules[${String(i)}]` : `rules[${String(i)}].matches[${String(j)}]`,
      key: keyOf(match),
    }));
  });
}

/** Whether two routes are for the same hostname at the same listener. */
function rivalsOf(one: HTTPRouteProps, namespace: string, other: HTTPRouteProps): boolean {
  const [names, others] = [one.hostnames ?? [], other.hostnames ?? []];
  const alike = names.length + others.length === 0 || names.some((name) => others.includes(name));
  const parent = (ref: HTTPRouteParentRef, home: string): string =>
    JSON.stringify([ref.group, ref.kind ?? 'Gateway', ref.namespace ?? home, ref.name, ref.sectionName, ref.port]);
  const own = (one.parentRefs ?? []).map((ref) => parent(ref, namespace));
  return alike && (other.parentRefs ?? []).some((ref) => own.includes(parent(ref, other.namespace ?? 'default')));
}

/** Rules with 50 matches each. */
function manyRules(count: number): NonNullable<HTTPRouteProps['rules']> {
  return Array.from({ length: count }, (_, i) => ({
    matches: Array.from({ length: 50 }, (_item, j) => `/${String(i)}/${String(j)}`),
    backendRefs: EXAMPLE_BACKENDS,
  }));
}

/** Regular expressions that Envoy cannot read: its syntax is that of Go. */
function expressions({ path, headers = [], queryParams = [] }: HTTPRouteMatch, at: string): readonly Problem[] {
  const all = [
    ...(path === undefined ? [] : [{ ...path, at: `${at}.path.value` }]),
    ...headers.map((header, i) => ({ ...header, at: `${at}.headers[${String(i)}].value` })),
    ...queryParams.map((parameter, i) => ({ ...parameter, at: `${at}.queryParams[${String(i)}].value` })),
  ];
  return all.flatMap(({ type, value = '', at: place }) => {
    const read = type === 'RegularExpression' ? parseGoRegexp(value) : undefined;
    return read === undefined || 'matches' in read
      ? []
      : [
          {
            paths: [place],
            message: `'${value}' is not a valid RE2 regular expression, which Envoy needs: ${read.error}.`,
            hint: 'Write one in the syntax of https://github.com/google/re2/wiki/Syntax.',
          },
        ];
  });
}

/** Equal for matches of the same requests. */
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

/** Which requests are meant. */
export const MATCH_CHECKS: readonly Check[] = [...CHECKS];
