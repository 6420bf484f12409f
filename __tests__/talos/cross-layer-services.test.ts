import type { CiliumValues, KubernetesObject } from '../../lib';
import { testRows } from './together';
import type { Row } from './together';

interface Fields {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** A Service of type LoadBalancer. */
function service({ name = 'web', namespace = 'default', annotations, labels, ...spec }: Fields = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, annotations, labels },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: name }, ...spec },
  } as unknown as KubernetesObject;
}

function resource(kind: string, name: string, spec: object, version = 'v2'): KubernetesObject {
  return { apiVersion: `cilium.io/${version}`, kind, metadata: { name }, spec } as unknown as KubernetesObject;
}

const pool = (cidr: string, more: object = {}): KubernetesObject =>
  resource('CiliumLoadBalancerIPPool', 'home', { blocks: [{ cidr }], ...more });
const HOME = pool('192.168.1.200/29');
const POLICY = resource('CiliumL2AnnouncementPolicy', 'home', { loadBalancerIPs: true }, 'v2alpha1');
const ADVERTISEMENT = resource('CiliumBGPAdvertisement', 'home', {
  advertisements: [
    {
      advertisementType: 'Service',
      service: { addresses: ['LoadBalancerIP'] },
      selector: { matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'Exists' }] },
    },
  ],
});
const L2: CiliumValues = { l2announcements: { enabled: true } };
const BGP: CiliumValues = { bgpControlPlane: { enabled: true } };
const NODES: CiliumValues = { nodeIPAM: { enabled: true } };
const DUAL = {
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
} as const;

describe('classes', () => {
  const rows: readonly Row[] = [
    ...['io.cilium/l2-announcement', 'io.cilium/l2announcer', 'io.cilium/l2', 'cilium.io/l2-announcer', 'cilium'].map(
      (loadBalancerClass): Row => ({
        what: `the class '${loadBalancerClass}'`,
        values: L2,
        objects: [HOME, POLICY, service({ loadBalancerClass })],
        finds: [['service/class', 'error', 'spec.loadBalancerClass']],
        repaired: { objects: [HOME, POLICY, service({ loadBalancerClass: 'io.cilium/l2-announcer' })] },
      }),
    ),
    {
      what: "the class 'io.cilium/bgp'",
      values: BGP,
      objects: [HOME, ADVERTISEMENT, service({ loadBalancerClass: 'io.cilium/bgp' })],
      finds: [['service/class', 'error', 'spec.loadBalancerClass']],
      repaired: { objects: [HOME, ADVERTISEMENT, service({ loadBalancerClass: 'io.cilium/bgp-control-plane' })] },
    },
    {
      what: "the class 'io.cilium/node-ipam'",
      values: NODES,
      objects: [service({ loadBalancerClass: 'io.cilium/node-ipam' })],
      finds: [['service/class', 'error', 'spec.loadBalancerClass']],
      repaired: { objects: [service({ loadBalancerClass: 'io.cilium/node' })] },
    },
    {
      what: 'addresses of nodes while node IPAM is off',
      objects: [service({ loadBalancerClass: 'io.cilium/node' })],
      finds: [['service/class-off', 'error', 'cilium.nodeIPAM.enabled']],
      repaired: { values: NODES },
    },
    {
      what: 'the class of L2 announcements while they are off',
      objects: [HOME, POLICY, service({ loadBalancerClass: 'io.cilium/l2-announcer' })],
      finds: [['service/class-off', 'error', 'cilium.l2announcements.enabled']],
      repaired: { values: L2 },
    },
    {
      what: 'the class of BGP while it is off',
      objects: [HOME, ADVERTISEMENT, service({ loadBalancerClass: 'io.cilium/bgp-control-plane' })],
      finds: [['service/class-off', 'error', 'cilium.bgpControlPlane.enabled']],
      repaired: { values: BGP },
    },
    {
      what: 'no class where none is served by default',
      values: { defaultLBServiceIPAM: 'none' },
      objects: [HOME, service()],
      finds: [['service/no-giver', 'warning', 'cilium.defaultLBServiceIPAM']],
      repaired: { objects: [HOME, service({ loadBalancerClass: 'metallb.io/metallb' })] },
    },
    {
      what: 'no class where nodes give by default, and node IPAM is off',
      values: { defaultLBServiceIPAM: 'nodeipam' },
      objects: [service()],
      finds: [['load-balancer-ipam/default-is-off', 'warning', 'nodeIPAM.enabled']],
      repaired: { values: { ...NODES, defaultLBServiceIPAM: 'nodeipam' } },
    },
    {
      what: 'pools, and none there',
      objects: [service()],
      finds: [['service/no-pool', 'warning', 'Service default/web']],
      repaired: { objects: [service(), HOME] },
    },
    {
      what: 'L2 announcements without a policy',
      values: L2,
      objects: [HOME, service({ loadBalancerClass: 'io.cilium/l2-announcer' })],
      finds: [['service/no-l2-policy', 'warning', 'cilium.l2announcements.enabled']],
      repaired: { objects: [HOME, POLICY, service({ loadBalancerClass: 'io.cilium/l2-announcer' })] },
    },
    {
      what: 'BGP without an advertisement',
      values: BGP,
      objects: [HOME, service({ loadBalancerClass: 'io.cilium/bgp-control-plane' })],
      finds: [['service/no-bgp-advertisement', 'warning', 'cilium.bgpControlPlane.enabled']],
      repaired: { objects: [HOME, ADVERTISEMENT, service({ loadBalancerClass: 'io.cilium/bgp-control-plane' })] },
    },
  ];
  testRows(rows);
});

describe('annotations', () => {
  const asking = (key: string, value = '192.168.1.201'): readonly KubernetesObject[] => [
    HOME,
    service({ annotations: { [key]: value } }),
  ];
  const rows: readonly Row[] = [
    ...[
      'io.cilium/lbipam-ips',
      'lbipam.cilium.io/ip',
      'lb-ipam.cilium.io/ips',
      'cilium.io/lb-ipam-ips',
      'lbipam.cilium.io/sharingKey',
    ].map((key): Row => ({
      what: `the annotation ${key}`,
      objects: asking(key),
      finds: [['service/annotation', 'warning', `metadata.annotations['${key}']`]],
      repaired: { objects: asking('lbipam.cilium.io/ips') },
    })),
    {
      what: 'an annotation among the labels',
      objects: [HOME, service({ labels: { 'lbipam.cilium.io/ips': '192.168.1.201' } })],
      finds: [['service/annotation-as-label', 'warning', "metadata.labels['lbipam.cilium.io/ips']"]],
      repaired: { objects: asking('io.cilium/lb-ipam-ips') },
    },
    {
      what: 'the annotation of MetalLB',
      objects: asking('metallb.universe.tf/loadBalancerIPs'),
      finds: [['service/foreign-annotation', 'warning', "metadata.annotations['metallb.universe.tf/loadBalancerIPs']"]],
      repaired: { objects: asking('lbipam.cilium.io/ips') },
    },
    {
      what: 'the annotation of kube-vip',
      objects: asking('kube-vip.io/loadbalancerIPs'),
      finds: [['service/foreign-annotation', 'warning', "metadata.annotations['kube-vip.io/loadbalancerIPs']"]],
      repaired: { objects: asking('lbipam.cilium.io/ips') },
    },
    {
      what: 'an address of a pool for a Service with addresses of nodes',
      values: NODES,
      objects: [
        HOME,
        service({ loadBalancerClass: 'io.cilium/node', annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' } }),
      ],
      finds: [['service/idle-annotation', 'warning', 'spec.loadBalancerClass']],
      repaired: { objects: asking('lbipam.cilium.io/ips') },
    },
    {
      what: 'nodes chosen for a Service with addresses of pools',
      objects: asking('io.cilium.nodeipam/match-node-labels', 'role=edge'),
      finds: [['service/idle-annotation', 'warning', 'spec.loadBalancerClass']],
      repaired: {
        values: NODES,
        objects: [
          service({
            loadBalancerClass: 'io.cilium/node',
            annotations: { 'io.cilium.nodeipam/match-node-labels': 'role=edge' },
          }),
        ],
      },
    },
  ];
  testRows(rows);
});

describe('addresses', () => {
  const ips = (text: string, more: Fields = {}): KubernetesObject =>
    service({ ...more, annotations: { 'lbipam.cilium.io/ips': text, ...more.annotations } });
  const two = (first: Fields, second: Fields): readonly KubernetesObject[] => [
    HOME,
    ips('192.168.1.201', { name: 'one', ...first }),
    ips('192.168.1.201', { name: 'two', ...second }),
  ];
  const KEY = { 'lbipam.cilium.io/sharing-key': 'web' };
  const rows: readonly Row[] = [
    {
      what: 'an address that no pool has',
      objects: [HOME, ips('192.168.1.100')],
      finds: [['service/address-outside-pools', 'warning', "metadata.annotations['lbipam.cilium.io/ips']"]],
      repaired: { objects: [HOME, ips('192.168.1.201')] },
    },
    {
      what: 'the same in the older field',
      objects: [HOME, service({ loadBalancerIP: '192.168.1.100' })],
      finds: [['service/address-outside-pools', 'warning', 'spec.loadBalancerIP']],
      repaired: { objects: [HOME, service({ loadBalancerIP: '192.168.1.201' })] },
    },
    {
      what: 'a network for an address',
      objects: [HOME, ips('192.168.1.200/29')],
      finds: [['service/address', 'error', "metadata.annotations['lbipam.cilium.io/ips']"]],
      repaired: { objects: [HOME, ips('192.168.1.201, 192.168.1.202')] },
    },
    {
      what: 'a name for an address',
      objects: [HOME, service({ loadBalancerIP: 'web.example.org' })],
      finds: [['service/address', 'error', 'spec.loadBalancerIP']],
      repaired: { objects: [HOME, service()] },
    },
    {
      what: 'a pool for other Services',
      objects: [pool('192.168.1.200/29', { serviceSelector: { matchLabels: { tier: 'edge' } } }), service()],
      finds: [['service/unmatched-pools', 'warning', 'Service default/web']],
      repaired: {
        objects: [
          pool('192.168.1.200/29', { serviceSelector: { matchLabels: { tier: 'edge' } } }),
          service({ labels: { tier: 'edge' } }),
        ],
      },
    },
    {
      what: 'an address of a pool for other namespaces',
      objects: [
        pool('192.168.1.200/29', { serviceSelector: { matchLabels: { 'io.kubernetes.service.namespace': 'shop' } } }),
        ips('192.168.1.201'),
      ],
      finds: [['service/unmatched-pools', 'warning', 'Service default/web']],
      repaired: {
        objects: [
          pool('192.168.1.200/29', {
            serviceSelector: { matchLabels: { 'io.kubernetes.service.namespace': 'default' } },
          }),
          ips('192.168.1.201'),
        ],
      },
    },
    {
      what: 'a pool that is switched off',
      objects: [pool('192.168.1.200/29', { disabled: true }), service()],
      finds: [['service/unmatched-pools', 'warning', 'Service default/web']],
      repaired: { objects: [HOME, service()] },
    },
    {
      what: 'an IPv6 Service and an IPv4 pool',
      cluster: DUAL,
      objects: [HOME, service({ ipFamilies: ['IPv6'] })],
      finds: [['service/unmatched-pools', 'warning', 'spec.ipFamilies']],
      repaired: { objects: [pool('2001:db8::/120'), service({ ipFamilies: ['IPv6'] })] },
    },
    {
      what: 'addresses of both families and an IPv4 pool',
      cluster: DUAL,
      objects: [HOME, service({ ipFamilyPolicy: 'RequireDualStack' })],
      finds: [['service/unmatched-pools', 'warning', 'spec.ipFamilies']],
      repaired: {
        objects: [
          resource('CiliumLoadBalancerIPPool', 'home', {
            blocks: [{ cidr: '192.168.1.200/29' }, { cidr: '2001:db8::/120' }],
          }),
          service({ ipFamilyPolicy: 'RequireDualStack' }),
        ],
      },
    },
    {
      what: 'one address for two Services',
      objects: two({}, { ports: [{ port: 443 }] }),
      finds: [['service/shared-address', 'error', 'Service default/one']],
      repaired: { objects: two({ annotations: KEY }, { annotations: KEY, ports: [{ port: 443 }] }) },
    },
    {
      what: 'one address and one port for two Services',
      objects: two({ annotations: KEY }, { annotations: KEY }),
      finds: [['service/shared-address', 'error', 'Service default/one']],
      repaired: { objects: two({ annotations: KEY }, { annotations: KEY, ports: [{ port: 443 }] }) },
    },
    {
      what: 'one address for Services of two namespaces',
      objects: two({ annotations: KEY }, { annotations: KEY, ports: [{ port: 443 }], namespace: 'kube-system' }),
      finds: [['service/shared-address', 'error', 'Service default/one']],
      repaired: {
        objects: two(
          { annotations: { ...KEY, 'lbipam.cilium.io/sharing-cross-namespace': '*' } },
          {
            annotations: { ...KEY, 'lbipam.cilium.io/sharing-cross-namespace': '*' },
            ports: [{ port: 443 }],
            namespace: 'kube-system',
          },
        ),
      },
    },
    {
      what: 'one address for Services that spread their traffic differently',
      objects: two({ annotations: KEY }, { annotations: KEY, ports: [{ port: 443 }], externalTrafficPolicy: 'Local' }),
      finds: [['service/shared-address', 'error', 'Service default/one']],
      repaired: {
        objects: two(
          { annotations: KEY },
          { annotations: KEY, ports: [{ port: 443 }], externalTrafficPolicy: 'Cluster' },
        ),
      },
    },
    {
      what: 'traffic that stays on its node, announced by any node',
      values: L2,
      objects: [HOME, POLICY, service({ externalTrafficPolicy: 'Local' })],
      finds: [['service/local-on-l2', 'warning', 'spec.externalTrafficPolicy']],
      repaired: { objects: [HOME, POLICY, service({ externalTrafficPolicy: 'Cluster' })] },
    },
    {
      what: 'the same by its class, beside BGP',
      values: { ...L2, ...BGP },
      objects: [HOME, POLICY, service({ loadBalancerClass: 'io.cilium/l2-announcer', externalTrafficPolicy: 'Local' })],
      finds: [['service/local-on-l2', 'warning', 'cilium.l2announcements.enabled']],
      repaired: {
        objects: [
          HOME,
          ADVERTISEMENT,
          service({ loadBalancerClass: 'io.cilium/bgp-control-plane', externalTrafficPolicy: 'Local' }),
        ],
      },
    },
    {
      what: 'IPv6 addresses that this release does not announce',
      cluster: DUAL,
      values: L2,
      objects: [pool('2001:db8::/120'), POLICY, service({ ipFamilies: ['IPv6'] })],
      finds: [['service/ipv6-on-l2', 'warning', 'spec.ipFamilies']],
      repaired: { version: '1.19.6' },
    },
  ];
  testRows(rows);
});
