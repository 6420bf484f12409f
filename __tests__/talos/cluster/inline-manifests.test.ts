import type { KubernetesObject } from '../../../lib/kubernetes/types';
import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files } from './harness';

/** Another CNI has URLs or arguments, which go first. */
const NO_CNI = 'cluster:\n  network:\n    cni:\n      $patch: delete\n---\n';

const config: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'kube-system' },
  data: { b: 'c\nd\n' },
};

const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'a' },
  rules: [],
};

test('a manifest is a list item, or a document', () => {
  const patch = { manifests: [{ name: '10-a', objects: [config, role] }] };
  expect(files(LEGACY, patch)).toEqual({
    controlplane: `cluster:
  inlineManifests:
  - name: 10-a
    contents: |
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
        namespace: kube-system
      data:
        b: |
          c
          d
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata:
        name: a
      rules: []
`,
  });
  expect(files(MULTIDOC, { manifests: [{ name: '10-a', objects: [role] }] })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeInlineManifestConfig
name: 10-a
manifest: |
  apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata:
    name: a
  rules: []
${DOCUMENTS_ONLY}`,
  });
});

test('replace empties the list first; documents need nothing', () => {
  const patch = { manifests: [{ name: '10-a', objects: [role] }], cilium: { kubeProxyReplacement: false } };
  const { controlplane = '' } = files(LEGACY, { ...patch, replace: true });
  expect(controlplane.split('---\n')[0]).toBe(
    'cluster:\n  inlineManifests:\n    $patch: delete\n  network:\n    cni:\n      $patch: delete\n',
  );
  expect(NO_CNI + controlplane.slice(controlplane.indexOf('---\n') + 4)).toBe(files(LEGACY, patch).controlplane);
  expect(files(MULTIDOC, { ...patch, replace: true })).toEqual(files(MULTIDOC, patch));
});
