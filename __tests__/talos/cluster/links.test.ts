import { LEGACY, files, judges } from './harness';

test('links change no patch', () => {
  expect(files({ ...LEGACY, links: ['bond0'], workers: { links: ['eth0'] } })).toEqual({});
});

const VIP = { ip: '192.168.1.5', link: 'bond0' };

judges([
  ['links of all nodes and of a role', { links: ['bond0', 'bond0.10', 'br-lan'], workers: { links: ['enp3s0f1np1'] } }],
  ['a pattern', { links: ['eth+'] }, 'error link links[0]'],
  ['a regular expression', { workers: { links: ['^eth[0-9]$'] } }, 'error link workers.links[0]'],
  ['a name that is too long', { links: ['eth0', 'a-very-long-name'] }, 'error link links[1]'],
  ['a name with a blank', { links: ['eth0 eth1'] }, 'error link links[0]'],
  ['empty text', { links: [''] }, 'error link links[0]'],
  ['an empty list', { links: [] }, 'error link links'],
  ['the virtual IP on a link of control planes', { links: ['eth0'], controlPlanes: { links: ['bond0'] }, vip: VIP }],
  [
    'the virtual IP on a link of workers',
    { links: ['bond0'], controlPlanes: { links: ['eth0'] }, vip: VIP },
    'warning vip-unknown-link vip.link',
  ],
  ['the virtual IP where links are unknown', { workers: { links: ['eth0'] }, vip: VIP }],
]);
