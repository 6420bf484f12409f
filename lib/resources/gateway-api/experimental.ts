import type { HTTPRouteExternalAuth, HTTPRouteProps, HTTPRouteRetry } from './props';
import type { HTTPRouteBackendRef } from '../../../imports/gateway.networking.k8s.io';
import { versionFeatures } from '../../cilium/version-features';
import type { Problem } from '../../rules/rule';
import type { ResourceRule, ResourceKind } from '../../resource/kind';
import type { Finding } from '../../rules/finding';
import type { JsonObject } from '../../kubernetes/json';
import { listOf, needed, number, oneOf, props, ruled, text } from '../../props/shape';
import { EXAMPLE_BACKENDS, EXAMPLE_ROUTE, ROUTE_DOCS, eachFilter, eachRule, routeWith } from './route-model';

const HEADERS = listOf(text);

/** Shapes of what only the experimental definitions know. */
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

type Check = ResourceRule<HTTPRouteProps>;

/**
 * Whether a finding only says that the stable definitions lack what the experimental ones have and Cilium serves: retries, and
 * from 1.20 on filters that ask who may pass.
 */
export function isExperimental({ paths: [place = ''] }: Finding, body: JsonObject, ciliumVersion: string): boolean {
  if (/^rules\[\d+\]\.retry$/.test(place)) return true;
  const [, rule, filter] = /^rules\[(\d+)\]\.filters\[(\d+)\]\.(?:type|externalAuth)$/.exec(place) ?? [];
  if (filter === undefined || !asksWhoMayPass(ciliumVersion)) return false;
  const { rules } = (body.spec ?? {}) as Pick<HTTPRouteProps, 'rules'>;
  return rules?.[Number(rule)]?.filters?.[Number(filter)]?.type === 'ExternalAuth';
}

function asksWhoMayPass(ciliumVersion: string): boolean {
  return versionFeatures(ciliumVersion)('gateway-listener-sets');
}

/** What Cilium serves beyond the stable definitions. */
export const EXPERIMENTAL_CHECKS: readonly Check[] = [
  {
    id: 'http-route/experimental',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props, ciliumVersion }) => [
      ...eachRule(props, ({ retry }, path) => (retry === undefined ? [] : [placeOf(`${path}.retry`)])),
      ...eachFilter(props, ({ externalAuth }, path) =>
        externalAuth === undefined || !asksWhoMayPass(ciliumVersion) ? [] : [placeOf(`${path}.externalAuth`)],
      ),
    ],
    examples: { bad: routeWith({ retry: { attempts: 2 } }), good: { props: EXAMPLE_ROUTE } },
  },
  {
    id: 'http-route/retry',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: given }) =>
      eachRule(given, ({ retry: { codes = [], attempts = 1, backoff = '1s' } = {} }, path): readonly Problem[] => [
        ...codes.flatMap((code, i) =>
          Number.isInteger(code) && code >= 400 && code <= 599
            ? []
            : [
                {
                  paths: [`${path}.retry.codes[${String(i)}]`],
                  message: `${String(code)} is no failure.`,
                  hint: 'Write 400 to 599.',
                },
              ],
        ),
        ...(Number.isInteger(attempts) && attempts >= 1
          ? []
          : [
              {
                paths: [`${path}.retry.attempts`],
                message: `${String(attempts)} is no number of tries.`,
                hint: 'Write 1 or more.',
              },
            ]),
        ...(/^(\d{1,5}(h|m|s|ms)){1,4}$/.test(backoff)
          ? []
          : [
              {
                paths: [`${path}.retry.backoff`],
                message: `'${backoff}' is no time.`,
                hint: "Write a time such as '100ms'.",
              },
            ]),
      ]),
    examples: { bad: routeWith({ retry: { codes: [200] } }), good: { props: EXAMPLE_ROUTE } },
  },
  {
    id: 'http-route/external-auth',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props, ciliumVersion }) =>
      eachFilter(props, ({ externalAuth }, path) => {
        if (externalAuth === undefined || !asksWhoMayPass(ciliumVersion)) return [];
        const { protocol } = externalAuth;
        const [own, other] = protocol === 'GRPC' ? (['grpc', 'http'] as const) : (['http', 'grpc'] as const);
        const problems: Problem[] = [];
        if (!['HTTP', 'GRPC'].includes(protocol)) {
          problems.push({
            paths: [`${path}.externalAuth.protocol`],
            message: 'Nothing says how to ask.',
            hint: 'Write HTTP or GRPC.',
          });
        } else if (externalAuth[own] === undefined) {
          problems.push({
            paths: [`${path}.externalAuth.${own}`],
            message: `${protocol} needs \`${own}\`.`,
            hint: `Write \`${own}: {}\`.`,
          });
        }
        if (externalAuth[other] !== undefined) {
          problems.push({
            paths: [`${path}.externalAuth.${other}`],
            message: 'It counts for the other protocol only.',
            hint: 'Leave it out.',
          });
        }
        return problems;
      }),
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

function placeOf(at: string): Problem {
  return {
    paths: [at],
    message: 'It is among the experimental definitions only; with the stable ones the API server refuses it.',
    hint: "Install them: `gatewayApiManifest(version, { channel: 'experimental' })`.",
  };
}
