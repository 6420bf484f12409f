/** Labels and annotations that mark an object as part of a Helm release. */
import { problem } from '../rules/rule';
import type { Rule } from '../rules/rule';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/names';
import type { KubernetesObject } from '../kubernetes/types';

/** A release of Helm. */
export interface HelmReleaseName {
  /** Its name in `helm list`: at most 53 lower-case letters, digits, dashes and dots. */
  readonly name: string;
  /** The namespace that the release belongs to; its objects may be in others. */
  readonly namespace: string;
}

const LONGEST_NAME = 53;

/**
 * Marks an object as part of a release. Helm adopts existing objects only with this label and both annotations. A label of the same
 * name is replaced, as Helm does on install; nothing else changes, and pods keep their labels.
 */
export function ownedByRelease(object: KubernetesObject, { name, namespace }: HelmReleaseName): KubernetesObject {
  const { metadata } = object;
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, 'app.kubernetes.io/managed-by': 'Helm' },
      annotations: {
        ...metadata.annotations,
        'meta.helm.sh/release-name': name,
        'meta.helm.sh/release-namespace': namespace,
      },
    },
  };
}

/** The name and the namespace of a release, and the prefix of their paths. */
interface PlacedReleaseName extends HelmReleaseName {
  readonly at: string;
}

/** Rules about the name and the namespace of a release. */
export const RELEASE_NAME_RULES: readonly Rule<PlacedReleaseName, { readonly props: Partial<HelmReleaseName> }>[] = [
  {
    id: 'helm-release/name',
    level: 'error',
    find: ({ at, name }) =>
      !(isDnsSubdomain(name) && name.length <= LONGEST_NAME) &&
      problem(
        `${at}name`,
        `'${name}' is not a valid Helm release name.`,
        `Use at most ${String(LONGEST_NAME)} lower-case letters, digits, dashes and dots.`,
      ),
    examples: { bad: { props: { name: 'Cilium' } }, good: { props: { name: 'cilium' } } },
  },
  {
    id: 'helm-release/namespace',
    level: 'error',
    find: ({ at, namespace }) =>
      !isDnsLabel(namespace) &&
      problem(
        `${at}namespace`,
        `'${namespace}' is not a valid namespace name.`,
        'Use lower-case letters, digits and dashes.',
      ),
    examples: { bad: { props: { namespace: 'flux.system' } }, good: { props: { namespace: 'flux-system' } } },
  },
];
