import { LEGACY, MULTIDOC, files, judges } from './harness';

test('subnets are in the section of the network, or in its document', () => {
  const given = { podSubnets: ['10.10.0.0/16'], serviceSubnets: ['10.20.0.0/16'] };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'cluster:\n  network:\n    podSubnets:\n    - 10.10.0.0/16\n    serviceSubnets:\n    - 10.20.0.0/16\n',
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: `apiVersion: v1alpha1
kind: KubeNetworkConfig
podSubnets:
- 10.10.0.0/16
serviceSubnets:
- 10.20.0.0/16
`,
  });
});

judges([
  ['link-local pod addresses', { podSubnets: ['169.254.0.0/17'] }, 'error subnet-special podSubnets[0]'],
  ['loopback service addresses', { serviceSubnets: ['127.1.0.0/16'] }, 'error subnet-special serviceSubnets[0]'],
  ['services without a tenth address', { serviceSubnets: ['10.96.0.0/29'] }, 'error subnet-size serviceSubnets[0]'],
  ['a pod subnet without prefix', { podSubnets: ['10.0.0.0'] }, 'error subnet podSubnets[0]'],
  ['a pod subnet with host bits', { podSubnets: ['10.0.0.1/16'] }, 'error subnet podSubnets[0]'],
  [
    'an empty list of pod subnets',
    { podSubnets: [] },
    'error subnet-count podSubnets',
    'error subnet-families podSubnets',
  ],
  [
    'two subnets of a family',
    { podSubnets: ['10.0.0.0/16', '10.1.0.0/16'] },
    'error subnet-count podSubnets',
    'warning subnet-families podSubnets',
  ],
  ['pods of another family than services', { podSubnets: ['fd00::/56'] }, 'error subnet-families podSubnets'],
  [
    'pods of two families and services of one',
    { podSubnets: ['10.0.0.0/16', 'fd00::/56'], nodeCIDRMaskSizeIPv6: 72 },
    'warning subnet-families podSubnets',
  ],
  [
    'that in a document, which Talos refuses',
    { talosVersion: '1.14', generatedBy: '1.14', podSubnets: ['10.0.0.0/16', 'fd00::/56'], nodeCIDRMaskSizeIPv6: 72 },
    'error subnet-families podSubnets',
  ],
  ['services inside the pod subnet', { podSubnets: ['10.0.0.0/8'] }, 'warning subnet-overlap podSubnets[0]'],
  ['pods and services in one network', { podSubnets: ['10.96.0.0/16'] }, 'error subnet-overlap podSubnets[0]'],
  [
    'a service subnet that is too large',
    { serviceSubnets: ['172.0.0.0/11'] },
    'error service-subnet-size serviceSubnets[0]',
  ],
  ['pods in reserved addresses that work', { podSubnets: ['240.0.0.0/12'] }],
  [
    'two families',
    {
      podSubnets: ['fd00:10::/56', '10.0.0.0/16'],
      serviceSubnets: ['10.200.0.0/16', 'fd00:20::/108'],
      nodeCIDRMaskSizeIPv6: 72,
    },
  ],
]);
