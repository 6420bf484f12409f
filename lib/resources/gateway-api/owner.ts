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
import type { BackendTLSPolicyProps, GatewayClassProps, GatewayProps, ListenerSetProps } from './props';
import { backendsOf } from './route-model';
import type { RouteModel, RouteProps } from './route-model';
import type { RouteType } from './route-types';

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

/** Whether Cilium reads a route of a kind. */
export function concernsRoute(type: RouteType): (subject: Subject) => boolean {
  return ({ manifest, props, namespace, others, cilium, ciliumVersion }) => {
    const parents = parentsIn(props as object);
    const gateways = gatewaysOf(parents, namespace, others);
    if (manifest === undefined) return gateways.length === 0 || gateways.some((one) => isCiliums(one, others));
    if (gateways.length === 0 && namesOtherController(props as object)) return false;
    // Of another service mesh.
    if (!type.hasServiceParents(ciliumVersion) && parents.length > 0 && parents.every(({ kind }) => kind === 'Service'))
      return false;
    return isRead(gateways, others, cilium);
  };
}

/** Whether Cilium reads an object that names no gateway. */
export function concernsGrant({ manifest, others, cilium }: Subject): boolean {
  return manifest === undefined || isRead([], others, cilium);
}

/** Whether Cilium reads a policy for TLS to backends: where the app has HTTPRoutes to its Services, when one of them is Cilium's. */
export function concernsPolicy({ manifest, props, namespace = 'default', others, cilium }: Subject): boolean {
  if (manifest === undefined) return true;
  const { targetRefs } = props as unknown as BackendTLSPolicyProps;
  const keys = mapsOf(targetRefs).map((one) => `${namespace}/${String(mapOf(one).name)}`);
  const routes = othersWith<RouteProps, RouteModel>(others, 'http-route', backendsOf, keys);
  const gateways = routes.flatMap((route) => gatewaysOf(parentsIn(route.props), route.namespace, others));
  return isRead(gateways, others, cilium);
}

/** Whether Cilium reads a listener set: that of its gateway. */
export function concernsListenerSet({ manifest, props, namespace, others, cilium }: Subject): boolean {
  const gateways = gatewaysOf(parentsIn(props as object), namespace, others);
  if (manifest === undefined) return gateways.length === 0 || gateways.some((one) => isCiliums(one, others));
  return isRead(gateways, others, cilium);
}

/** Whether a route has backends or filters of another controller's own kinds: `Backend` of `gateway.envoyproxy.io`. */
function namesOtherController({ rules }: Pick<RouteProps, 'rules'>): boolean {
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
  const parents = parentsIn(mapOf(spec));
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

/** The parents of a route, or the parent of a listener set. */
function parentsIn({
  parentRef,
  parentRefs,
}: {
  readonly parentRef?: unknown;
  readonly parentRefs?: unknown;
}): readonly Parent[] {
  return mapsOf([parentRef as Parent, ...listOf(parentRefs)]);
}

function listOf(value: unknown): readonly Parent[] {
  return Array.isArray(value) ? (value as readonly Parent[]) : [];
}

/** The gateways among parents, and those of the listener sets among them. */
function gatewaysOf(
  parents: readonly Parent[],
  namespace = 'default',
  resources: Others,
): readonly ReadResource<GatewayProps, GatewayModel>[] {
  return parents
    .filter(({ group = GATEWAY_GROUP }) => group === GATEWAY_GROUP)
    .flatMap(({ kind = 'Gateway', name, namespace: theirs = namespace }) => {
      const key = [`${String(theirs)}/${String(name)}`];
      if (kind === 'Gateway') return othersWith<GatewayProps, GatewayModel>(resources, 'gateway', keyOfPlace, key);
      if (kind !== 'ListenerSet') return [];
      const [set] = othersWith<ListenerSetProps>(resources, 'listener-set', keyOfPlace, key);
      const { name: gateway, namespace: place = set?.namespace } = mapOf(set?.props.parentRef);
      return othersWith<GatewayProps, GatewayModel>(resources, 'gateway', keyOfPlace, [
        `${String(place)}/${String(gateway)}`,
      ]);
    });
}
