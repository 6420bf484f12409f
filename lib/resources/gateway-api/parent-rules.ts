import type { GatewayProps, HTTPRouteProps } from './props';
import type { HTTPRouteParentRef } from '../../../imports/gateway.networking.k8s.io';
import { versionFeatures } from '../../cilium/version-features';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import { homeOf } from './gateway-model';
import { EXAMPLE_ROUTE, GATEWAY_GROUP, ROUTE_DOCS, WITH_GATEWAY, parentsOf } from './route-model';

type Check = ResourceRule<HTTPRouteProps>;

const good = { props: EXAMPLE_ROUTE, ...WITH_GATEWAY };
/** The route of the examples under another parent. */
const under = (
  ...parentRefs: readonly HTTPRouteParentRef[]
): { readonly props: Check['examples']['bad']['props'] } => ({
  props: { ...EXAMPLE_ROUTE, parentRefs },
});
const ofService = under({ kind: 'Service', group: '', name: 'web' });

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
              paths: ['parentRefs'],
              message: 'The route belongs to no gateway, so no request reaches it.',
              hint: 'Write `parentRefs: [gateway]`.',
            },
          ],
    examples: { bad: { props: { ...EXAMPLE_ROUTE, parentRefs: [] } }, good },
  },
  {
    id: 'http-route/parent-kind',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] }, ciliumVersion }) =>
      parentRefs.flatMap((ref, i) => kindProblem(ref, i, ciliumVersion)),
    examples: { bad: under({ kind: 'Service', name: 'web' }), good: ofService },
  },
  {
    id: 'http-route/parent-elsewhere',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] }, namespace }) =>
      parentRefs.flatMap(({ kind, name, namespace: theirs = namespace }, i) =>
        kind !== 'Service' || theirs === namespace
          ? []
          : [
              {
                paths: [`parentRefs[${String(i)}].namespace`, 'namespace'],
                message: `${name} is a Service of ${theirs ?? ''}, and Cilium takes routes for it from its own namespace only.`,
                hint: 'Put the route beside the Service.',
              },
            ],
      ),
    examples: { bad: under({ kind: 'Service', group: '', name: 'web', namespace: 'shop' }), good: ofService },
  },
  {
    id: 'http-route/parent-twice',
    level: 'error',
    docs: ROUTE_DOCS,
    find: ({ props: { parentRefs = [] } }) =>
      parentRefs.flatMap((ref, j) =>
        parentRefs.slice(0, j).flatMap((other, i) => {
          const same =
            ref.name === other.name &&
            (ref.kind ?? 'Gateway') === (other.kind ?? 'Gateway') &&
            ref.namespace === other.namespace;
          const apart =
            ref.sectionName !== undefined && other.sectionName !== undefined && ref.sectionName !== other.sectionName;
          if (!same || apart) return [];
          return [
            {
              paths: [`parentRefs[${String(i)}]`, `parentRefs[${String(j)}]`],
              message: `${ref.name} is there twice, and the API server cannot tell the two apart.`,
              hint: 'Keep one, or give each its own `sectionName`.',
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
          const home = namesake === undefined ? '' : homeOf(namesake);
          return {
            paths: [namesake === undefined ? `${path}.name` : `${path}.namespace`],
            message:
              namesake === undefined
                ? `The app has no gateway ${namespace}/${ref.name}; there is ${known.map(({ name }) => name).join(', ')}.`
                : `The app has no gateway ${ref.name} in ${namespace}, but one in ${home}.`,
            hint:
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
      parentsOf(subject).flatMap(({ path, ref, gateway, listeners: meant }) => {
        const listeners = gateway?.props.listeners ?? [];
        const named = ref.sectionName === undefined || listeners.some(({ name }) => name === ref.sectionName);
        if (gateway === undefined || meant.length > 0) return [];
        const there = listeners.map(({ name, port }) => `${name} (${String(port)})`).join(', ');
        const called = ref.sectionName === undefined ? '' : ` '${ref.sectionName}'`;
        const wrong = named ? `listener${called} on port ${String(ref.port)}` : `listener${called}`;
        return [
          {
            paths: [`${path}.${named ? 'port' : 'sectionName'}`],
            message: `${ref.name} has no ${wrong}; it has ${there}.`,
            hint: 'Name one of them.',
          },
        ];
      }),
    examples: {
      bad: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'https' }] } },
      good: { ...good, props: { ...EXAMPLE_ROUTE, parentRefs: [{ name: 'home', sectionName: 'http' }] } },
    },
  },
];

/** The group of each kind that Cilium takes routes for. */
const PARENTS = { Gateway: GATEWAY_GROUP, ListenerSet: GATEWAY_GROUP, Service: '' } as const;

/** What is wrong with the kind of a parent: one that Cilium does not look for is passed over. */
function kindProblem(
  { kind = 'Gateway', group = GATEWAY_GROUP }: HTTPRouteParentRef,
  i: number,
  version: string,
): readonly Problem[] {
  const known = Object.keys(PARENTS).filter(
    (one) => one !== 'ListenerSet' || versionFeatures(version)('gateway-listener-sets'),
  );
  const path = `parentRefs[${String(i)}]`;
  if (!known.includes(kind)) {
    const near = nearest(kind, known);
    const hint = near === undefined ? `Take one of ${known.join(', ')}.` : `Write '${near}'.`;
    return [
      {
        paths: [`${path}.kind`],
        message: `Cilium ${version} takes no routes for a ${kind}, and passes over it.`,
        hint,
      },
    ];
  }
  const own = PARENTS[kind as keyof typeof PARENTS];
  if (group === own) return [];
  return [
    {
      paths: [`${path}.group`],
      message: `There is no ${kind} in the group ${group === '' ? 'of Services and pods' : group}, so Cilium passes over it.`,
      hint: own === '' ? "Write `group: ''`." : 'Leave `group` out.',
    },
  ];
}

/** What a route says of its parents, and whether they are there. */
export const PARENT_CHECKS: readonly Check[] = [...REFERENCE_CHECKS];
