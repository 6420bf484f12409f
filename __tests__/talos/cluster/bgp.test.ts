import { parseAllDocuments } from 'yaml';
import type { TalosBgpProps } from '../../../lib/talos/cluster/bgp-props';
import { files, judges, MULTIDOC } from './harness';

const FABRIC = {
  localASN: 65001,
  advertise: ['lo'],
  neighbors: [{ link: 'enp1s0', peerASN: 65000, bfd: {} }],
} as const;

const WORKLOAD = {
  localASN: 4200000002,
  peerASN: 4200000003,
  network: 'fda1:b2c3:d4e5:1::/127',
  prefixes: ['203.0.113.0/24', '10.244.0.0/16'],
  routerID: '10.0.0.10',
} as const;

const bgp: TalosBgpProps = { fabric: FABRIC, workload: WORKLOAD };
const talosVersion = '1.14';

const API = { apiVersion: 'v1alpha1' } as const;
const INSTANCE = { ...API, kind: 'BGPInstanceConfig' } as const;
const DOCUMENTS = [
  {
    ...API,
    kind: 'VethConfig',
    name: 'veth-workload',
    addresses: [{ address: 'fda1:b2c3:d4e5:1::/127' }],
    peer: { name: 'veth-router', addresses: [{ address: 'fda1:b2c3:d4e5:1::1/127' }] },
  },
  { ...API, kind: 'VRFConfig', name: 'vrf-workload', links: ['veth-router'], table: '88' },
  {
    ...INSTANCE,
    name: 'workload',
    vrf: 'vrf-workload',
    localASN: 4200000002,
    routerID: '10.0.0.10',
    installRoutes: false,
    neighbors: [{ address: 'fda1:b2c3:d4e5:1::', peerASN: 4200000003, passive: true }],
  },
  {
    ...INSTANCE,
    name: 'fabric',
    localASN: 65001,
    advertise: ['lo'],
    importRoutes: [{ bgpInstance: 'workload', prefixes: ['203.0.113.0/24', '10.244.0.0/16'] }],
    neighbors: [{ link: 'enp1s0', peerASN: 65000, bfd: {} }],
  },
];

/** The documents of a file, without those that empty lists before they are set. */
const documentsOf = (file = ''): readonly unknown[] => {
  const all = parseAllDocuments(file).map((one) => one.toJS() as { readonly kind: string; readonly name: string });
  return all.filter(({ kind, name }, i) => !all.slice(i + 1).some((one) => one.kind === kind && one.name === name));
};

test('the documents are those of the page of Talos about Cilium', () => {
  const { all, ...others } = files({ ...MULTIDOC, bgp });
  expect(others).toEqual({});
  expect(documentsOf(all)).toEqual(DOCUMENTS);
});

test('a role has its own, or that of all nodes', () => {
  const own = { fabric: { ...FABRIC, localASN: 65002 } };
  const { all, controlplane = '', worker = '' } = files({ ...MULTIDOC, bgp, controlPlanes: { bgp: own } });
  expect(all).toBeUndefined();
  expect(controlplane).toContain('localASN: 65002');
  expect(controlplane).not.toContain('VethConfig');
  expect(documentsOf(worker)).toEqual(DOCUMENTS);
  expect(Object.keys(files({ ...MULTIDOC, workers: { bgp } }))).toEqual(['worker']);
});

test('what Talos leaves out of a config is not written', () => {
  const { all = '' } = files({
    ...MULTIDOC,
    bgp: { fabric: { ...FABRIC, maxPaths: 0, neighbors: [{ address: '192.0.2.1', passive: false }] } },
  });
  expect(all).not.toMatch(/maxPaths|passive|importRoutes/);
});

const withFabric = (fabric: object): object => ({ talosVersion, bgp: { fabric: { ...FABRIC, ...fabric } } });
const withWorkload = (workload: object): object => ({
  talosVersion,
  bgp: { fabric: FABRIC, workload: { ...WORKLOAD, ...workload } },
});
const at = 'bgp.fabric';

judges([
  ['the example', { talosVersion, bgp }],
  ['without Cilium', withFabric({})],
  ['of a role', { talosVersion, workers: { bgp } }],
  ['Talos 1.13', { bgp }, 'error bgp-version bgp'],
  ['Talos 1.13 of a role', { workers: { bgp } }, 'error bgp-version workers.bgp'],
  ['no number', withFabric({ localASN: undefined }), `error missing ${at}.localASN`],
  ['a number that is too large', withFabric({ localASN: 4294967296 }), `error type ${at}.localASN`],
  ['imports of its own', withFabric({ importRoutes: [] }), `error unknown-prop ${at}.importRoutes`],
  ['a router ID that is a name', withFabric({ routerID: 'node' }), `error bgp-address ${at}.routerID`],
  ['a router ID of zeros', withWorkload({ routerID: '0.0.0.0' }), 'error bgp-address bgp.workload.routerID'],
  ['one router ID for all', withFabric({ routerID: '10.0.0.10' }), `warning bgp-same-address ${at}.routerID`],
  ['one router ID for one node', { ...withFabric({ routerID: '10.0.0.10' }), nodes: { controlPlanes: 1, workers: 0 } }],
  ['one source for all', withFabric({ routeSource: '10.0.0.10' }), `warning bgp-same-address ${at}.routeSource`],
  ['no router ID', withFabric({ advertise: [] }), `error bgp-router-id ${at}.routerID`],
  ['no router ID for Cilium', withWorkload({ routerID: undefined }), 'error bgp-router-id bgp.workload.routerID'],
  ['the router ID of an IPv4 address', withWorkload({ routerID: undefined, network: '169.254.179.0/31' })],
  ['a neighbor with neither', withFabric({ neighbors: [{}] }), `error bgp-neighbor ${at}.neighbors[0].address`],
  [
    'a neighbor in two spellings',
    withFabric({ neighbors: [{ address: 'fd00::1' }, { address: 'FD00:0::1' }] }),
    `error bgp-neighbor ${at}.neighbors[1]`,
  ],
  [
    'a neighbor by its network',
    withFabric({ neighbors: [{ address: '192.0.2.1/24' }] }),
    `error bgp-address ${at}.neighbors[0].address`,
  ],
  ['no neighbors', withFabric({ neighbors: [] }), `warning bgp-no-neighbors ${at}.neighbors`],
  ...['1s', '2s', '2900ms', '-9s', '9'].map(
    (holdTime) =>
      [`the hold time ${holdTime}`, withWorkload({ holdTime }), 'error bgp-hold-time bgp.workload.holdTime'] as const,
  ),
  ...['500ms', '20h'].map(
    (holdTime) =>
      [
        `the hold time ${holdTime}`,
        withWorkload({ holdTime }),
        'warning bgp-hold-time-lost bgp.workload.holdTime',
      ] as const,
  ),
  ['the hold time 1m30s', withWorkload({ holdTime: '1m30s' })],
  ['the hold time 3500ms', withWorkload({ holdTime: '3500ms' })],
  ['the hold time of the implementation', withWorkload({ holdTime: '0s' })],
  [
    'an interval without unit',
    withFabric({ neighbors: [{ link: 'eth0', bfd: { receiveInterval: '300' } }] }),
    `error bgp-bfd ${at}.neighbors[0].bfd.receiveInterval`,
  ],
  ['two links of one name', withWorkload({ vrf: 'veth-router' }), 'error bgp-name bgp.workload.vrf'],
  ['a link of 16 bytes', withWorkload({ link: 'veth-of-workload' }), 'error bgp-name bgp.workload.link'],
  ['two instances of one name', withWorkload({ name: 'fabric' }), 'error bgp-name bgp.workload.name'],
  ['the main table', withWorkload({ table: 254 }), 'error bgp-name bgp.workload.table'],
  ['no prefixes', withWorkload({ prefixes: [] }), 'error bgp-prefix bgp.workload.prefixes'],
  ['a prefix with host bits', withWorkload({ prefixes: ['10.0.0.1/8'] }), 'error bgp-prefix bgp.workload.prefixes[0]'],
  [
    'prefixes that overlap',
    withWorkload({ prefixes: ['10.0.0.0/8', '10.244.0.0/16'] }),
    'error bgp-prefix bgp.workload.prefixes[1]',
  ],
  ['an address as prefix', withWorkload({ prefixes: ['10.0.0.1'] }), 'error bgp-prefix bgp.workload.prefixes[0]'],
  ['four addresses', withWorkload({ network: '169.254.179.0/30' }), 'error bgp-network bgp.workload.network'],
  ['an odd pair', withWorkload({ network: '169.254.179.1/31' }), 'error bgp-network bgp.workload.network'],
  ["the host DNS' pair", withWorkload({ network: '169.254.116.108/31' }), 'error bgp-network bgp.workload.network'],
  ['a pair of pods', withWorkload({ network: '10.244.9.0/31' }), 'error bgp-network bgp.workload.network'],
  ['link-local IPv6', withWorkload({ network: 'fe80::/127' }), 'error bgp-network bgp.workload.network'],
  [
    "addresses of the nodes' family",
    withWorkload({ network: '192.168.99.0/31' }),
    'warning bgp-node-address bgp.workload.network',
  ],
  [
    "addresses of the nodes' family, of which the kubelet takes others",
    { ...withWorkload({ network: '192.168.99.0/31' }), nodeIP: { validSubnets: ['192.168.1.0/24'] } },
  ],
  ["Cilium with the router's number", withWorkload({ peerASN: 65000 }), 'error bgp-as-loop bgp.workload.peerASN'],
  ['Talos that connects too', withWorkload({ passive: false }), 'warning bgp-active bgp.workload.passive'],
  ['Cilium with the number of Talos', withWorkload({ peerASN: 4200000002 })],
]);
