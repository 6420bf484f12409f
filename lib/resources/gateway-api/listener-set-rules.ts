import { mapOf } from '../../kubernetes/json';
import { keyOfName, keyOfPlace, levelByNamespace, othersOf, othersWith } from '../../resource/kind';
import type { ReadResource, ResourceExample, ResourceRule, Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { allowsNamespace } from './attach-rules';
import { HTTP, HTTPS, gatewayWith } from './examples';
import { GATEWAY_GROUP } from './gateway-model';
import type { GatewayModel, Listener } from './gateway-model';
import { listenerConflict } from './listener-rules';
import type { GatewayListener, GatewayProps, ListenerSetProps } from './props';

/** The Gateway API's documentation of listener sets. */
export const LISTENER_SET_DOCS = 'https://gateway-api.sigs.k8s.io/geps/gep-1713/';

/** What rules read of a listener set. */
export type ListenerSetModel = Pick<GatewayModel, 'listeners'>;

type SetSubject = Subject<ListenerSetProps, ListenerSetModel>;
type Gateway = ReadResource<GatewayProps, GatewayModel>;

/** The listener of the examples. */
export const SHOP_LISTENER: GatewayListener = { ...HTTPS, name: 'shop', hostname: 'shop.example.test' };

const SET = { name: 'shop', parentRef: { name: 'home' }, listeners: [SHOP_LISTENER] };
const HOME = { ...gatewayWith(HTTP), allowedListeners: { namespaces: { from: 'Same' } } } as const;
/** The listener set of the examples with other props, next to a gateway with other props. */
const beside = (
  set: Partial<ListenerSetProps>,
  home: object = {},
  ...others: readonly object[]
): ResourceExample<ListenerSetProps> => ({
  version: '1.20.0',
  props: { ...SET, ...set },
  others: [
    { subject: 'gateway', props: { ...HOME, ...home } },
    ...others.map((props) => ({ subject: 'listener-set', props })),
  ],
});
const good = beside({});

/** Rules about listener sets and their gateways. */
export const LISTENER_SET_RULES: readonly ResourceRule<ListenerSetProps, ListenerSetModel>[] = [
  {
    id: 'listener-set/parent-kind',
    level: 'warning',
    find: ({ props }) => {
      const { kind = 'Gateway', group = GATEWAY_GROUP } = mapOf(props.parentRef);
      return (
        (kind !== 'Gateway' || group !== GATEWAY_GROUP) &&
        problem(
          'parentRef',
          `The parent is a ${String(kind)}, and only a Gateway serves listeners.`,
          'Write `parentRef: gateway`.',
        )
      );
    },
    examples: { bad: beside({ parentRef: { kind: 'ListenerSet', name: 'home' } }), good },
  },
  {
    id: 'listener-set/unknown-gateway',
    level: 'warning',
    find: (subject) => unknownGateway(subject),
    examples: { bad: beside({ parentRef: { name: 'other' } }), good },
  },
  {
    id: 'listener-set/not-allowed',
    level: levelByNamespace,
    find: (subject) => {
      const gateway = gatewayOf(subject);
      if (gateway === undefined || isAllowed(gateway, subject)) return undefined;
      const { namespaces } = mapOf(gateway.props.allowedListeners);
      return problem(
        ['parentRef', 'namespace'],
        namespaces === undefined
          ? `${gateway.name} allows no ListenerSets, so Cilium does not serve these listeners.`
          : `${gateway.name} does not allow ListenerSets of namespace ${String(subject.namespace)}, so Cilium does not serve these listeners.`,
        "Write `allowedListeners: { namespaces: { from: 'All' } }` at the Gateway, or select the namespace there.",
      );
    },
    examples: { bad: beside({}, { allowedListeners: undefined }), good },
  },
  {
    id: 'listener-set/listener-conflict',
    level: 'error',
    find: (subject) => conflicts(subject),
    examples: {
      bad: beside({}, { listeners: [{ ...SHOP_LISTENER, name: 'https' }] }),
      good: beside({}, {}, { ...SET, name: 'web', listeners: [{ ...SHOP_LISTENER, hostname: 'web.example.test' }] }),
    },
  },
];

/** Namespace and name of the gateway of a listener set. */
function placeOfGateway({ props, namespace }: Pick<SetSubject, 'props' | 'namespace'>): string {
  const { name, namespace: theirs = namespace } = mapOf(props.parentRef);
  return `${String(theirs)}/${String(name)}`;
}

/** The gateway of a listener set, as far as the app has it. */
function gatewayOf(subject: SetSubject): Gateway | undefined {
  return othersWith<GatewayProps, GatewayModel>(subject.others, 'gateway', keyOfPlace, [placeOfGateway(subject)])[0];
}

function unknownGateway(subject: SetSubject): Problem | undefined {
  const known = othersOf(subject.others, 'gateway');
  if (known.length === 0 || gatewayOf(subject) !== undefined) return undefined;
  const [namesake] = othersWith(subject.others, 'gateway', keyOfName, [subject.props.parentRef.name]);
  return namesake === undefined
    ? problem(
        'parentRef.name',
        `This app has no Gateway ${placeOfGateway(subject)}; it has ${known.map(({ name }) => name).join(', ')}.`,
        'Refer to the construct: `parentRef: gateway`.',
      )
    : problem(
        'parentRef.namespace',
        `This app has no Gateway ${placeOfGateway(subject)}, but one in namespace ${String(namesake.namespace)}.`,
        'Refer to the construct: `parentRef: gateway`.',
      );
}

function isAllowed({ props: { allowedListeners }, namespace = '' }: Gateway, subject: SetSubject): boolean {
  const { from = 'None', selector } = allowedListeners?.namespaces ?? {};
  return from !== 'None' && allowsNamespace({ namespaces: { from, selector } }, subject, { namespace });
}

/** Listeners that Cilium refuses: those of the gateway have precedence, then those of older listener sets. */
function conflicts(subject: SetSubject): readonly Problem[] {
  const gateway = gatewayOf(subject);
  if (gateway !== undefined && !isAllowed(gateway, subject)) return [];
  const place = placeOfGateway(subject);
  return subject.model.listeners.flatMap((listener) => {
    const earlier = othersWith<ListenerSetProps, ListenerSetModel>(
      subject.earlier,
      'listener-set',
      keysOf,
      rivalKeys(listener).map((key) => `${place} ${key}`),
    );
    const owners = [
      ...(gateway === undefined ? [] : [{ owner: `the Gateway ${gateway.name}`, listeners: gateway.model.listeners }]),
      ...earlier.map(({ name, model }) => ({ owner: `the ListenerSet ${name}`, listeners: model.listeners })),
    ];
    // The first of them has precedence over the others, too.
    for (const { owner, listeners } of owners)
      for (const one of listeners) {
        const message = one.port === listener.port ? listenerConflict(one, listener) : undefined;
        if (message !== undefined)
          return problem(
            listener.at,
            `${message.replace(/\.$/, '')}; ${one.name} of ${owner} has precedence.`,
            'Give the listener its own port or hostname.',
          );
      }
    return [];
  });
}

const isL4 = ({ protocol }: Listener): boolean => protocol === 'TCP' || protocol === 'UDP';

/** What other listeners at a gateway may conflict with: the port, the hostname, and the protocol. */
function keysOf(set: Pick<SetSubject, 'props' | 'namespace' | 'model'>): readonly string[] {
  const place = placeOfGateway(set);
  return set.model.listeners.flatMap((listener) =>
    ['', isL4(listener) ? 'L4' : listener.protocol, listener.hostname ?? '*'].map(
      (key) => `${place} ${String(listener.port)} ${key}`,
    ),
  );
}

/** The keys of the listeners that one may conflict with. */
function rivalKeys(listener: Listener): readonly string[] {
  const { port, protocol, hostname = '*' } = listener;
  // One terminates TLS, the other passes it through.
  const mixed = protocol === 'HTTPS' ? ['TLS'] : protocol === 'TLS' ? ['HTTPS'] : [];
  return (isL4(listener) ? [''] : ['L4', hostname, ...mixed]).map((key) => `${String(port)} ${key}`);
}
