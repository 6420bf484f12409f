import type { CiliumKind } from '../../lib/kubernetes/cilium-api';

const selector = { matchLabels: { app: 'web' } };

/** Fields that a kind accepts, and changes that are refused: the fields that differ, and the findings. */
export interface Row {
  readonly version?: string;
  readonly good: object;
  readonly bad: readonly (readonly [change: object, ...message: string[]])[];
}

const instance = { name: 'one', localASN: 64512 };
const port = { name: 'http', port: '80', protocol: 'TCP' };
const redirect = {
  redirectFrontend: { addressMatcher: { ip: '169.254.169.254', toPorts: [port] } },
  redirectBackend: { localEndpointSelector: selector, toPorts: [port] },
};
const egress = {
  selectors: [{ podSelector: selector }],
  destinationCIDRs: ['0.0.0.0/0'],
  egressGateway: { nodeSelector: selector },
};
const envoy: Row = {
  good: {
    resources: [{ '@type': 'type.example/Listener', name: 'a' }],
    services: [{ name: 'a', namespace: 'b', ports: [80] }],
  },
  bad: [
    [{ resources: undefined }, 'required resources'],
    [{ resources: ['a'] }, 'type resources[0]'],
    [{ services: [{ name: 'a', ports: ['80'] }] }, 'type services[0].ports[0]'],
    [{ services: [{ port: 80 }] }, 'required services[0].name', 'unknown-field services[0].port'],
  ],
};
const networkPolicy: Row = {
  good: {
    endpointSelector: selector,
    ingress: [
      { fromEntities: ['cluster'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } }] },
    ],
    egress: [
      { toFQDNs: [{ matchPattern: '*.example.com' }], icmps: [{ fields: [{ type: 8 }, { type: 'EchoReply' }] }] },
    ],
  },
  bad: [
    [{ ingress: [{ fromEntity: ['cluster'] }] }, 'unknown-field ingress[0].fromEntity'],
    [{ ingress: [{ fromEntities: ['Cluster'] }] }, 'word ingress[0].fromEntities[0]'],
    [{ ingress: { fromEntities: ['cluster'] } }, 'type ingress'],
    [{ ingress: [{ toPorts: [{ ports: [{ port: 80 }] }] }] }, 'type ingress[0].toPorts[0].ports[0].port'],
    [
      { ingress: [{ toPorts: [{ ports: [{ port: '80', endPort: 65536 }] }] }] },
      'range ingress[0].toPorts[0].ports[0].endPort',
    ],
    [
      { ingress: [{ toPorts: [{ serverNames: ['a', 'a'] }] }] },
      'duplicate ingress[0].toPorts[0].serverNames[0], ingress[0].toPorts[0].serverNames[1]',
    ],
    [{ ingress: [{ fromCIDR: ['10.0.0.1'] }] }, 'text ingress[0].fromCIDR[0]'],
    [
      { ingress: [{ fromCIDRSet: [{ cidr: '10.0.0.0/8', cidrGroupRef: 'a' }] }] },
      'choice ingress[0].fromCIDRSet[0].cidr, ingress[0].fromCIDRSet[0].cidrGroupRef',
    ],
    [
      { egress: [{ toFQDNs: [{ matchName: `${'very-'.repeat(20)}long.example.com ` }] }] },
      'text egress[0].toFQDNs[0].matchName',
    ],
    [{ egress: [{ icmps: [{ fields: [{ type: 'Echoes' }] }] }] }, 'text egress[0].icmps[0].fields[0].type'],
    [{ egress: [{ icmps: [{ fields: [{}] }] }] }, 'required egress[0].icmps[0].fields[0].type'],
    [{ nodeSelector: selector }, 'choice endpointSelector, nodeSelector'],
    [{ endpointSelector: undefined }, 'choice spec'],
    [{ ingress: undefined, egress: undefined }, 'choice spec'],
    [{ endpointSelector: { matchLabels: { app: 1 } } }, 'type endpointSelector.matchLabels.app'],
    [{ endpointSelector: { matchLabels: { 'a/b': 'dark blue' } } }, "text endpointSelector.matchLabels['a/b']"],
    [
      { endpointSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
      'word endpointSelector.matchExpressions[0].operator',
    ],
    [{ description: 7 }, 'type description'],
  ],
};

/** Every kind with something right and several things wrong. */
export const ROWS: Readonly<Record<CiliumKind, Row>> = {
  CiliumBGPAdvertisement: {
    good: {
      advertisements: [
        {
          advertisementType: 'Service',
          service: { addresses: ['LoadBalancerIP'] },
          attributes: { localPreference: 100, communities: { standard: ['64512:1'] } },
        },
      ],
    },
    bad: [
      [{ advertisements: [{}] }, 'required advertisements[0].advertisementType'],
      [{ advertisements: [{ advertisementType: 'PodCIDRs' }] }, 'word advertisements[0].advertisementType'],
      [
        { advertisements: [{ advertisementType: 'Service', service: { addresses: [] } }] },
        'size advertisements[0].service.addresses',
      ],
      [
        { advertisements: [{ advertisementType: 'PodCIDR', attributes: { communities: { standard: ['1:2:3'] } } }] },
        'text advertisements[0].attributes.communities.standard[0]',
      ],
    ],
  },
  CiliumBGPClusterConfig: {
    good: {
      nodeSelector: selector,
      bgpInstances: [
        { ...instance, peers: [{ name: 'a', peerASN: 64513, peerAddress: '192.0.2.1', peerConfigRef: { name: 'b' } }] },
      ],
    },
    bad: [
      [{ bgpInstances: [] }, 'size bgpInstances'],
      [{ bgpInstances: [instance, { ...instance, localASN: 1 }] }, 'duplicate bgpInstances[0], bgpInstances[1]'],
      [{ bgpInstances: [{ ...instance, localASN: 4294967296 }] }, 'range bgpInstances[0].localASN'],
      [
        { bgpInstances: [{ ...instance, peers: [{ name: 'a', peerAddress: 'router' }] }] },
        'text bgpInstances[0].peers[0].peerAddress',
      ],
      [{ bgpInstances: [{ localAsn: 64512, name: 'one' }] }, 'unknown-field bgpInstances[0].localAsn'],
    ],
  },
  CiliumBGPNodeConfigOverride: {
    good: {
      bgpInstances: [
        { name: 'one', routerID: '192.0.2.1', localPort: 179, peers: [{ name: 'a', localAddress: '192.0.2.2' }] },
      ],
    },
    bad: [
      [{ bgpInstances: undefined }, 'required bgpInstances'],
      [{ bgpInstances: [{ name: 'one', routerID: '2001:db8::1' }] }, 'text bgpInstances[0].routerID'],
      [{ bgpInstances: [{ name: 'one', localPort: 2147483648 }] }, 'range bgpInstances[0].localPort'],
    ],
  },
  CiliumBGPPeerConfig: {
    good: {
      timers: { holdTimeSeconds: 9, keepAliveTimeSeconds: 3 },
      ebgpMultihop: 2,
      families: [{ afi: 'ipv4', safi: 'unicast', advertisements: selector }],
    },
    bad: [
      [{ ebgpMultihop: 256 }, 'range ebgpMultihop'],
      [{ timers: { holdTimeSeconds: '9s' } }, 'type timers.holdTimeSeconds'],
      [{ families: [{ afi: 'ipv4' }] }, 'required families[0].safi'],
      [{ families: [{ afi: 'IPv4', safi: 'unicast' }] }, 'word families[0].afi'],
    ],
  },
  CiliumBGPPeeringPolicy: {
    version: '1.18.4',
    good: {
      nodeSelector: selector,
      virtualRouters: [{ localASN: 64512, neighbors: [{ peerAddress: '192.0.2.1/32', peerASN: 64513 }] }],
    },
    bad: [
      [{ virtualRouters: [] }, 'size virtualRouters'],
      [
        { virtualRouters: [{ localASN: 64512, neighbors: [{ peerAddress: '192.0.2.1', peerASN: 64513 }] }] },
        'text virtualRouters[0].neighbors[0].peerAddress',
      ],
    ],
  },
  CiliumCIDRGroup: {
    good: { externalCIDRs: ['192.0.2.0/24', '2001:db8::/32'] },
    bad: [
      [{ externalCIDRs: undefined, externalCidrs: [] }, 'unknown-field externalCidrs'],
      [{ externalCIDRs: ['192.0.2.1'] }, 'text externalCIDRs[0]'],
      [{ externalCIDRs: '192.0.2.0/24' }, 'type externalCIDRs'],
    ],
  },
  CiliumClusterwideEnvoyConfig: envoy,
  CiliumClusterwideNetworkPolicy: networkPolicy,
  CiliumDatapathPlugin: {
    good: { attachmentPolicy: 'Always', version: '1' },
    bad: [
      [{ attachmentPolicy: 'always' }, 'word attachmentPolicy'],
      [{ version: undefined }, 'required version'],
      [{ version: 1 }, 'type version'],
    ],
  },
  CiliumEgressGatewayPolicy: {
    version: '1.18.4',
    good: {
      ...egress,
      excludedCIDRs: ['10.0.0.0/8'],
      egressGateway: { nodeSelector: selector, egressIP: '192.0.2.1' },
    },
    bad: [
      [{ egressGateway: undefined }, 'required egressGateway'],
      [{ destinationCIDRs: ['anywhere'] }, 'text destinationCIDRs[0]'],
      [{ egressGateway: { nodeSelector: selector, egressIP: '2001:db8::1' } }, 'text egressGateway.egressIP'],
      [{ egressGatway: egress.egressGateway, egressGateway: undefined }, 'unknown-field egressGatway'],
    ],
  },
  CiliumEnvoyConfig: envoy,
  CiliumGatewayClassConfig: {
    good: {
      service: { type: 'NodePort' },
      telemetry: { accessLogs: [{ format: 'JSON', json: { a: '%B%' }, targets: ['HTTP'] }] },
    },
    bad: [
      [{ service: { type: 'ClusterIP' } }, 'word service.type'],
      [{ telemetry: { accessLogs: [] } }, 'size telemetry.accessLogs'],
      [{ telemetry: { accessLogs: [{ format: 'JSON', json: {} }] } }, 'size telemetry.accessLogs[0].json'],
      [{ description: 'a'.repeat(65) }, 'size description'],
    ],
  },
  CiliumL2AnnouncementPolicy: {
    good: { loadBalancerIPs: true, interfaces: ['^eth'], serviceSelector: selector },
    bad: [
      [{ loadBalancerIPs: 'yes' }, 'type loadBalancerIPs'],
      [{ interfaces: 'eth0' }, 'type interfaces'],
      [{ loadBalancerClass: 'a' }, 'unknown-field loadBalancerClass'],
    ],
  },
  CiliumLoadBalancerIPPool: {
    good: { blocks: [{ cidr: '192.0.2.0/24' }, { start: '192.0.2.1', stop: '192.0.2.9' }], allowFirstLastIPs: 'No' },
    bad: [
      [{ blocks: ['192.0.2.0/24'] }, 'type blocks[0]'],
      [{ blocks: [{ cidr: '192.0.2.0/33' }] }, 'text blocks[0].cidr'],
      [{ allowFirstLastIPs: true }, 'type allowFirstLastIPs'],
    ],
  },
  CiliumLocalRedirectPolicy: {
    good: redirect,
    bad: [
      [{ redirectFrontend: {} }, 'choice redirectFrontend'],
      [
        { redirectFrontend: { ...redirect.redirectFrontend, serviceMatcher: { serviceName: 'a', namespace: 'b' } } },
        'choice redirectFrontend.addressMatcher, redirectFrontend.serviceMatcher',
      ],
      [
        { redirectBackend: { ...redirect.redirectBackend, toPorts: [{ ...port, port: 'http' }] } },
        'text redirectBackend.toPorts[0].port',
      ],
      [
        { redirectBackend: { ...redirect.redirectBackend, toPorts: [{ port: '80' }] } },
        'required redirectBackend.toPorts[0].protocol',
      ],
    ],
  },
  CiliumNetworkPolicy: networkPolicy,
  CiliumNodeConfig: {
    good: { nodeSelector: selector, defaults: { debug: 'true' } },
    bad: [
      [{ defaults: { debug: true } }, 'type defaults.debug'],
      [{ nodeSelector: undefined }, 'required nodeSelector'],
      [{ default: {}, defaults: undefined }, 'unknown-field default'],
    ],
  },
  CiliumPodIPPool: {
    good: { ipv4: { cidrs: ['10.0.0.0/8'], maskSize: 24 } },
    bad: [
      [{ ipv4: { cidrs: [], maskSize: 24 } }, 'size ipv4.cidrs'],
      [{ ipv4: { cidrs: ['10.0.0.0/8'], maskSize: 33 } }, 'range ipv4.maskSize'],
      [{ ipv4: { cidrs: ['10.0.0.0/8'], maskSize: 24.5 } }, 'type ipv4.maskSize'],
      [{ ipv4: { cidrs: ['10.0.0.0/8'] } }, 'required ipv4.maskSize'],
    ],
  },
};
