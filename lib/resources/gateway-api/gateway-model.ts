import type { GatewayAllowedRoutes } from '../../../imports/gateway.networking.k8s.io';
import type { Context } from '../../cilium/context';
import { defaultTo, isTruthy } from '../../helm/truth';
import { parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import { isMap, mapOf } from '../../kubernetes/json';
import { each, eachItem } from '../../resource/each';
import { keyOfName, othersOf, othersWith } from '../../resource/kind';
import type { Subject } from '../../resource/kind';
import { CILIUM_CLASSES } from '../load-balancer/service-model';
import type { GatewayClassConfigProps, GatewayClassProps, GatewayListener, GatewayProps } from './props';

export { GATEWAY_GROUP };

/** The GatewayClass that Cilium's chart creates. */
export const DEFAULT_CLASS = 'cilium';

/** What rules read of a gateway. Parts of the wrong shape are left out. */
export interface GatewayModel {
  readonly className: string;
  readonly listeners: readonly Listener[];
  readonly addresses: readonly Address[];
}

/** A listener in full. */
export interface Listener extends Omit<GatewayListener, 'allowedRoutes'> {
  readonly at: string;
  readonly certificates: readonly Certificate[];
  /** Terminates TLS. */
  readonly terminates: boolean;
  /** Namespaces whose routes may attach. */
  readonly namespaces: NonNullable<GatewayAllowedRoutes['namespaces']>;
  /** The kinds of routes that it lists. */
  readonly kinds: readonly RouteKind[];
}

export interface RouteKind {
  readonly at: string;
  readonly kind: string;
  readonly group: string;
}

export interface Certificate {
  readonly at: string;
  readonly kind: string;
  readonly group: string;
  readonly name: string;
  readonly namespace: string | undefined;
}

export interface Address {
  readonly at: string;
  readonly type: string;
  readonly value: string;
  /** `undefined` when the value is not an IP address. */
  readonly address: Cidr | undefined;
}

/** Reads a gateway. Never throws. */
export function readGateway({ gatewayClassName, listeners, addresses }: GatewayProps): GatewayModel {
  const name: unknown = isMap(gatewayClassName) ? gatewayClassName.name : gatewayClassName;
  return {
    className: typeof name === 'string' ? name : DEFAULT_CLASS,
    listeners: readListeners(listeners),
    addresses: eachItem(addresses, 'addresses', (address, at) => {
      const { type = 'IPAddress', value = '' } = typeof address === 'string' ? { value: address } : address;
      const isAddress = typeof value === 'string' && !value.includes('/');
      return { at, type, value, address: isAddress ? parseCidr(value) : undefined };
    }),
  };
}

/** Reads listeners. Never throws. */
export function readListeners(listeners: readonly GatewayListener[] | undefined): readonly Listener[] {
  return each(listeners, 'listeners', readListener);
}

function readListener(listener: GatewayListener, at: string): Listener {
  const { allowedRoutes = 'Same', ...fields } = listener;
  const { namespaces = {}, kinds }: GatewayAllowedRoutes =
    typeof allowedRoutes === 'string' ? { namespaces: { from: allowedRoutes } } : mapOf(allowedRoutes);
  const { protocol, tls } = fields;
  return {
    ...fields,
    at,
    certificates: eachItem(tls?.certificateRefs, `${at}.tls.certificateRefs`, (reference, place) => {
      const {
        kind = 'Secret',
        group = '',
        name,
        namespace,
      } = typeof reference === 'string' ? { name: reference } : reference;
      return { at: place, kind, group, name, namespace };
    }),
    terminates: (protocol === 'HTTPS' || protocol === 'TLS') && (tls?.mode ?? 'Terminate') === 'Terminate',
    namespaces,
    kinds: each(kinds, `${at}.allowedRoutes.kinds`, ({ kind, group = GATEWAY_GROUP }, place) => ({
      at: place,
      kind,
      group,
    })),
  };
}

/** Whether Cilium creates its own GatewayClass: `auto` creates it whenever the Gateway API is on. */
export function createsClass({ v }: Context): boolean {
  return isTruthy(v.gatewayAPI.enabled) && ['auto', 'true'].includes(String(v.gatewayAPI.gatewayClass.create));
}

/** The `service` of the GatewayClassConfig of a gateway's class, as far as the app has both. */
export function classServiceOf({
  model: { className },
  others,
}: Subject<GatewayProps, GatewayModel>): NonNullable<GatewayClassConfigProps['service']> {
  const { parametersRef } =
    othersWith<GatewayClassProps>(others, 'gateway-class', keyOfName, [className])[0]?.props ?? {};
  const config = othersOf<GatewayClassConfigProps>(others, 'gateway-class-config').find(
    ({ name, namespace }) => name === parametersRef?.name && namespace === parametersRef.namespace,
  );
  return config?.props.service ?? {};
}

/** What gives a gateway its address. */
export type GatewayAddressGiver = 'pools' | 'nodes' | 'others';

/** What gives a gateway its address: pools, nodes, or something that Cilium does not serve. */
export function addressGiverOf(subject: Subject<GatewayProps, GatewayModel>, cilium: Context): GatewayAddressGiver {
  const { type, loadBalancerClass } = classServiceOf(subject);
  if (onHostNetwork(cilium) || type === 'NodePort') return 'nodes';
  const byDefault = defaultTo(cilium.v.defaultLBServiceIPAM, 'lbipam');
  const giver = loadBalancerClass === undefined ? byDefault : CILIUM_CLASSES[loadBalancerClass]?.giver;
  return giver === 'lbipam' ? 'pools' : giver === 'nodeipam' ? 'nodes' : 'others';
}

/** Whether gateways are ports of nodes instead of Services. */
export function onHostNetwork(cilium: Context | undefined): boolean {
  return (
    cilium !== undefined && isTruthy(cilium.v.gatewayAPI.enabled) && isTruthy(cilium.v.gatewayAPI.hostNetwork.enabled)
  );
}
