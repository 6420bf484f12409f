import { versionFeatures } from '../cilium/version-features';
import { isNegative, placedConditions } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import type { Problem } from '../rules/rule';

/** Where Cilium explains which labels make an identity. */
export const IDENTITY_LABEL_DOCS =
  'https://docs.cilium.io/en/stable/operations/performance/scalability/identity-relevant-labels/';

/** The label that every pod has, with the name of its namespace. */
export const NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
const MISTAKEN_NAMESPACE = `${NAMESPACE_LABEL}.labels.`;

const TOPOLOGY = 'topology.kubernetes.io';

/** Beginnings of the labels that count, although one of those below takes in more. */
const COUNT: readonly string[] = [
  'app.kubernetes.io',
  'io.cilium.k8s.namespace.labels',
  'io.cilium.k8s.policy.cluster',
  'io.cilium.k8s.policy.serviceaccount',
  NAMESPACE_LABEL,
];

/** Beginnings of labels that differ between pods of one kind, and would give each of them an identity of its own. */
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
 * What a selector of identities says by labels of pods or nodes that Cilium, unless its value `labels` says otherwise, takes
 * no notice of where it decides who is who.
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
      return [
        {
          paths: [at],
          message: `No pod has the label, so ${outcome}.`,
          hint: `Write '${own}' for the label of a namespace.`,
        },
      ];
    }
    if (!ignoresLabel(key) || (key.startsWith(TOPOLOGY) && !has('topology-labels-ignored'))) return [];
    const message = `Cilium leaves '${key}' out of the labels that it knows ${whose} by, so ${outcome}.`;
    if (key === 'kubernetes.io/metadata.name')
      return [{ paths: [at], message, hint: `Write '${NAMESPACE_LABEL}' for the name of a namespace.` }];
    return [{ paths: [at], message, hint: WAY_OUT[whose] }];
  });
}

const WAY_OUT = {
  nodes:
    "Select by 'node-role.kubernetes.io/control-plane', or by a label of your own from `nodeLabels` of the Talos cluster.",
  pods: "Select by a label of your own or app.kubernetes.io/name, or say in Cilium's value `labels` which ones count.",
} as const;

function ignoresLabel(key: string): boolean {
  if (key.includes(':') || COUNT.some((begins) => key.startsWith(begins))) return false;
  return key.includes('beta.kubernetes.io') || IGNORED.some((begins) => key.startsWith(begins));
}

/** The key without `k8s:` and `any:`, which pods' labels may be written with; labels of other sources keep theirs. */
export function plainKey(key: string): string {
  return key.replace(/^(k8s|any):/, '');
}
