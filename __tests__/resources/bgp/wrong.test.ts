import { App, Chart } from 'cdk8s';
import {
  BgpAdvertisement,
  BgpClusterConfig,
  BgpNodeConfigOverride,
  BgpPeerConfig,
} from '../../../lib/resources/bgp/constructs';
import type { CustomResource } from '../../../lib/resource/construct';
import { itFinds } from '../../wrong';
import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import { talosValues } from '../../../lib/cilium/talos-values';
import type { ResourceProps } from '../../../lib/resource/kind';
import { ciliumWith, released } from '../../../upstream/rules/released';

/** BGP resources as people write them by mistake, with the rule and the path of the finding. */

const talos = new TalosCluster({ talosVersion: '1.13' });
const on = (values: object = {}): object => {
  const whole = { ...talosValues(talos), bgpControlPlane: { enabled: true }, ...values };
  return { cilium: ciliumWith('1.18.4', { talos, values: whole }) };
};
const chart = (): Chart => new Chart(new App(), 'c');
const KINDS = {
  advertisement: BgpAdvertisement,
  peer: BgpPeerConfig,
  cluster: BgpClusterConfig,
  'node-override': BgpNodeConfigOverride,
} as const;
type Kind = keyof typeof KINDS;

function made(kind: Kind, props: object): CustomResource<ResourceProps> {
  const release = 'cilium' in props ? {} : { cilium: released('1.19.6') };
  return new KINDS[kind](chart(), 'it', { ...release, ...props } as never);
}

const lb = { addresses: ['LoadBalancerIP'] };
const tor = { name: 'tor', peerASN: 65000, peerAddress: '10.0.0.1', peerConfigRef: { name: 'rack' } };
const v4 = { afi: 'ipv4', safi: 'unicast', advertisements: { matchLabels: { advertise: 'bgp' } } };
const advertising = (...advertisements: readonly object[]): object => ({ advertisements });
const instance = (change: object): object => ({
  bgpInstances: [{ name: 'rack', localASN: 65010, peers: [tor], ...change }],
});
const peering = (change: object): object => instance({ peers: [{ ...tor, ...change }] });
const peer = (change: object): object => ({ families: [v4], ...change });
const node = (change: object): object => ({ bgpInstances: [{ name: 'rack', ...change }] });

describe.each<[kind: Kind, rows: readonly (readonly [rule: string, paths: string, props: object])[]]>([
  [
    'advertisement',
    [
      ['selects-nothing', 'advertisements[0].selector', advertising({ advertisementType: 'Service', service: lb })],
      ['selects-nothing', 'advertisements[0].selector', advertising({ advertisementType: 'CiliumPodIPPool' })],
      ['nothing', 'advertisements', advertising()],
      ['required', 'advertisements', {}],
      ['word', 'advertisements[0].advertisementType', advertising({ advertisementType: 'PodCidr' })],
      ['word', 'advertisements[0].advertisementType', advertising({ advertisementType: 'LoadBalancerIP' })],
      ['missing-field', 'advertisements[0].service', advertising({ advertisementType: 'Service', selector: 'all' })],
      ['missing-field', 'advertisements[0].interface', advertising({ advertisementType: 'Interface' })],
      [
        'word',
        'advertisements[0].advertisementType',
        { ...advertising({ advertisementType: 'Interface' }), cilium: released('1.18.4') },
      ],
      ['foreign-field', 'advertisements[0].selector', advertising({ advertisementType: 'PodCIDR', selector: {} })],
      ['foreign-field', 'advertisements[0].selector', advertising({ advertisementType: 'PodCIDR', selector: 'all' })],
      ['foreign-field', 'advertisements[0].service', advertising({ advertisementType: 'PodCIDR', service: lb })],
      [
        'word',
        'advertisements[0].service.addresses[0]',
        advertising({ advertisementType: 'Service', service: { addresses: ['LoadBalancer'] }, selector: 'all' }),
      ],
      [
        'size',
        'advertisements[0].service.addresses',
        advertising({ advertisementType: 'Service', service: { addresses: [] }, selector: 'all' }),
      ],
      ['unknown-field', 'serviceSelector', { ...advertising({ advertisementType: 'PodCIDR' }), serviceSelector: {} }],
      [
        'unknown-field',
        'advertisements[0].serviceSelector',
        advertising({ advertisementType: 'PodCIDR', serviceSelector: {} }),
      ],
      [
        'type',
        'advertisements[0].selector',
        advertising({ advertisementType: 'Service', service: lb, selector: 'any' }),
      ],
      [
        'text',
        'advertisements[0].attributes.communities.standard[0]',
        advertising({ advertisementType: 'PodCIDR', attributes: { communities: { standard: ['65000:99999'] } } }),
      ],
      ['namespace', 'namespace', { ...advertising({ advertisementType: 'PodCIDR' }), namespace: 'kube-system' }],
      [
        'control-plane-off',
        'cilium.bgpControlPlane.enabled',
        { ...advertising({ advertisementType: 'PodCIDR' }), ...on({ bgpControlPlane: {} }) },
      ],
      [
        'ipam-mode',
        'advertisements[0].advertisementType',
        { ...advertising({ advertisementType: 'CiliumPodIPPool', selector: 'all' }), ...on() },
      ],
      [
        'cluster-ip',
        'advertisements[0].service.addresses',
        {
          ...advertising({ advertisementType: 'Service', service: { addresses: ['ClusterIP'] }, selector: 'all' }),
          ...on(),
        },
      ],
    ],
  ],
  [
    'peer',
    [
      ['timers', 'timers.keepAliveTimeSeconds', peer({ timers: { holdTimeSeconds: 9 } })],
      ['timers', 'timers.keepAliveTimeSeconds', peer({ timers: { keepAliveTimeSeconds: 120 } })],
      ['slow-keep-alive', 'timers.keepAliveTimeSeconds', peer({ timers: { keepAliveTimeSeconds: 45 } })],
      ['range', 'timers.holdTimeSeconds', peer({ timers: { holdTimeSeconds: 0, keepAliveTimeSeconds: 1 } })],
      ['range', 'timers.holdTimeSeconds', peer({ timers: { holdTimeSeconds: 2, keepAliveTimeSeconds: 1 } })],
      ['range', 'ebgpMultihop', peer({ ebgpMultihop: 256 })],
      ['range', 'ebgpMultihop', peer({ ebgpMultihop: 0 })],
      ['announces-nothing', 'families', {}],
      ['announces-nothing', 'families', { families: [{ afi: 'ipv4', safi: 'unicast' }] }],
      ['family', 'families[0]', { families: [{ ...v4, safi: 'evpn' }] }],
      ['family', 'families[0]', { families: [{ ...v4, afi: 'l2vpn', safi: 'evpn' }] }],
      ['word', 'families[0].afi', { families: [{ ...v4, afi: 'IPv4' }] }],
      ['family-twice', 'families[1]', { families: [v4, v4] }],
      ['family-off', 'families[0]', { families: [{ ...v4, afi: 'ipv6' }], ...on() }],
      [
        'unknown-field',
        'families[0].advertisement',
        { families: [{ afi: 'ipv4', safi: 'unicast', advertisement: 'services' }] },
      ],
      [
        'selector',
        'families[0].advertisements.matchExpressions[0].values',
        { families: [{ ...v4, advertisements: { matchExpressions: [{ key: 'a', operator: 'In' }] } }] },
      ],
      [
        'reference',
        'families[0].advertisements[0]',
        { families: [{ ...v4, advertisements: [{ matchLabels: { a: 'b' } }] }] },
      ],
      [
        'unknown-advertisement',
        'families[0].advertisements[0]',
        { families: [{ ...v4, advertisements: ['services'] }] },
      ],
      ['required', 'gracefulRestart.enabled', peer({ gracefulRestart: { restartTimeSeconds: 60 } })],
      ['type', 'gracefulRestart', peer({ gracefulRestart: true })],
      [
        'range',
        'gracefulRestart.restartTimeSeconds',
        peer({ gracefulRestart: { enabled: true, restartTimeSeconds: 5000 } }),
      ],
      ['unknown-field', 'transport.localPort', peer({ transport: { localPort: 179 } })],
      ['unknown-field', 'password', peer({ password: 'hidden' })],
      ['unknown-field', 'ebgpMultihopTTL', peer({ ebgpMultihopTTL: 4 })],
      [
        'unknown-field',
        'transport.sourceInterface',
        peer({ transport: { sourceInterface: 'lo' }, cilium: released('1.18.4') }),
      ],
      ['secret-name', 'authSecretRef', peer({ authSecretRef: 'kube-system/bgp-password' })],
      ['secret-namespace', 'authSecretRef', peer({ authSecretRef: { name: 'bgp', namespace: 'bgp' }, ...on() })],
      [
        'secret-namespace',
        'authSecretRef',
        peer({ authSecretRef: 'bgp', ...on({ bgpControlPlane: { enabled: true, secretsNamespace: { name: '' } } }) }),
      ],
    ],
  ],
  [
    'cluster',
    [
      ['no-asn', 'bgpInstances[0].localASN', instance({ localASN: undefined })],
      ['range', 'bgpInstances[0].localASN', instance({ localASN: 0 })],
      ['range', 'bgpInstances[0].localASN', instance({ localASN: 4294967296 })],
      ['type', 'bgpInstances[0].localASN', instance({ localASN: '65010' })],
      ['reserved-asn', 'bgpInstances[0].localASN', instance({ localASN: 23456 })],
      ['reserved-asn', 'bgpInstances[0].peers[0].peerASN', peering({ peerASN: 4294967295 })],
      ['text', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: '10.0.0.1/32' })],
      ['text', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: 'tor.example.com' })],
      ['text', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: '10.0.0.256' })],
      ['peer-address', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: '10.0.0.1 ' })],
      ['peer-address', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: '0.0.0.0' })],
      ['peer-address', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: '224.0.0.5' })],
      ['link-local', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: 'fe80::1' })],
      ['no-address', 'bgpInstances[0].peers[0].peerAddress', peering({ peerAddress: undefined })],
      [
        'discovery',
        'bgpInstances[0].peers[0].autoDiscovery.defaultGateway',
        peering({ peerAddress: undefined, autoDiscovery: { mode: 'DefaultGateway' } }),
      ],
      [
        'two-addresses',
        'bgpInstances[0].peers[0].autoDiscovery',
        peering({ autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } } }),
      ],
      ['address-twice', 'bgpInstances[0].peers[1].peerAddress', instance({ peers: [tor, { ...tor, name: 'tor-2' }] })],
      [
        'address-twice',
        'bgpInstances[0].peers[1].peerAddress',
        instance({
          peers: ['fd00::1', 'FD00:0::1'].map((peerAddress) => ({ ...tor, name: peerAddress, peerAddress })),
        }),
      ],
      [
        'address-twice',
        'bgpInstances[0].peers[1].autoDiscovery',
        instance({
          peers: ['a', 'b'].map((name) => ({
            name,
            peerConfigRef: 'rack',
            autoDiscovery: { mode: 'DefaultGateway', defaultGateway: { addressFamily: 'ipv4' } },
          })),
        }),
      ],
      ['duplicate', 'bgpInstances[0].peers[0]', instance({ peers: [tor, { ...tor, peerAddress: '10.0.0.2' }] })],
      [
        'duplicate',
        'bgpInstances[0]',
        {
          bgpInstances: [
            { name: 'rack', localASN: 1 },
            { name: 'rack', localASN: 2 },
          ],
        },
      ],
      ['no-peers', 'bgpInstances[0].peers', instance({ peers: [] })],
      ['size', 'bgpInstances', { bgpInstances: [] }],
      ['no-peer-config', 'bgpInstances[0].peers[0].peerConfigRef', peering({ peerConfigRef: undefined })],
      ['unknown-field', 'bgpInstances[0].peers[0].peerConfig', peering({ peerConfig: 'rack' })],
      ['unknown-field', 'virtualRouters', { ...instance({}), virtualRouters: [] }],
      [
        'port-twice',
        'bgpInstances[1].localPort',
        { bgpInstances: ['a', 'b'].map((name) => ({ name, localASN: 65010, localPort: 1790, peers: [tor] })) },
      ],
      ['listen', 'bgpInstances[0].localPort', { ...instance({ localPort: 179 }), ...on() }],
      ['cluster-range', 'bgpInstances[0].peers[0].peerAddress', { ...peering({ peerAddress: '10.96.0.10' }), ...on() }],
      [
        'selector',
        'nodeSelector.matchLabels',
        { ...instance({}), nodeSelector: { matchLabels: { 'node role': 'a' } } },
      ],
      ['unknown-field', 'nodeSelector.rack', { ...instance({}), nodeSelector: { rack: 'one' } }],
      [
        'control-plane-off',
        'cilium.bgpControlPlane.enabled',
        { ...instance({}), ...on({ bgpControlPlane: { enabled: false } }) },
      ],
    ],
  ],
  [
    'node-override',
    [
      ['text', 'bgpInstances[0].routerID', node({ routerID: '10.255.0' })],
      ['text', 'bgpInstances[0].routerID', node({ routerID: 'fd00::1' })],
      ['router-id', 'bgpInstances[0].routerID', node({ routerID: '0.0.0.0' })],
      [
        'router-id-twice',
        'bgpInstances[1].routerID',
        { bgpInstances: ['a', 'b'].map((name) => ({ name, routerID: '10.255.0.1' })) },
      ],
      ['port', 'bgpInstances[0].localPort', node({ localPort: 0 })],
      ['peer-port', 'bgpInstances[0].peers[0].localPort', node({ peers: [{ name: 'tor', localPort: 179 }] })],
      [
        'local-address',
        'bgpInstances[0].peers[0].localAddress',
        node({ peers: [{ name: 'tor', localAddress: ' 10.0.0.11' }] }),
      ],
      ['reserved-asn', 'bgpInstances[0].localASN', node({ localASN: 65535 })],
      ['listen', 'bgpInstances[0].localPort', { ...node({ localPort: 179 }), ...on() }],
      ['unknown-field', 'nodeName', { ...node({}), nodeName: 'worker-1' }],
      ['unknown-field', 'nodeSelector', { ...node({}), nodeSelector: { matchLabels: { rack: 'one' } } }],
      ['name', 'name', { ...node({}), name: 'Worker_1' }],
    ],
  ],
])('a wrong %s', (kind, rows) => {
  itFinds(
    (props) => made(kind, props).findings,
    rows.map(([rule, path, input], i) => ({
      what: `${rule} at ${path}: ${String(i)}`,
      finds: `bgp-${kind}/${rule} ${path}`,
      input,
    })),
  );
});

it('a misplaced field has a hint that names the right place', () => {
  const hint = (kind: Kind, props: object): string =>
    made(kind, props)
      .findings.map((finding) => finding.hint)
      .join('\n');
  expect(hint('peer', peer({ password: 'hidden' }))).toContain('authSecretRef');
  expect(hint('peer', peer({ peerAddress: '10.0.0.1' }))).toContain('BgpClusterConfig');
  expect(hint('cluster', { ...instance({}), peers: [tor] })).toContain('bgpInstances');
  expect(hint('node-override', { ...node({}), nodeSelector: {} })).toContain("name: 'worker-1'");
  expect(hint('advertisement', { ...advertising({ advertisementType: 'PodCIDR' }), labels: {} })).toContain('metadata');
});
