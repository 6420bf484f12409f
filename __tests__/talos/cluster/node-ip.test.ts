import { DOCUMENTS_ONLY, DUAL_STACK, LEGACY, MULTIDOC, files, judges } from './harness';

const LAN = ['192.168.1.0/24', '!192.168.1.9'];

test('the networks replace those of the config', () => {
  expect(files({ ...LEGACY, nodeIP: { validSubnets: LAN } })).toEqual({
    all: [
      'machine:\n  kubelet:\n    nodeIP:\n      $patch: delete\n---\n',
      'machine:\n  kubelet:\n    nodeIP:\n      validSubnets:\n      - 192.168.1.0/24\n      - "!192.168.1.9"\n',
    ].join(''),
  });
  expect(files({ ...MULTIDOC, nodeIP: { validSubnets: LAN } })).toEqual({
    all: [
      'apiVersion: v1alpha1\nkind: KubeNodeConfig\n---\n',
      'apiVersion: v1alpha1\nkind: KubeNodeConfig\nnodeIP:\n  $patch: delete\n---\n',
      'apiVersion: v1alpha1\nkind: KubeNodeConfig\nnodeIP:\n  validSubnets:\n  - 192.168.1.0/24\n  - "!192.168.1.9"\n',
      DOCUMENTS_ONLY,
    ].join(''),
  });
});

test('the networks of a role replace those of all nodes', () => {
  const { worker } = files({
    ...LEGACY,
    nodeIP: { validSubnets: LAN },
    workers: { nodeIP: { validSubnets: ['10.0.0.0/8'] } },
  });
  expect(worker).toBe(
    [
      'machine:\n  kubelet:\n    nodeIP:\n      $patch: delete\n---\n',
      'machine:\n  kubelet:\n    nodeIP:\n      validSubnets:\n      - 10.0.0.0/8\n',
    ].join(''),
  );
  expect(files({ ...LEGACY, nodeIP: {} })).toEqual({});
});

const list = (...validSubnets: string[]): { readonly nodeIP: { readonly validSubnets: readonly string[] } } => ({
  nodeIP: { validSubnets },
});
const VIP = { vip: { ip: '192.168.1.5', link: 'eth0' } };

judges([
  ['the network of the nodes', list('192.168.1.0/24')],
  ['an address of a network, as homelabs write it', list('10.73.10.0/20')],
  ['one address', list('192.168.1.10')],
  ['a network that contains the virtual IP, which Talos excludes', { ...VIP, ...list('192.168.1.0/24') }],
  ['the virtual IP excluded again', { ...VIP, ...list('192.168.1.0/24', '!192.168.1.5') }],
  ['networks that contain those of pods and Services', list('10.0.0.0/8')],
  ['any IPv4 address', list('0.0.0.0/0')],
  ['both families', { ...DUAL_STACK, ...list('192.168.1.0/24', 'fd00:1::/64') }],
  ['a link', list('eth0'), 'error node-ip nodeIP.validSubnets[0]'],
  ['a prefix that is too long', list('10.0.0.0/33'), 'error node-ip nodeIP.validSubnets[0]'],
  ['an exclusion with a blank', list('10.0.0.0/8', '! 10.1.0.0/16'), 'error node-ip nodeIP.validSubnets[1]'],
  ['an empty list', list(), 'error node-ip nodeIP.validSubnets'],
  ['networks without their prop', { validSubnets: LAN }, 'error unknown-prop validSubnets'],
  ['only exclusions', list('!10.0.0.0/8'), 'error node-ip-excluded nodeIP.validSubnets'],
  ['nothing but the virtual IP', { ...VIP, ...list('192.168.1.5') }, 'error node-ip-excluded nodeIP.validSubnets[0]'],
  ['the virtual IP for workers, which do not have it', { ...VIP, workers: list('192.168.1.5/32') }],
  ['a network of pods', list('10.244.0.0/16'), 'error node-ip-excluded nodeIP.validSubnets[0]'],
  [
    'a network of Services for a role',
    { controlPlanes: list('10.96.4.0/24') },
    'error node-ip-excluded controlPlanes.nodeIP.validSubnets[0]',
  ],
  ['link-local addresses', list('169.254.0.0/16'), 'error node-ip-excluded nodeIP.validSubnets[0]'],
  ['a network that is excluded', list('10.0.0.0/8', '!10.0.0.0/7'), 'error node-ip-excluded nodeIP.validSubnets[0]'],
  [
    'a network of pods beside that of the nodes',
    list('192.168.1.0/24', '10.244.0.0/16'),
    'warning node-ip-excluded nodeIP.validSubnets[1]',
  ],
  [
    'an exclusion that comes first',
    list('!192.168.1.9', '192.168.1.0/24'),
    'warning node-ip-order nodeIP.validSubnets[0]',
  ],
  [
    'an exclusion of other addresses',
    list('192.168.1.0/24', '!10.0.0.0/8'),
    'warning node-ip-order nodeIP.validSubnets[1]',
  ],
  ['another family than that of Services', list('fd00:1::/64'), 'error node-ip-family nodeIP.validSubnets'],
  [
    'another family first',
    { ...DUAL_STACK, ...list('fd00:1::/64', '192.168.1.0/24') },
    'error node-ip-family nodeIP.validSubnets',
  ],
  ['one family of two', { ...DUAL_STACK, ...list('192.168.1.0/24') }, 'warning node-ip-family nodeIP.validSubnets'],
  [
    'another family for workers',
    { workers: list('fd00:1::/64') },
    'warning node-ip-family workers.nodeIP.validSubnets',
  ],
  [
    'another family for workers only, beside a list of control planes',
    { ...list('fd00:1::/64'), controlPlanes: list('192.168.1.0/24') },
    'warning node-ip-family nodeIP.validSubnets',
  ],
  [
    'a section that KubeletConfig excludes',
    { talosVersion: '1.14', sections: ['machine.nodeLabels'], ...list('192.168.1.0/24') },
    'error node-ip-section nodeIP.validSubnets',
  ],
  [
    'all sections of nodes',
    { talosVersion: '1.14', sections: ['machine.nodeLabels', 'machine.kubelet'], ...list('192.168.1.0/24') },
  ],
]);
