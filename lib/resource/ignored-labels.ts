import { problem } from '../rules/rule';
import { versionFeatures } from '../cilium/version-features';
import { isNegative, placedConditions } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import type { Problem } from '../rules/rule';

/** Cilium's page about labels of identities. */
export const IDENTITY_LABEL_DOCS =
  'https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/';

/** The label that every pod has, with the name of its namespace. */
export const NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
const MISTAKEN_NAMESPACE = `${NAMESPACE_LABEL}.labels.`;

const TOPOLOGY = 'topology.kubernetes.io';

/** Prefixes of labels of identities, although a prefix below covers them. */
const COUNT: readonly string[] = [
  'app.kubernetes.io',
  'io.cilium.k8s.namespace.labels',
  'io.cilium.k8s.policy.cluster',
  'io.cilium.k8s.policy.serviceaccount',
  NAMESPACE_LABEL,
];

/** Prefixes of labels that differ between pods of one workload, and would give each pod its own identity. */
const IGNORED: readonly string[] = [
  'annotation',
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'controller-revision-hash',
  'controller-uid',
  'etcd_node',
  'io.kubernetes',
  'k8s.io',
  'kubernetes.io',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
  TOPOLOGY,
];

/**
 * Conditions of a selector of identities by labels that Cilium does not include in them, unless its value `labels` does.
 * @param whose what is selected.
 * @param version the release of Cilium.
 */
export function ignoredLabelProblems(
  path: string,
  selector: LabelSelector | undefined,
  whose: 'pods' | 'nodes',
  version: string,
): readonly Problem[] {
  const has = versionFeatures(version);
  return placedConditions(path, selector).flatMap(({ at, key: written, operator }) => {
    const key = plainKey(written);
    const outcome = isNegative(operator) ? 'the condition always holds' : `the selector matches no ${whose}`;
    if (key.startsWith(MISTAKEN_NAMESPACE)) {
      const own = `io.cilium.k8s.namespace.labels.${key.slice(MISTAKEN_NAMESPACE.length)}`;
      return problem(at, `No pod has this label, so ${outcome}.`, `Write '${own}' for the label of a namespace.`);
    }
    if (!ignoresLabel(key) || (key.startsWith(TOPOLOGY) && !has('topology-labels-ignored'))) return [];
    const message = `Cilium does not include '${key}' in the labels of identities, so ${outcome}.`;
    if (key === 'kubernetes.io/metadata.name')
      return problem(at, message, `Write '${NAMESPACE_LABEL}' for the name of a namespace.`);
    return problem(at, message, HINTS[whose]);
  });
}

const HINTS = {
  nodes:
    "Select by 'node-role.kubernetes.io/control-plane', or by your own label from `nodeLabels` of the Talos cluster.",
  pods: "Select by your own label or app.kubernetes.io/name, or add the label to Cilium's value `labels`.",
} as const;

function ignoresLabel(key: string): boolean {
  if (key.includes(':') || COUNT.some((begins) => key.startsWith(begins))) return false;
  return key.includes('beta.kubernetes.io') || IGNORED.some((begins) => key.startsWith(begins));
}

/** The key without the prefixes `k8s:` and `any:` of labels of pods; labels of other sources keep theirs. */
export function plainKey(key: string): string {
  return key.replace(/^(k8s|any):/, '');
}
