import { versionFeatures } from '../../cilium/version-features';
import { selectorProblems } from '../../kubernetes/selector';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GATEWAY_DOCS, HTTP, HTTPS, PASS, TCP, gatewayWith, listening } from './examples';
import type { GatewayRule, ListenerRules, ListenersOf, ListenersProps } from './examples';
import { GATEWAY_GROUP } from './gateway-model';
import type { GatewayModel, Listener, RouteKind } from './gateway-model';
import { HOSTNAME_FIX, hostnameProblem, hostnamesOverlap } from '../../kubernetes/hostnames';
import type { GatewayListener } from './props';

type Protocol = GatewayListener['protocol'];

const SEPARATE = 'Give each its own port, or TLS listeners hostnames that do not overlap.';

/** Kinds of routes by protocol. */
const ROUTE_KINDS: Readonly<Record<Protocol, readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

const PROTOCOLS = Object.keys(ROUTE_KINDS) as readonly Protocol[];
const L4: readonly Protocol[] = ['TCP', 'UDP'];

/** Rules about ports, hostnames and routes of listeners. */
export const listenerRules: ListenerRules = <P extends ListenersProps>(of: ListenersOf) => {
  const { subject: id } = of;
  return [
    {
      id: `${id}/listener-twice`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        pairProblems(
          model,
          (one, other) =>
            one.port === other.port && one.protocol === other.protocol && one.hostname === other.hostname
              ? `${one.name} and ${other.name} have the same port, protocol and hostname.`
              : undefined,
          'Give each its own hostname or port.',
        ),
      examples: {
        bad: listening<P>(of, HTTP, { ...HTTP, name: 'web' }),
        good: listening<P>(of, HTTP, { ...HTTP, name: 'web', hostname: 'web.example.test' }),
      },
    },
    {
      id: `${id}/port-conflict`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model, ciliumVersion }) => {
        const refusesOverlaps = versionFeatures(ciliumVersion)('gateway-refuses-overlaps');
        return pairProblems(
          model,
          (one, other) => portConflict(one, other) ?? (refusesOverlaps ? overlap(one, other) : sameNames(one, other)),
          SEPARATE,
        );
      },
      examples: {
        bad: listening<P>(of, HTTPS, PASS),
        good: listening<P>(of, { ...HTTPS, hostname: 'www.example.test' }, { ...PASS, hostname: 'db.example.test' }),
      },
    },
    {
      id: `${id}/protocol`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model, ciliumVersion }) =>
        model.listeners.flatMap((listener) => protocolProblem(listener, of, ciliumVersion) ?? []),
      examples: {
        bad: listening<P>(of, { ...TCP, protocol: 'SCTP' as never }),
        good: { ...listening<P>(of, TCP), version: '1.20.0' },
      },
    },
    {
      id: `${id}/hostname`,
      level: 'warning',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners.flatMap(({ at, hostname }) => {
          const message = hostname === undefined ? undefined : hostnameProblem(hostname);
          return message === undefined ? [] : problem(`${at}.hostname`, message, HOSTNAME_FIX);
        }),
      examples: {
        bad: listening<P>(of, { ...HTTP, hostname: '192.168.1.200' }),
        good: listening<P>(of, { ...HTTP, hostname: 'www.example.test' }),
      },
    },
    {
      id: `${id}/hostname-of-protocol`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        model.listeners
          .filter(({ hostname, protocol }) => hostname !== undefined && L4.includes(protocol))
          .map(({ at, protocol }) =>
            problem(
              `${at}.hostname`,
              `Listeners of protocol ${protocol} have no hostname, and the API server rejects it.`,
              'Leave it out.',
            ),
          ),
      examples: {
        bad: { ...listening<P>(of, { ...TCP, hostname: 'db.example.test' }), version: '1.20.0' },
        good: { ...listening<P>(of, TCP), version: '1.20.0' },
      },
    },
    {
      id: `${id}/route-kind`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) =>
        foreignKinds(model, ({ kinds }, foreign) => kinds.length > 0 && foreign.length === kinds.length),
      examples: {
        bad: listening<P>(of, { ...HTTP, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }),
        good: listening<P>(of, { ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } }),
      },
    },
    {
      id: `${id}/idle-route-kind`,
      level: 'warning',
      docs: GATEWAY_DOCS,
      find: ({ model }) => foreignKinds(model, ({ kinds }, foreign) => foreign.length < kinds.length),
      examples: {
        bad: listening<P>(of, { ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { kind: 'TLSRoute' }] } }),
        good: listening<P>(of, { ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }] } }),
      },
    },
    {
      id: `${id}/namespace-selector`,
      level: 'error',
      docs: GATEWAY_DOCS,
      find: ({ model }) => model.listeners.flatMap(namespaceProblems),
      examples: {
        bad: listening<P>(of, { ...HTTP, allowedRoutes: { namespaces: { from: 'Selector' } } }),
        good: listening<P>(of, {
          ...HTTP,
          allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'web' } } } },
        }),
      },
    },
  ];
};

/** Rules about listeners of gateways. */
export const LISTENER_RULES: readonly GatewayRule[] = [
  {
    id: 'gateway/later-port-conflict',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/47590',
    find: ({ model, ciliumVersion }) =>
      !versionFeatures(ciliumVersion)('gateway-refuses-overlaps') &&
      pairProblems(
        model,
        (one, other) => {
          const message = sameNames(one, other) === undefined ? overlap(one, other) : undefined;
          return message && `${message} Cilium 1.19.6 and 1.20 refuse both listeners.`;
        },
        `Before an upgrade: ${SEPARATE.charAt(0).toLowerCase()}${SEPARATE.slice(1)}`,
      ),
    examples: {
      bad: { version: '1.19.5', props: gatewayWith(HTTPS, { ...PASS, hostname: '*.example.test' }) },
      good: {
        version: '1.19.5',
        props: gatewayWith({ ...HTTPS, hostname: 'www.example.test' }, { ...PASS, hostname: 'db.example.test' }),
      },
    },
  },
];

/** The API server refuses more. */
const MOST_LISTENERS = 64;

/** Problems of two listeners, each pair once. */
function pairProblems(
  { listeners: given }: Pick<GatewayModel, 'listeners'>,
  messageFor: (one: Listener, other: Listener) => string | undefined,
  hint: string,
): readonly Problem[] {
  const listeners = given.slice(0, MOST_LISTENERS);
  return listeners.flatMap((other, i) =>
    listeners.slice(0, i).flatMap((one) => {
      const message = messageFor(one, other);
      return message === undefined ? [] : problem([one.at, other.at], message, hint);
    }),
  );
}

const isL4 = ({ protocol }: Listener): boolean => L4.includes(protocol);

/** Why the second of two listeners of a gateway and its listener sets is refused. */
export function listenerConflict(one: Listener, other: Listener): string | undefined {
  const isSame = one.port === other.port && one.protocol === other.protocol && one.hostname === other.hostname;
  return (
    portConflict(one, other) ??
    overlap(one, other) ??
    (isSame ? `${one.name} and ${other.name} have the same port, protocol and hostname.` : undefined)
  );
}

/** Why two listeners cannot share a port, whatever their hostnames. */
function portConflict(one: Listener, other: Listener): string | undefined {
  if (one.port !== other.port || !(isL4(one) || isL4(other))) return undefined;
  return isL4(one) && isL4(other) && one.protocol !== other.protocol
    ? undefined
    : `${one.name} and ${other.name} both use port ${String(one.port)}, which a ${isL4(one) ? one.protocol : other.protocol} listener cannot share.`;
}

/** Whether one of two listeners on a port terminates TLS, and the other passes it through. */
function isMixed(one: Listener, other: Listener): boolean {
  return (
    one.port === other.port &&
    ((one.protocol === 'HTTPS' && passes(other)) || (other.protocol === 'HTTPS' && passes(one)))
  );
}

function overlap(one: Listener, other: Listener): string | undefined {
  const isOverlap =
    one.hostname === undefined || other.hostname === undefined || hostnamesOverlap(one.hostname, other.hostname);
  return isMixed(one, other) && isOverlap
    ? `${one.name} and ${other.name} have overlapping hostnames on port ${String(one.port)}, but one terminates TLS and the other passes it through.`
    : undefined;
}

/** Envoy refuses two filter chains with the same names; of a wildcard and a longer name it uses the longer. */
function sameNames(one: Listener, other: Listener): string | undefined {
  return one.hostname === other.hostname ? overlap(one, other) : undefined;
}

function passes({ protocol, tls }: Listener): boolean {
  return protocol === 'TLS' && tls?.mode === 'Passthrough';
}

function protocolProblem(
  { at, protocol }: Listener,
  { kind }: ListenersOf,
  ciliumVersion: string,
): Problem | undefined {
  const served =
    kind === 'ListenerSet' || versionFeatures(ciliumVersion)('gateway-listener-sets')
      ? PROTOCOLS
      : PROTOCOLS.filter((word) => !L4.includes(word));
  if (served.includes(protocol)) return undefined;
  const near = nearest(protocol, served);
  const later = L4.includes(protocol) ? ', or use Cilium 1.20' : '';
  return problem(
    `${at}.protocol`,
    `Cilium ${ciliumVersion} does not support ${protocol}: nothing listens on the port.`,
    near !== undefined && later === '' ? `Write '${near}'.` : `Write one of ${served.join(', ')}${later}.`,
  );
}

/** Kinds that a listener's protocol does not support, at the listeners that match. A listener without any supported kind is not programmed. */
function foreignKinds(
  { listeners }: Pick<GatewayModel, 'listeners'>,
  isMeant: (listener: Listener, foreign: readonly RouteKind[]) => boolean,
): readonly Problem[] {
  return listeners.flatMap((listener) => {
    const own = ROUTE_KINDS[listener.protocol] as readonly string[] | undefined;
    if (own === undefined) return [];
    const foreign = listener.kinds.filter(({ kind, group }) => !own.includes(kind) || group !== GATEWAY_GROUP);
    if (!isMeant(listener, foreign)) return [];
    return foreign.map(({ at, kind }) =>
      problem(at, `A listener for ${listener.protocol} does not support ${kind}.`, `Write ${own.join(' or ')}.`),
    );
  });
}

function namespaceProblems({ at, namespaces: { from, selector } }: Listener): readonly Problem[] {
  const place = `${at}.allowedRoutes.namespaces`;
  if (from === 'Selector' && selector === undefined)
    return [
      problem(`${place}.selector`, 'Without a selector no namespace matches.', 'Write `selector`, or `from: All`.'),
    ];
  if (from !== 'Selector' && selector !== undefined)
    return [
      problem(
        [`${place}.from`, `${place}.selector`],
        'The selector has no effect without `from: Selector`.',
        'Write `from: Selector`.',
      ),
    ];
  return selectorProblems(`${place}.selector`, selector);
}
