import { versionFeatures } from '../../cilium/version-features';
import { othersOf } from '../../resource/kind';
import type { ResourceExample } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS } from './examples';
import type { GatewayClassConfigProps, HTTPRouteFilter } from './props';
import type { PlacedFilter, RouteModel, RouteProps, RouteRuleFields } from './route-model';
import { exampleOf } from './route-types';
import type { RouteRules, RouteType } from './route-types';

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

/** Types that Cilium supports for a single backend, by kind of route. */
const OF_BACKENDS: Partial<Readonly<Record<RouteType['kind'], readonly HTTPRouteFilter['type'][]>>> = {
  HTTPRoute: ['RequestHeaderModifier', 'ResponseHeaderModifier', 'ExtensionRef'],
  // An extension has a rule of its own.
  GRPCRoute: ['ExtensionRef'],
};

const NO_DEBUG: HTTPRouteFilter = { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-debug'] } };

/** The example of a kind with another rule. */
function withRule<P extends RouteProps>(type: RouteType, fields: RouteRuleFields): ResourceExample<P> {
  return exampleOf<P>(type, { rules: [{ backendRefs: EXAMPLE_BACKENDS, ...fields }] });
}

/** Rules about filters. */
export const filterRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id } = type;
  const isHttp = type.kind === 'HTTPRoute';
  const good = withRule<P>(type, { filters: [NO_DEBUG] });
  const mirror = (share: object): ResourceExample<P> =>
    withRule<P>(type, {
      filters: [{ type: 'RequestMirror', requestMirror: { backendRef: EXAMPLE_BACKENDS[0], ...share } }],
    });
  return [
    {
      id: `${id}/filter-type`,
      level: 'error',
      find: ({ model }) => model.filters.flatMap(fieldProblems),
      examples: { bad: withRule<P>(type, { filters: [{ ...NO_DEBUG, type: 'RequestMirror' }] }), good },
    },
    {
      id: `${id}/filter-twice`,
      level: 'error',
      find: ({ model }) => model.rules.flatMap(({ filterLists }) => filterLists.flatMap(repeatedFilters)),
      examples: { bad: withRule<P>(type, { filters: [NO_DEBUG, NO_DEBUG] }), good },
    },
    {
      id: `${id}/mirror-share`,
      level: 'error',
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
      examples: { bad: mirror({ percent: 10, fraction: { numerator: 1 } }), good: mirror({ percent: 10 }) },
    },
    {
      id: `${id}/host-header`,
      level: 'error',
      docs: 'https://github.com/cilium/cilium/issues/39588',
      find: ({ model }) =>
        changedHeaders(model, 'requestHeaderModifier', 'host').map((at) =>
          problem(
            at,
            'Envoy does not allow changing the Host header this way, and rejects all routes of the gateway.',
            isHttp ? "Write `{ type: 'URLRewrite', urlRewrite: { hostname: … } }`." : 'Leave it out.',
          ),
        ),
      examples: {
        bad: withRule<P>(type, {
          filters: [
            {
              type: 'RequestHeaderModifier',
              requestHeaderModifier: { set: [{ name: 'Host', value: 'web.example.test' }] },
            },
          ],
        }),
        good,
      },
    },
    {
      id: `${id}/server-header`,
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
        bad: withRule<P>(type, {
          filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['Server'] } }],
        }),
        good: withRule<P>(type, {
          filters: [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['X-Powered-By'] } }],
        }),
      },
    },
    {
      id: `${id}/backend-filter`,
      level: 'warning',
      find: ({ model }) =>
        model.filters
          .filter(({ ofBackend, filter }) => ofBackend && OF_BACKENDS[type.kind]?.includes(filter.type) === false)
          .map(({ at, filter }) =>
            problem(
              at,
              isHttp
                ? `Cilium supports only header filters for a backend, and ignores a filter of type ${filter.type}.`
                : 'Cilium ignores the filters of a backend of a GRPCRoute.',
              'Move it to the filters of the rule.',
            ),
          ),
      examples: {
        bad: withRule<P>(type, {
          backendRefs: [
            {
              ...EXAMPLE_BACKENDS[0],
              filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy', port: 8080 } } }],
            },
          ],
        }),
        good: mirror({}),
      },
    },
    {
      id: `${id}/extension`,
      level: 'warning',
      find: ({ model }) =>
        model.filters
          .filter(({ filter }) => filter.type === 'ExtensionRef')
          .map(({ at }) => problem(at, 'Cilium has no extension filters, and ignores this one.', 'Leave it out.')),
      examples: {
        bad: withRule<P>(type, {
          filters: [{ type: 'ExtensionRef', extensionRef: { group: 'example.test', kind: 'Limit', name: 'slow' } }],
        }),
        good,
      },
    },
  ];
};

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
  { filters }: Pick<RouteModel, 'filters'>,
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
