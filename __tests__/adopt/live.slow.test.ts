import { adoptManifests } from '../../lib/adopt/adopt';
import { renderCilium } from '../../lib/cilium/render';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Json } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';

// conformance/apiserver compares what `asApplied` takes off with a real server.

const KINDS = ['ConfigMap', 'DaemonSet', 'Deployment'];

/** Some kinds of a render as an API server returns them. */
function live(
  values: CiliumValues,
  change = (object: KubernetesObject): object => object,
): readonly KubernetesObject[] {
  const { objects } = renderCilium({ version: '1.19.6', values });
  const returned = objects.flatMap((object) => (KINDS.includes(object.kind) ? [asReturned(change(object))] : []));
  const pod = asReturned({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'cilium-x7v2p',
      namespace: 'kube-system',
      ownerReferences: [{ kind: 'DaemonSet', name: 'cilium' }],
    },
  });
  return [...returned, pod];
}

function asReturned(given: object): KubernetesObject {
  const object = structuredClone(given) as KubernetesObject & { spec?: Record<string, Json> };
  const marks = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', 'deployment.kubernetes.io/revision': '4' };
  const annotations = { ...object.metadata.annotations, ...marks };
  const metadata = { ...object.metadata, annotations, uid: 'f00d', resourceVersion: '12', generation: 3 };
  const template = object.spec?.template as unknown as { readonly spec: Record<string, Json> } | undefined;
  if (template === undefined) return { ...object, metadata };
  const defaults: Record<string, Json> = { restartPolicy: 'Always', schedulerName: 'default-scheduler' };
  const pod = { ...defaults, ...template.spec };
  const containers = (pod.containers as unknown as readonly Record<string, Json>[]).map((container) => ({
    terminationMessagePath: '/dev/termination-log',
    ...container,
  }));
  const spec = { revisionHistoryLimit: 10, ...object.spec, template: { ...template, spec: { ...pod, containers } } };
  return { ...object, metadata, spec, status: { observedGeneration: 3 } } as KubernetesObject;
}

const VALUES: CiliumValues = {
  kubeProxyReplacement: true,
  k8sServiceHost: 'localhost',
  k8sServicePort: 7445,
  hubble: { relay: { enabled: true } },
  // What is a default of the API server is a value of the chart.
  operator: { replicas: 1 },
};

it('finds the values of a live cluster, of which only some kinds are given', () => {
  expect(adoptManifests(live(VALUES))).toMatchObject({ values: VALUES, left: [], isEqual: true });
});

it('lists an edit of a live object without what the API server adds', () => {
  const objects = live({}, (object) =>
    object.kind === 'DaemonSet' && object.metadata.name === 'cilium'
      ? { ...object, spec: { ...(object.spec as object), minReadySeconds: 7 } }
      : object,
  );
  expect(adoptManifests(objects)).toMatchObject({
    values: {},
    left: [
      {
        kind: 'edited',
        object: 'apps/DaemonSet kube-system/cilium',
        patch: [{ op: 'add', path: '/spec/minReadySeconds', value: 7 }],
      },
    ],
    isEqual: false,
  });
});
