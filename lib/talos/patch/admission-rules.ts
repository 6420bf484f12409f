import { isMap, mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { mapsOf, podLabelsOf } from '../../kubernetes/pods';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosPatchRule } from './rule';
import type { PatchObject, PatchSubject } from './subject';

const KINDS: readonly string[] = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
const NAME_LABEL = 'kubernetes.io/metadata.name';

const webhook = (more: object): KubernetesObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'policies' },
  webhooks: [
    {
      name: 'pods.example.org',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      clientConfig: { service: { name: 'policies', namespace: 'policies' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
      ...more,
    },
  ],
});

/** Admission webhooks that keep Cilium's pods from being made until they run themselves. */
export const ADMISSION_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/admission-deadlock',
    level: 'warning',
    find: deadlocks,
    docs: 'https://kubernetes.io/docs/concepts/cluster-administration/admission-webhooks-good-practices/#webhook-scope',
    examples: {
      bad: { values: {}, objects: [webhook({})] },
      good: {
        values: {},
        objects: [
          webhook({
            namespaceSelector: {
              matchExpressions: [{ key: NAME_LABEL, operator: 'NotIn', values: ['kube-system', 'policies'] }],
            },
          }),
        ],
      },
    },
  },
];

function deadlocks(subject: PatchSubject): readonly Problem[] {
  const { objects, context, config } = subject;
  if (config === undefined) return [];
  const namespace = context?.namespace ?? 'kube-system';
  const agents = objects.filter(({ object }) => object.kind === 'DaemonSet' && object.metadata.name === 'cilium');
  const pods = agents.map(({ object }) => podLabelsOf(object));
  const labels = { ...labelsOfNamespace(objects, namespace), [NAME_LABEL]: namespace };
  return objects
    .filter(({ object }) => KINDS.includes(object.kind))
    .flatMap(({ at, object }) =>
      mapsOf(object.webhooks).flatMap((hook, i) => {
        const { service } = mapOf(hook.clientConfig);
        const isAsked = (hook.failurePolicy ?? 'Fail') === 'Fail' && isMap(service) && concernsPods(hook, labels, pods);
        if (!isAsked || isOnHostNetwork(service, subject)) return [];
        return problem(
          `${at}: webhooks[${String(i)}]`,
          `The API server admits no pod of Cilium before ${String(service.namespace)}/${String(service.name)} answers (failurePolicy Fail), and that Service needs the network that Cilium sets up: at a first boot both wait for each other.`,
          `Exclude the namespace ${namespace} by namespaceSelector (${NAME_LABEL} NotIn), set failurePolicy: Ignore, or install the webhook when Cilium runs.`,
        );
      }),
    );
}

/** Whether a webhook is called for the pods of Cilium; one with conditions in CEL may not be. */
function concernsPods(hook: JsonObject, namespace: JsonObject, pods: readonly JsonObject[]): boolean {
  const { rules, namespaceSelector, objectSelector, matchConditions } = hook;
  return (
    mapsOf(matchConditions).length === 0 &&
    mapsOf(rules).some(
      ({ apiGroups, operations, resources, scope }) =>
        holds(apiGroups, '') && holds(operations, 'CREATE') && holds(resources, 'pods', '*/*') && scope !== 'Cluster',
    ) &&
    selects(mapOf(namespaceSelector) as LabelSelector, namespace) &&
    pods.some((labels) => selects(mapOf(objectSelector) as LabelSelector, labels))
  );
}

function holds(list: unknown, ...names: readonly string[]): boolean {
  return Array.isArray(list) && list.some((one) => one === '*' || names.some((name) => name === one));
}

function labelsOfNamespace(objects: readonly PatchObject[], name: string): JsonObject {
  const found = objects.find(({ object: { kind, metadata } }) => kind === 'Namespace' && metadata.name === name);
  return found?.object.metadata.labels ?? {};
}

/** Whether the pods of a Service run on the network of nodes, which needs no CNI. */
function isOnHostNetwork({ name, namespace }: JsonObject, { services, pods }: PatchSubject): boolean {
  const service = services.find(
    ({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace,
  );
  const { selector } = mapOf(service?.object.spec);
  if (!isMap(selector)) return false;
  const own = pods.filter(
    ({ object }) =>
      object.metadata.namespace === namespace &&
      Object.entries(selector).every(([key, value]) => podLabelsOf(object)[key] === value),
  );
  return own.length > 0 && own.every(({ pod }) => pod.hostNetwork === true);
}
