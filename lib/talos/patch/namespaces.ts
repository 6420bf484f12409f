import { BUILT_IN_NAMESPACES, namespaceObject } from '../../kubernetes/namespaces';
import { isSound, withoutStrayNamespaces } from '../../kubernetes/guard';
import type { PodSecurityProps } from '../cluster/pod-security';
import type { Manifest } from './manifest';
import { needsPrivileges } from '../../kubernetes/pod-security';

/** Removes the chart's namespace from cluster-scoped objects: Talos 1.13 before 1.13.4 fails on it. */
export function withoutChartNamespaces(manifests: readonly Manifest[]): readonly Manifest[] {
  const all = manifests.flatMap(({ objects }) => objects);
  return manifests.map((manifest) => {
    const objects = withoutStrayNamespaces(manifest.objects, all);
    return objects === manifest.objects ? manifest : { ...manifest, objects, written: undefined };
  });
}

/**
 * Adds a Namespace object at the head of the first manifest that uses a namespace without one. Otherwise Talos would wait for the
 * namespace forever, and with it everything that follows. Its label is privileged when pods of the set need that, otherwise the
 * default of the cluster.
 */
export function withNamespaces(
  manifests: readonly Manifest[],
  { enforce }: Required<PodSecurityProps>,
): readonly Manifest[] {
  const objects = manifests.flatMap((manifest) => manifest.objects.filter(isSound));
  const made = new Set([
    ...BUILT_IN_NAMESPACES,
    ...objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name),
  ]);
  const privileged = (namespace: string): boolean =>
    objects.some((object) => object.metadata.namespace === namespace && needsPrivileges(object));
  return manifests.map((manifest) => {
    const { name, objects: own } = manifest;
    const used = own
      .filter(isSound)
      .flatMap(({ metadata: { namespace } }) => (namespace === undefined ? [] : [namespace]));
    const missing = [...new Set(used)].filter((namespace) => !made.has(namespace)).sort();
    for (const namespace of missing) made.add(namespace);
    const added = missing.map((n) => namespaceObject(n, privileged(n) ? 'privileged' : enforce));
    return added.length === 0 ? manifest : { name, splitAt: manifest.splitAt, objects: [...added, ...own] };
  });
}
