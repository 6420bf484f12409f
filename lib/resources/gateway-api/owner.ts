import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { mapsOf } from '../../resource/each';
import { keyOfName, keyOfPlace, othersOf, othersWith } from '../../resource/kind';
import type { Others, ReadResource, Subject } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import { DEFAULT_CLASS, GATEWAY_GROUP } from './gateway-model';
import type { GatewayModel } from './gateway-model';
import type { GatewayClassProps, GatewayProps, HTTPRouteProps } from './props';

/** The name of Cilium's gateway controller. */
export const CONTROLLER = 'io.cilium/gateway-controller';

/** Whose class it is, as far as the app shows: a class that it does not have may be anyone's. */
function ownerOf(className: string, resources: Others): 'cilium' | 'other' | 'unknown' {
  const classes = othersWith<GatewayClassProps>(resources, 'gateway-class', keyOfName, [className]);
  if (classes.length === 0) return className === DEFAULT_CLASS ? 'cilium' : 'unknown';
  return classes.some(({ props: { controllerName = CONTROLLER } }) => controllerName === CONTROLLER)
    ? 'cilium'
    : 'other';
}

/** Whether Cilium reads a class. Props are for Cilium; a manifest names its controller. */
export function concernsClass({ manifest, props }: Subject): boolean {
  const { controllerName } = props as GatewayClassProps;
  return manifest === undefined || controllerName === CONTROLLER || resembles(controllerName, CONTROLLER);
}

/** A name that means Cilium's, misspelt. Controllers of others have the same name in a domain of their own: `istio.io/gateway-controller`. */
function resembles(name: unknown, own: string): boolean {
  if (typeof name !== 'string') return false;
  const [domain = ''] = name.split('/');
  const [ownDomain = ''] = own.split('/');
  return /^(?:io\.)?cilium[./]/i.test(name) || nearest(domain, [ownDomain]) !== undefined;
}

/** Whether Cilium reads a Gateway: not when its class is another controller's; that of a manifest only when the class is known to be Cilium's. */
export function concernsGateway({ manifest, model, others }: Subject): boolean {
  const { className } = model as GatewayModel;
  const owner = ownerOf(className, others);
  if (owner === 'unknown') return manifest === undefined || nearest(className, [DEFAULT_CLASS]) !== undefined;
  return owner === 'cilium';
}

/** Whether Cilium reads an HTTPRoute. */
export function concernsRoute({ manifest, props, namespace, others, cilium }: Subject): boolean {
  const gateways = gatewaysOf(parentsIn(props as object), namespace, others);
  if (manifest === undefined) return gateways.length === 0 || gateways.some((one) => isCiliums(one, others));
  if (gateways.length === 0 && namesOtherController(props as object)) return false;
  return isRead(gateways, others, cilium);
}

/** Whether a route has backends or filters of another controller's own kinds: `Backend` of `gateway.envoyproxy.io`. */
function namesOtherController({ rules }: Pick<HTTPRouteProps, 'rules'>): boolean {
  return mapsOf(rules).some(({ backendRefs, filters }) => {
    const groups = [
      ...mapsOf(backendRefs).map(({ group }) => group),
      ...mapsOf(filters).map(({ extensionRef }) => extensionRef?.group),
    ];
    return groups.some((group) => group !== undefined && !KNOWN_GROUPS.includes(group));
  });
}

/** Groups of the backends that Cilium supports; '' is that of Services. */
const KNOWN_GROUPS = ['', 'core', 'multicluster.x-k8s.io', GATEWAY_GROUP, 'cilium.io'];

/** Whether an object of the Gateway API without a construct is Cilium's to read, as far as the resources of its cluster show. */
export function concernsObject(
  { metadata, spec }: KubernetesObject,
  resources: Others,
  cilium: Context | undefined,
): boolean {
  const { parentRef, parentRefs } = mapOf(spec);
  const parents = parentsIn({ parentRefs: [parentRef, ...listOf(parentRefs)] });
  return isRead(gatewaysOf(parents, metadata.namespace, resources), resources, cilium);
}

function isRead(parents: readonly ReadResource[], resources: Others, cilium: Context | undefined): boolean {
  if (parents.length > 0) return parents.some((one) => isCiliums(one, resources));
  if (cilium !== undefined && !isTruthy(cilium.v.gatewayAPI.enabled)) return false;
  return resources.ofCluster(mayHaveCiliumsGateways);
}

/** Whether a cluster has Cilium's Gateways, or none in the app. */
function mayHaveCiliumsGateways(all: Others): boolean {
  const gateways = othersOf(all, 'gateway');
  return gateways.length === 0 || gateways.some((one) => isCiliums(one, all));
}

function isCiliums(gateway: ReadResource, resources: Others): boolean {
  return ownerOf((gateway.model as GatewayModel).className, resources) === 'cilium';
}

interface Parent {
  readonly name?: unknown;
  readonly namespace?: unknown;
  readonly kind?: unknown;
  readonly group?: unknown;
}

function parentsIn({ parentRefs }: { readonly parentRefs?: unknown }): readonly Parent[] {
  return mapsOf(listOf(parentRefs));
}

function listOf(value: unknown): readonly Parent[] {
  return Array.isArray(value) ? (value as readonly Parent[]) : [];
}

function gatewaysOf(
  parents: readonly Parent[],
  namespace = 'default',
  resources: Others,
): readonly ReadResource<GatewayProps, GatewayModel>[] {
  return parents
    .filter(({ kind = 'Gateway', group = GATEWAY_GROUP }) => kind === 'Gateway' && group === GATEWAY_GROUP)
    .flatMap(({ name, namespace: theirs = namespace }) =>
      othersWith<GatewayProps, GatewayModel>(resources, 'gateway', keyOfPlace, [`${String(theirs)}/${String(name)}`]),
    );
}
