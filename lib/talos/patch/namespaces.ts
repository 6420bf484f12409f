import { BUILT_IN_NAMESPACES, namespaceObject } from '../../kubernetes/namespaces';
import { isSound, withoutStrayNamespaces } from '../../kubernetes/guard';
import type { MeasuredText } from '../../kubernetes/sizes';
import type { KubernetesObject } from '../../kubernetes/types';
import type { PodSecurityProps } from '../cluster/pod-security';
import { needsPrivileges } from './pod-security-checks';

/** A manifest before it becomes text. */
export interface Manifest {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** Make several manifests of it, of at most so many bytes each; an object is never cut. @default - one */
  readonly splitAt?: number | undefined;
  /** The manifest that this is a piece of. @internal */
  readonly partOf?: string | undefined;
  /** The text of just these objects, where somebody has it already. @internal */
  readonly written?: (() => MeasuredText) | undefined;
}

/** The manifests without namespaces of charts on objects that live outside namespaces: before 1.13.4 Talos 1.13 stumbles over them. */
export function withoutChartNamespaces(manifests: readonly Manifest[]): readonly Manifest[] {
  const all = manifests.flatMap(({ objects }) => objects);
  return manifests.map((manifest) => {
    const objects = withoutStrayNamespaces(manifest.objects, all);
    return objects === manifest.objects ? manifest : { ...manifest, objects, written: undefined };
  });
}

/**
 * The manifests with a Namespace object at the head of the first one that uses a namespace which nobody makes.
 * Without it Talos would wait for the namespace forever, and everything behind would wait too.
 * The namespace is labelled privileged when pods of the set need that, otherwise as the cluster's default is.
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
