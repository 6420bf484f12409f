import { Chart } from 'cdk8s';
import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Finding } from '../rules/finding';
import { identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';
import { ciliumOf } from './cilium';
import type { Picture } from './picture';

/** How many objects a finding names before it counts the rest. */
const NAMED = 3;

/**
 * Objects that land in one cluster twice, at the construct that holds the later one: in one chart, or in several that hold objects
 * for one Cilium. Charts that a patch carries are left to it, because it compares all of them.
 */
export function duplicateObjects({ objects, carried }: Picture): ReadonlyMap<IConstruct, readonly Finding[]> {
  const first = new Map<unknown, Map<string, ApiObject>>();
  const found = new Map<IConstruct, Map<IConstruct, Set<string>>>();
  for (const object of objects) {
    const chart = Chart.of(object);
    const { scope } = object.node;
    const cilium = scope === undefined ? undefined : ciliumOf(scope);
    const isCarried = carried.has(chart);
    const clusters: readonly unknown[] = [...(isCarried ? [] : [chart]), ...(cilium === undefined ? [] : [cilium])];
    for (const cluster of clusters) {
      const known = first.get(cluster) ?? new Map<string, ApiObject>();
      first.set(cluster, known);
      const name = nameOf(object);
      const earlier = known.get(name);
      if (earlier === undefined) known.set(name, object);
      else if (!(isCarried && carried.has(Chart.of(earlier))) && areOne(earlier, object))
        add(found, ownerOf(object), ownerOf(earlier), name);
    }
  }
  return new Map(
    [...found].map(([owner, others]) => [owner, [...others].map(([other, names]) => duplicate(other, [...names]))]),
  );
}

function add(
  found: Map<IConstruct, Map<IConstruct, Set<string>>>,
  owner: IConstruct,
  other: IConstruct,
  name: string,
): void {
  const others = found.get(owner) ?? new Map<IConstruct, Set<string>>();
  found.set(owner, others);
  others.set(other, (others.get(other) ?? new Set<string>()).add(name));
}

function duplicate(other: IConstruct, names: readonly string[]): Finding {
  const rest = names.length - NAMED;
  const shown = rest > 1 ? [...names.slice(0, NAMED), `${String(rest)} more objects`] : names;
  const [last = ''] = shown.slice(-1);
  const list = shown.length === 1 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
  return {
    id: 'app/duplicate-object',
    level: 'error',
    paths: [],
    message: `${list} ${names.length === 1 ? 'is' : 'are'} defined in ${other.node.path} as well; a cluster holds each object once.`,
    hint: 'Keep one of the two, rename one, or give each cluster its own chart.',
  };
}

/** The construct that a reader knows: what made the object, or the object where the chart holds it itself. */
function ownerOf(object: ApiObject): IConstruct {
  const { scope } = object.node;
  return scope === undefined || Chart.isChart(scope) ? object : scope;
}

function nameOf({ apiVersion, kind, name, metadata }: ApiObject): string {
  return identity({
    apiVersion: String(apiVersion),
    kind: String(kind),
    metadata: { name, namespace: metadata.namespace },
  });
}

/** Whether two objects with the same name still have it when they are written, after JSON patches. */
function areOne(one: ApiObject, other: ApiObject): boolean {
  try {
    return identity(one.toJson() as KubernetesObject) === identity(other.toJson() as KubernetesObject);
  } catch {
    return true;
  }
}
