import type { GatewayListener, GatewayProps } from './props';
import { versionFeatures } from '../../cilium/version-features';
import { selectorProblems } from '../../kubernetes/selector';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import {
  EXAMPLE_GATEWAY,
  GATEWAY_DOCS,
  HTTP,
  HTTPS,
  PASS,
  allowedRoutesOf,
  eachListener,
  gatewayWith,
} from './gateway-model';
import { hostnameProblem, hostnamesMeet } from './hostnames';
import { GATEWAY_GROUP } from './route-model';

type Check = ResourceRule<GatewayProps>;

const good = { props: EXAMPLE_GATEWAY };
const TCP: GatewayListener = { name: 'tcp', port: 5432, protocol: 'TCP' };

/** Kinds of routes by protocol. */
const ROUTE_KINDS: Readonly<Record<GatewayListener['protocol'], readonly string[]>> = {
  HTTP: ['HTTPRoute', 'GRPCRoute'],
  HTTPS: ['HTTPRoute', 'GRPCRoute'],
  TLS: ['TLSRoute'],
  TCP: ['TCPRoute'],
  UDP: ['UDPRoute'],
};

const PROTOCOLS = Object.keys(ROUTE_KINDS) as readonly GatewayListener['protocol'][];
const L4: readonly GatewayListener['protocol'][] = ['TCP', 'UDP'];

/** Something that is wrong with two listeners, told of once. */
function eachPair(
  props: GatewayProps,
  judge: (one: GatewayListener, other: GatewayListener) => string | undefined,
  hint: string,
): readonly Problem[] {
  return props.listeners.flatMap((other, j) =>
    props.listeners.slice(0, j).flatMap((one, i) => {
      const message = judge(one, other);
      return message === undefined
        ? []
        : [{ paths: [`listeners[${String(i)}]`, `listeners[${String(j)}]`], message, hint }];
    }),
  );
}

const isL4 = ({ protocol }: GatewayListener): boolean => L4.includes(protocol);

const PORT_CHECKS: readonly Check[] = [
  {
    id: 'gateway/listener-twice',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachPair(
        props,
        (one, other) =>
          one.port === other.port && one.protocol === other.protocol && one.hostname === other.hostname
            ? `${one.name} and ${other.name} are the same port, protocol and hostname.`
            : undefined,
        'Give each its own hostname or port.',
      ),
    examples: {
      bad: { props: gatewayWith(HTTP, { ...HTTP, name: 'web' }) },
      good: { props: gatewayWith(HTTP, { ...HTTP, name: 'web', hostname: 'web.example.test' }) },
    },
  },
  {
    id: 'gateway/port-conflict',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachPair(props, conflict, 'Give each its own port, or TLS listeners hostnames that do not meet.'),
    examples: {
      bad: { props: gatewayWith(HTTPS, { ...PASS, hostname: '*.example.test' }) },
      good: {
        props: gatewayWith({ ...HTTPS, hostname: 'www.example.test' }, { ...PASS, hostname: 'db.example.test' }),
      },
    },
  },
  {
    id: 'gateway/protocol',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props, ciliumVersion }) => {
      const served = versionFeatures(ciliumVersion)('gateway-listener-sets')
        ? PROTOCOLS
        : PROTOCOLS.filter((word) => !L4.includes(word));
      return eachListener(props, ({ protocol }, path) => {
        if (served.includes(protocol)) return [];
        const near = nearest(protocol, served);
        const later = L4.includes(protocol) ? ', or Cilium 1.20' : '';
        return [
          {
            paths: [`${path}.protocol`],
            message: `Cilium ${ciliumVersion} serves no ${protocol}: nothing listens there.`,
            hint: near !== undefined && later === '' ? `Write '${near}'.` : `Take ${served.join(', ')}${later}.`,
          },
        ];
      });
    },
    examples: { bad: { props: gatewayWith(TCP) }, good: { version: '1.20.0', props: gatewayWith(TCP) } },
  },
  {
    id: 'gateway/hostname',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, (listener, path) => {
        if (listener.hostname === undefined) return [];
        if (isL4(listener)) {
          return [
            { paths: [`${path}.hostname`], message: `${listener.protocol} knows no hostnames.`, hint: 'Leave it out.' },
          ];
        }
        const message = hostnameProblem(listener.hostname);
        return message === undefined
          ? []
          : [{ paths: [`${path}.hostname`], message, hint: 'Write a name such as `www.example.test`.' }];
      }),
    examples: {
      bad: { props: gatewayWith({ ...HTTP, hostname: '192.168.1.200' }) },
      good: { props: gatewayWith({ ...HTTP, hostname: 'www.example.test' }) },
    },
  },
];

/** Why two listeners cannot be served together. */
function conflict(one: GatewayListener, other: GatewayListener): string | undefined {
  if (one.port !== other.port) return undefined;
  if (isL4(one) || isL4(other)) {
    return isL4(one) && isL4(other) && one.protocol !== other.protocol
      ? undefined
      : `${one.name} and ${other.name} want port ${String(one.port)}, which ${isL4(one) ? one.protocol : other.protocol} shares with nobody.`;
  }
  const mixed = (one.protocol === 'HTTPS' && passes(other)) || (other.protocol === 'HTTPS' && passes(one));
  const meet =
    one.hostname === undefined || other.hostname === undefined || hostnamesMeet(one.hostname, other.hostname);
  return mixed && meet
    ? `${one.name} and ${other.name} want the same names on port ${String(one.port)}, one to end TLS and one to pass it on.`
    : undefined;
}

function passes({ protocol, tls }: GatewayListener): boolean {
  return protocol === 'TLS' && tls?.mode === 'Passthrough';
}

const ROUTE_CHECKS: readonly Check[] = [
  {
    id: 'gateway/route-kind',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      foreignKinds(props, ({ kinds, foreign }) => kinds.length > 0 && foreign.length === kinds.length),
    examples: {
      bad: { props: gatewayWith({ ...HTTP, allowedRoutes: { kinds: [{ kind: 'TLSRoute' }] } }) },
      good: { props: gatewayWith({ ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }] } }) },
    },
  },
  {
    id: 'gateway/idle-route-kind',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props }) => foreignKinds(props, ({ kinds, foreign }) => foreign.length < kinds.length),
    examples: {
      bad: { props: gatewayWith({ ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { kind: 'TLSRoute' }] } }) },
      good: {
        props: gatewayWith({ ...HTTP, allowedRoutes: { kinds: [{ kind: 'HTTPRoute' }, { kind: 'GRPCRoute' }] } }),
      },
    },
  },
  {
    id: 'gateway/namespace-selector',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      eachListener(props, (listener, path) => {
        const { from, selector } = allowedRoutesOf(listener).namespaces ?? {};
        const at = `${path}.allowedRoutes.namespaces`;
        if (from === 'Selector' && selector === undefined)
          return [
            {
              paths: [`${at}.selector`],
              message: 'Nothing says which namespaces are meant, so none is.',
              hint: 'Write `selector`, or `from: All`.',
            },
          ];
        if (from !== 'Selector' && selector !== undefined)
          return [
            {
              paths: [`${at}.from`, `${at}.selector`],
              message: 'The selector counts only with `from: Selector`.',
              hint: 'Write `from: Selector`.',
            },
          ];
        return selectorProblems(`${at}.selector`, selector);
      }),
    examples: {
      bad: { props: gatewayWith({ ...HTTP, allowedRoutes: { namespaces: { from: 'Selector' } } }) },
      good: {
        props: gatewayWith({
          ...HTTP,
          allowedRoutes: { namespaces: { from: 'Selector', selector: { matchLabels: { team: 'web' } } } },
        }),
      },
    },
  },
  {
    id: 'gateway/tls-routes',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props, ciliumVersion }) =>
      versionFeatures(ciliumVersion)('gateway-listener-sets')
        ? []
        : eachListener(props, ({ protocol }, path) =>
            protocol === 'TLS'
              ? [
                  {
                    paths: [`${path}.protocol`],
                    message: 'Routes for TLS are among the experimental definitions in this release.',
                    hint: "Install them: `gatewayApiManifest(version, { channel: 'experimental' })`.",
                  },
                ]
              : [],
          ),
    examples: { bad: { props: gatewayWith(PASS) }, good },
  },
];

/** Kinds of routes that a listener allows, and the places of those among them that its protocol does not have. */
interface NamedKinds {
  readonly kinds: readonly { readonly kind: string; readonly group?: string }[];
  readonly foreign: readonly number[];
}

/** Kinds that listeners allow in vain, at the listeners that are meant. A listener with no other kind is not served at all. */
function foreignKinds(props: GatewayProps, isMeant: (named: NamedKinds) => boolean): readonly Problem[] {
  return eachListener(props, (listener, path) => {
    const own = ROUTE_KINDS[listener.protocol] as readonly string[] | undefined;
    const { kinds = [] } = allowedRoutesOf(listener);
    if (own === undefined) return [];
    const foreign = kinds.flatMap(({ kind, group = GATEWAY_GROUP }, i) =>
      own.includes(kind) && group === GATEWAY_GROUP ? [] : [i],
    );
    if (!isMeant({ kinds, foreign })) return [];
    return foreign.map((i) => ({
      paths: [`${path}.allowedRoutes.kinds[${String(i)}]`],
      message: `A listener for ${listener.protocol} takes no ${kinds[i]?.kind ?? ''}.`,
      hint: `Name ${own.join(' or ')}.`,
    }));
  });
}

/** Ports, hostnames and routes of listeners, alone and side by side. */
export const LISTENER_CHECKS: readonly Check[] = [...PORT_CHECKS, ...ROUTE_CHECKS];
