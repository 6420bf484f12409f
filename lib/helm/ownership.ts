/** By what Helm knows that an object belongs to one of its releases. */
import type { Finding } from '../rules/finding';
import { isDnsLabel, isDnsSubdomain } from '../kubernetes/names';
import type { KubernetesObject } from '../kubernetes/types';

/** A release of Helm. */
export interface HelmReleaseName {
  /** What `helm list` calls it: at most 53 lower-case letters, digits, dashes and dots. */
  readonly name: string;
  /** The namespace that the release belongs to; its objects may be in others. */
  readonly namespace: string;
}

const LONGEST_NAME = 53;

/**
 * An object as one of a release. Helm takes over what is in the cluster already only with this label and both annotations.
 * A label of the same name gives way, as it does when Helm installs; nothing else changes, pods keep the labels they have.
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

/** What is wrong with the name or the namespace of a release; `subject` starts the ids, `at` the paths. */
export function releaseNameFindings(
  subject: string,
  at: string,
  { name, namespace }: HelmReleaseName,
): readonly Finding[] {
  const problem = (field: string, message: string, hint: string): Finding => ({
    id: `${subject}/${field}`,
    level: 'error',
    paths: [`${at}${field}`],
    message,
    hint,
  });
  return [
    ...(isDnsSubdomain(name) && name.length <= LONGEST_NAME
      ? []
      : [
          problem(
            'name',
            `'${name}' is not a valid Helm release name.`,
            `Use at most ${String(LONGEST_NAME)} lower-case letters, digits, dashes and dots.`,
          ),
        ]),
    ...(isDnsLabel(namespace)
      ? []
      : [
          problem(
            'namespace',
            `'${namespace}' is not a valid namespace name.`,
            'Use lower-case letters, digits and dashes.',
          ),
        ]),
  ];
}
