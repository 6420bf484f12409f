import type { GatewayClassConfigProps, HTTPRouteFilter, HTTPRouteProps } from './props';
import { versionFeatures } from '../../cilium/version-features';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import {
  EXAMPLE_BACKENDS,
  EXAMPLE_ROUTE,
  ROUTE_DOCS,
  eachFilter,
  eachRule,
  filterLists,
  routeWith,
} from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

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

/** Types that a list may hold several times. */
const REPEATABLE: readonly HTTPRouteFilter['type'][] = ['RequestMirror', 'ExtensionRef'];

const REDIRECT: HTTPRouteFilter = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
const REWRITE: HTTPRouteFilter = {
  type: 'URLRewrite',
  urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
};
const redirectOnly = { props: { ...EXAMPLE_ROUTE, rules: [{ filters: [REDIRECT] }] } };

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
                  paths: [`${path}.${own}`],
                  message: `A filter of the type ${filter.type} says what it does in \`${own}\`.`,
                  hint: `Write \`${own}: { … }\`.`,
                },
              ]
            : []),
          ...foreign.map((field) => ({
            paths: [`${path}.${field}`, `${path}.type`],
            message: `A filter of the type ${filter.type} has no \`${field}\`.`,
            hint: 'Make a filter of its own of it.',
          })),
        ];
      }),
    examples: {
      bad: routeWith({ filters: [{ type: 'URLRewrite', requestHeaderModifier: { remove: ['x-debug'] } }] }),
      good: redirectOnly,
    },
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
            const message =
              types[first] === type
                ? `There are two filters of the type ${type}.`
                : 'A request is either redirected or rewritten.';
            return [
              {
                paths: [`${list.path}[${String(first)}]`, `${list.path}[${String(i)}]`],
                message,
                hint: 'Keep one of them.',
              },
            ];
          });
        }),
      ),
    examples: {
      bad: { props: { ...EXAMPLE_ROUTE, rules: [{ matches: ['/a'], filters: [REDIRECT, REWRITE] }] } },
      good: redirectOnly,
    },
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
              paths: [`${place}.requestMirror.percent`, `${place}.requestMirror.fraction`],
              message: 'Both say how much is mirrored.',
              hint: 'Keep one of them.',
            },
          ];
        if (fraction === undefined || fraction.numerator <= (fraction.denominator ?? 100)) return [];
        return [
          {
            paths: [`${place}.requestMirror.fraction`],
            message: 'More than everything cannot be mirrored.',
            hint: 'Take a numerator that is not above the denominator.',
          },
        ];
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
    find: ({ props }) =>
      eachFilter(props, ({ requestHeaderModifier }, place) =>
        changedHeaders(requestHeaderModifier, `${place}.requestHeaderModifier`)
          .filter(({ name }) => name.toLowerCase() === 'host')
          .map(({ at }) => ({
            paths: [at],
            message: 'Envoy lets nobody change the header Host this way, and refuses all routes of the gateway.',
            hint: "Write `{ type: 'URLRewrite', urlRewrite: { hostname: … } }`.",
          })),
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
    find: ({ props, others, ciliumVersion }) => {
      const configs = othersOf<GatewayClassConfigProps>(others, 'gateway-class-config');
      if (configs.some(({ props: { envoy } }) => (envoy?.serverHeaderTransformation ?? 'OVERWRITE') !== 'OVERWRITE'))
        return [];
      const hint = versionFeatures(ciliumVersion)('gateway-listener-sets')
        ? "Leave it out, or write `envoy: { serverHeaderTransformation: 'PASS_THROUGH' }` in a GatewayClassConfig."
        : 'Leave it out.';
      return eachFilter(props, ({ responseHeaderModifier }, place) =>
        changedHeaders(responseHeaderModifier, `${place}.responseHeaderModifier`)
          .filter(({ name }) => name.toLowerCase() === 'server')
          .map(({ at }) => ({
            paths: [at],
            message: 'Envoy writes the header Server last, whatever was done to it.',
            hint,
          })),
      );
    },
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
    find: ({ props }) =>
      eachFilter(props, ({ type }, place) =>
        !place.includes('.backendRefs[') ||
        ['RequestHeaderModifier', 'ResponseHeaderModifier', 'ExtensionRef'].includes(type)
          ? []
          : [
              {
                paths: [place],
                message: `Beside a backend Cilium changes headers only, and passes over a filter of the type ${type}.`,
                hint: 'Put it among the filters of the rule.',
              },
            ],
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
    find: ({ props }) =>
      eachFilter(props, ({ type }, place) =>
        type === 'ExtensionRef'
          ? [
              {
                paths: [place],
                message: 'Cilium has no filters of its own, and passes over this one.',
                hint: 'Leave it out.',
              },
            ]
          : [],
      ),
    examples: {
      bad: routeWith({
        filters: [{ type: 'ExtensionRef', extensionRef: { group: 'example.test', kind: 'Limit', name: 'slow' } }],
      }),
      good: redirectOnly,
    },
  },
];

/** The headers that a filter changes, with their places. */
function changedHeaders(
  changes: HTTPRouteFilter['requestHeaderModifier'],
  path: string,
): readonly { readonly name: string; readonly at: string }[] {
  const { add = [], set = [], remove = [] } = changes ?? {};
  return [
    ...add.map(({ name }, i) => ({ name, at: `${path}.add[${String(i)}].name` })),
    ...set.map(({ name }, i) => ({ name, at: `${path}.set[${String(i)}].name` })),
    ...remove.map((name, i) => ({ name, at: `${path}.remove[${String(i)}]` })),
  ];
}

/** Filters: what is done to requests on their way. */
export const FILTER_CHECKS: readonly Check[] = [...CHECKS];
