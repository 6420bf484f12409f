import type { HTTPRouteParentRef } from '../../../imports/gateway.networking.k8s.io';
import { versionFeatures } from '../../cilium/version-features';
import { keyOfName, levelByNamespace, othersOf, othersWith } from '../../resource/kind';
import type { Subject } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GATEWAY_GROUP } from './gateway-model';
import { OWNERS, parentsOf } from './route-model';
import type { Parent, ParentRef, RouteModel, RouteProps } from './route-model';
import { exampleOf } from './route-types';
import type { RouteRules, RouteType } from './route-types';

/** Rules about the parents of a route, and whether the app has them. */
export const parentRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const { subject: id } = type;
  const good = exampleOf<P>(type);
  /** The route of the examples with other parents. */
  const under = (...parentRefs: readonly HTTPRouteParentRef[]): typeof good => exampleOf<P>(type, { parentRefs });
  return [
    {
      id: `${id}/no-parent`,
      level: 'warning',
      find: ({ props: { parentRefs = [] } }) =>
        parentRefs.length === 0 &&
        problem(
          'parentRefs',
          `The route is attached to no gateway, so no ${type.traffic} reaches it.`,
          'Write `parentRefs: [gateway]`.',
        ),
      examples: { bad: under(), good },
    },
    {
      id: `${id}/parent-kind`,
      level: 'error',
      find: ({ model, ciliumVersion }) => model.parents.flatMap((ref) => kindProblem(ref, type, ciliumVersion) ?? []),
      examples: { bad: under({ kind: 'Deployment', name: 'web' }), good },
    },
    {
      id: `${id}/parent-twice`,
      level: 'error',
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
        bad: under({ name: 'home' }, { name: 'home', sectionName: type.listener.name }),
        good: exampleOf<P>(
          type,
          {
            parentRefs: [
              { name: 'home', sectionName: type.listener.name },
              { name: 'home', sectionName: 'other' },
            ],
          },
          [],
        ),
      },
    },
    {
      id: `${id}/unknown-gateway`,
      level: 'warning',
      find: (subject) => unknownParents(subject),
      examples: { bad: exampleOf<P>(type, { namespace: 'shop' }), good },
    },
    {
      id: `${id}/listener`,
      level: 'error',
      find: (subject) => parentsOf(subject).flatMap((parent) => listenerProblem(parent) ?? []),
      examples: {
        bad: under({ name: 'home', sectionName: 'missing' }),
        good: under({ name: 'home', sectionName: type.listener.name }),
      },
    },
  ];
};

/** The rules about Services as parents, for the kinds of routes that may have them. */
export const serviceParentRules: RouteRules = <P extends RouteProps>(type: RouteType) => {
  const ofService = { kind: 'Service', group: '', name: 'web' };
  const version = { version: '1.20.0' };
  return [
    {
      id: `${type.subject}/parent-elsewhere`,
      level: levelByNamespace,
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
      examples: {
        bad: { ...exampleOf<P>(type, { parentRefs: [{ ...ofService, namespace: 'shop' }] }, []), ...version },
        good: { ...exampleOf<P>(type, { parentRefs: [ofService] }, []), ...version },
      },
    },
  ];
};

/** The group of each kind that Cilium supports as a parent. */
const PARENTS = { Gateway: GATEWAY_GROUP, ListenerSet: GATEWAY_GROUP, Service: '' } as const;

/** Problems of the kind of a parent: Cilium ignores other kinds. */
function kindProblem({ at, kind, group }: ParentRef, type: RouteType, version: string): Problem | undefined {
  const known = Object.keys(PARENTS).filter((one) => {
    if (one === 'ListenerSet') return versionFeatures(version)('gateway-listener-sets');
    return one !== 'Service' || type.hasServiceParents(version);
  });
  if (!known.includes(kind)) {
    const near = nearest(kind, known);
    return problem(
      `${at}.kind`,
      `Cilium ${version} does not support a ${kind} as parent of a ${type.kind}, and ignores it.`,
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

function unknownParents<P extends RouteProps, M extends RouteModel>(subject: Subject<P, M>): readonly Problem[] {
  return parentsOf(subject)
    .filter(({ owner }) => owner === undefined)
    .flatMap(({ ref: { at, name }, kind, namespace }) => {
      const known = othersOf(subject.others, OWNERS[kind]);
      if (known.length === 0) return [];
      const [namesake] = othersWith(subject.others, OWNERS[kind], keyOfName, [name]);
      return namesake === undefined
        ? problem(
            `${at}.name`,
            `This app has no ${kind} ${namespace}/${name}; it has ${known.map((one) => one.name).join(', ')}.`,
            'Refer to the construct: `parentRefs: [gateway]`.',
          )
        : problem(
            `${at}.namespace`,
            `This app has no ${kind} ${name} in namespace ${namespace}, but one in ${String(namesake.namespace)}.`,
            `Write \`namespace: ${String(namesake.namespace)}\`, or refer to the construct: \`parentRefs: [gateway]\`.`,
          );
    });
}

function listenerProblem({
  ref: { at, name, sectionName, port },
  owner,
  listeners: matched,
}: Parent): Problem | undefined {
  if (owner === undefined || matched.length > 0) return undefined;
  const { listeners } = owner.model;
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
