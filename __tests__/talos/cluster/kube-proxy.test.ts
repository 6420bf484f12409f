import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files } from './harness';

/** Another CNI has URLs or arguments, which go first. */
const NO_CNI = 'cluster:\n  network:\n    cni:\n      $patch: delete\n---\n';

test('kube-proxy is disabled when Cilium replaces it', () => {
  const patch = { cilium: { kubeProxyReplacement: true } };
  expect(files(LEGACY, patch)).toEqual({
    controlplane: `${NO_CNI}cluster:
  network:
    cni:
      name: none
  proxy:
    disabled: true
`,
  });
  expect(files(MULTIDOC, patch)).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeFlannelCNIConfig
$patch: delete
---
apiVersion: v1alpha1
kind: KubeProxyConfig
enabled: false
${DOCUMENTS_ONLY}`,
  });
});
