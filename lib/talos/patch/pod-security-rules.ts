import { identity } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { breaksRestricted, enforcedLevel, ENFORCE_LABEL, needsPrivileges } from '../../kubernetes/pod-security';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

const POD = { containers: [{ name: 'app', image: 'example.org/app:1.0.0', ports: [{ containerPort: 8080 }] }] };
const pods = (spec: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app', namespace: 'default' },
  spec: { ...POD, ...spec },
});

/** Pods that Pod Security rejects, by the labels of their namespaces and the defaults of the cluster. */
export const POD_SECURITY_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/pod-security',
    level: 'warning',
    find: rejectedPods,
    docs: 'https://kubernetes.io/docs/concepts/security/pod-security-standards/',
    examples: { bad: { objects: [pods({ hostNetwork: true })] }, good: { objects: [pods({})] } },
  },
];

function rejectedPods({ objects, talos }: PatchSubject): readonly Problem[] {
  const all = objects.map(({ object }) => object);
  const namespaces = [...new Set(all.map(({ metadata }) => metadata.namespace ?? ''))].sort();
  return namespaces.flatMap((namespace) => inNamespace(all, namespace, talos.podSecurity));
}

function inNamespace(
  objects: readonly KubernetesObject[],
  namespace: string,
  { enforce, exemptNamespaces }: PatchSubject['talos']['podSecurity'],
): readonly Problem[] {
  const level = exemptNamespaces.includes(namespace) ? 'privileged' : (enforcedLevel(objects, namespace) ?? enforce);
  const own = objects.filter(({ metadata }) => metadata.namespace === namespace);
  const privileged = level === 'privileged' ? [] : own.filter(needsPrivileges);
  const unrestricted =
    level === 'restricted' ? own.filter((object) => !privileged.includes(object) && breaksRestricted(object)) : [];
  const verb = (count: number): string => (count === 1 ? 'is' : 'are');
  return [
    ...about(
      privileged,
      (names, count) => `Namespace '${namespace}' rejects privileged pods, and ${names} ${verb(count)} privileged.`,
      `Label the namespace ${ENFORCE_LABEL}: privileged, or use kube-system.`,
    ),
    ...about(
      unrestricted,
      (names, count) => `Namespace '${namespace}' admits only restricted pods, and ${names} ${verb(count)} not.`,
      `Give the pods runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation: false and drop ALL capabilities, or label the namespace ${ENFORCE_LABEL}: baseline.`,
    ),
  ];
}

function about(
  pods: readonly KubernetesObject[],
  message: (names: string, count: number) => string,
  hint: string,
): readonly Problem[] {
  const paths = pods.map(identity);
  return paths.length === 0 ? [] : [problem(paths, message(paths.join(', '), paths.length), hint)];
}
