import { levelByNamespace } from '../../resource/kind';
import type { Subject } from '../../resource/kind';
import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { Listener } from './gateway-model';
import { HOSTNAME_FIX, hostnameProblem } from '../../kubernetes/hostnames';
import type { GatewayListener } from './props';
import { parentsOf, sharesHostname } from './route-model';
import type { Parent, RouteModel, RouteProps } from './route-model';
import { exampleOf } from './route-types';
import type { RouteRules, RouteType } from './route-types';

const FROM_SHOP = { namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] } as const;

/** Rules about whether listeners accept a route. */
export const attachRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id, kind, listener: own } = type;
  const protocols = type.protocols.join(' or ');
  const good = exampleOf<P>(type);
  return [
    {
      id: `${id}/namespace-not-allowed`,
      level: levelByNamespace,
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
        bad: exampleOf<P>(type, FROM_SHOP),
        good: exampleOf<P>(type, FROM_SHOP, [{ ...own, allowedRoutes: 'All' }]),
      },
    },
    {
      id: `${id}/kind-not-allowed`,
      level: 'error',
      find: (subject) =>
        parentProblems(
          subject,
          ({ ref, listeners }) =>
            listeners.some((listener) => allowsKind(listener, type))
              ? undefined
              : `None of the referenced listeners of ${ref.name} allows ${kind}s.`,
          `Refer to a listener of protocol ${protocols} that allows ${kind}s.`,
        ),
      examples: { bad: exampleOf<P>(type, {}, [type.foreign]), good },
    },
    {
      id: `${id}/kinds-of-others`,
      level: 'warning',
      docs: 'https://github.com/cilium/cilium/issues/46754',
      find: (subject) =>
        parentProblems(
          subject,
          ({ ref, owner, listeners }) => {
            const blocking = listenersBlockingByKind(
              owner?.model.listeners ?? [],
              listeners,
              kind,
              subject.ciliumVersion,
            );
            if (!listeners.some((listener) => allowsKind(listener, type)) || blocking.length === 0) return undefined;
            const names = blocking.map(({ name }) => name).join(', ');
            return `Cilium ${subject.ciliumVersion} attaches no ${kind} to ${ref.name}, because ${names} allows only other kinds of routes.`;
          },
          'Leave `allowedRoutes.kinds` out there: the protocol implies the kinds of routes.',
        ),
      examples: {
        bad: exampleOf<P>(type, {}, [own, { ...type.foreign, allowedRoutes: { kinds: [{ kind: type.foreignKind }] } }]),
        good: exampleOf<P>(type, {}, [own, type.foreign]),
      },
    },
  ];
};

/** The rule about releases that attach a route to all listeners when one of them allows it, for the kinds that they support. */
export const allListenersRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id, listener: own } = type;
  const second: GatewayListener = { ...own, name: 'second', port: own.port + 1000, allowedRoutes: 'All' };
  return [
    {
      id: `${id}/not-for-all-listeners`,
      level: 'warning',
      docs: 'https://github.com/cilium/cilium/issues/46359',
      find: (subject) =>
        !versionFeatures(subject.ciliumVersion)('gateway-listener-sets') &&
        parentProblems(
          subject,
          (parent) => {
            const isOpen = (listener: Listener): boolean => allowsNamespace(listener, subject, parent);
            const closed = parent.listeners.filter((listener) => allowsKind(listener, type) && !isOpen(listener));
            if (closed.length === 0 || !parent.listeners.some(isOpen)) return undefined;
            const names = closed.map(({ name }) => name).join(', ');
            return `${names} of ${parent.ref.name} does not allow routes of namespace ${subject.namespace ?? ''}, but Cilium ${subject.ciliumVersion} attaches the route to it, too.`;
          },
          `Name the listener: \`gateway.listener('${own.name}')\`.`,
        ),
      examples: {
        bad: exampleOf<P>(type, FROM_SHOP, [own, second]),
        good: exampleOf<P>(
          type,
          { ...FROM_SHOP, parentRefs: [{ name: 'home', namespace: 'default', sectionName: 'second' }] },
          [own, second],
        ),
      },
    },
  ];
};

/** Rules about the hostnames of a route, and whether listeners accept one of them. */
export const hostnameRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id, listener: own } = type;
  const wildcard = { ...own, hostname: '*.example.test' };
  return [
    {
      id: `${id}/hostname`,
      level: ({ ciliumVersion }) => (type.refusesHostnames(ciliumVersion) ? 'error' : 'warning'),
      find: ({ model }) =>
        model.hostnames.flatMap(({ at, hostname }) => {
          const message = hostnameProblem(hostname);
          return message === undefined ? [] : problem(at, message, HOSTNAME_FIX);
        }),
      examples: {
        bad: exampleOf<P>(type, { hostnames: ['192.168.1.200'] }),
        good: exampleOf<P>(type, { hostnames: ['www.example.test'] }),
      },
    },
    {
      id: `${id}/no-common-hostname`,
      level: 'error',
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
        bad: exampleOf<P>(type, { hostnames: ['shop.example.com'] }, [wildcard]),
        good: exampleOf<P>(type, { hostnames: ['shop.example.test'] }, [wildcard]),
      },
    },
  ];
};

type RouteSubject = Pick<Subject<RouteProps, RouteModel>, 'model' | 'namespace' | 'others'>;

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
export function allowsNamespace(
  { namespaces: { from = 'Same', selector } }: Pick<Listener, 'namespaces'>,
  { namespace: own = '' }: Pick<RouteSubject, 'namespace'>,
  parent: Pick<Parent, 'namespace'>,
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
 * Listeners that list kinds of routes, not that of the route, where Cilium reads only them: it skips listeners that
 * list none. Before 1.19 every such listener of the gateway counts, whichever is referenced.
 */
function listenersBlockingByKind(
  all: readonly Listener[],
  referenced: readonly Listener[],
  own: RouteType['kind'],
  version: string,
): readonly Listener[] {
  const has = versionFeatures(version);
  if (has('gateway-kinds-optional')) return [];
  const byListener = has('gateway-kinds-by-listener');
  const listing = (byListener ? referenced : all).filter(({ kinds }) => kinds.length > 0);
  const others = listing.filter(({ kinds }) => !kinds.some(({ kind }) => kind === own));
  return byListener && others.length < listing.length ? [] : others;
}

/** Whether a listener accepts a kind of route, by its protocol and by the kinds that it lists. */
export function allowsKind({ protocol, kinds }: Listener, type: RouteType): boolean {
  return type.protocols.includes(protocol) && (kinds.length === 0 || kinds.some(({ kind }) => kind === type.kind));
}
