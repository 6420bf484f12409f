import { LEGACY, MULTIDOC, files, judges } from './harness';

test('masks are an argument of the controller manager, or in the document with the subnets', () => {
  const given = { podSubnets: ['10.10.0.0/16'], nodeCIDRMaskSizeIPv4: 25 };
  expect(files({ ...LEGACY, ...given })).toEqual({
    all: 'cluster:\n  network:\n    podSubnets:\n    - 10.10.0.0/16\n',
    controlplane: 'cluster:\n  controllerManager:\n    extraArgs:\n      node-cidr-mask-size-ipv4: "25"\n',
  });
  expect(files({ ...MULTIDOC, ...given })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeNetworkConfig\nnodeCIDRMaskSizeIPv4: 25\npodSubnets:\n- 10.10.0.0/16\n',
  });
});

judges([
  [
    'a pod subnet of one node that is too small',
    { podSubnets: ['10.244.0.0/29'], nodeCIDRMaskSizeIPv4: 29 },
    'error subnet-size podSubnets[0]',
    'warning one-node nodeCIDRMaskSizeIPv4',
  ],
  [
    'a pod subnet smaller than the share of a node',
    { podSubnets: ['10.0.0.0/25'] },
    'error node-mask nodeCIDRMaskSizeIPv4',
  ],
  [
    'a pod subnet with too many shares',
    { podSubnets: ['10.0.0.0/7'] },
    'error node-mask nodeCIDRMaskSizeIPv4',
    'warning subnet-overlap podSubnets[0]',
  ],
  ['an invalid prefix length', { nodeCIDRMaskSizeIPv4: 33 }, 'error node-mask nodeCIDRMaskSizeIPv4'],
  ['a mask for a family without subnet', { nodeCIDRMaskSizeIPv6: 64 }, 'error node-mask nodeCIDRMaskSizeIPv6'],
]);
