import { isMap } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import { each } from '../../resource/each';
import type { ResourceRule } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { gatewayApi } from './api';
import { GATEWAY_ON } from './examples';
import { GATEWAY_API } from './gateway';
import { GATEWAY_GROUP } from './gateway-model';
import { concernsGrant } from './owner';
import type { ReferenceGrantProps } from './props';
import { ROUTE_TYPES } from './route-types';

const DOCS = 'https://gateway-api.sigs.k8s.io/api-types/referencegrant/';
const EXAMPLE = {
  name: 'web',
  namespace: 'shop',
  from: [{ kind: 'HTTPRoute', namespace: 'default' }],
  to: [{ kind: 'Service', name: 'web' }],
} as const;

/** One entry of a grant, in full. */
interface Entry {
  readonly at: string;
  readonly group: string;
  readonly kind: string;
}

interface GrantModel {
  readonly from: readonly (Entry & { readonly namespace: string })[];
  readonly to: readonly Entry[];
}

/** The kinds whose references the operator compares with grants, and their group. */
const FROM = {
  group: GATEWAY_GROUP,
  kinds: ['Gateway', 'ListenerSet', ...ROUTE_TYPES.map(({ kind }) => kind as string)],
};
/** The kinds of the core group that they may refer to. */
const TO = { group: '', kinds: ['Service', 'Secret', 'ConfigMap'] };

const good = { props: EXAMPLE };

const RULES: readonly ResourceRule<ReferenceGrantProps, GrantModel>[] = [
  {
    id: 'reference-grant/from',
    level: 'warning',
    find: ({ model }) => model.from.flatMap((entry) => entryProblem(entry, FROM) ?? []),
    examples: { bad: { props: { ...EXAMPLE, from: [{ kind: 'HttpRoute', namespace: 'default' }] } }, good },
  },
  {
    id: 'reference-grant/to',
    level: 'warning',
    find: ({ model }) => model.to.flatMap((entry) => entryProblem(entry, TO) ?? []),
    examples: { bad: { props: { ...EXAMPLE, to: [{ kind: 'Service', group: 'core' }] } }, good },
  },
  {
    id: 'reference-grant/same-namespace',
    level: 'warning',
    find: ({ model: { from }, namespace }) =>
      from.length > 0 &&
      from.every((entry) => entry.namespace === namespace) &&
      problem(
        [...from.map(({ at }) => `${at}.namespace`), 'namespace'],
        `References within namespace ${String(namespace)} need no ReferenceGrant.`,
        'Create the grant in the namespace that is referred to, and write the namespace of the routes in `from`.',
      ),
    examples: { bad: { props: { ...EXAMPLE, namespace: 'default' } }, good },
  },
];

/** ReferenceGrant: allows references from other namespaces into its own. */
export const referenceGrant = resourceKind<ReferenceGrantProps, GrantModel>({
  api: gatewayApi('ReferenceGrant'),
  subject: 'reference-grant',
  docs: DOCS,
  example: { props: EXAMPLE, values: GATEWAY_ON },
  elsewhere: {
    'from[].name': 'Leave it out: a grant is for all objects of a kind in a namespace.',
    'to[].namespace': 'Leave it out: a grant is for its own namespace.',
    'to[].port': 'Leave it out: a grant is for all ports of a Service.',
  },
  body: ({ from, to, ...fields }) => ({
    spec: { ...fields, from: withGroup(from, FROM.group), to: withGroup(to, TO.group) },
  }),
  read: ({ from, to }) => ({
    from: each(from, 'from', ({ group = FROM.group, kind, namespace }, at) => ({ at, group, kind, namespace })),
    to: each(to, 'to', ({ group = TO.group, kind }, at) => ({ at, group, kind })),
  }),
  concerns: concernsGrant,
  needs: [GATEWAY_API],
  rules: RULES,
});

function withGroup(entries: Json | undefined, group: string): Json | undefined {
  return Array.isArray(entries) ? entries.map((one: Json) => (isMap(one) ? { group, ...one } : one)) : entries;
}

/** An entry that allows no reference: a misspelt kind, or a known kind in another group. */
function entryProblem({ at, group, kind }: Entry, { group: own, kinds }: typeof FROM): Problem | undefined {
  if (typeof kind !== 'string' || typeof group !== 'string') return undefined;
  const ownName = own === '' ? 'the core group' : `group ${own}`;
  if (kinds.includes(kind))
    return group === own
      ? undefined
      : problem(
          `${at}.group`,
          `${kind} belongs to ${ownName}, so the entry allows nothing.`,
          own === '' ? "Write `group: ''`." : 'Leave `group` out.',
        );
  const near = group === own ? nearest(kind, kinds) : undefined;
  return near === undefined
    ? undefined
    : problem(`${at}.kind`, `${ownName} has no kind '${kind}', so the entry allows nothing.`, `Write '${near}'.`);
}
