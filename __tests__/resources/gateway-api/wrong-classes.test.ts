import { kindOf, resourceExampleFindings } from '../../../upstream/rules/resources';
import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';

const ON = { gatewayAPI: { enabled: true }, kubeProxyReplacement: true };
const HOST = { ...ON, gatewayAPI: { enabled: true, hostNetwork: { enabled: true } } };
const DUAL = { ...ON, ipv6: { enabled: true } };
const TALOS = { talosVersion: '1.13', kubernetesVersion: '1.34.1' } as const;
const DUAL_TALOS = {
  ...TALOS,
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
} as const;
const CONFIG = { subject: 'gateway-class-config', props: { name: 'inside', service: { type: 'NodePort' } } };
const inside = { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } };
const service = (change: object): object => ({ name: 'inside', service: change });
const V20 = { version: '1.20.0' };

/** GatewayClasses with mistakes. */
const CLASSES: readonly WrongResource[] = [
  ['namespace namespace', { ...inside, namespace: 'default' }],
  ['name name', { ...inside, name: 'Inside' }],
  ['unknown-field service', { name: 'inside', service: { type: 'NodePort' } }],
  ['unknown-field config', { name: 'inside', config: 'inside' }],
  ['unknown-field controller', { name: 'inside', controller: 'io.cilium/gateway-controller' }],
  ['controller controllerName', { name: 'inside', controllerName: 'cilium.io/gateway-controller' }],
  ['controller controllerName', { name: 'inside', controllerName: 'io.cilium/ingress-controller' }],
  ['text controllerName', { name: 'inside', controllerName: 'cilium' }],
  ['made-by-cilium name', { name: 'cilium' }, { values: ON }],
  ['parameters parametersRef.namespace', { ...inside, parametersRef: { name: 'inside' } }],
  [
    'parameters parametersRef',
    { ...inside, parametersRef: { group: '', kind: 'ConfigMap', name: 'inside', namespace: 'default' } },
  ],
  ['required parametersRef.name', { ...inside, parametersRef: { namespace: 'default' } }],
  ['type parametersRef', { ...inside, parametersRef: 'inside' }],
  [
    'no-such-parameters parametersRef',
    { ...inside, parametersRef: { name: 'inside', namespace: 'kube-system' } },
    { values: ON, others: [CONFIG] },
  ],
  ['size description', { name: 'inside', description: 'a'.repeat(65) }],
  ['off cilium.gatewayAPI.enabled', inside, { values: {}, others: [CONFIG] }],
];

/** GatewayClassConfigs with mistakes. */
const CONFIGS: readonly WrongResource[] = [
  ['unknown-field type', { name: 'inside', type: 'NodePort' }],
  ['unknown-field loadBalancerClass', { name: 'inside', loadBalancerClass: 'io.cilium/node' }],
  ['word service.type', service({ type: 'ClusterIP' })],
  ['word service.type', service({ type: 'nodePort' })],
  ['unknown-field service.annotations', service({ annotations: { 'lbipam.cilium.io/ips': '192.168.1.200' } })],
  ['unknown-field service.ports', service({ ports: [{ port: 443, nodePort: 31443 }] })],
  ['unknown-field service.loadBalancerIP', service({ loadBalancerIP: '192.168.1.200' })],
  ['service-word service.externalTrafficPolicy', service({ externalTrafficPolicy: 'local' })],
  ['service-word service.ipFamilies[0]', service({ ipFamilies: ['ipv6'] })],
  ['service-word service.ipFamilyPolicy', service({ ipFamilyPolicy: 'DualStack' })],
  ['service-word service.trafficDistribution', service({ trafficDistribution: 'PreferLocal' })],
  ['type service.ipFamilies', service({ ipFamilies: 'IPv6' })],
  ['families error service.ipFamilies', service({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'SingleStack' })],
  ['families error service.ipFamilies', service({ ipFamilies: ['IPv4', 'IPv6'] }), { values: ON }],
  ['families service.ipFamilies', service({ ipFamilies: ['IPv6', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' })],
  ['family-off service.ipFamilies[0]', service({ ipFamilies: ['IPv6'] }), { values: ON }],
  ['dual-stack warning service.ipFamilyPolicy', service({ ipFamilyPolicy: 'RequireDualStack' }), { values: ON }],
  [
    'dual-stack error service.ipFamilyPolicy',
    service({ ipFamilyPolicy: 'RequireDualStack' }),
    { values: ON, talos: TALOS },
  ],
  ['one-family warning service.ipFamilies', service({ ipFamilies: ['IPv4'] }), { values: DUAL }],
  ['one-family error service.ipFamilies', service({ ipFamilies: ['IPv6'] }), { values: DUAL, talos: DUAL_TALOS }],
  [
    'one-family error service.ipFamilies',
    service({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' }),
    { version: '1.20.0', values: DUAL, talos: DUAL_TALOS },
  ],
  [
    'one-family error service.ipFamilies',
    service({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'RequireDualStack' }),
    { version: '1.19.6', values: DUAL, talos: DUAL_TALOS },
  ],
  ['source-range service.loadBalancerSourceRanges[0]', service({ loadBalancerSourceRanges: ['203.0.113.7'] })],
  ['source-range service.loadBalancerSourceRanges[0]', service({ loadBalancerSourceRanges: ['office'] })],
  ['idle-field service.loadBalancerClass', service({ type: 'NodePort', loadBalancerClass: 'io.cilium/l2-announcer' })],
  ['idle-field service', service({ type: 'NodePort' }), { values: HOST }],
  ['type service.allocateLoadBalancerNodePorts', service({ allocateLoadBalancerNodePorts: 'false' })],
  ['unknown-field envoy', { name: 'inside', envoy: { serverHeaderTransformation: 'PASS_THROUGH' } }],
  ['size telemetry.accessLogs', { name: 'inside', telemetry: { accessLogs: [] } }, V20],
  [
    'access-log-format telemetry.accessLogs[0].text',
    { name: 'inside', telemetry: { accessLogs: [{ format: 'JSON', text: 'a' }] } },
    V20,
  ],
  ['unused name', service({ type: 'NodePort' }), { values: ON }],
  ['off cilium.gatewayAPI.enabled', service({ type: 'NodePort' }), { values: {} }],
];

describe('mistakes in GatewayClasses are found:', () => {
  itFindsInResources('gateway-class', CLASSES);
});

describe('mistakes in GatewayClassConfigs are found:', () => {
  itFindsInResources('gateway-class-config', CONFIGS);
});

/** The API server was seen to take these; `v4` is an API server of one family. */
describe('address families that the API server takes are quiet:', () => {
  it.each([
    ['both', { ipFamilies: ['IPv4', 'IPv6'] }, { values: DUAL }],
    ['both in another order', { ipFamilies: ['IPv6', 'IPv4'] }, { values: DUAL, talos: DUAL_TALOS }],
    ['both as they are', { ipFamilies: ['IPv4', 'IPv6'] }, {}],
    ['one', { ipFamilies: ['IPv4'] }, { values: ON }],
    ['one of two', { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }, { values: DUAL, talos: DUAL_TALOS }],
    ['v4', { ipFamilies: ['IPv4'], ipFamilyPolicy: 'PreferDualStack' }, { values: ON, talos: TALOS }],
    ['none', { ipFamilyPolicy: 'RequireDualStack' }, { values: DUAL, talos: DUAL_TALOS }],
  ] as const)('%s', (_, change, among) => {
    const others = [{ subject: 'gateway-class', props: inside }];
    const found = resourceExampleFindings(kindOf('gateway-class-config'), { others, ...among, props: service(change) });
    expect(found).toEqual([]);
  });
});
