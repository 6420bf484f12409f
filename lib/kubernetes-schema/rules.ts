import type { ReadingRule } from '../rules/rule';

/** A value of a Kubernetes type, for an example. */
export interface TypedExample {
  /** As `Judged.type` of `findings.ts`. */
  readonly type: string;
  readonly value: unknown;
  readonly kubernetes?: string;
}

const TOLERATION = { key: 'example.org/gpu', operator: 'Exists', effect: 'NoSchedule' };

function pod(container: object, volumes: readonly object[] = []): object {
  const containers = [{ name: 'app', image: 'registry.example/app:1.0', ...container }];
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', namespace: 'demo' }, spec: { containers, volumes } };
}

/** Findings on values and objects as an API server validates them. A function: some are warnings only, or on a newer Kubernetes. */
export const KUBERNETES_FINDINGS: readonly ReadingRule<unknown, TypedExample>[] = [
  {
    id: 'kubernetes/combination',
    level: 'error',
    examples: {
      bad: { type: 'ResourceRequirements', value: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
      good: { type: 'ResourceRequirements', value: { requests: { cpu: '1' }, limits: { cpu: '2' } } },
    },
  },
  {
    id: 'kubernetes/duplicate',
    level: () => 'error',
    examples: {
      bad: {
        type: 'Pod',
        value: pod({}, [
          { name: 'data', emptyDir: {} },
          { name: 'data', emptyDir: {} },
        ]),
      },
      good: { type: 'Pod', value: pod({}, [{ name: 'data', emptyDir: {} }]) },
    },
  },
  {
    id: 'kubernetes/exclusive',
    level: 'error',
    examples: {
      bad: { type: 'Toleration', value: { ...TOLERATION, value: 'yes' } },
      good: { type: 'Toleration', value: TOLERATION },
    },
  },
  {
    id: 'kubernetes/range',
    level: 'error',
    examples: {
      bad: { type: 'SecurityContext', value: { runAsUser: -1 } },
      good: { type: 'SecurityContext', value: { runAsUser: 1000 } },
    },
  },
  {
    id: 'kubernetes/reference',
    level: 'error',
    examples: {
      bad: { type: 'Pod', value: pod({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }) },
      good: {
        type: 'Pod',
        value: pod({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }, [{ name: 'data', emptyDir: {} }]),
      },
    },
  },
  {
    id: 'kubernetes/required',
    level: 'error',
    examples: {
      bad: { type: 'EnvVar[]', value: [{ value: 'debug' }] },
      good: { type: 'EnvVar[]', value: [{ name: 'LEVEL', value: 'debug' }] },
    },
  },
  {
    id: 'kubernetes/server-fields',
    level: 'warning',
    docs: 'https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/',
    examples: {
      bad: { type: 'ObjectMeta', value: { name: 'app', uid: 'b5c6f7a0-0d6c-4c1f-8f6e-2f0a9b8a7c11' } },
      good: { type: 'ObjectMeta', value: { name: 'app' } },
    },
  },
  {
    id: 'kubernetes/text',
    level: 'error',
    examples: {
      bad: { type: 'Toleration', value: { ...TOLERATION, key: 'not a key' } },
      good: { type: 'Toleration', value: TOLERATION },
    },
  },
  {
    id: 'kubernetes/type',
    level: 'error',
    examples: {
      bad: { type: 'SecurityContext', value: { privileged: 'yes' } },
      good: { type: 'SecurityContext', value: { privileged: true } },
    },
  },
  {
    id: 'kubernetes/unknown-field',
    level: () => 'error',
    examples: {
      bad: { type: 'Toleration', value: { ...TOLERATION, effects: 'NoSchedule' } },
      good: { type: 'Toleration', value: TOLERATION },
    },
  },
  {
    id: 'kubernetes/word',
    level: () => 'error',
    examples: {
      bad: { type: 'Toleration', value: { ...TOLERATION, effect: 'NoScheduling' } },
      good: { type: 'Toleration', value: TOLERATION },
    },
  },
];
