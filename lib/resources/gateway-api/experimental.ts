import type { HTTPRouteBackendRef } from '../../../imports/gateway.networking.k8s.io';
import { versionFeatures } from '../../cilium/version-features';
import type { JsonObject } from '../../kubernetes/json';
import { listOf, needed, number, oneOf, props, ruled, text } from '../../props/shape';
import type { ResourceKind } from '../../resource/kind';
import type { Finding } from '../../rules/finding';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, routeWith } from './examples';
import type { HttpRouteRule } from './examples';
import type { HTTPRouteExternalAuth, HTTPRouteProps, HTTPRouteRetry } from './props';
import type { HttpRuleModel } from './http-route-model';
import type { PlacedFilter } from './route-model';

const HEADERS = listOf(text);

/** Shapes of fields that only the experimental channel has. */
export const EXPERIMENTAL_FORMS = [
  ['rules[].retry', props<HTTPRouteRetry>({ codes: listOf(number), attempts: number, backoff: text })],
  [
    'rules[].filters[].externalAuth',
    props<HTTPRouteExternalAuth>({
      protocol: needed(ruled('external-auth', oneOf('HTTP', 'GRPC'))),
      backendRef: needed(
        props<HTTPRouteBackendRef>({ name: needed(text), namespace: text, port: number, group: text, kind: text }),
      ),
      http: props<NonNullable<HTTPRouteExternalAuth['http']>>({
        path: text,
        allowedHeaders: HEADERS,
        allowedResponseHeaders: HEADERS,
      }),
      grpc: props<NonNullable<HTTPRouteExternalAuth['grpc']>>({ allowedHeaders: HEADERS }),
      forwardBody: props<NonNullable<HTTPRouteExternalAuth['forwardBody']>>({ maxSize: number }),
    }),
  ],
] as const satisfies ResourceKind['forms'];

/**
 * Whether a finding only states that the standard channel lacks a field of the experimental one that Cilium supports: retries, and
 * from 1.20 on external authorization.
 */
export function isExperimental({ paths: [place = ''] }: Finding, body: JsonObject, ciliumVersion: string): boolean {
  if (/^rules\[\d+\]\.retry$/.test(place)) return true;
  const [, rule, filter] = /^rules\[(\d+)\]\.filters\[(\d+)\]\.(?:type|externalAuth)$/.exec(place) ?? [];
  if (filter === undefined || !supportsExternalAuth(ciliumVersion)) return false;
  const { rules } = (body.spec ?? {}) as Pick<HTTPRouteProps, 'rules'>;
  return rules?.[Number(rule)]?.filters?.[Number(filter)]?.type === 'ExternalAuth';
}

function supportsExternalAuth(ciliumVersion: string): boolean {
  return versionFeatures(ciliumVersion)('gateway-listener-sets');
}

/** Rules about fields of the experimental channel. */
export const EXPERIMENTAL_RULES: readonly HttpRouteRule[] = [
  {
    id: 'http-route/experimental',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model, ciliumVersion }) =>
      [
        ...model.rules.flatMap(({ at, fields }) => (fields.retry === undefined ? [] : [`${at}.retry`])),
        ...model.filters.flatMap(({ at, filter }) =>
          filter.externalAuth === undefined || !supportsExternalAuth(ciliumVersion) ? [] : [`${at}.externalAuth`],
        ),
      ].map((at) =>
        problem(
          at,
          'The field is only in the experimental channel; with the standard channel the API server rejects it.',
          "Install the channel: `gatewayApiManifest(version, { channel: 'experimental' })`.",
        ),
      ),
    examples: { bad: routeWith({ retry: { attempts: 2 } }), good: { props: EXAMPLE_ROUTE } },
  },
  {
    id: 'http-route/retry',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) => model.rules.flatMap(retryProblems),
    examples: { bad: routeWith({ retry: { codes: [200] } }), good: { props: EXAMPLE_ROUTE } },
  },
  {
    id: 'http-route/external-auth',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model, ciliumVersion }) =>
      supportsExternalAuth(ciliumVersion) && model.filters.flatMap(externalAuthProblems),
    examples: {
      bad: {
        version: '1.20.0',
        ...routeWith({
          filters: [{ type: 'ExternalAuth', externalAuth: { protocol: 'HTTP', backendRef: EXAMPLE_BACKENDS[0] } }],
        }),
      },
      good: { version: '1.20.0', props: EXAMPLE_ROUTE },
    },
  },
];

function retryProblems({ at, fields: { retry } }: HttpRuleModel): readonly Problem[] {
  const { codes = [], attempts = 1, backoff = '1s' } = retry ?? {};
  return [
    ...codes.flatMap((code, i) =>
      Number.isInteger(code) && code >= 400 && code <= 599
        ? []
        : problem(`${at}.retry.codes[${String(i)}]`, `${String(code)} is not an error status.`, 'Write 400 to 599.'),
    ),
    ...(Number.isInteger(attempts) && attempts >= 1
      ? []
      : [problem(`${at}.retry.attempts`, `${String(attempts)} is not a number of retries.`, 'Write 1 or more.')]),
    ...(/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(backoff)
      ? []
      : [problem(`${at}.retry.backoff`, `'${backoff}' is not a duration.`, "Write a duration such as '100ms'.")]),
  ];
}

function externalAuthProblems({ at: place, filter: { externalAuth } }: PlacedFilter): readonly Problem[] {
  if (externalAuth === undefined) return [];
  const at = `${place}.externalAuth`;
  const { protocol } = externalAuth;
  const [own, other] = protocol === 'GRPC' ? (['grpc', 'http'] as const) : (['http', 'grpc'] as const);
  const problems: Problem[] = [];
  if (!['HTTP', 'GRPC'].includes(protocol))
    problems.push(problem(`${at}.protocol`, 'The protocol is missing.', 'Write HTTP or GRPC.'));
  else if (externalAuth[own] === undefined)
    problems.push(problem(`${at}.${own}`, `${protocol} needs \`${own}\`.`, `Write \`${own}: {}\`.`));
  if (externalAuth[other] !== undefined)
    problems.push(problem(`${at}.${other}`, `\`${other}\` belongs to the other protocol.`, 'Leave it out.'));
  return problems;
}
