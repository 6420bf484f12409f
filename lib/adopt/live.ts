/** Objects of a live cluster among given ones: what the API server adds is not compared, and a dump has only some kinds. */
import { nameInForm } from '../helm/normal-form';
import type { KubernetesObject } from '../kubernetes/types';
import { asApplied } from '../kubernetes-schema/applied';

/** Whether an API server returned any of the objects. */
export function isLive(objects: readonly KubernetesObject[]): boolean {
  return objects.some(({ metadata }) => 'uid' in metadata || 'resourceVersion' in metadata);
}

/** Objects as they were applied; those that a controller creates from others, pods and ReplicaSets, are left out. */
export function appliedObjects(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return ownObjects(objects).map(asApplied);
}

/** Objects that are kept read: a few times those of a render. */
const MOST_KNOWN = 400;

/** Reads rendered objects as they would be applied; one that an earlier render has is not read again. */
export function appliedReader(): (object: KubernetesObject) => KubernetesObject {
  const known = new Map<string, KubernetesObject>();
  return (object) => {
    const text = JSON.stringify(object);
    let applied = known.get(text);
    if (applied === undefined) {
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(text, (applied = asApplied(object)));
    }
    return applied;
  };
}

/** Objects without those that a controller creates from others. */
export function ownObjects(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter(({ metadata }) => !('ownerReferences' in metadata));
}

/** Finds objects that a dump cannot have, by their names: it has none of their kind, or nothing of their namespace. */
export function outsideOf(objects: readonly KubernetesObject[]): (object: string) => boolean {
  const names = objects.map(nameInForm);
  const kinds = new Set(names.map(kindIn));
  const namespaces = new Set(names.map(namespaceOf));
  return (object) => !kinds.has(kindIn(object)) || !namespaces.has(namespaceOf(object));
}

function kindIn(object: string): string {
  return object.slice(0, object.indexOf(' '));
}

/** '' for an object without a namespace: what is in the cluster is not in any of them. */
function namespaceOf(object: string): string {
  const name = object.slice(object.indexOf(' ') + 1);
  const end = name.indexOf('/');
  return end === -1 ? '' : name.slice(0, end);
}
