import { DUAL_STACK, MULTIDOC, files, judges } from './harness';

test('a VIP is a part of the link up to 1.11, then a document that leaves the link alone; for control planes only', () => {
  const given = { vip: { ip: '192.168.0.5', link: 'eth0' } };
  const document = 'apiVersion: v1alpha1\nkind: Layer2VIPConfig\nname: 192.168.0.5\nlink: eth0\n';
  expect(files({ talosVersion: '1.11', ...given })).toEqual({
    controlplane: `machine:
  network:
    interfaces:
    - dhcp: true
      interface: eth0
      vip:
        ip: 192.168.0.5
`,
  });
  expect(files({ talosVersion: '1.12', ...given })).toEqual({ controlplane: document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...given })).toEqual({ controlplane: document });
  expect(files({ ...MULTIDOC, ...given })).toEqual({ controlplane: document });
});

test('a link that is selected by its properties gets an alias', () => {
  const given = {
    vip: { ip: '192.168.0.5', deviceSelector: { hardwareAddr: '00:11:22:33:44:55', driver: 'virtio*' } },
  };
  expect(files({ talosVersion: '1.11', ...given }).controlplane).toContain(
    '- deviceSelector:\n        driver: virtio*\n        hardwareAddr: "00:11:22:33:44:55"\n      dhcp: true\n',
  );
  expect(files({ talosVersion: '1.12', ...given })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: LinkAliasConfig
name: vip0
selector:
  match: glob("00:11:22:33:44:55", mac(link.hardware_addr)) && glob("virtio*", link.driver)
---
apiVersion: v1alpha1
kind: Layer2VIPConfig
name: 192.168.0.5
link: vip0
`,
  });
});

judges([
  ['a name as VIP', { vip: { ip: 'api.example.org', link: 'eth0' } }, 'error vip vip.ip'],
  ['a network as VIP', { vip: { ip: '10.0.0.0/24', link: 'eth0' } }, 'error vip vip.ip'],
  ['a loopback address as VIP', { vip: { ip: '127.0.0.1', link: 'eth0' } }, 'error vip vip.ip'],
  ['the unspecified address as VIP', { vip: { ip: '0.0.0.0', link: 'eth0' } }, 'error vip vip.ip'],
  ['a VIP in the pod subnet', { vip: { ip: '10.244.1.1', link: 'eth0' } }, 'error vip-in-subnet vip.ip'],
  [
    'a VIP in the service subnet',
    { ...DUAL_STACK, vip: { ip: 'fd00:20::5', link: 'eth0' } },
    'error vip-in-subnet vip.ip',
  ],
  ['a VIP without a link', { vip: { ip: '192.168.0.5' } }, 'error vip-link vip.link'],
  [
    'a link given in two ways',
    { vip: { ip: '192.168.0.5', link: 'eth0', deviceSelector: { driver: 'e1000' } } },
    'error vip-link vip.link',
  ],
  ['an invalid link name', { vip: { ip: '192.168.0.5', link: 'eth 0' } }, 'error vip-link vip.link'],
  ['a selector of every link', { vip: { ip: '192.168.0.5', deviceSelector: {} } }, 'error vip-link vip.deviceSelector'],
  [
    'a pattern that breaks out of its expression',
    { vip: { ip: '192.168.0.5', deviceSelector: { driver: 'a") || true' } } },
    'error vip-link vip.deviceSelector.driver',
  ],
  [
    'a pattern with other wildcards',
    { vip: { ip: '192.168.0.5', deviceSelector: { busPath: '0000:0[1-3]:00.?' } } },
    'error vip-link vip.deviceSelector.busPath',
  ],
  [
    'capital letters in a hardware address',
    { vip: { ip: '192.168.0.5', deviceSelector: { hardwareAddr: '00:1A:*' } } },
    'error vip-link vip.deviceSelector.hardwareAddr',
  ],
  ['a VIP on a link', { vip: { ip: '192.168.0.5', link: 'enp0s2.5' } }],
  [
    'a pattern with all valid characters',
    { vip: { ip: '192.168.0.5', deviceSelector: { busPath: 'usb-0000:00:14.0-4.*/a,b+c@1' } } },
  ],
  [
    'an IPv6 VIP',
    { ...DUAL_STACK, vip: { ip: 'fd00:5::5', deviceSelector: { busPath: '0000:06:00.0', driver: 'virtio*' } } },
  ],
]);
