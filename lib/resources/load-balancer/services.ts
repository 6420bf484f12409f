import type { Context } from '../../cilium/context';
import { sourceOf } from '../../cilium/services/made-services';
import { isTruthy } from '../../helm/truth';
import { madeOnce } from '../../kubernetes/fixed';
import { push } from '../../kubernetes/groups';
import { mapOf } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';

/** What LB IPAM compares of Services that share an address, ports apart: two of one terms share, or none does. */
export interface SharingTerms {
  readonly sharingKey: string;
  readonly externalTrafficPolicy: string;
  /** The pods that the Service selects, in a canonical form; '' without a selector. */
  readonly pods: string;
  readonly namespace: string;
  /** Namespaces with which it may share addresses. */
  readonly sharingNamespaces: readonly string[];
}

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
export function selectableLabels(service: KubernetesObject): Readonly<Record<string, unknown>> {
  const { metadata } = service;
  return madeOnce(service, selectableLabels, () => ({
    ...metadata.labels,
    'io.kubernetes.service.name': metadata.name,
    'io.kubernetes.service.namespace': metadata.namespace ?? 'default',
  }));
}

/** Services of type LoadBalancer, by the labels that selectors match. */
interface LabelledServices {
  readonly services: readonly KubernetesObject[];
  readonly byLabel: ReadonlyMap<string, readonly KubernetesObject[]>;
}

const labelled = new WeakMap<readonly KubernetesObject[], Map<string, LabelledServices>>();

function labelledServices(services: readonly KubernetesObject[], ofClass: string): LabelledServices {
  const byClass = labelled.get(services) ?? new Map<string, LabelledServices>();
  labelled.set(services, byClass);
  const known = byClass.get(ofClass);
  if (known !== undefined) return known;
  const own = services.filter((one) => isLoadBalancer(one) && [undefined, ofClass].includes(classOf(one)));
  const byLabel = new Map<string, KubernetesObject[]>();
  for (const service of own)
    for (const [key, value] of Object.entries(selectableLabels(service)))
      push(byLabel, `${key}=${String(value)}`, service);
  const made = { services: own, byLabel };
  byClass.set(ofClass, made);
  return made;
}

/** The Services of type LoadBalancer without a class or with one of them. */
export function servicesOfClass(services: readonly KubernetesObject[], ofClass: string): readonly KubernetesObject[] {
  return labelledServices(services, ofClass).services;
}

/** Those of them that a selector matches; by its first label, so that a selector with one looks at few. */
export function servicesSelected(
  services: readonly KubernetesObject[],
  ofClass: string,
  selector: LabelSelector | undefined,
): readonly KubernetesObject[] {
  const { services: all, byLabel } = labelledServices(services, ofClass);
  const [label] = Object.entries(selector?.matchLabels ?? {});
  const candidates = label === undefined ? all : (byLabel.get(`${label[0]}=${label[1]}`) ?? []);
  return candidates.filter((service) => selects(selector, selectableLabels(service)));
}

/** Whether the operator allocates addresses from pools. */
export function hasLbIpam({ v }: Context): boolean {
  return isTruthy(v.enableLBIPAM ?? true);
}

/** Which labels of an object Cilium copies to the Service that it makes of it. */
const COPIED: Readonly<Record<string, string>> = {
  Gateway:
    'Write the labels under `infrastructure.labels` of the Gateway: Cilium does not copy its own labels to the Service.',
  Ingress:
    'Use labels with a prefix of `ingressController.ingressLBAnnotationPrefixes`: Cilium does not copy other labels of an Ingress to its Service.',
};

/** The hint where a Service would match if it had the labels of the Gateway or the Ingress that Cilium makes it of. */
export function copyHint(
  services: readonly KubernetesObject[],
  matches: (service: KubernetesObject) => boolean,
): string | undefined {
  const meant = services.find((service) => {
    const { labels } = sourceOf(service)?.metadata ?? {};
    const { metadata } = service;
    return (
      labels !== undefined &&
      matches({ ...service, metadata: { ...metadata, labels: { ...labels, ...metadata.labels } } })
    );
  });
  return meant === undefined ? undefined : COPIED[sourceOf(meant)?.kind ?? ''];
}
