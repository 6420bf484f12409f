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
  const objects = objectsOf(construct);
  const known = once(construct.node.root, GRANTS, () => new Map<unknown, readonly KubernetesObject[]>());
  const grants = known.get(objects) ?? objects.map(({ object }) => object).filter(isReferenceGrant);
  known.set(objects, grants);
  return grants;
}

const GRANTS = Symbol('grants');

function isReferenceGrant({ apiVersion, kind }: KubernetesObject): boolean {
  return kind === 'ReferenceGrant' && apiVersion.startsWith('gateway.networking.k8s.io/');
}
