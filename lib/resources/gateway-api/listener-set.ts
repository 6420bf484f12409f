import { isMap } from '../../kubernetes/json';
import { resourceKind } from '../../resource/resource-kind';
import { gatewayApi } from './api';
import { GATEWAY_ON, HTTP, OF_LISTENER_SET, gatewayWith } from './examples';
import { GATEWAY_API, LISTENER_ELSEWHERE, listenersBody } from './gateway';
import { readListeners } from './gateway-model';
import { hostNetworkRules } from './host-network-rules';
import { listenerRules } from './listener-rules';
import { LISTENER_SET_DOCS, LISTENER_SET_RULES, SHOP_LISTENER } from './listener-set-rules';
import type { ListenerSetModel } from './listener-set-rules';
import { concernsListenerSet } from './owner';
import type { ListenerSetProps } from './props';
import { parentReferences } from './route-model';
import { tlsRules } from './tls-rules';

/** ListenerSet: listeners that another namespace or team adds to a gateway. */
export const listenerSet = resourceKind<ListenerSetProps, ListenerSetModel>({
  api: gatewayApi('ListenerSet'),
  subject: 'listener-set',
  docs: LISTENER_SET_DOCS,
  example: {
    version: '1.20.0',
    props: { name: 'shop', parentRef: { name: 'home' }, listeners: [SHOP_LISTENER] },
    values: GATEWAY_ON,
    others: [
      { subject: 'gateway', props: { ...gatewayWith(HTTP), allowedListeners: { namespaces: { from: 'Same' } } } },
    ],
  },
  elsewhere: {
    parentRefs: 'Write `parentRef: gateway`.',
    gateway: 'Write `parentRef: gateway`.',
    allowedListeners: 'Write it in the Gateway.',
    addresses: 'Write them in the Gateway.',
    gatewayClassName: 'Write it in the Gateway.',
    ...LISTENER_ELSEWHERE,
  },
  body: ({ parentRef, listeners, ...fields }) => {
    const [reference] = isMap(parentRef) ? (parentReferences([parentRef]) as readonly [typeof parentRef]) : [parentRef];
    return { spec: { ...fields, parentRef: reference, listeners: listenersBody(listeners) } };
  },
  read: ({ listeners }) => ({ listeners: readListeners(listeners) }),
  concerns: concernsListenerSet,
  needs: [GATEWAY_API],
  rules: [
    ...LISTENER_SET_RULES,
    ...listenerRules<ListenerSetProps>(OF_LISTENER_SET),
    ...tlsRules<ListenerSetProps>(OF_LISTENER_SET),
    ...hostNetworkRules<ListenerSetProps>(OF_LISTENER_SET),
  ],
});
