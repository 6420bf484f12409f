import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files } from './harness';

/** Another CNI has URLs or arguments, which go first. */
const NO_CNI = 'cluster:\n  network:\n    cni:\n      $patch: delete\n---\n';

test('Talos installs no CNI beside Cilium', () => {
  const patch = { cilium: { kubeProxyReplacement: false } };
  expect(files(LEGACY, patch)).toEqual({ controlplane: `${NO_CNI}cluster:\n  network:\n    cni:\n      name: none\n` });
  expect(files(MULTIDOC, patch)).toEqual({
    controlplane: `apiVersion: v1alpha1\nkind: KubeFlannelCNIConfig\n$patch: delete\n${DOCUMENTS_ONLY}`,
  });
});
