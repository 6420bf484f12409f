import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files } from './harness';

const external = [{ name: '50-b', url: 'https://example.org/b.yaml', headers: { Accept: 'text/yaml' } }];

test('manifests are URLs with common headers, or documents', () => {
  expect(files(LEGACY, { externalManifests: external, replace: true })).toEqual({
    controlplane: `cluster:
  extraManifestHeaders:
    $patch: delete
  extraManifests:
    $patch: delete
---
cluster:
  extraManifestHeaders:
    Accept: text/yaml
  extraManifests:
  - https://example.org/b.yaml
`,
  });
  expect(files(MULTIDOC, { externalManifests: external, replace: true })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeExternalManifestConfig
name: 50-b
headers:
  Accept: text/yaml
url: https://example.org/b.yaml
${DOCUMENTS_ONLY}`,
  });
});
