import type { HTTPRouteFilter } from '../../imports/gateway.networking.k8s.io';
import type { Problem, ResourceCheck } from '../custom-resource/check';
import type { HTTPRouteProps, HTTPRouteRule } from './http-route';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, eachRule, filterLists, matchesOf, routeWith } from './route-parts';

type Check = ResourceCheck<HTTPRouteProps>;

/** The field of each type of filter. */
const FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
} as const satisfies Readonly<Record<HTTPRouteFilter['type'], keyof HTTPRouteFilter>>;

/** Types that a list may hold several times. */
const REPEATABLE: readonly HTTPRouteFilter['type'][] = ['RequestMirror', 'ExtensionRef'];

const REDIRECT: HTTPRouteFilter = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
const REWRITE: HTTPRouteFilter = { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } };
const redirectOnly = { props: { ...EXAMPLE_ROUTE, rules: [{ filters: [REDIRECT] }] } };

function eachFilter(
  props: HTTPRouteProps,
  judge: (filter: HTTPRouteFilter, path: string, rule: HTTPRouteRule) => readonly Problem[],
): readonly Problem[] {
  return eachRule(props, (rule, path) =>
    filterLists(rule, path).flatMap((list) => list.filters.flatMap((filter, i) => judge(filter, `${list.path}[${String(i)}]`, rule))),
  );
}

/** How a filter changes the path, with the place where it says so. */
function pathChange({
  requestRedirect,
  urlRewrite,
}: HTTPRouteFilter):
  { readonly field: string; readonly path: NonNullable<NonNullable<HTTPRouteFilter['urlRewrite']>['path']> } | undefined {
  const path = requestRedirect?.path ?? urlRewrite?.path;
  return path === undefined ? undefined : { field: requestRedirect?.path === undefined ? 'urlRewrite.path' : 'requestRedirect.path', path };
}

const CHECKS: readonly Check[] = [
  {
    id: 'http-route/filter-type',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachFilter(props, (filter, path) => {
        const own = FIELDS[filter.type] as keyof HTTPRouteFilter | undefined;
        if (own === undefined) return [];
        const foreign = Object.values(FIELDS).filter((field) => field !== own && filter[field] !== undefined);
        return [
          ...(filter[own] === undefined
            ? [
                {
                  at: [`${path}.${own}`],
                  says: `A filter of the type ${filter.type} says what it does in \`${own}\`.`,
                  fix: `Write \`${own}: { … }\`.`,
                },
              ]
            : []),
          ...foreign.map((field) => ({
            at: [`${path}.${field}`, `${path}.type`],
            says: `A filter of the type ${filter.type} has no \`${field}\`.`,
            fix: 'Make a filter of its own of it.',
          })),
        ];
      }),
    examples: { bad: routeWith({ filters: [{ type: 'URLRewrite', requestHeaderModifier: { remove: ['x-debug'] } }] }), good: redirectOnly },
  },
  {
    id: 'http-route/filter-twice',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, (rule, path) =>
        filterLists(rule, path).flatMap((list) => {
          const types = list.filters.map(({ type }) => type);
          return types.flatMap((type, i) => {
            const first = types.findIndex(
              (other) =>
                other === type ||
                (type === 'URLRewrite' && other === 'RequestRedirect') ||
                (type === 'RequestRedirect' && other === 'URLRewrite'),
            );
            if (first >= i || REPEATABLE.includes(type)) return [];
            const says =
              types[first] === type ? `There are two filters of the type ${type}.` : 'A request is either redirected or rewritten.';
            return [{ at: [`${list.path}[${String(first)}]`, `${list.path}[${String(i)}]`], says, fix: 'Keep one of them.' }];
          });
        }),
      ),
    examples: { bad: { props: { ...EXAMPLE_ROUTE, rules: [{ matches: ['/a'], filters: [REDIRECT, REWRITE] }] } }, good: redirectOnly },
  },
  {
    id: 'http-route/redirect-with-backends',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachRule(props, ({ filters = [], backendRefs = [] }, path) => {
        const place = filters.findIndex(({ requestRedirect }) => requestRedirect !== undefined);
        if (place === -1 || backendRefs.length === 0) return [];
        return [
          {
            at: [`${path}.filters[${String(place)}]`, `${path}.backendRefs`],
            says: 'A redirected request goes to no backend, and the API server refuses both in one rule.',
            fix: 'Leave `backendRefs` out, or make a rule of its own of it.',
          },
        ];
      }),
    examples: { bad: routeWith({ filters: [REDIRECT] }), good: redirectOnly },
  },
  {
    id: 'http-route/path-change',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachFilter(props, (filter, place) => {
        const change = pathChange(filter);
        if (change === undefined) return [];
        const { type, replaceFullPath, replacePrefixMatch } = change.path;
        const [own, field, foreign] =
          type === 'ReplaceFullPath'
            ? [replaceFullPath, 'replaceFullPath', replacePrefixMatch]
            : [replacePrefixMatch, 'replacePrefixMatch', replaceFullPath];
        const at = [`${place}.${change.field}`];
        if (own === undefined) return [{ at, says: `${type} needs \`${field}\`.`, fix: `Write \`${field}\`.` }];
        return foreign === undefined ? [] : [{ at, says: `${type} takes \`${field}\` only.`, fix: 'Keep the one that belongs to `type`.' }];
      }),
    examples: {
      bad: routeWith({
        matches: ['/a'],
        filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replacePrefixMatch: '/' } } }],
      }),
      good: routeWith({ matches: ['/a'], filters: [REWRITE] }),
    },
  },
  {
    id: 'http-route/prefix-of-what',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachFilter(props, (filter, place, rule) => {
        const change = pathChange(filter);
        const matches = matchesOf(rule);
        if (change?.path.replacePrefixMatch === undefined || change.path.type !== 'ReplacePrefixMatch') return [];
        // The server fills in one match of every path where none is written.
        const [only] = rule.matches === undefined ? [{ path: {} }] : matches;
        if (matches.length <= 1 && only?.path !== undefined && (only.path.type ?? 'PathPrefix') === 'PathPrefix') return [];
        return [
          {
            at: [`${place}.${change.field}`, 'matches'],
            says: 'A prefix is replaced only in a rule with exactly one match, of the type PathPrefix.',
            fix: 'Make a rule for each prefix.',
          },
        ];
      }),
    examples: { bad: routeWith({ matches: ['/a', '/b'], filters: [REWRITE] }), good: routeWith({ matches: ['/a'], filters: [REWRITE] }) },
  },
  {
    id: 'http-route/mirror-share',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachFilter(props, ({ requestMirror }, place): readonly Problem[] => {
        const { percent, fraction } = requestMirror ?? {};
        if (percent !== undefined && fraction !== undefined)
          return [
            {
              at: [`${place}.requestMirror.percent`, `${place}.requestMirror.fraction`],
              says: 'Both say how much is mirrored.',
              fix: 'Keep one of them.',
            },
          ];
        if (fraction === undefined || fraction.numerator <= (fraction.denominator ?? 100)) return [];
        return [
          {
            at: [`${place}.requestMirror.fraction`],
            says: 'More than everything cannot be mirrored.',
            fix: 'Take a numerator that is not above the denominator.',
          },
        ];
      }),
    examples: {
      bad: routeWith({
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: EXAMPLE_BACKENDS[0], percent: 10, fraction: { numerator: 1 } } }],
      }),
      good: routeWith({ filters: [{ type: 'RequestMirror', requestMirror: { backendRef: EXAMPLE_BACKENDS[0], percent: 10 } }] }),
    },
  },
  {
    id: 'http-route/extension',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props }) =>
      eachFilter(props, ({ type }, place) =>
        type === 'ExtensionRef'
          ? [{ at: [place], says: 'Cilium has no filters of its own, and passes over this one.', fix: 'Leave it out.' }]
          : [],
      ),
    examples: {
      bad: routeWith({ filters: [{ type: 'ExtensionRef', extensionRef: { group: 'example.test', kind: 'Limit', name: 'slow' } }] }),
      good: redirectOnly,
    },
  },
];

/** What is done to requests on their way. */
export const FILTER_CHECKS: readonly Check[] = [...CHECKS];
