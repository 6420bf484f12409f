import { DOCUMENTS_ONLY, LEGACY, MULTIDOC, files, judges } from './harness';

test('"off" is a field, or deletes the document', () => {
  const off = { discovery: { enabled: false } };
  const elsewhere = { discovery: { registries: { service: { endpoint: 'https://discovery.example.org/' } } } };
  const document = 'apiVersion: v1alpha1\nkind: DiscoveryServiceConfig\nname: default\n';
  expect(files({ ...LEGACY, ...off })).toEqual({ all: 'cluster:\n  discovery:\n    enabled: false\n' });
  expect(files({ ...LEGACY, ...elsewhere })).toEqual({
    all: 'cluster:\n  discovery:\n    enabled: true\n    registries:\n      kubernetes:\n        disabled: true\n      service:\n        endpoint: https://discovery.example.org/\n',
  });
  expect(files({ ...MULTIDOC, ...off })).toEqual({
    all: `cluster:\n  discovery:\n    $patch: delete\n---\n${document}$patch: delete\n${DOCUMENTS_ONLY}`,
  });
  expect(files({ ...MULTIDOC, ...elsewhere })).toEqual({
    all: `${document}endpoint: https://discovery.example.org/\n`,
  });
  expect(files({ ...MULTIDOC, discovery: {} })).toEqual({ all: `${document}endpoint: https://discovery.talos.dev/\n` });
});

judges([
  [
    'an endpoint without a scheme',
    { discovery: { registries: { service: { endpoint: 'discovery.example.org' } } } },
    'error discovery-endpoint discovery.registries.service.endpoint',
  ],
  [
    'a scheme in capitals',
    { discovery: { registries: { service: { endpoint: 'HTTPS://a.example/' } } } },
    'error discovery-endpoint discovery.registries.service.endpoint',
  ],
  [
    'an endpoint with a path',
    { discovery: { registries: { service: { endpoint: 'https://a.example/b' } } } },
    'error discovery-endpoint discovery.registries.service.endpoint',
  ],
  [
    'both registries off',
    { discovery: { registries: { service: { disabled: true } } } },
    'error discovery discovery.enabled',
  ],
  [
    'the Kubernetes registry alone, from 1.32 on',
    { discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } } },
    'error discovery discovery.registries.kubernetes.disabled',
  ],
  [
    'the Kubernetes registry in documents',
    { talosVersion: '1.14', discovery: { registries: { kubernetes: { disabled: false } } } },
    'error discovery discovery.registries.kubernetes.disabled',
  ],
  [
    'an endpoint of a service that is off',
    { discovery: { enabled: false, registries: { service: { endpoint: 'https://a.example' } } } },
    'error discovery discovery.registries.service',
  ],
  [
    'both registries on, from 1.32 on',
    { discovery: { registries: { kubernetes: { disabled: false } } } },
    'warning discovery discovery.registries.kubernetes.disabled',
  ],
  ['discovery off', { discovery: { enabled: false }, kubeSpan: { enabled: false } }],
  [
    'the Kubernetes registry before 1.32',
    {
      kubernetesVersion: '1.31',
      discovery: { registries: { service: { disabled: true }, kubernetes: { disabled: false } } },
    },
  ],
  [
    'the Kubernetes registry off in documents',
    { talosVersion: '1.14', discovery: { registries: { kubernetes: { disabled: true } } } },
  ],
]);
