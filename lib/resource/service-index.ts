import { push } from '../kubernetes/groups';
import { isMap } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';

/** The Services of a cluster by what rules look them up by. */
interface ServiceIndex {
  readonly byName: ReadonlyMap<string, readonly KubernetesObject[]>;
  /** By the labels of their selectors, `app=shop`. */
  readonly byLabel: ReadonlyMap<string, readonly KubernetesObject[]>;
  readonly places: ReadonlyMap<KubernetesObject, number>;
}

const indices = new WeakMap<readonly KubernetesObject[], ServiceIndex>();

/** The Services with a name, of any namespace. */
export function servicesNamed(services: readonly KubernetesObject[], name: string): readonly KubernetesObject[] {
  return indexOf(services).byName.get(name) ?? [];
}

/** The objects of any other list with a name, of any namespace. */
export const objectsNamed = servicesNamed;

/** The Services whose selector has one of some labels, in the order of the list. */
export function servicesSelecting(
  services: readonly KubernetesObject[],
  labels: Iterable<readonly [key: string, value: unknown]>,
): readonly KubernetesObject[] {
  const { byLabel, places } = indexOf(services);
  const found = new Set([...labels].flatMap(([key, value]) => byLabel.get(`${key}=${String(value)}`) ?? []));
  return [...found].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
}

function indexOf(services: readonly KubernetesObject[]): ServiceIndex {
  const known = indices.get(services);
  if (known !== undefined) return known;
  const byName = new Map<string, KubernetesObject[]>();
  const byLabel = new Map<string, KubernetesObject[]>();
  for (const service of services) {
    const { metadata, spec } = service;
    push(byName, metadata.name, service);
    const selector = isMap(spec) && isMap(spec.selector) ? spec.selector : {};
    for (const [key, value] of Object.entries(selector)) push(byLabel, `${key}=${String(value)}`, service);
  }
  const index = { byName, byLabel, places: new Map(services.map((service, i) => [service, i])) };
  indices.set(services, index);
  return index;
}
