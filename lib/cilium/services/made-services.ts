import type { KubernetesObject } from '../../kubernetes/types';
import type { Context } from '../context';
import { gatewayServices } from './gateway-services';
import { dedicatedIngresses, ingressServices } from './ingress-services';
import type { MadeService } from './made-service';
import { serviceMaker } from './service-maker';

/**
 * The Services that Cilium's operator makes of the objects of a cluster, in the order of the objects. Services of the chart, such as
 * that of the Ingresses of mode `shared`, are among the objects already.
 * @param cilium `undefined` when only the release is known.
 */
export function madeServices(
  objects: readonly KubernetesObject[],
  cilium: Context | undefined,
  version: string,
): readonly MadeService[] {
  const maker = serviceMaker(cilium, version);
  const made = [...gatewayServices(objects, maker), ...ingressServices(objects, maker)];
  for (const { object, source } of made) sources.set(object, source);
  return made;
}

const sources = new WeakMap<KubernetesObject, KubernetesObject>();

/** The Gateway or the Ingress that a Service is made of; `undefined` for one that is written. */
export function sourceOf(service: KubernetesObject): KubernetesObject | undefined {
  return sources.get(service);
}

/** The Ingresses that Cilium serves with a Service of their own. */
export function ingressesWithService(
  objects: readonly KubernetesObject[],
  cilium: Context,
): readonly KubernetesObject[] {
  return dedicatedIngresses(objects, serviceMaker(cilium, cilium.profile.behavesAs));
}
