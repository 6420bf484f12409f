import type { GatewayListener, HTTPRouteProps } from './props';
import { versionFeatures } from '../../cilium/version-features';
import { switchedOff } from '../../resource/needs';
import type { ResourceRule, Subject } from '../../resource/kind';
import { EXAMPLE_GATEWAY, GATEWAY_ON, HTTP, HTTPS, PASS, allowedRoutesOf, gatewayWith } from './gateway-model';
import { hostnameProblem } from './hostnames';
import { EXAMPLE_ROUTE, ROUTE_DOCS, WITH_GATEWAY, parentsOf, sharesHostname } from './route-model';
import type { Parent } from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

const good = { props: EXAMPLE_ROUTE, ...WITH_GATEWAY };
const FROM_SHOP = {
  ...EXAMPLE_ROUTE,
  namespace: 'shop',
  parentRefs: [{ name: 'home', namespace: 'default' }],
} as const;
const beside = (...listeners: readonly GatewayListener[]): Pick<Check['examples']['bad'], 'others'> => ({
  others: [{ subject: 'gateway', props: gatewayWith(...listeners) }],
});

/** A check of the parents that the app has, with at least one listener meant. */
function parentProblem(
  subject: Subject<HTTPRouteProps>,
  wrong: (parent: Parent) => string | undefined,
  hint: string,
): ReturnType<Check['find']> {
  return parentsOf(subject)
    .filter(({ listeners }) => listeners.length > 0)
    .flatMap((parent) => {
      const message = wrong(parent);
      return message === undefined ? [] : [{ paths: [parent.path], message, hint }];
    });
}

const CHECKS: readonly Check[] = [
  {
    id: 'http-route/hostname',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { hostnames = [] } }) =>
      hostnames.flatMap((hostname, i) => {
        const message = hostnameProblem(hostname);
        return message === undefined
          ? []
          : [{ paths: [`hostnames[${String(i)}]`], message, hint: 'Write a name such as `www.example.test`.' }];
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
      parentProblem(
        subject,
        ({ ref, listeners }) =>
          listeners.some((listener) => sharesHostname(subject.props, listener))
            ? undefined
            : `The listeners of ${ref.name} take ${listeners.map(({ hostname = '*' }) => hostname).join(', ')}, and none of the route's hostnames is among them.`,
        'Take a hostname that the listener takes, or widen the listener.',
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
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentProblem(
        subject,
        ({ ref, namespace, listeners }) =>
          listeners.some((listener) => allows(listener, subject.namespace ?? '', namespace))
            ? undefined
            : `${ref.name} takes no routes of the namespace ${subject.namespace ?? ''}.`,
        "Write `allowedRoutes: 'All'` at the listener, or select the namespace there.",
      ),
    examples: {
      bad: { props: FROM_SHOP, ...WITH_GATEWAY },
      good: {
        props: FROM_SHOP,
        ...beside({ ...HTTP, allowedRoutes: 'All' }),
      },
    },
  },
  {
    id: 'http-route/kind-not-allowed',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentProblem(
        subject,
        ({ ref, listeners }) =>
          listeners.some(takesHttp) ? undefined : `No listener of ${ref.name} that is meant takes HTTPRoutes.`,
        'Refer to a listener for HTTP or HTTPS that allows HTTPRoutes.',
      ),
    examples: {
      bad: { props: EXAMPLE_ROUTE, ...beside(PASS) },
      good,
    },
  },
  {
    id: 'http-route/kinds-of-others',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/46754',
    find: (subject) =>
      parentsOf(subject).flatMap(({ path, ref, gateway, listeners }) => {
        const listed = judgedByKind(gateway?.props.listeners ?? [], listeners, subject.ciliumVersion);
        if (!listeners.some(takesHttp) || listed.length === 0) return [];
        const names = listed.map(({ name }) => name).join(', ');
        return [
          {
            paths: [path],
            message: `Cilium ${subject.ciliumVersion} keeps HTTPRoutes away from all of ${ref.name}, because ${names} allows routes of other kinds only.`,
            hint: `Leave \`allowedRoutes.kinds\` out there: its protocol says which routes it takes.`,
          },
        ];
      }),
    examples: {
      bad: { props: EXAMPLE_ROUTE, ...beside(HTTP, { ...PASS, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }) },
      good: { props: EXAMPLE_ROUTE, ...beside(HTTP, PASS) },
    },
  },
  {
    id: 'http-route/not-for-all-listeners',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/46359',
    find: (subject) => {
      if (versionFeatures(subject.ciliumVersion)('gateway-listener-sets')) return [];
      return parentProblem(
        subject,
        ({ ref, namespace, listeners }) => {
          const closed = listeners.filter(
            (listener) => takesHttp(listener) && !allows(listener, subject.namespace ?? '', namespace),
          );
          if (
            closed.length === 0 ||
            !listeners.some((listener) => allows(listener, subject.namespace ?? '', namespace))
          )
            return undefined;
          const names = closed.map(({ name }) => name).join(', ');
          return `${names} of ${ref.name} takes no routes of the namespace ${subject.namespace ?? ''}, but Cilium ${subject.ciliumVersion} serves the route there, too.`;
        },
        "Name the listener that is meant: `gateway.listener('https')`.",
      );
    },
    examples: {
      bad: { props: FROM_SHOP, ...beside(HTTP, { ...HTTPS, allowedRoutes: 'All' }) },
      good: {
        props: { ...FROM_SHOP, parentRefs: [{ name: 'home', namespace: 'default', sectionName: 'https' }] },
        ...beside(HTTP, { ...HTTPS, allowedRoutes: 'All' }),
      },
    },
  },
  {
    id: 'http-route/off',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) => switchedOff(subject, 'gatewayAPI.enabled', 'Cilium serves no gateways and no routes.'),
    examples: {
      bad: { props: EXAMPLE_ROUTE, values: {} },
      good: { props: EXAMPLE_ROUTE, values: GATEWAY_ON, others: [{ subject: 'gateway', props: EXAMPLE_GATEWAY }] },
    },
  },
];

/** The label with the name of a namespace, which every namespace has. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';

/** Whether a listener takes routes of a namespace, as far as can be said without its labels. */
function allows(listener: GatewayListener, route: string, gateway: string): boolean {
  const { from = 'Same', selector } = allowedRoutesOf(listener).namespaces ?? {};
  if (from === 'Selector') {
    const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
    const named = [
      ...(matchLabels[NAMESPACE_NAME] === undefined ? [] : [matchLabels[NAMESPACE_NAME] === route]),
      ...matchExpressions
        .filter(({ key, operator }) => key === NAMESPACE_NAME && operator === 'In')
        .map(({ values = [] }) => values.includes(route)),
    ];
    return !named.includes(false);
  }
  return from === 'All' || route === gateway;
}

/**
 * Listeners that name kinds of routes, none of them HTTPRoute, where Cilium goes by them alone: it passes over listeners that
 * name none. Before 1.19 every such listener of the gateway counts, whichever is meant.
 */
function judgedByKind(
  all: readonly GatewayListener[],
  meant: readonly GatewayListener[],
  version: string,
): readonly GatewayListener[] {
  const byListener = versionFeatures(version)('gateway-kinds-by-listener');
  const naming = (byListener ? meant : all).filter((listener) => (allowedRoutesOf(listener).kinds ?? []).length > 0);
  const others = naming.filter(
    (listener) => !(allowedRoutesOf(listener).kinds ?? []).some(({ kind }) => kind === 'HTTPRoute'),
  );
  return byListener && others.length < naming.length ? [] : others;
}

function takesHttp(listener: GatewayListener): boolean {
  const { kinds } = allowedRoutesOf(listener);
  return (
    ['HTTP', 'HTTPS'].includes(listener.protocol) &&
    (kinds === undefined || kinds.length === 0 || kinds.some(({ kind }) => kind === 'HTTPRoute'))
  );
}

/** Whether gateways let a route in. */
export const ATTACH_CHECKS: readonly Check[] = [...CHECKS];
