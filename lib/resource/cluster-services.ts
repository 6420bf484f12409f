import type { IConstruct } from 'constructs';
import { once } from '../app/contents';
import { objectsOf, servicesOf } from '../app/picture';
import type { Context } from '../cilium/context';
import { madeServices } from '../cilium/services/made-services';
import type { KubernetesObject } from '../kubernetes/types';

/**
 * The Services of the cluster of a construct: those that are written, then those that Cilium's operator makes of Gateways and
 * Ingresses. None when it is unknown which of several clusters that is.
 * @param cilium `undefined` when only the release is known.
 */
export function clusterServices(
  construct: IConstruct,
  cilium: Context | undefined,
  version: string,
): readonly KubernetesObject[] {
  const written = servicesOf(construct);
  const objects = objectsOf(construct);
  // During a synthesis the objects of a cluster are one list.
  const known = once(construct.node.root, SERVICES, () => new Map<unknown, readonly KubernetesObject[]>());
  const services = known.get(objects) ?? [
    ...written,
    ...madeServices(
      objects.map(({ object }) => object),
      cilium,
      version,
    ).map(({ object }) => object),
  ];
  known.set(objects, services);
  return services;
}

const SERVICES = Symbol('services');

/** The ReferenceGrants of the cluster of a construct. */
export function clusterGrants(construct: IConstruct): readonly KubernetesObject[] {
  return objectsWhere(construct, isReferenceGrant);
}

/** The ConfigMaps of the cluster of a construct. */
export function clusterConfigMaps(construct: IConstruct): readonly KubernetesObject[] {
  return objectsWhere(construct, isConfigMap);
}

/** The objects of a kind, found once in a synthesis. */
function objectsWhere(
  construct: IConstruct,
  isMeant: (object: KubernetesObject) => boolean,
): readonly KubernetesObject[] {
  const objects = objectsOf(construct);
  const known = once(construct.node.root, isMeant, () => new Map<unknown, readonly KubernetesObject[]>());
  const found = known.get(objects) ?? objects.map(({ object }) => object).filter(isMeant);
  known.set(objects, found);
  return found;
}

/** Whether an object is a ReferenceGrant. */
export function isReferenceGrant({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'ReferenceGrant' && apiVersion.startsWith('gateway.networking.k8s.io/');
}

/** Whether an object is a ConfigMap. */
export function isConfigMap({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'ConfigMap' && apiVersion === 'v1';
}
