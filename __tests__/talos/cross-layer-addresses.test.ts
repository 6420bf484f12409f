import type { CiliumValues, KubernetesObject } from '../../lib';
import { OWN_DNS } from '../../lib/talos/cluster/example';
import { judge, testRows } from './together';
import type { Input, Row } from './together';

interface Fields {
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A Service of type LoadBalancer. */
function lb(name: string, { namespace = 'default', annotations, labels, ...spec }: Fields = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations, labels },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: name }, ...spec },
  } as unknown as KubernetesObject;
}

const ips = (text: string): Fields['annotations'] => ({ 'lbipam.cilium.io/ips': text });
const key = (name: string): Record<string, string> => ({ 'lbipam.cilium.io/sharing-key': name });

function resource(kind: string, name: string, spec: object, version = 'v2'): KubernetesObject {
  return { apiVersion: `cilium.io/${version}`, kind, metadata: { name }, spec } as unknown as KubernetesObject;
}

/** A pool from CIDRs and ranges. */
function pool(name: string, blocks: readonly string[], more: object = {}): KubernetesObject {
  return resource('CiliumLoadBalancerIPPool', name, {
    blocks: blocks.map((text) => {
      const [start = '', stop = start] = text.split('-');
      return text.includes('/') ? { cidr: text } : { start, stop };
    }),
    ...more,
  });
}

const POLICY = resource('CiliumL2AnnouncementPolicy', 'home', { loadBalancerIPs: true }, 'v2alpha1');
const L2: CiliumValues = { l2announcements: { enabled: true } };
const BGP: CiliumValues = { bgpControlPlane: { enabled: true } };
const DUAL = {
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
} as const;
const ONE = pool('home', ['192.0.2.71/32']);
const FEW = 'service/too-few-addresses';
const RACE = 'service/address-not-reserved';

/** Inputs on which rules of addresses find nothing. */
function testQuiet(rows: readonly (readonly [what: string, input: Input])[]): void {
  it.each(rows)('%s', (_, input) => {
    const found = judge({ values: L2, ...input }).filter(({ id }) => id.startsWith('service/'));
    expect(found).toEqual([]);
  });
}

describe('more Services than addresses', () => {
  const few = (what: string, objects: readonly KubernetesObject[], repaired: readonly KubernetesObject[]): Row => ({
    what,
    values: L2,
    objects: [...objects, POLICY],
    finds: [[FEW, 'warning', objects[0]?.kind === 'Service' ? `default/${objects[0].metadata.name}` : '']],
    repaired: { objects: [...repaired, POLICY] },
  });
  testRows([
    few('two and one address', [lb('web'), lb('game'), ONE], [lb('web'), ONE]),
    few(
      'a requested address of a pool of one, and another Service',
      [lb('web', { annotations: ips('192.0.2.71') }), lb('game'), ONE],
      [
        lb('web', { annotations: ips('192.0.2.71') }),
        lb('game'),
        pool('home', ['192.0.2.71/32'], { serviceSelector: { matchLabels: { 'io.kubernetes.service.name': 'web' } } }),
        pool('rest', ['192.0.2.80/30']),
      ],
    ),
    few(
      'first and last address excluded',
      [lb('a'), lb('b'), lb('c'), pool('home', ['192.0.2.64/30'], { allowFirstLastIPs: 'No' })],
      [lb('a'), lb('b'), lb('c'), pool('home', ['192.0.2.64/30'])],
    ),
    few(
      'a second pool that is disabled',
      [lb('a'), lb('b'), ONE, pool('more', ['192.0.2.80/30'], { disabled: true })],
      [lb('a'), lb('b'), ONE, pool('more', ['192.0.2.80/30'])],
    ),
    few(
      'one sharing key and one port',
      [lb('a', { annotations: key('x') }), lb('b', { annotations: key('x') }), ONE],
      [lb('a', { annotations: key('x') }), lb('b', { annotations: key('x'), ports: [{ port: 81 }] }), ONE],
    ),
    few(
      'one sharing key in two namespaces',
      [
        lb('a', { annotations: key('x') }),
        lb('b', { annotations: key('x'), namespace: 'shop', ports: [{ port: 81 }] }),
        ONE,
      ],
      [
        lb('a', { annotations: { ...key('x'), 'lbipam.cilium.io/sharing-cross-namespace': 'shop' } }),
        lb('b', {
          annotations: { ...key('x'), 'lbipam.cilium.io/sharing-cross-namespace': 'default' },
          namespace: 'shop',
          ports: [{ port: 81 }],
        }),
        ONE,
      ],
    ),
    few(
      'two pools of one address for three Services with their label',
      [
        lb('a', { labels: { pool: 'x' } }),
        lb('b', { labels: { pool: 'x' } }),
        lb('c', { labels: { pool: 'x' } }),
        pool('one', ['192.0.2.1'], { serviceSelector: { matchLabels: { pool: 'x' } } }),
        pool('two', ['192.0.2.2'], {
          serviceSelector: { matchExpressions: [{ key: 'pool', operator: 'In', values: ['x'] }] },
        }),
        pool('other', ['192.0.2.64/26'], { serviceSelector: { matchLabels: { pool: 'y' } } }),
      ],
      [
        lb('a', { labels: { pool: 'x' } }),
        lb('b', { labels: { pool: 'x' } }),
        lb('c', { labels: { pool: 'y' } }),
        pool('one', ['192.0.2.1'], { serviceSelector: { matchLabels: { pool: 'x' } } }),
        pool('two', ['192.0.2.2'], {
          serviceSelector: { matchExpressions: [{ key: 'pool', operator: 'In', values: ['x'] }] },
        }),
        pool('other', ['192.0.2.64/26'], { serviceSelector: { matchLabels: { pool: 'y' } } }),
      ],
    ),
    {
      ...few(
        'an IPv6 address for two dual-stack Services',
        [
          lb('a', { ipFamilyPolicy: 'PreferDualStack' }),
          lb('b', { ipFamilyPolicy: 'RequireDualStack' }),
          pool('home', ['192.0.2.64/28', '2001:db8::1/128']),
        ],
        [
          lb('a', { ipFamilyPolicy: 'PreferDualStack' }),
          lb('b', { ipFamilyPolicy: 'SingleStack' }),
          pool('home', ['192.0.2.64/28', '2001:db8::1/128']),
        ],
      ),
      cluster: DUAL,
      version: '1.19.6',
    },
  ]);

  testQuiet([
    ['as many as addresses', { objects: [lb('a'), lb('b'), pool('home', ['192.0.2.64/31']), POLICY] }],
    ['no pool at all is another rule', { objects: [lb('a', { loadBalancerClass: 'metallb.io/metallb' }), POLICY] }],
    [
      "another load balancer's class",
      { objects: [lb('a'), lb('b', { loadBalancerClass: 'kube-vip.io/kube-vip' }), ONE, POLICY] },
    ],
    ['a ClusterIP beside it', { objects: [lb('a'), lb('b', { type: 'ClusterIP' }), ONE, POLICY] }],
    [
      'addresses of nodes',
      {
        values: { ...L2, nodeIPAM: { enabled: true } },
        objects: [lb('a'), lb('b', { loadBalancerClass: 'io.cilium/node' }), ONE, POLICY],
      },
    ],
    [
      'an IPv4 Service of a dual-stack cluster',
      {
        cluster: DUAL,
        version: '1.19.6',
        objects: [
          lb('a'),
          lb('b', { ipFamilies: ['IPv6'] }),
          pool('home', ['192.0.2.71/32', '2001:db8::1/128']),
          POLICY,
        ],
      },
    ],
    [
      'a requested address that two share',
      {
        objects: [
          lb('a', { annotations: { ...key('x'), ...ips('192.0.2.71') } }),
          lb('b', { annotations: { ...key('x'), ...ips('192.0.2.71') }, ports: [{ port: 81 }] }),
          lb('c', { annotations: key('x'), ports: [{ port: 82 }] }),
          ONE,
          POLICY,
        ],
      },
    ],
    [
      'pools that cross, each Service with one',
      {
        objects: [
          lb('a', { labels: { a: 'y' } }),
          lb('b', { labels: { a: 'y', b: 'y' } }),
          lb('c', { labels: { b: 'y' } }),
          pool('one', ['192.0.2.1'], { serviceSelector: { matchLabels: { a: 'y' } } }),
          pool('two', ['192.0.2.2-192.0.2.3'], { serviceSelector: { matchLabels: { b: 'y' } } }),
          POLICY,
        ],
      },
    ],
    [
      'IPv6 networks',
      {
        cluster: { podSubnets: ['fd00:10:244::/56'], serviceSubnets: ['fd00:10:96::/112'] },
        version: '1.19.6',
        objects: [lb('a'), lb('b'), pool('home', ['2001:db8::/64']), POLICY],
      },
    ],
  ]);
});

describe('a requested address that another Service may get first', () => {
  const HOME = pool('home', ['192.0.2.64/29']);
  const race = (what: string, objects: readonly KubernetesObject[], repaired: readonly KubernetesObject[]): Row => ({
    what,
    values: L2,
    objects: [...objects, POLICY],
    finds: [[RACE, 'warning', 'default/pinned']],
    repaired: { objects: [...repaired, POLICY] },
  });
  const pinned = (text: string, more: Fields = {}): KubernetesObject =>
    lb('pinned', { annotations: ips(text), ...more });
  testRows([
    race('the first address', [pinned('192.0.2.64'), lb('a'), HOME], [pinned('192.0.2.71'), lb('a'), HOME]),
    race(
      'the third of three',
      [pinned('192.0.2.66'), lb('a'), lb('b'), lb('c'), HOME],
      [pinned('192.0.2.67'), lb('a'), lb('b'), lb('c'), HOME],
    ),
    race(
      'the second where the first is excluded',
      [pinned('192.0.2.65'), lb('a'), pool('home', ['192.0.2.64/29'], { allowFirstLastIPs: 'No' })],
      [pinned('192.0.2.65'), pool('home', ['192.0.2.64/29'], { allowFirstLastIPs: 'No' })],
    ),
    race(
      'behind other requested ones',
      [lb('b', { annotations: ips('192.0.2.64') }), pinned('192.0.2.65'), lb('a'), HOME],
      [
        lb('b', { annotations: ips('192.0.2.64') }),
        pinned('192.0.2.65'),
        lb('a', { annotations: ips('192.0.2.66') }),
        HOME,
      ],
    ),
    race(
      'at the start of the smaller part',
      [lb('b', { annotations: ips('192.0.2.69') }), pinned('192.0.2.70'), lb('a'), HOME],
      [pinned('192.0.2.70'), lb('a'), HOME],
    ),
    race(
      'of the second block when the first is used up',
      [pinned('192.0.2.80'), lb('a'), lb('b'), pool('home', ['192.0.2.1', '192.0.2.80/30'])],
      [pinned('192.0.2.80'), lb('a'), pool('home', ['192.0.2.1', '192.0.2.80/30'])],
    ),
  ]);

  testQuiet([
    [
      'all request theirs',
      { objects: [pinned('192.0.2.64'), lb('a', { annotations: ips('192.0.2.65') }), HOME, POLICY] },
    ],
    [
      'all share one key',
      {
        objects: [
          pinned('192.0.2.64', { annotations: { ...ips('192.0.2.64'), ...key('x') } }),
          lb('a', { annotations: key('x'), ports: [{ port: 81 }] }),
          HOME,
          POLICY,
        ],
      },
    ],
    [
      'the others have another pool',
      {
        objects: [
          pinned('192.0.2.64', { labels: { p: 'y' } }),
          lb('a'),
          pool('home', ['192.0.2.64/29'], { serviceSelector: { matchLabels: { p: 'y' } } }),
          pool('rest', ['192.0.2.128/29']),
          POLICY,
        ],
      },
    ],
    ['an address in the middle', { objects: [pinned('192.0.2.68'), lb('a'), lb('b'), HOME, POLICY] }],
    [
      'the other family',
      {
        cluster: DUAL,
        version: '1.19.6',
        objects: [
          pinned('192.0.2.64'),
          lb('a', { ipFamilies: ['IPv6'] }),
          pool('home', ['192.0.2.64/29', '2001:db8::/120']),
          POLICY,
        ],
      },
    ],
  ]);
});

describe('requested addresses', () => {
  const HOME = pool('home', ['192.0.2.64/29']);
  testRows([
    {
      what: 'the first address, excluded',
      values: L2,
      objects: [
        lb('a', { annotations: ips('192.0.2.64') }),
        pool('home', ['192.0.2.64/29'], { allowFirstLastIPs: 'No' }),
        POLICY,
      ],
      finds: [['service/excluded-address', 'error', "metadata.annotations['lbipam.cilium.io/ips']"]],
      repaired: {
        objects: [
          lb('a', { annotations: ips('192.0.2.64') }),
          pool('home', ['192.0.2.64/31'], { allowFirstLastIPs: 'No' }),
          POLICY,
        ],
      },
    },
    {
      what: 'two addresses, one in a disabled pool',
      values: L2,
      objects: [
        lb('a', { annotations: ips('192.0.2.65,192.0.2.80') }),
        HOME,
        pool('off', ['192.0.2.80/30'], { disabled: true }),
        POLICY,
      ],
      finds: [['service/unmatched-pools', 'warning', "metadata.annotations['lbipam.cilium.io/ips']"]],
      repaired: {
        objects: [lb('a', { annotations: ips('192.0.2.65,192.0.2.80') }), HOME, pool('on', ['192.0.2.80/30']), POLICY],
      },
    },
    {
      what: 'two addresses, one in a pool for others',
      values: L2,
      objects: [
        lb('a', { annotations: ips('192.0.2.65,192.0.2.80') }),
        HOME,
        pool('other', ['192.0.2.80/30'], { serviceSelector: { matchLabels: { p: 'y' } } }),
        POLICY,
      ],
      finds: [['service/unmatched-pools', 'warning', 'Service default/a']],
      repaired: {
        objects: [
          lb('a', { annotations: ips('192.0.2.65,192.0.2.80'), labels: { p: 'y' } }),
          HOME,
          pool('other', ['192.0.2.80/30'], { serviceSelector: { matchLabels: { p: 'y' } } }),
          POLICY,
        ],
      },
    },
    {
      what: 'LB IPAM is off',
      values: { ...L2, enableLBIPAM: false },
      objects: [lb('a'), HOME, POLICY],
      finds: [['service/no-lb-ipam', 'warning', 'cilium.enableLBIPAM']],
      repaired: { values: L2 },
    },
  ]);
});

describe('sharing an address as the operator compares Services', () => {
  const HOME = pool('home', ['192.0.2.64/29']);
  const share = (name: string, more: Fields = {}): KubernetesObject =>
    lb(name, { ...more, annotations: { ...key('x'), ...ips('192.0.2.66'), ...more.annotations } });
  const cross = (namespaces: string): Fields['annotations'] => ({
    'lbipam.cilium.io/sharing-cross-namespace': namespaces,
  });
  const local = { externalTrafficPolicy: 'Local' } as const;
  const refused = (what: string, objects: readonly KubernetesObject[], repaired: readonly KubernetesObject[]): Row => ({
    what,
    objects: [HOME, ...objects],
    finds: [['service/shared-address', 'error', 'default/a']],
    repaired: { objects: [HOME, ...repaired] },
  });
  testRows([
    refused(
      'Local and different pods',
      [share('a', local), share('b', { ...local, ports: [{ port: 53 }] })],
      [
        share('a', { ...local, selector: { app: 'x' } }),
        share('b', { ...local, selector: { app: 'x' }, ports: [{ port: 53 }] }),
      ],
    ),
    refused(
      'Local without selectors',
      [
        share('a', { ...local, selector: undefined }),
        share('b', { ...local, selector: undefined, ports: [{ port: 53 }] }),
      ],
      [share('a', { selector: undefined }), share('b', { selector: undefined, ports: [{ port: 53 }] })],
    ),
    refused(
      'permission of one side only',
      [share('a', { annotations: cross('shop') }), share('b', { namespace: 'shop', ports: [{ port: 53 }] })],
      [
        share('a', { annotations: cross('shop,games') }),
        share('b', { namespace: 'shop', ports: [{ port: 53 }], annotations: cross('default') }),
      ],
    ),
    refused(
      'one port of two',
      [
        share('a', {
          ports: [
            { name: 'a', port: 80 },
            { name: 'b', port: 443 },
          ],
        }),
        share('b', {
          ports: [
            { name: 'a', port: 53 },
            { name: 'b', port: 443 },
          ],
        }),
      ],
      [share('a', { ports: [{ port: 443 }] }), share('b', { ports: [{ port: 443, protocol: 'UDP' }] })],
    ),
    {
      ...refused(
        'one port of two protocols while they are not distinguished',
        [share('a'), share('b', { ports: [{ port: 80, protocol: 'UDP' }] })],
        [],
      ),
      values: { loadBalancer: { protocolDifferentiation: { enabled: false } } },
      repaired: { values: {} },
    },
    {
      what: 'an annotation of a later release',
      version: '1.19.6',
      objects: [HOME, lb('a', { annotations: { 'lbipam.cilium.io/sharing-permit-different-pods': 'true' } })],
      finds: [
        ['service/annotation', 'warning', "metadata.annotations['lbipam.cilium.io/sharing-permit-different-pods']"],
      ],
      repaired: { objects: [HOME, lb('a', { annotations: { 'lbipam.cilium.io/sharing-cross-namespace': 'b' } })] },
    },
  ]);
});

describe('what announces addresses', () => {
  const HOME = pool('home', ['192.0.2.64/29']);
  const advertisement = (routes: object): KubernetesObject =>
    resource('CiliumBGPAdvertisement', 'services', { advertisements: [{ advertisementType: 'Service', ...routes }] });
  const ALL = { matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'Exists' }] };
  const ADVERTISEMENT = advertisement({ service: { addresses: ['LoadBalancerIP'] }, selector: ALL });
  const CLUSTER = resource('CiliumBGPClusterConfig', 'rack', {
    bgpInstances: [
      { name: 'rack', localASN: 65010, peers: [{ name: 'tor', peerASN: 65000, peerAddress: '192.0.2.1' }] },
    ],
  });
  const repaired: Input = { objects: [HOME, lb('a'), ADVERTISEMENT, CLUSTER] };
  testRows([
    {
      what: 'BGP and no advertisement, for a Service without a class',
      values: BGP,
      objects: [HOME, lb('a'), CLUSTER],
      finds: [['service/no-bgp-advertisement', 'warning', 'cilium.bgpControlPlane.enabled']],
      repaired,
    },
    {
      what: 'BGP and no cluster config',
      values: BGP,
      objects: [HOME, lb('a'), ADVERTISEMENT],
      finds: [['service/no-bgp-session', 'warning', 'Service default/a']],
      repaired,
    },
    {
      what: 'an advertisement of cluster IPs',
      values: BGP,
      objects: [HOME, lb('a'), advertisement({ service: { addresses: ['ClusterIP'] }, selector: ALL }), CLUSTER],
      finds: [
        ['service/not-selected', 'warning', 'Service default/a'],
        ['bgp-advertisement/cluster-ip', 'error', 'cilium.bpf.lbExternalClusterIP'],
      ],
      repaired,
    },
    {
      what: 'an advertisement without a selector',
      values: BGP,
      objects: [HOME, lb('a'), advertisement({ service: { addresses: ['LoadBalancerIP'] } }), CLUSTER],
      finds: [
        ['service/not-selected', 'warning', 'Service default/a'],
        ['bgp-advertisement/selects-nothing', 'error', ': spec.advertisements[0].selector'],
      ],
      repaired,
    },
    {
      what: 'a policy for others',
      values: L2,
      objects: [
        HOME,
        lb('a'),
        lb('b', { labels: { lan: 'y' } }),
        resource(
          'CiliumL2AnnouncementPolicy',
          'lan',
          { loadBalancerIPs: true, serviceSelector: { matchLabels: { lan: 'y' } } },
          'v2alpha1',
        ),
      ],
      finds: [['service/not-selected', 'warning', 'Service default/a']],
      repaired: { objects: [HOME, lb('a'), lb('b', { labels: { lan: 'y' } }), POLICY] },
    },
    {
      what: 'both ways on and neither has objects',
      values: { ...L2, ...BGP },
      objects: [HOME, lb('a')],
      finds: [['service/not-announced', 'warning', 'cilium.bgpControlPlane.enabled']],
      repaired: { objects: [HOME, lb('a'), POLICY] },
    },
    {
      what: 'a peering policy that 1.19 no longer reads',
      version: '1.19.6',
      values: BGP,
      objects: [
        HOME,
        lb('a'),
        resource(
          'CiliumBGPPeeringPolicy',
          'rack',
          { virtualRouters: [{ localASN: 65010, serviceSelector: ALL }] },
          'v2alpha1',
        ),
      ],
      finds: [
        ['service/no-bgp-advertisement', 'warning', 'Service default/a'],
        ['custom-resource/not-served', 'error', 'CiliumBGPPeeringPolicy rack: kind'],
      ],
      repaired,
    },
  ]);

  testQuiet([
    ['BGP with all it needs', { values: BGP, ...repaired }],
    ['BGP beside L2, which announces', { values: { ...L2, ...BGP }, objects: [HOME, lb('a'), POLICY] }],
    [
      'BGP beside L2, and BGP announces',
      { values: { ...L2, ...BGP }, objects: [HOME, lb('a'), ADVERTISEMENT, CLUSTER] },
    ],
    ['another load balancer', { values: BGP, objects: [lb('a', { loadBalancerClass: 'metallb.io/metallb' })] }],
  ]);
});

describe('addresses of nodes in a pool', () => {
  const HOME = pool('home', ['192.0.2.0/28']);
  const override = (localAddress: string): KubernetesObject =>
    resource('CiliumBGPNodeConfigOverride', 'n1', {
      bgpInstances: [{ name: 'rack', peers: [{ name: 'tor', localAddress }] }],
    });
  const egress = (egressIP: string): KubernetesObject =>
    resource('CiliumEgressGatewayPolicy', 'e', {
      selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
      destinationCIDRs: ['203.0.113.0/24'],
      egressGateway: { nodeSelector: { matchLabels: { egress: 'y' } }, egressIP },
    });
  const ON: CiliumValues = { ...BGP, egressGateway: { enabled: true }, bpf: { masquerade: true } };
  const host = { hostDNS: { forwardKubeDNSToHost: false } };
  const inPool = (
    what: string,
    version: string,
    wrong: KubernetesObject,
    right: KubernetesObject,
    more: CiliumValues = {},
  ): Row => ({
    what,
    version,
    cluster: host,
    values: { ...ON, ...more },
    objects: [HOME, wrong],
    finds: [
      [
        'service/node-address',
        version === '1.18.4' || more.defaultLBServiceIPAM !== undefined ? 'warning' : 'error',
        'home',
      ],
    ],
    repaired: { objects: [HOME, right] },
  });
  testRows([
    inPool('the local end of a BGP session', '1.19.6', override('192.0.2.11'), override('192.0.2.111')),
    inPool('an egress IP', '1.20.0', egress('192.0.2.12'), egress('192.0.2.112')),
    inPool('an egress IP before 1.19', '1.18.4', egress('192.0.2.12'), egress('192.0.2.112')),
    inPool(
      'no addresses from pools by default, and neither class',
      '1.19.6',
      egress('192.0.2.12'),
      egress('192.0.2.112'),
      {
        bgpControlPlane: { enabled: false },
        defaultLBServiceIPAM: 'none',
      },
    ),
  ]);

  testQuiet([
    [
      'a disabled pool',
      {
        version: '1.19.6',
        cluster: host,
        values: ON,
        objects: [pool('home', ['192.0.2.0/28'], { disabled: true }), egress('192.0.2.12')],
      },
    ],
  ]);
});

describe('addresses of nodes for Services', () => {
  const on = (selector: string): KubernetesObject =>
    lb('a', { loadBalancerClass: 'io.cilium/node', annotations: { 'io.cilium.nodeipam/match-node-labels': selector } });
  const values: CiliumValues = { nodeIPAM: { enabled: true } };
  const AT = "metadata.annotations['io.cilium.nodeipam/match-node-labels']";
  const rows = (id: string, level: 'error' | 'warning', selectors: readonly string[]): readonly Row[] =>
    selectors.map((selector) => ({
      what: `the selector ${selector}`,
      values,
      objects: [on(selector)],
      finds: [[id, level, AT]],
      repaired: { objects: [on('zone in (a, b),!edge, tier!=x')] },
    }));
  testRows([
    ...rows('service/node-selector', 'error', [
      'zone in (a',
      'zone in a',
      'a b',
      '=x',
      'a=b=c',
      '!a=b',
      'a,',
      'A_/x',
      'a in (b c)',
      'a>b',
    ]),
    ...rows('service/no-such-node', 'warning', [
      'kubernetes.io/os=windows',
      'node-role.kubernetes.io/control-plane',
      'node-role.kubernetes.io/control-plane=true',
      'node-role.kubernetes.io/master',
    ]),
  ]);

  testQuiet(
    [
      '',
      'zone',
      '!zone',
      'zone=',
      'zone notin (a,)',
      'zone in ()',
      'cores>4',
      'kubernetes.io/arch in (amd64)',
      '!node-role.kubernetes.io/control-plane',
    ].map((selector) => [`the selector '${selector}'`, { values, objects: [on(selector)] }] as const),
  );
});

describe('pools of pod addresses', () => {
  const clusterPool = (cidrs: readonly string[], maskSize: number): CiliumValues => ({
    ipam: {
      mode: 'cluster-pool',
      operator: { clusterPoolIPv4PodCIDRList: [...cidrs], clusterPoolIPv4MaskSize: maskSize },
    },
  });
  const multi = (pools: Readonly<Record<string, readonly string[]>>): CiliumValues => ({
    bpf: { masquerade: true },
    ipam: {
      mode: 'multi-pool',
      operator: {
        autoCreateCiliumPodIPPools: Object.fromEntries(
          Object.entries(pools).map(([name, cidrs]) => [name, { ipv4: { cidrs: [...cidrs], maskSize: 27 } }]),
        ),
      },
    },
  });
  const good = { values: clusterPool(['10.244.0.0/16'], 24) };
  testRows([
    {
      what: 'one part for all nodes',
      values: clusterPool(['10.244.0.0/24'], 24),
      finds: [['pod-ip-pools/few-parts', 'warning', 'ipam.operator.clusterPoolIPv4MaskSize']],
      repaired: good,
    },
    {
      what: 'fewer parts than nodes',
      cluster: { nodes: { controlPlanes: 3, workers: 2 } },
      values: clusterPool(['10.244.0.0/23', '10.243.0.0/23'], 24),
      finds: [['pod-ip-pools/few-parts', 'warning', 'ipam.operator.clusterPoolIPv4PodCIDRList']],
      repaired: good,
    },
    ...[31, 32].map((maskSize): Row => ({
      what: `parts of /${String(maskSize)}`,
      values: clusterPool(['10.244.0.0/16'], maskSize),
      finds: [['pod-ip-pools/tiny-parts', 'error', 'ipam.operator.clusterPoolIPv4MaskSize']],
      repaired: good,
    })),
    {
      what: 'networks of the cluster pool that collide',
      values: clusterPool(['10.0.0.0/8', '10.244.0.0/16'], 24),
      finds: [['pod-ip-pools/unusable', 'error', 'ipam.operator']],
      repaired: good,
    },
    {
      what: 'networks of one pool that collide',
      values: multi({ default: ['10.244.0.0/16', '10.244.8.0/24'] }),
      finds: [['pod-ip-pools/unusable', 'error', 'ipam.operator']],
      repaired: { values: multi({ default: ['10.244.0.0/16', '10.245.8.0/24'] }) },
    },
    {
      what: 'networks of two pools that share addresses',
      values: multi({ default: ['10.244.0.0/16'], blue: ['10.244.8.0/24'] }),
      finds: [['pod-ip-pools/shared', 'error', 'ipam.operator.autoCreateCiliumPodIPPools.blue']],
      repaired: { values: multi({ default: ['10.244.0.0/16'], blue: ['10.245.8.0/24'] }) },
    },
    {
      what: 'multi-pool without a pool',
      values: { bpf: { masquerade: true }, ipam: { mode: 'multi-pool' } },
      objects: [lb('a', { type: 'ClusterIP' })],
      finds: [['talos-patch/no-pod-pool', 'warning', 'cilium.ipam.operator.autoCreateCiliumPodIPPools']],
      repaired: {
        objects: [
          resource('CiliumPodIPPool', 'default', { ipv4: { cidrs: ['10.244.0.0/16'], maskSize: 27 } }, 'v2alpha1'),
        ],
      },
    },
  ]);

  it('finds nothing in one part for one node', () => {
    const found = judge({
      cluster: { nodes: { controlPlanes: 1, workers: 0 }, allowSchedulingOnControlPlanes: true },
      values: clusterPool(['10.244.0.0/24'], 24),
    });
    expect(found.map(({ id }) => id).filter((id) => id.startsWith('pod-ip-pools'))).toEqual([]);
  });
});

describe('pools and the addresses of nodes', () => {
  const nodes = (...validSubnets: readonly string[]): Input['cluster'] => ({ nodeIP: { validSubnets } });
  const rows: readonly Row[] = [
    {
      what: 'a pool that contains the network of the nodes',
      cluster: nodes('192.168.1.0/28'),
      values: L2,
      objects: [POLICY, pool('home', ['192.168.1.0/24'])],
      finds: [['ip-pool/node-network', 'warning', 'talos.nodeIP.validSubnets[0]']],
      repaired: { objects: [POLICY, pool('home', ['192.168.1.64/26'])] },
    },
    {
      what: 'a pool that contains the address of a node',
      cluster: { workers: { nodeIP: { validSubnets: ['192.168.1.70'] } } },
      values: L2,
      objects: [POLICY, pool('home', ['192.168.1.64-192.168.1.79'])],
      finds: [['ip-pool/node-network', 'warning', 'talos.workers.nodeIP.validSubnets[0]']],
      repaired: { objects: [POLICY, pool('home', ['192.168.1.71-192.168.1.79'])] },
    },
  ];
  testRows(rows);

  it('a pool inside the network of the nodes is usual', () => {
    const cluster = { ...OWN_DNS, ...nodes('192.168.1.0/24', '!192.168.1.9') };
    const objects = [POLICY, pool('home', ['192.168.1.200/29'])];
    expect(judge({ cluster, values: L2, objects }).map(({ id }) => id)).not.toContain('ip-pool/node-network');
  });
});
