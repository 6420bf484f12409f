import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { mapOf } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';

/** Whether an object is a Service of type LoadBalancer. */
export function isLoadBalancer(object: KubernetesObject): boolean {
  return object.kind === 'Service' && mapOf(object.spec).type === 'LoadBalancer';
}

/** The `loadBalancerClass` of a Service. */
export function classOf(service: KubernetesObject): string | undefined {
  const name = mapOf(service.spec).loadBalancerClass;
  return typeof name === 'string' ? name : undefined;
}

/** The labels that selectors of Services match: the Service's own, its name and its namespace. */
export function selectableLabels({ metadata }: KubernetesObject): Readonly<Record<string, unknown>> {
  return {
    ...metadata.labels,
    'io.kubernetes.service.name': metadata.name,
    'io.kubernetes.service.namespace': metadata.namespace ?? 'default',
  };
}

/** Whether the operator allocates addresses from pools. */
export function hasLbIpam({ v }: Context): boolean {
  return isTruthy(v.enableLBIPAM ?? true);
}
