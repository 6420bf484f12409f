import type { Json } from '../kubernetes/json';
import type { Level, Rule } from '../rules/rule';

/** Input of an example: a value of a type of Kubernetes. */
export interface KubernetesExample {
  /** As in {@link Judged}. */
  readonly type: string;
  readonly value: Json;
  /** @default 1.34.0 */
  readonly kubernetes?: string;
}

/** Errors, and warnings where a newer Kubernetes may know a field or a word, or where only server-side apply rejects a value. */
const either = (): Level => 'error';

/** Ids of findings about values and objects of Kubernetes, with examples. */
export const KUBERNETES_IDS: readonly Omit<Rule<never, KubernetesExample>, 'find'>[] = (
  [
    ['combination', 'Toleration', { operator: 'Equal' }, { operator: 'Exists' }],
    ['duplicate', 'Volume[]', [{ name: 'a' }, { name: 'a' }], [{ name: 'a' }, { name: 'b' }], either],
    [
      'exclusive',
      'EnvVar',
      { name: 'A', value: '1', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
      { name: 'A', value: '1' },
    ],
    ['range', 'Port', 70000, 7000],
    ['reference', 'Pod', pod({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }), pod({})],
    ['required', 'Container', { name: 'app' }, { name: 'app', image: 'example.org/app:1.0.0' }],
    ['text', 'Quantity', '64MB', '64M'],
    [
      'type',
      'Toleration',
      { operator: 'Exists', tolerationSeconds: '300', effect: 'NoExecute' },
      { operator: 'Exists', tolerationSeconds: 300, effect: 'NoExecute' },
    ],
    [
      'unknown-field',
      'Toleration',
      { operator: 'Exists', efect: 'NoSchedule' },
      { operator: 'Exists', effect: 'NoSchedule' },
      either,
    ],
    ['word', 'Toleration', { operator: 'Exist' }, { operator: 'Exists' }, either],
  ] as readonly (readonly [rule: string, type: string, bad: Json, good: Json, level?: () => Level])[]
).map(([rule, type, bad, good, level]) => ({
  id: `kubernetes/${rule}`,
  level: level ?? 'error',
  examples: { bad: { type, value: bad }, good: { type, value: good } },
}));

function pod(container: { readonly [field: string]: Json }): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app' },
    spec: { containers: [{ name: 'app', image: 'example.org/app:1.0.0', ...container }] },
  };
}
