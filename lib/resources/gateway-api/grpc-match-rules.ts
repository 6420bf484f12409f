import type { GRPCRouteMatch } from '../../../imports/gateway.networking.k8s.io';
import { parseGoRegexp } from '../../helm/go-regexp';
import { othersWith } from '../../resource/kind';
import type { ReadResource, ResourceExample, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { GrpcRouteModel } from './grpc-route-model';
import type { GRPCRouteProps, GRPCRouteRule } from './props';
import { placesOf } from './route-model';
import type { PlacedMatch } from './route-model';
import { GRPC_ROUTE, exampleOf } from './route-types';

type GrpcRule = ResourceRule<GRPCRouteProps, GrpcRouteModel>;

/** The limit of the API server for all rules together. */
const MOST_MATCHES = 128;

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
  {
    id: 'grpc-route/match-twice',
    level: 'warning',
    find: ({ model }) =>
      allMatches(model).flatMap(({ rule, at, key }, i, all) => {
        const first = all.slice(0, i).find((other) => other.key === key && other.rule !== rule);
        return first === undefined
          ? []
          : problem(
              [first.at, at],
              'Two rules match the same calls, and the first gets all of them.',
              'Remove the later one, or set weights of several backends in one rule.',
            );
      }),
    examples: {
      bad: withRules({ matches: ['shop.v1.Cart'] }, { matches: ['shop.v1.Cart'] }),
      good: withRules({ matches: ['shop.v1.Cart'] }, { matches: ['shop.v1.Users'] }),
    },
  },
  {
    id: 'grpc-route/same-requests',
    level: 'warning',
    find: ({ model, namespace, earlier }) => {
      const places = placesOf({ model, namespace });
      return allMatches(model).flatMap(({ at, key }) => {
        const keys = places.map((place) => `${place} ${key}`);
        const [rival] = othersWith<GRPCRouteProps, GrpcRouteModel>(earlier, 'grpc-route', callsOf, keys);
        return rival === undefined
          ? []
          : problem(
              at,
              `The route ${rival.name} matches the same calls at the same gateway, and the older of the two gets all of them.`,
              'Give each its own hostnames or matches, or set weights of several backends in one rule.',
            );
      });
    },
    examples: {
      bad: { ...good, others: [{ subject: 'grpc-route', props: { ...good.props, name: 'older' } }] },
      good: {
        ...good,
        others: [{ subject: 'grpc-route', props: { ...good.props, name: 'older', hostnames: ['older.example.test'] } }],
      },
    },
  },
  {
    id: 'grpc-route/too-many-matches',
    level: 'error',
    find: ({ model: { rules } }) => {
      const count = rules.reduce((sum, { fields }) => sum + (fields.matches?.length ?? 0), 0);
      return (
        count > MOST_MATCHES &&
        problem(
          'rules',
          `There are ${String(count)} matches, and the API server allows ${String(MOST_MATCHES)} in a route.`,
          'Split it into several routes.',
        )
      );
    },
    examples: { bad: withRules(...manyRules(3)), good: withRules(...manyRules(2)) },
  },
];

/** Rules with 50 matches each. */
function manyRules(count: number): readonly GRPCRouteRule[] {
  return Array.from({ length: count }, (_, i) => ({
    matches: Array.from({ length: 50 }, (_item, j) => `shop.v${String(i)}.Cart/Method${String(j)}`),
  }));
}

/** The matches of all rules, with a key that is equal for matches of the same calls; a rule without matches matches every call. */
function allMatches({
  rules,
}: GrpcRouteModel): readonly { readonly rule: number; readonly at: string; readonly key: string }[] {
  return rules.flatMap(({ at, matches }, rule) =>
    (matches.length === 0 ? [{ at, match: {} }] : matches).map((one) => ({ rule, at: one.at, key: keyOf(one.match) })),
  );
}

/** What a route matches at its listeners: equal for matches of the same calls. */
function callsOf(route: Pick<ReadResource<GRPCRouteProps, GrpcRouteModel>, 'model' | 'namespace'>): readonly string[] {
  const matches = allMatches(route.model);
  return placesOf(route).flatMap((place) => matches.map(({ key }) => `${place} ${key}`));
}

function keyOf({ method = {}, headers = [] }: GRPCRouteMatch): string {
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
