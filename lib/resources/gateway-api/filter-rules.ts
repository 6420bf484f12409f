import { versionFeatures } from '../../cilium/version-features';
import { othersOf } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, REDIRECT, REDIRECT_ROUTE, REWRITE, ROUTE_DOCS, routeWith } from './examples';
import type { RouteRule } from './examples';
import type { GatewayClassConfigProps, HTTPRouteFilter } from './props';
import type { PlacedFilter, RouteModel } from './route-model';

/** The field of each type of filter. */
const FIELDS = {
  RequestHeaderModifier: 'requestHeaderModifier',
  ResponseHeaderModifier: 'responseHeaderModifier',
  RequestMirror: 'requestMirror',
  RequestRedirect: 'requestRedirect',
  URLRewrite: 'urlRewrite',
  ExtensionRef: 'extensionRef',
  CORS: 'cors',
  ExternalAuth: 'externalAuth',
} as const satisfies Readonly<Record<HTTPRouteFilter['type'], keyof HTTPRouteFilter>>;

/** Types that a list may contain several times. */
const REPEATABLE: readonly HTTPRouteFilter['type'][] = ['RequestMirror', 'ExtensionRef'];

/** Types that Cilium supports for a single backend. */
const OF_BACKENDS: readonly HTTPRouteFilter['type'][] = [
  'RequestHeaderModifier',
  'ResponseHeaderModifier',
  'ExtensionRef',
];

/** Rules about filters. */
export const FILTER_RULES: readonly RouteRule[] = [
  {
    id: 'http-route/filter-type',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) => model.filters.flatMap(fieldProblems),
    examples: {
      bad: routeWith({ filters: [{ type: 'URLRewrite', requestHeaderModifier: { remove: ['x-debug'] } }] }),
      good: REDIRECT_ROUTE,
    },
  },
  {
    id: 'http-route/filter-twice',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) => model.rules.flatMap(({ filterLists }) => filterLists.flatMap(repeatedFilters)),
    examples: {
      bad: { props: { ...EXAMPLE_ROUTE, rules: [{ matches: ['/a'], filters: [REDIRECT, REWRITE] }] } },
      good: REDIRECT_ROUTE,
    },
  },
  {
    id: 'http-route/mirror-share',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.filters.flatMap(({ at, filter }) => {
        const { percent, fraction } = filter.requestMirror ?? {};
        const place = `${at}.requestMirror`;
        if (percent !== undefined && fraction !== undefined)
          return problem(
            [`${place}.percent`, `${place}.fraction`],
            '`percent` and `fraction` exclude each other.',
            'Keep one of them.',
          );
        return fraction === undefined || fraction.numerator <= (fraction.denominator ?? 100)
          ? []
          : problem(`${place}.fraction`, '`numerator` must not exceed `denominator`.', 'Write a smaller numerator.');
      }),
    examples: {
      bad: routeWith({
        filters: [
          {
            type: 'RequestMirror',
            requestMirror: { backendRef: EXAMPLE_BACKENDS[0], percent: 10, fraction: { numerator: 1 } },
          },
        ],
      }),
      good: routeWith({
        filters: [{ type: 'RequestMirror', requestMirror: { backendRef: EXAMPLE_BACKENDS[0], percent: 10 } }],
      }),
    },
  },
  {
    id: 'http-route/host-header',
    level: 'error',
    docs: 'https://github.com/cilium/cilium/issues/39588',
    find: ({ model }) =>
      changedHeaders(model, 'requestHeaderModifier', 'host').map((at) =>
        problem(
          at,
          'Envoy does not allow changing the Host header this way, and rejects all routes of the gateway.',
          "Write `{ type: 'URLRewrite', urlRewrite: { hostname: … } }`.",
        ),
      ),
    examples: {
      bad: routeWith({
        filters: [
          {
            type: 'RequestHeaderModifier',
            requestHeaderModifier: { set: [{ name: 'Host', value: 'web.example.test' }] },
          },
        ],
      }),
      good: routeWith({ filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'web.example.test' } }] }),
    },
  },
  {
    id: 'http-route/server-header',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/38936',
    find: ({ model, others, ciliumVersion }) =>
      !othersOf<GatewayClassConfigProps>(others, 'gateway-class-config').some(
        ({ props: { envoy } }) => (envoy?.serverHeaderTransformation ?? 'OVERWRITE') !== 'OVERWRITE',
      ) &&
      changedHeaders(model, 'responseHeaderModifier', 'server').map((at) =>
        problem(
          at,
          'Envoy overwrites the Server header after all filters.',
          versionFeatures(ciliumVersion)('gateway-listener-sets')
            ? "Leave it out, or write `envoy: { serverHeaderTransformation: 'PASS_THROUGH' }` in a GatewayClassConfig."
            : 'Leave it out.',
        ),
      ),
    examples: {
      bad: routeWith({ filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['Server'] } }] }),
      good: routeWith({
        filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['X-Powered-By'] } }],
      }),
    },
  },
  {
    id: 'http-route/backend-filter',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.filters
        .filter(({ ofBackend, filter: { type } }) => ofBackend && !OF_BACKENDS.includes(type))
        .map(({ at, filter: { type } }) =>
          problem(
            at,
            `Cilium supports only header filters for a backend, and ignores a filter of type ${type}.`,
            'Move it to the filters of the rule.',
          ),
        ),
    examples: {
      bad: routeWith({
        backendRefs: [
          { ...EXAMPLE_BACKENDS[0], filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'a.test' } }] },
        ],
      }),
      good: routeWith({ filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'a.test' } }] }),
    },
  },
  {
    id: 'http-route/extension',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.filters
        .filter(({ filter: { type } }) => type === 'ExtensionRef')
        .map(({ at }) => problem(at, 'Cilium has no extension filters, and ignores this one.', 'Leave it out.')),
    examples: {
      bad: routeWith({
        filters: [{ type: 'ExtensionRef', extensionRef: { group: 'example.test', kind: 'Limit', name: 'slow' } }],
      }),
      good: REDIRECT_ROUTE,
    },
  },
];

function fieldProblems({ at, filter }: PlacedFilter): readonly Problem[] {
  const { type } = filter;
  const own = FIELDS[type] as keyof HTTPRouteFilter | undefined;
  if (own === undefined) return [];
  const missing = filter[own] === undefined;
  const foreign = Object.values(FIELDS).filter((field) => field !== own && filter[field] !== undefined);
  return [
    ...(missing
      ? [problem(`${at}.${own}`, `A filter of type ${type} needs \`${own}\`.`, `Write \`${own}: { … }\`.`)]
      : []),
    ...foreign.map((field) =>
      problem(
        [`${at}.${field}`, `${at}.type`],
        `A filter of type ${type} has no \`${field}\`.`,
        'Move it to a separate filter.',
      ),
    ),
  ];
}

function repeatedFilters(list: readonly PlacedFilter[]): readonly Problem[] {
  return list.flatMap(({ at, filter: { type } }, i) => {
    const first = list
      .slice(0, i)
      .find(({ filter: other }) => other.type === type || isRedirectAndRewrite(other.type, type));
    if (first === undefined || REPEATABLE.includes(type)) return [];
    return problem(
      [first.at, at],
      first.filter.type === type
        ? `There are two filters of type ${type}.`
        : 'A request is either redirected or rewritten.',
      'Keep one of them.',
    );
  });
}

function isRedirectAndRewrite(...types: readonly string[]): boolean {
  return types.includes('URLRewrite') && types.includes('RequestRedirect');
}

/** The places where filters change a header. */
function changedHeaders(
  { filters }: RouteModel,
  field: 'requestHeaderModifier' | 'responseHeaderModifier',
  header: string,
): readonly string[] {
  return filters.flatMap(({ at, filter }) => {
    const { add = [], set = [], remove = [] } = filter[field] ?? {};
    const all = [
      ...add.map(({ name }, i) => [name, `add[${String(i)}].name`] as const),
      ...set.map(({ name }, i) => [name, `set[${String(i)}].name`] as const),
      ...remove.map((name, i) => [name, `remove[${String(i)}]`] as const),
    ];
    return all.flatMap(([name, place]) => (name.toLowerCase() === header ? [`${at}.${field}.${place}`] : []));
  });
}
