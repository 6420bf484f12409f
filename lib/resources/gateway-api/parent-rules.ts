import type { HTTPRouteParentRef } from '../../../imports/gateway.networking.k8s.io';
import { versionFeatures } from '../../cilium/version-features';
import { levelByNamespace, othersOf } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_ROUTE, ROUTE_DOCS, WITH_GATEWAY } from './examples';
import type { RouteRule } from './examples';
import { GATEWAY_GROUP } from './gateway-model';
import { parentsOf } from './route-model';
import type { Parent, ParentRef } from './route-model';

type RouteSubject = Parameters<RouteRule['find']>[0];

const good = { props: EXAMPLE_ROUTE, ...WITH_GATEWAY };
/** The route of the examples with other parents. */
const under = (
  ...parentRefs: readonly HTTPRouteParentRef[]
): { readonly props: RouteRule['examples']['bad']['props'] } => ({
  props: { ...EXAMPLE_ROUTE, parentRefs },
});
const ofService = under({ kind: 'Service', group: '', name: 'web' });

/** Rules about the parents of a route, and whether the app has them. */
export const PARENT_RULES: readonly RouteRule[] = [
  {
    id: 'http-route/no-parent',
    level: 'warning',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] } }) =>
      parentRefs.length === 0 &&
      problem(
        'parentRefs',
        'The route is attached to no gateway, so no request reaches it.',
        'Write `parentRefs: [gateway]`.',
      ),
    examples: { bad: { props: { ...EXAMPLE_ROUTE, parentRefs: [] } }, good },
  },
  {
    id: 'http-route/parent-kind',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model, ciliumVersion }) => model.parents.flatMap((ref) => kindProblem(ref, ciliumVersion) ?? []),
    examples: { bad: under({ kind: 'Service', name: 'web' }), good: ofService },
  },
  {
    id: 'http-route/parent-elsewhere',
    level: levelByNamespace,
    docs: ROUTE_DOCS,
    find: ({ model, namespace: own }) =>
      model.parents
        .filter(({ kind, namespace = own }) => kind === 'Service' && namespace !== own)
        .map(({ at, name, namespace = '' }) =>
          problem(
            [`${at}.namespace`, 'namespace'],
            `The Service ${name} is in namespace ${namespace}, and Cilium attaches only routes of that namespace to it.`,
            'Move the route to the namespace of the Service.',
          ),
        ),
    examples: { bad: under({ kind: 'Service', group: '', name: 'web', namespace: 'shop' }), good: ofService },
  },
  {
    id: 'http-route/parent-twice',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ model: { parents } }) =>
      parents.flatMap((ref, i) =>
        parents
          .slice(0, i)
          .filter((other) => isSame(ref, other))
          .map((other) =>
            problem(
              [other.at, ref.at],
              `${ref.name} is listed twice, and the API server rejects it.`,
              'Keep one, or give each its own `sectionName`.',
            ),
          ),
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
    find: (subject) => unknownGateways(subject),
    examples: { bad: { props: { ...EXAMPLE_ROUTE, namespace: 'shop' }, ...WITH_GATEWAY }, good },
  },
  {
    id: 'http-route/listener',
    level: 'error',
    docs: ROUTE_DOCS,
    find: (subject) => parentsOf(subject).flatMap((parent) => listenerProblem(parent) ?? []),
    examples: {
      bad: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'https' }] } },
      good: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'http' }] } },
    },
  },
];

/** The group of each kind that Cilium supports as a parent. */
const PARENTS = { Gateway: GATEWAY_GROUP, ListenerSet: GATEWAY_GROUP, Service: '' } as const;

/** Problems of the kind of a parent: Cilium ignores other kinds. */
function kindProblem({ at, kind, group }: ParentRef, version: string): Problem | undefined {
  const known = Object.keys(PARENTS).filter(
    (one) => one !== 'ListenerSet' || versionFeatures(version)('gateway-listener-sets'),
  );
  if (!known.includes(kind)) {
    const near = nearest(kind, known);
    return problem(
      `${at}.kind`,
      `Cilium ${version} does not support a ${kind} as parent, and ignores it.`,
      near === undefined ? `Write one of ${known.join(', ')}.` : `Write '${near}'.`,
    );
  }
  const own = PARENTS[kind as keyof typeof PARENTS];
  if (group === own) return undefined;
  return problem(
    `${at}.group`,
    `${kind} does not belong to ${group === '' ? 'the core group' : `group ${group}`}, so Cilium ignores the parent.`,
    own === '' ? "Write `group: ''`." : 'Leave `group` out.',
  );
}

function isSame(one: ParentRef, other: ParentRef): boolean {
  const apart =
    one.sectionName !== undefined && other.sectionName !== undefined && one.sectionName !== other.sectionName;
  return one.name === other.name && one.kind === other.kind && one.namespace === other.namespace && !apart;
}

function unknownGateways(subject: RouteSubject): readonly Problem[] {
  const known = othersOf(subject.others, 'gateway');
  if (known.length === 0) return [];
  return parentsOf(subject)
    .filter(({ gateway }) => gateway === undefined)
    .map(({ ref: { at, name }, namespace }) => {
      const namesake = known.find((one) => one.name === name)?.namespace;
      return namesake === undefined
        ? problem(
            `${at}.name`,
            `This app has no Gateway ${namespace}/${name}; it has ${known.map((one) => one.name).join(', ')}.`,
            'Refer to the construct: `parentRefs: [gateway]`.',
          )
        : problem(
            `${at}.namespace`,
            `This app has no Gateway ${name} in namespace ${namespace}, but one in ${namesake}.`,
            `Write \`namespace: ${namesake}\`, or refer to the construct: \`parentRefs: [gateway]\`.`,
          );
    });
}

function listenerProblem({
  ref: { at, name, sectionName, port },
  gateway,
  listeners: matched,
}: Parent): Problem | undefined {
  if (gateway === undefined || matched.length > 0) return undefined;
  const { listeners } = gateway.model;
  const isNamed = sectionName === undefined || listeners.some((one) => one.name === sectionName);
  const called = sectionName === undefined ? '' : ` '${sectionName}'`;
  const missing = isNamed ? `listener${called} on port ${String(port)}` : `listener${called}`;
  const there = listeners.map((one) => `${one.name} (${String(one.port)})`).join(', ');
  return problem(
    `${at}.${isNamed ? 'port' : 'sectionName'}`,
    `${name} has no ${missing}; it has ${there}.`,
    'Write one of them.',
  );
}
