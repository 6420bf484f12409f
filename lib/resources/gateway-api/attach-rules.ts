import { levelByNamespace } from '../../resource/kind';
import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_ROUTE, HTTP, HTTPS, PASS, ROUTE_DOCS, WITH_GATEWAY, gatewayWith } from './examples';
import type { RouteRule } from './examples';
import type { Listener } from './gateway-model';
import { HOSTNAME_FIX, hostnameProblem } from '../../kubernetes/hostnames';
import type { GatewayListener } from './props';
import { parentsOf, sharesHostname } from './route-model';
import type { Parent } from './route-model';

type RouteSubject = Parameters<RouteRule['find']>[0];

const good = { props: EXAMPLE_ROUTE, ...WITH_GATEWAY };
const FROM_SHOP = {
  ...EXAMPLE_ROUTE,
  namespace: 'shop',
  parentRefs: [{ name: 'home', namespace: 'default' }],
} as const;
const beside = (...listeners: readonly GatewayListener[]): Pick<RouteRule['examples']['bad'], 'others'> => ({
  others: [{ subject: 'gateway', props: gatewayWith(...listeners) }],
});

/** Rules about whether gateways accept a route. */
export const ATTACH_RULES: readonly RouteRule[] = [
  {
    id: 'http-route/hostname',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ model }) =>
      model.hostnames.flatMap(({ at, hostname }) => {
        const message = hostnameProblem(hostname);
        return message === undefined ? [] : problem(at, message, HOSTNAME_FIX);
      }),
    examples: {
      bad: { ...good, props: { ...EXAMPLE_ROUTE, hostnames: ['192.168.1.200'] } },
      good: { ...good, props: { ...EXAMPLE_ROUTE, hostnames: ['www.example.test'] } },
    },
  },
  {
    id: 'http-route/no-common-hostname',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentProblems(
        subject,
        ({ ref, listeners }) =>
          listeners.some((listener) => sharesHostname(subject.model, listener))
            ? undefined
            : `The listeners of ${ref.name} accept ${listeners.map(({ hostname = '*' }) => hostname).join(', ')}, and none of the route's hostnames.`,
        'Write a hostname that the listener accepts, or change the hostname of the listener.',
      ),
    examples: {
      bad: {
        props: { ...EXAMPLE_ROUTE, hostnames: ['shop.example.com'] },
        ...beside({ ...HTTP, hostname: '*.example.test' }),
      },
      good: {
        props: { ...EXAMPLE_ROUTE, hostnames: ['shop.example.test'] },
        ...beside({ ...HTTP, hostname: '*.example.test' }),
      },
    },
  },
  {
    id: 'http-route/namespace-not-allowed',
    level: levelByNamespace,
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentProblems(
        subject,
        (parent) =>
          parent.listeners.some((listener) => allowsNamespace(listener, subject, parent))
            ? undefined
            : `${parent.ref.name} does not allow routes of namespace ${subject.namespace ?? ''}.`,
        "Write `allowedRoutes: 'All'` at the listener, or select the namespace there.",
        ['namespace'],
      ),
    examples: {
      bad: { props: FROM_SHOP, ...WITH_GATEWAY },
      good: { props: FROM_SHOP, ...beside({ ...HTTP, allowedRoutes: 'All' }) },
    },
  },
  {
    id: 'http-route/kind-not-allowed',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentProblems(
        subject,
        ({ ref, listeners }) =>
          listeners.some(allowsHttpRoutes)
            ? undefined
            : `None of the referenced listeners of ${ref.name} allows HTTPRoutes.`,
        'Refer to an HTTP or HTTPS listener that allows HTTPRoutes.',
      ),
    examples: { bad: { props: EXAMPLE_ROUTE, ...beside(PASS) }, good },
  },
  {
    id: 'http-route/kinds-of-others',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/46754',
    find: (subject) =>
      parentProblems(
        subject,
        ({ ref, gateway, listeners }) => {
          const blocking = listenersBlockingByKind(gateway?.model.listeners ?? [], listeners, subject.ciliumVersion);
          if (!listeners.some(allowsHttpRoutes) || blocking.length === 0) return undefined;
          const names = blocking.map(({ name }) => name).join(', ');
          return `Cilium ${subject.ciliumVersion} attaches no HTTPRoute to ${ref.name}, because ${names} allows only other kinds of routes.`;
        },
        'Leave `allowedRoutes.kinds` out there: the protocol implies the kinds of routes.',
      ),
    examples: {
      bad: { props: EXAMPLE_ROUTE, ...beside(HTTP, { ...PASS, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }) },
      good: { props: EXAMPLE_ROUTE, ...beside(HTTP, PASS) },
    },
  },
  {
    id: 'http-route/not-for-all-listeners',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/46359',
    find: (subject) =>
      !versionFeatures(subject.ciliumVersion)('gateway-listener-sets') &&
      parentProblems(
        subject,
        (parent) => {
          const isOpen = (listener: Listener): boolean => allowsNamespace(listener, subject, parent);
          const closed = parent.listeners.filter((listener) => allowsHttpRoutes(listener) && !isOpen(listener));
          if (closed.length === 0 || !parent.listeners.some(isOpen)) return undefined;
          const names = closed.map(({ name }) => name).join(', ');
          return `${names} of ${parent.ref.name} does not allow routes of namespace ${subject.namespace ?? ''}, but Cilium ${subject.ciliumVersion} attaches the route to it, too.`;
        },
        "Name the listener: `gateway.listener('https')`.",
      ),
    examples: {
      bad: { props: FROM_SHOP, ...beside(HTTP, { ...HTTPS, allowedRoutes: 'All' }) },
      good: {
        props: { ...FROM_SHOP, parentRefs: [{ name: 'home', namespace: 'default', sectionName: 'https' }] },
        ...beside(HTTP, { ...HTTPS, allowedRoutes: 'All' }),
      },
    },
  },
];

/** Problems of the parents that the app has, with at least one listener that matches the reference. */
function parentProblems(
  subject: RouteSubject,
  messageFor: (parent: Parent) => string | undefined,
  hint: string,
  paths: readonly string[] = [],
): readonly Problem[] {
  return parentsOf(subject)
    .filter(({ listeners }) => listeners.length > 0)
    .flatMap((parent) => {
      const message = messageFor(parent);
      return message === undefined ? [] : problem([parent.ref.at, ...paths], message, hint);
    });
}

/** The label with the name of a namespace, which every namespace has. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whether a listener allows routes of a namespace, as far as is known without the labels of the namespace. */
function allowsNamespace(
  { namespaces: { from = 'Same', selector } }: Listener,
  { namespace: own = '' }: RouteSubject,
  parent: Parent,
): boolean {
  if (from !== 'Selector') return from === 'All' || own === parent.namespace;
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  const named = [
    ...(matchLabels[NAMESPACE_NAME] === undefined ? [] : [matchLabels[NAMESPACE_NAME] === own]),
    ...matchExpressions
      .filter(({ key, operator }) => key === NAMESPACE_NAME && operator === 'In')
      .map(({ values = [] }) => values.includes(own)),
  ];
  return !named.includes(false);
}

/**
 * Listeners that list kinds of routes, none of them HTTPRoute, where Cilium reads only them: it skips listeners that
 * list none. Before 1.19 every such listener of the gateway counts, whichever is referenced.
 */
function listenersBlockingByKind(
  all: readonly Listener[],
  referenced: readonly Listener[],
  version: string,
): readonly Listener[] {
  const byListener = versionFeatures(version)('gateway-kinds-by-listener');
  const listing = (byListener ? referenced : all).filter(({ kinds }) => kinds.length > 0);
  const others = listing.filter(({ kinds }) => !kinds.some(({ kind }) => kind === 'HTTPRoute'));
  return byListener && others.length < listing.length ? [] : others;
}

function allowsHttpRoutes({ protocol, kinds }: Listener): boolean {
  return ['HTTP', 'HTTPS'].includes(protocol) && (kinds.length === 0 || kinds.some(({ kind }) => kind === 'HTTPRoute'));
}
