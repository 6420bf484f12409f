import { namespaceObject } from '../kubernetes/namespaces';
import { isSound } from '../kubernetes/guard';
import type { MeasuredText } from '../kubernetes/sizes';
import type { KubernetesObject } from '../kubernetes/types';
import type { PodSecurityProps } from './cluster-props';
import { needsPrivileges } from './pod-security-checks';

/** The namespaces that every cluster has. */
const BUILT_IN: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

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

/**
 * The manifests with a Namespace object at the head of the first one that uses a namespace which nobody makes.
 * Without it Talos would wait for the namespace forever, and everything behind would wait too.
 * The namespace is labelled privileged when pods of the set need that, otherwise as the cluster's default is.
 */
export function withNamespaces(manifests: readonly Manifest[], { enforce }: Required<PodSecurityProps>): readonly Manifest[] {
  const objects = manifests.flatMap((manifest) => manifest.objects.filter(isSound));
  const made = new Set([...BUILT_IN, ...objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)]);
  const privileged = (namespace: string): boolean =>
    objects.some((object) => object.metadata.namespace === namespace && needsPrivileges(object));
  return manifests.map((manifest) => {
    const { name, objects: own } = manifest;
    const used = own.filter(isSound).flatMap(({ metadata: { namespace } }) => (namespace === undefined ? [] : [namespace]));
    const missing = [...new Set(used)].filter((namespace) => !made.has(namespace)).sort();
    for (const namespace of missing) made.add(namespace);
    const added = missing.map((n) => namespaceObject(n, privileged(n) ? 'privileged' : enforce));
    return added.length === 0 ? manifest : { name, splitAt: manifest.splitAt, objects: [...added, ...own] };
  });
}
