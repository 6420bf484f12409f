import type { GatewayListener, HTTPRouteFilter, HTTPRouteProps } from './props';
import type { ResourceRule } from '../../resource/kind';
import { HTTP, HTTPS, gatewayWith } from './gateway-model';
import {
  EXAMPLE_ROUTE,
  ROUTE_DOCS,
  eachFilter,
  eachRule,
  matchesOf,
  parentsOf,
  routeWith,
  sharesHostname,
} from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

const REDIRECT: HTTPRouteFilter = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
const REWRITE: HTTPRouteFilter = {
  type: 'URLRewrite',
  urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } },
};
const redirectOnly = { props: { ...EXAMPLE_ROUTE, rules: [{ filters: [REDIRECT] }] } };
const BOTH = { others: [{ subject: 'gateway', props: gatewayWith(HTTP, HTTPS) }] };

/** How a filter changes the path, with the place where it says so. */
function pathChange({
  requestRedirect,
  urlRewrite,
}: HTTPRouteFilter):
  | { readonly field: string; readonly path: NonNullable<NonNullable<HTTPRouteFilter['urlRewrite']>['path']> }
  | undefined {
  const path = requestRedirect?.path ?? urlRewrite?.path;
  return path === undefined
    ? undefined
    : { field: requestRedirect?.path === undefined ? 'urlRewrite.path' : 'requestRedirect.path', path };
}

/** Where requests are sent back to, and how paths change. */
export const REDIRECT_CHECKS: readonly Check[] = [
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
            paths: [`${path}.filters[${String(place)}]`, `${path}.backendRefs`],
            message: 'A redirected request goes to no backend, and the API server refuses both in one rule.',
            hint: 'Leave `backendRefs` out, or make a rule of its own of it.',
          },
        ];
      }),
    examples: { bad: routeWith({ filters: [REDIRECT] }), good: redirectOnly },
  },
  {
    id: 'http-route/redirect-to-itself',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: (subject) =>
      eachFilter(subject.props, ({ requestRedirect }, place) => {
        if (requestRedirect === undefined) return [];
        const back = parentsOf(subject).flatMap(({ ref, listeners }) =>
          listeners
            .filter((listener) => sharesHostname(subject.props, listener) && leadsBack(requestRedirect, listener))
            .map(({ name }) => ({ name, of: ref.name })),
        );
        return back.slice(0, 1).map(({ name, of }) => ({
          paths: [`${place}.requestRedirect`, 'parentRefs'],
          message: `What comes in through ${name} of ${of} is sent back to where it came from, again and again.`,
          hint: "Name the listener whose requests are meant: `gateway.listener('http')`.",
        }));
      }),
    examples: {
      bad: { ...redirectOnly, ...BOTH },
      good: { props: { ...redirectOnly.props, parentRefs: [{ name: 'home', sectionName: 'http' }] }, ...BOTH },
    },
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
        const paths = [`${place}.${change.field}`];
        if (own === undefined) return [{ paths, message: `${type} needs \`${field}\`.`, hint: `Write \`${field}\`.` }];
        return foreign === undefined
          ? []
          : [{ paths, message: `${type} takes \`${field}\` only.`, hint: 'Keep the one that belongs to `type`.' }];
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
        if (matches.length <= 1 && only?.path !== undefined && (only.path.type ?? 'PathPrefix') === 'PathPrefix')
          return [];
        return [
          {
            paths: [`${place}.${change.field}`, 'matches'],
            message: 'A prefix is replaced only in a rule with exactly one match, of the type PathPrefix.',
            hint: 'Make a rule for each prefix.',
          },
        ];
      }),
    examples: {
      bad: routeWith({ matches: ['/a', '/b'], filters: [REWRITE] }),
      good: routeWith({ matches: ['/a'], filters: [REWRITE] }),
    },
  },
];

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443 };

/** Whether a redirect leads to the listener that the request came in through, with the same path and hostname. */
function leadsBack(
  { scheme, port, hostname, path }: NonNullable<HTTPRouteFilter['requestRedirect']>,
  listener: GatewayListener,
): boolean {
  if (hostname !== undefined || path !== undefined) return false;
  const own = listener.protocol.toLowerCase();
  const target = port ?? (scheme === undefined ? listener.port : PORTS[scheme]);
  return own in PORTS && (scheme ?? own) === own && target === listener.port;
}
