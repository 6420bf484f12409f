import { othersOf, switchedOn } from '../custom-resource/check';
import type { ResourceCheck, Subject } from '../custom-resource/check';
import type { GatewayListener, GatewayProps } from './gateway';
import { EXAMPLE_GATEWAY, GATEWAY_ON, allowedRoutesOf, gatewayWith } from './gateway-parts';
import { hostnameProblem } from './hostnames';
import type { HTTPRouteProps } from './http-route';
import { EXAMPLE_ROUTE, ROUTE_DOCS, WITH_GATEWAY, parentsOf, sharesHostname } from './route-parts';
import type { Parent } from './route-parts';

type Check = ResourceCheck<HTTPRouteProps>;

const good = { props: EXAMPLE_ROUTE, ...WITH_GATEWAY };
const HTTP: GatewayListener = { name: 'http', port: 80, protocol: 'HTTP' };
const beside = (...listeners: readonly GatewayListener[]): Pick<Check['examples']['bad'], 'others'> => ({
  others: [{ subject: 'gateway', props: gatewayWith(...listeners) }],
});

/** A check of the parents that the app has, with at least one listener meant. */
function parentProblem(
  subject: Subject<HTTPRouteProps>,
  wrong: (parent: Parent) => string | undefined,
  fix: string,
): ReturnType<Check['find']> {
  return parentsOf(subject)
    .filter(({ listeners }) => listeners.length > 0)
    .flatMap((parent) => {
      const says = wrong(parent);
      return says === undefined ? [] : [{ at: [parent.path], says, fix }];
    });
}

const REFERENCE_CHECKS: readonly Check[] = [
  {
    id: 'http-route/no-parent',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] } }) =>
      parentRefs.length > 0
        ? []
        : [
            {
              at: ['parentRefs'],
              says: 'The route belongs to no gateway, so no request reaches it.',
              fix: 'Write `parentRefs: [gateway]`.',
            },
          ],
    examples: { bad: { props: { ...EXAMPLE_ROUTE, parentRefs: [] } }, good },
  },
  {
    id: 'http-route/parent-twice',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] } }) =>
      parentRefs.flatMap((ref, j) =>
        parentRefs.slice(0, j).flatMap((other, i) => {
          const same =
            ref.name === other.name && (ref.kind ?? 'Gateway') === (other.kind ?? 'Gateway') && ref.namespace === other.namespace;
          const apart = ref.sectionName !== undefined && other.sectionName !== undefined && ref.sectionName !== other.sectionName;
          if (!same || apart) return [];
          return [
            {
              at: [`parentRefs[${String(i)}]`, `parentRefs[${String(j)}]`],
              says: `${ref.name} is there twice, and the API server cannot tell the two apart.`,
              fix: 'Keep one, or give each its own `sectionName`.',
            },
          ];
        }),
      ),
    examples: {
      bad: { props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home' }, { name: 'home', sectionName: 'http' }] } },
      good: {
        props: {
          ...EXAMPLE_ROUTE,
          parentRefs: [
            { name: 'home', sectionName: 'http' },
            { name: 'home', sectionName: 'https' },
          ],
        },
      },
    },
  },
  {
    id: 'http-route/unknown-gateway',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: (subject) => {
      const known = othersOf<GatewayProps>(subject.others, 'gateway');
      if (known.length === 0) return [];
      return parentsOf(subject)
        .filter(({ gateway }) => gateway === undefined)
        .map(({ path, ref, namespace }) => {
          const namesake = known.find(({ name }) => name === ref.name);
          const home = namesake?.props.namespace ?? 'default';
          return {
            at: [namesake === undefined ? `${path}.name` : `${path}.namespace`],
            says:
              namesake === undefined
                ? `The app has no gateway ${namespace}/${ref.name}; there is ${known.map(({ name }) => name).join(', ')}.`
                : `The app has no gateway ${ref.name} in ${namespace}, but one in ${home}.`,
            fix:
              namesake === undefined
                ? 'Refer to the construct: `parentRefs: [gateway]`.'
                : `Write \`namespace: ${home}\`, or refer to the construct: \`parentRefs: [gateway]\`.`,
          };
        });
    },
    examples: { bad: { props: { ...EXAMPLE_ROUTE, namespace: 'shop' }, ...WITH_GATEWAY }, good },
  },
  {
    id: 'http-route/listener',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) =>
      parentsOf(subject).flatMap(({ path, ref, gateway }) => {
        const listeners = gateway?.props.listeners ?? [];
        const named = ref.sectionName === undefined || listeners.some(({ name }) => name === ref.sectionName);
        const ported = ref.port === undefined || listeners.some(({ port }) => port === ref.port);
        if (gateway === undefined || (named && ported)) return [];
        const there = listeners.map(({ name, port }) => `${name} (${String(port)})`).join(', ');
        const wrong = named ? `listener on port ${String(ref.port)}` : `listener '${String(ref.sectionName)}'`;
        return [
          {
            at: [`${path}.${named ? 'port' : 'sectionName'}`],
            says: `${ref.name} has no ${wrong}; it has ${there}.`,
            fix: 'Name one of them.',
          },
        ];
      }),
    examples: {
      bad: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'https' }] } },
      good: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'http' }] } },
    },
  },
];

const ATTACH_CHECKS: readonly Check[] = [
  {
    id: 'http-route/hostname',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { hostnames = [] } }) =>
      hostnames.flatMap((hostname, i) => {
        const says = hostnameProblem(hostname);
        return says === undefined ? [] : [{ at: [`hostnames[${String(i)}]`], says, fix: 'Write a name such as `www.example.test`.' }];
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
      bad: { props: { ...EXAMPLE_ROUTE, hostnames: ['shop.example.com'] }, ...beside({ ...HTTP, hostname: '*.example.test' }) },
      good: { props: { ...EXAMPLE_ROUTE, hostnames: ['shop.example.test'] }, ...beside({ ...HTTP, hostname: '*.example.test' }) },
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
      bad: { props: { ...EXAMPLE_ROUTE, namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] }, ...WITH_GATEWAY },
      good: {
        props: { ...EXAMPLE_ROUTE, namespace: 'shop', parentRefs: [{ name: 'home', namespace: 'default' }] },
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
        ({ ref, listeners }) => (listeners.some(takesHttp) ? undefined : `No listener of ${ref.name} that is meant takes HTTPRoutes.`),
        'Refer to a listener for HTTP or HTTPS that allows HTTPRoutes.',
      ),
    examples: {
      bad: { props: EXAMPLE_ROUTE, ...beside({ name: 'pass', port: 443, protocol: 'TLS', tls: { mode: 'Passthrough' } }) },
      good,
    },
  },
  {
    id: 'http-route/off',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) => switchedOn(subject, 'gatewayAPI.enabled', 'Cilium serves no gateways and no routes.'),
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

function takesHttp(listener: GatewayListener): boolean {
  const { kinds } = allowedRoutesOf(listener);
  return (
    ['HTTP', 'HTTPS'].includes(listener.protocol) &&
    (kinds === undefined || kinds.length === 0 || kinds.some(({ kind }) => kind === 'HTTPRoute'))
  );
}

/** The gateways that a route refers to. */
export const PARENT_CHECKS: readonly Check[] = [...REFERENCE_CHECKS, ...ATTACH_CHECKS];
