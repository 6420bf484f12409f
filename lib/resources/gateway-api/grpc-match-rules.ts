import type { GRPCRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { parseGoRegexp } from '../../helm/go-regexp';
import type { ResourceExample, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { GrpcRouteModel, GrpcRuleModel } from './grpc-route-model';
import type { GRPCRouteProps, GRPCRouteRule } from './props';
import type { PlacedMatch } from './route-model';
import { GRPC_ROUTE, exampleOf } from './route-types';
import { sameMatchRules } from './matching-routes';

type GrpcRule = ResourceRule<GRPCRouteProps, GrpcRouteModel>;

const BACKENDS = [{ name: 'web', port: 8080 }] as const;
const withRules = (...rules: readonly GRPCRouteRule[]): ResourceExample<GRPCRouteProps> => ({
  ...exampleOf<GRPCRouteProps>(GRPC_ROUTE),
  props: { ...GRPC_ROUTE.example, rules: rules.map((rule) => ({ backendRefs: BACKENDS, ...rule })) },
});
const good = withRules({ matches: ['shop.v1.Cart/Add'] });

/** What the API server compares of a match that is not a regular expression. */
const NAMES = {
  service: /^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i,
  method: /^[A-Za-z_][A-Za-z_0-9]*$/,
} as const;

/** Rules about the matches of GRPCRoutes. */
export const GRPC_MATCH_RULES: readonly GrpcRule[] = [
  {
    id: 'grpc-route/method',
    level: 'error',
    find: ({ model }) => model.rules.flatMap(({ matches }) => matches.flatMap(methodProblems)),
    examples: { bad: withRules({ matches: [{ method: { service: 'shop.v1.Cart/Add' } }] }), good },
  },
  {
    id: 'grpc-route/regular-expression',
    level: 'error',
    find: ({ model }) => model.rules.flatMap(({ matches }) => matches.flatMap(regexpProblems)),
    examples: {
      bad: withRules({ matches: [{ method: { type: 'RegularExpression', service: 'shop.(?!v1)' } }] }),
      good: withRules({ matches: [{ method: { type: 'RegularExpression', service: 'shop\\.v[0-9]+\\.Cart' } }] }),
    },
  },
  ...sameMatchRules<GRPCRouteProps, GrpcRuleModel, GRPCRouteMatch>({
    type: GRPC_ROUTE,
    what: 'calls',
    keyOf,
    countedWithout: 0,
    short: (rule, match) => `shop.v${String(rule)}.Cart/Method${String(match)}`,
  }),
];

function keyOf({ method = {}, headers = [] }: Partial<GRPCRouteMatch>): string {
  const sorted = headers.map((one) => `${one.name.toLowerCase()} ${one.type ?? 'Exact'} ${one.value}`).sort();
  return JSON.stringify([method.type ?? 'Exact', method.service, method.method, sorted]);
}

function methodProblems({ at, match: { method } }: PlacedMatch<GRPCRouteMatch>): readonly Problem[] {
  if (method === undefined) return [];
  if (method.service === undefined && method.method === undefined)
    return [
      problem(
        `${at}.method`,
        'A match of methods needs `service`, `method` or both, and the API server rejects it.',
        'Write `service`, or leave `method` out for all calls.',
      ),
    ];
  if (method.type === 'RegularExpression') return [];
  return (['service', 'method'] as const).flatMap((field) => {
    const value = method[field];
    return value === undefined || NAMES[field].test(value)
      ? []
      : problem(
          `${at}.method.${field}`,
          `'${value}' is not the name of a ${field === 'service' ? 'service' : 'method'}, and the API server rejects it.`,
          field === 'service'
            ? 'Write a name such as `shop.v1.Cart`, and the method as `method`; or the type RegularExpression.'
            : 'Write a name such as `Add`, or the type RegularExpression.',
        );
  });
}

/** Regular expressions that Envoy cannot parse: it uses RE2, like Go. */
function regexpProblems({ at, match: { method, headers = [] } }: PlacedMatch<GRPCRouteMatch>): readonly Problem[] {
  const all = [
    ...(method?.type === 'RegularExpression'
      ? (['service', 'method'] as const).map((field) => ({ value: method[field], place: `${at}.method.${field}` }))
      : []),
    ...headers.flatMap(({ type, value }, i) =>
      type === 'RegularExpression' ? [{ value, place: `${at}.headers[${String(i)}].value` }] : [],
    ),
  ];
  return all.flatMap(({ value, place }) => {
    const read = value === undefined ? undefined : parseGoRegexp(value);
    return read === undefined || 'matches' in read
      ? []
      : problem(
          place,
          `'${String(value)}' is not a valid RE2 regular expression: ${read.error}.`,
          'Write one in the syntax of https://github.com/google/re2/wiki/Syntax.',
        );
  });
}
