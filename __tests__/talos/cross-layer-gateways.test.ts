import type { CiliumValues, KubernetesObject } from '../../lib';
import { judge, testRows } from './together';
import type { Row } from './together';

/* Services that Cilium makes of Gateways and Ingresses, with the pools and policies of their cluster. */

function object(apiVersion: string, kind: string, metadata: object, spec: object): KubernetesObject {
  return { apiVersion, kind, metadata, spec } as unknown as KubernetesObject;
}

interface Fields {
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

function gateway({
  name = 'web',
  namespace = 'gateways',
  labels,
  annotations,
  ...spec
}: Fields = {}): KubernetesObject {
  const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
  const metadata = { name, namespace, labels, annotations };
  return object('gateway.networking.k8s.io/v1', 'Gateway', metadata, {
    gatewayClassName: 'cilium',
    listeners,
    ...spec,
  });
}

function ingress({ name = 'web', labels, annotations, ...spec }: Fields = {}): KubernetesObject {
  const defaultBackend = { service: { name: 'web', port: { number: 80 } } };
  const metadata = { name, namespace: 'shop', labels, annotations };
  return object('networking.k8s.io/v1', 'Ingress', metadata, { ingressClassName: 'cilium', defaultBackend, ...spec });
}

const service = ({ name = 'app', labels, annotations, ...spec }: Fields = {}): KubernetesObject =>
  object(
    'v1',
    'Service',
    { name, namespace: 'default', labels, annotations },
    { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: name }, ...spec },
  );

/** A class, and its config. */
const classed = (config: object): readonly KubernetesObject[] => [
  object(
    'gateway.networking.k8s.io/v1',
    'GatewayClass',
    { name: 'inside' },
    {
      controllerName: 'io.cilium/gateway-controller',
      parametersRef: { group: 'cilium.io', kind: 'CiliumGatewayClassConfig', name: 'inside', namespace: 'kube-system' },
    },
  ),
  object(
    'cilium.io/v2alpha1',
    'CiliumGatewayClassConfig',
    { name: 'inside', namespace: 'kube-system' },
    { service: config },
  ),
  gateway({ gatewayClassName: 'inside' }),
];

const pool = (cidr = '192.0.2.64/29', more: object = {}): KubernetesObject =>
  object('cilium.io/v2', 'CiliumLoadBalancerIPPool', { name: 'home' }, { blocks: [{ cidr }], ...more });
const policy = (more: object = {}): KubernetesObject =>
  object('cilium.io/v2alpha1', 'CiliumL2AnnouncementPolicy', { name: 'home' }, { loadBalancerIPs: true, ...more });
const selecting = (matchLabels: Readonly<Record<string, string>>): object => ({ serviceSelector: { matchLabels } });

const GATEWAYS: CiliumValues = { l2announcements: { enabled: true }, gatewayAPI: { enabled: true } };
const INGRESSES: CiliumValues = {
  l2announcements: { enabled: true },
  ingressController: { enabled: true, loadbalancerMode: 'dedicated' },
};
/** A release whose images are unknown. */
const WEB = 'gateway.networking.k8s.io/Gateway gateways/web';
const SHOP = 'networking.k8s.io/Ingress shop/web';
const EXTERNAL = { 'example.org/pool': 'external' };

describe('Services of Gateways', () => {
  const rows: readonly Row[] = [
    {
      what: 'no pool',
      objects: [policy(), gateway()],
      finds: [['service/no-pool', 'warning', WEB]],
      repaired: { objects: [pool(), policy(), gateway()] },
    },
    {
      what: 'the label of a pool on the Gateway itself',
      objects: [pool(undefined, selecting(EXTERNAL)), policy(), gateway({ labels: EXTERNAL })],
      finds: [['service/unmatched-pools', 'warning', WEB]],
      repaired: {
        objects: [pool(undefined, selecting(EXTERNAL)), policy(), gateway({ infrastructure: { labels: EXTERNAL } })],
      },
    },
    {
      what: 'a pool for another Gateway',
      objects: [pool(undefined, selecting({ 'io.cilium.gateway/owning-gateway': 'other' })), policy(), gateway()],
      finds: [['service/unmatched-pools', 'warning', WEB]],
      repaired: {
        objects: [pool(undefined, selecting({ 'io.cilium.gateway/owning-gateway': 'web' })), policy(), gateway()],
      },
    },
    {
      what: 'a pool for the long name of a Gateway, which Cilium shortens in the label',
      objects: [
        pool(undefined, selecting({ 'io.kubernetes.service.name': `cilium-gateway-${'b'.repeat(48)}` })),
        policy(),
        gateway({ name: 'b'.repeat(49) }),
      ],
      finds: [['service/unmatched-pools', 'warning', `gateway.networking.k8s.io/Gateway gateways/${'b'.repeat(49)}`]],
      repaired: {
        objects: [
          pool(undefined, selecting({ 'io.kubernetes.service.name': `cilium-gateway-${'b'.repeat(37)}-mkmmtt2gg6` })),
          policy(),
          gateway({ name: 'b'.repeat(49) }),
        ],
      },
    },
    {
      what: 'no L2 policy',
      objects: [pool(), gateway()],
      finds: [['service/no-l2-policy', 'warning', WEB]],
      repaired: { objects: [pool(), policy(), gateway()] },
    },
    {
      what: 'an L2 policy for other Services',
      objects: [
        pool(),
        policy(selecting({ app: 'a' })),
        service({ labels: { app: 'a' } }),
        gateway({ labels: { app: 'a' } }),
      ],
      finds: [['service/not-selected', 'warning', WEB]],
      repaired: {
        objects: [
          pool(),
          policy(selecting({ app: 'a' })),
          service({ labels: { app: 'a' } }),
          gateway({ infrastructure: { labels: { app: 'a' } } }),
        ],
      },
    },
    {
      what: 'one address for two Gateways',
      objects: [
        pool(),
        policy(),
        ...['web', 'shop'].map((name) => gateway({ name, addresses: [{ value: '192.0.2.65' }] })),
      ],
      finds: [['service/shared-address', 'error', `${WEB.replace('web', 'shop')}: spec.addresses`]],
      repaired: {
        objects: [
          pool(),
          policy(),
          gateway({ addresses: [{ value: '192.0.2.65' }] }),
          gateway({ name: 'shop', addresses: [{ value: '192.0.2.66' }] }),
        ],
      },
    },
    {
      what: 'the address of a Service for a Gateway',
      objects: [
        pool(),
        policy(),
        service({ annotations: { 'lbipam.cilium.io/ips': '192.0.2.65' } }),
        gateway({ infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.0.2.65' } } }),
      ],
      finds: [['service/shared-address', 'error', `${WEB}: spec.infrastructure.annotations['lbipam.cilium.io/ips']`]],
      repaired: {
        objects: [
          pool(),
          policy(),
          service({
            annotations: {
              'lbipam.cilium.io/ips': '192.0.2.65',
              'lbipam.cilium.io/sharing-key': 'a',
              'lbipam.cilium.io/sharing-cross-namespace': '*',
            },
            ports: [{ port: 8080 }],
          }),
          gateway({
            infrastructure: {
              annotations: {
                'lbipam.cilium.io/ips': '192.0.2.65',
                'lbipam.cilium.io/sharing-key': 'a',
                'lbipam.cilium.io/sharing-cross-namespace': '*',
              },
            },
          }),
        ],
      },
    },
    {
      what: 'one address for two Gateways and a pool of one',
      objects: [pool('192.0.2.65/32'), policy(), gateway(), gateway({ name: 'shop' })],
      finds: [['service/too-few-addresses', 'warning', WEB]],
      repaired: { objects: [pool(), policy(), gateway(), gateway({ name: 'shop' })] },
    },
    {
      what: 'an address outside the pools, by annotation',
      objects: [
        pool(),
        policy(),
        gateway({ infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.0.3.65' } } }),
      ],
      finds: [
        ['service/address-outside-pools', 'warning', `${WEB}: spec.infrastructure.annotations['lbipam.cilium.io/ips']`],
      ],
      repaired: {
        objects: [
          pool(),
          policy(),
          gateway({ infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.0.2.65' } } }),
        ],
      },
    },
    {
      what: 'a class that is off',
      objects: [pool(), policy(), ...classed({ loadBalancerClass: 'io.cilium/bgp-control-plane' })],
      finds: [
        [
          'service/class-off',
          'error',
          'cilium.io/CiliumGatewayClassConfig kube-system/inside: spec.service.loadBalancerClass',
        ],
      ],
      repaired: { objects: [pool(), policy(), ...classed({ loadBalancerClass: 'io.cilium/l2-announcer' })] },
    },
    {
      what: 'a class that Cilium does not know',
      objects: [pool(), policy(), ...classed({ loadBalancerClass: 'io.cilium/l2' })],
      finds: [
        [
          'service/class',
          'error',
          'cilium.io/CiliumGatewayClassConfig kube-system/inside: spec.service.loadBalancerClass',
        ],
      ],
      repaired: { objects: [pool(), policy(), ...classed({})] },
    },
    {
      what: 'no addresses by default',
      values: { ...GATEWAYS, defaultLBServiceIPAM: 'none' },
      objects: [pool(), policy(), gateway()],
      finds: [['service/no-giver', 'warning', WEB]],
      repaired: {
        values: { ...GATEWAYS, defaultLBServiceIPAM: 'none' },
        objects: [pool(), policy(), ...classed({ loadBalancerClass: 'io.cilium/l2-announcer' })],
      },
    },
    {
      what: 'no LB IPAM',
      values: { ...GATEWAYS, enableLBIPAM: false, defaultLBServiceIPAM: 'none' },
      objects: [gateway()],
      finds: [['service/no-lb-ipam', 'warning', WEB]],
      repaired: { values: GATEWAYS, objects: [pool(), policy(), gateway()] },
    },
    {
      what: 'a traffic policy with which no node announces it',
      version: '1.20.2',
      values: GATEWAYS,
      objects: [pool(), policy(), ...classed({ externalTrafficPolicy: 'Local' })],
      finds: [
        [
          'service/local-on-l2',
          'warning',
          'cilium.io/CiliumGatewayClassConfig kube-system/inside: spec.service.externalTrafficPolicy',
        ],
      ],
      repaired: { objects: [pool(), policy(), ...classed({ externalTrafficPolicy: 'Cluster' })] },
    },
  ];
  testRows(rows.map((row) => ({ values: GATEWAYS, ...row })));
});

describe('Services of Ingresses', () => {
  const rows: readonly Row[] = [
    {
      what: 'no pool',
      objects: [policy(), ingress()],
      finds: [['service/no-pool', 'warning', SHOP]],
      repaired: { objects: [pool(), policy(), ingress()] },
    },
    {
      what: 'the label of a pool on the Ingress itself',
      objects: [pool(undefined, selecting(EXTERNAL)), policy(), ingress({ labels: EXTERNAL })],
      finds: [['service/unmatched-pools', 'warning', SHOP]],
      repaired: {
        values: {
          ...INGRESSES,
          ingressController: {
            enabled: true,
            loadbalancerMode: 'dedicated',
            ingressLBAnnotationPrefixes: ['example.org'],
          },
        },
      },
    },
    {
      what: 'an address outside the pools',
      objects: [pool(), policy(), ingress({ annotations: { 'lbipam.cilium.io/ips': '192.0.3.65' } })],
      finds: [['service/address-outside-pools', 'warning', `${SHOP}: metadata.annotations['lbipam.cilium.io/ips']`]],
      repaired: { objects: [pool(), policy(), ingress({ annotations: { 'lbipam.cilium.io/ips': '192.0.2.65' } })] },
    },
    {
      what: 'an annotation that Cilium does not copy',
      objects: [pool(), policy(), ingress({ annotations: { 'io.cilium/lb-ipam-ips': '192.0.2.65' } })],
      finds: [['service/ingress-annotation', 'warning', `${SHOP}: metadata.annotations['io.cilium/lb-ipam-ips']`]],
      repaired: { objects: [pool(), policy(), ingress({ annotations: { 'lbipam.cilium.io/ips': '192.0.2.65' } })] },
    },
    {
      what: 'a class that is off',
      objects: [
        pool(),
        policy(),
        ingress({ annotations: { 'ingress.cilium.io/loadbalancer-class': 'io.cilium/node' } }),
      ],
      finds: [['service/class-off', 'error', `${SHOP}: metadata.annotations['ingress.cilium.io/loadbalancer-class']`]],
      repaired: {
        objects: [
          pool(),
          policy(),
          ingress({ annotations: { 'ingress.cilium.io/loadbalancer-class': 'io.cilium/l2-announcer' } }),
        ],
      },
    },
    {
      what: 'a traffic policy that is not one',
      objects: [
        pool(),
        policy(),
        ingress({ annotations: { 'ingress.cilium.io/service-external-traffic-policy': 'local' } }),
      ],
      finds: [
        [
          'service/ingress-traffic-policy',
          'error',
          `${SHOP}: metadata.annotations['ingress.cilium.io/service-external-traffic-policy']`,
        ],
      ],
      repaired: {
        objects: [
          pool(),
          policy(),
          ingress({ annotations: { 'ingress.cilium.io/service-external-traffic-policy': 'Local' } }),
        ],
      },
    },
    {
      what: 'a name that is too long for its Service',
      objects: [pool(), policy(), ingress({ name: 'c'.repeat(49) })],
      finds: [['service/ingress-name', 'error', `networking.k8s.io/Ingress shop/${'c'.repeat(49)}`]],
      repaired: { version: '1.20.0' },
    },
    ...(
      [
        ['a rule without paths', { rules: [{ host: 'web.example.org' }] }, 'spec.rules[0]'],
        [
          'a timeout without a unit',
          { annotations: { 'ingress.cilium.io/request-timeout': '30' } },
          "metadata.annotations['ingress.cilium.io/request-timeout']",
        ],
        [
          'TLS passthrough to a default backend',
          { annotations: { 'ingress.cilium.io/tls-passthrough': 'enabled' } },
          'spec.defaultBackend',
        ],
        [
          'a name for a node port',
          {
            annotations: {
              'ingress.cilium.io/service-type': 'NodePort',
              'ingress.cilium.io/secure-node-port': 'https',
            },
          },
          "metadata.annotations['ingress.cilium.io/secure-node-port']",
        ],
      ] as const
    ).map(([what, change, path]): Row => ({
      what: `${what}, which ends the operator of 1.18`,
      version: '1.18.11',
      objects: [pool(), policy(), ingress(change)],
      finds: [['service/ingress-skipped', 'error', `${SHOP}: ${path}`]],
      repaired: { objects: [pool(), policy(), ingress()] },
    })),
    {
      what: 'a rule that the operator skips',
      version: '1.20.0',
      objects: [pool(), policy(), ingress({ rules: [{ host: 'web.example.org' }] })],
      finds: [['service/ingress-skipped', 'warning', `${SHOP}: spec.rules[0]`]],
      repaired: { objects: [pool(), policy(), ingress()] },
    },
    {
      what: 'one Service of its own in shared mode',
      values: { l2announcements: { enabled: true }, ingressController: { enabled: true, loadbalancerMode: 'shared' } },
      objects: [policy(), ingress({ annotations: { 'ingress.cilium.io/loadbalancer-mode': 'dedicated' } })],
      finds: [['service/no-pool', 'warning', SHOP]],
      repaired: {
        objects: [pool(), policy(), ingress({ annotations: { 'ingress.cilium.io/loadbalancer-mode': 'dedicated' } })],
      },
    },
  ];
  testRows(rows.map((row) => ({ values: INGRESSES, ...row })));
});

describe('nothing is found:', () => {
  const quiet: readonly (readonly [what: string, input: Parameters<typeof judge>[0]])[] = [
    [
      'a policy for a Gateway, beside another Service',
      {
        objects: [pool(), policy(selecting({ 'gateway.networking.k8s.io/gateway-name': 'web' })), gateway(), service()],
      },
    ],
    ['a Gateway of a class that no object defines', { objects: [gateway({ gatewayClassName: 'istio' })] }],
    [
      "a Gateway of another controller's class",
      {
        objects: [
          object(
            'gateway.networking.k8s.io/v1',
            'GatewayClass',
            { name: 'other' },
            { controllerName: 'example.org/other' },
          ),
          gateway({ gatewayClassName: 'other' }),
        ],
      },
    ],
    ['a class of type NodePort', { version: '1.19.6', objects: classed({ type: 'NodePort' }) }],
    [
      'a Gateway on the host network',
      {
        version: '1.19.6',
        values: { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } },
        objects: [gateway({ listeners: [{ name: 'http', port: 8080, protocol: 'HTTP' }] })],
      },
    ],
    ['a Gateway while the Gateway API is off', { values: {}, objects: [gateway()] }],
    [
      'a traffic policy that keeps the address of the client',
      { objects: [pool(), policy(), ...classed({ externalTrafficPolicy: 'Local' })] },
    ],
    [
      "an Ingress of another controller's class",
      { values: INGRESSES, objects: [ingress({ ingressClassName: 'nginx' })] },
    ],
    [
      'an Ingress of mode shared',
      { values: INGRESSES, objects: [ingress({ annotations: { 'ingress.cilium.io/loadbalancer-mode': 'shared' } })] },
    ],
  ];
  it.each(quiet)('%s', (_, input) => {
    const found = judge({ values: GATEWAYS, ...input }).filter(({ id }) =>
      /^(service|l2-policy|ip-pool)\/|^gateway\/(?!off)/.test(id),
    );
    expect(found.map(({ id, paths }) => `${id} ${paths.join()}`)).toEqual([]);
  });
});
