import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { HTTP, HTTPS, REDIRECT, REDIRECT_ROUTE, REWRITE, ROUTE_DOCS, gatewayWith, routeWith } from './examples';
import type { HttpRouteRule } from './examples';
import type { Listener } from './gateway-model';
import type { HTTPRouteFilter } from './props';
import { parentsOf, sharesHostname } from './route-model';
import type { HttpRouteModel, HttpRuleModel } from './http-route-model';
import type { PlacedFilter as RouteFilter } from './route-model';

type PlacedFilter = RouteFilter<HttpRuleModel>;

const BOTH = { others: [{ subject: 'gateway', props: gatewayWith(HTTP, HTTPS) }] };

/** Rules about redirects and path rewrites. */
export const REDIRECT_RULES: readonly HttpRouteRule[] = [
  {
    id: 'http-route/redirect-with-backends',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.filters
        .filter(
          ({ filter, ofBackend, rule }) =>
            !ofBackend && filter.requestRedirect !== undefined && (rule.fields.backendRefs ?? []).length > 0,
        )
        .map(({ at, rule }) =>
          problem(
            [at, `${rule.at}.backendRefs`],
            'A redirected request reaches no backend, and the API server rejects both in one rule.',
            'Leave `backendRefs` out, or move it to a separate rule.',
          ),
        ),
    examples: { bad: routeWith({ filters: [REDIRECT] }), good: REDIRECT_ROUTE },
  },
  {
    id: 'http-route/redirect-to-itself',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: (subject) =>
      subject.model.filters.flatMap(({ at, filter: { requestRedirect } }) => {
        if (requestRedirect === undefined) return [];
        const loops = parentsOf(subject).flatMap(({ ref, listeners }) =>
          listeners
            .filter((listener) => sharesHostname(subject.model, listener) && leadsBack(requestRedirect, listener))
            .map((listener) => `${listener.name} of ${ref.name}`),
        );
        return loops
          .slice(0, 1)
          .map((listener) =>
            problem(
              [`${at}.requestRedirect`, 'parentRefs'],
              `Requests to ${listener} are redirected to the same listener, in a loop.`,
              "Name the listener whose requests are redirected: `gateway.listener('http')`.",
            ),
          );
      }),
    examples: {
      bad: { ...REDIRECT_ROUTE, ...BOTH },
      good: { props: { ...REDIRECT_ROUTE.props, parentRefs: [{ name: 'home', sectionName: 'http' }] }, ...BOTH },
    },
  },
  {
    id: 'http-route/path-change',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model }) => pathChanges(model).flatMap((change) => pathChangeProblem(change) ?? []),
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
    find: ({ model }) =>
      pathChanges(model)
        .filter(
          ({ path, rule }) =>
            path.type === 'ReplacePrefixMatch' && path.replacePrefixMatch !== undefined && !hasOnePrefix(rule),
        )
        .map(({ at }) =>
          problem(
            [at, 'matches'],
            'ReplacePrefixMatch needs a rule with exactly one match, of type PathPrefix.',
            'Write a rule for each prefix.',
          ),
        ),
    examples: {
      bad: routeWith({ matches: ['/a', '/b'], filters: [REWRITE] }),
      good: routeWith({ matches: ['/a'], filters: [REWRITE] }),
    },
  },
];

/** A change of the path by a filter. */
interface PathChange {
  readonly at: string;
  readonly path: NonNullable<NonNullable<HTTPRouteFilter['urlRewrite']>['path']>;
  readonly rule: PlacedFilter['rule'];
}

function pathChanges({ filters }: HttpRouteModel): readonly PathChange[] {
  return filters.flatMap(({ at, filter: { requestRedirect, urlRewrite }, rule }) => {
    const path = requestRedirect?.path ?? urlRewrite?.path;
    const field = requestRedirect?.path === undefined ? 'urlRewrite.path' : 'requestRedirect.path';
    return path === undefined ? [] : [{ at: `${at}.${field}`, path, rule }];
  });
}

function pathChangeProblem({
  at,
  path: { type, replaceFullPath, replacePrefixMatch },
}: PathChange): Problem | undefined {
  const [own, field, foreign] =
    type === 'ReplaceFullPath'
      ? [replaceFullPath, 'replaceFullPath', replacePrefixMatch]
      : [replacePrefixMatch, 'replacePrefixMatch', replaceFullPath];
  if (own === undefined) return problem(at, `${type} needs \`${field}\`.`, `Write \`${field}\`.`);
  return foreign === undefined
    ? undefined
    : problem(at, `${type} allows \`${field}\` only.`, 'Keep the one that belongs to `type`.');
}

/** Whether a rule matches exactly one path prefix; the API server defaults to `/`. */
function hasOnePrefix({ fields, matches }: PlacedFilter['rule']): boolean {
  const [only] = matches;
  if (fields.matches === undefined) return true;
  return (
    matches.length === 1 && only?.match.path !== undefined && (only.match.path.type ?? 'PathPrefix') === 'PathPrefix'
  );
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Whether a redirect leads to the listener that the request was sent to, with the same path and hostname. */
function leadsBack(
  { scheme, port, hostname, path }: NonNullable<HTTPRouteFilter['requestRedirect']>,
  listener: Listener,
): boolean {
  if (hostname !== undefined || path !== undefined) return false;
  const own = listener.protocol.toLowerCase();
  const target = port ?? (scheme === undefined ? listener.port : PORTS[scheme]);
  return own in PORTS && (scheme ?? own) === own && target === listener.port;
}
