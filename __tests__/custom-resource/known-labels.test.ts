import type { LabelSelector } from '../../lib/kubernetes/selector';
import { nodeLabelProblems, serviceLabelProblems } from '../../lib/custom-resource/known-labels';
import { itTellsOf } from './judged';

const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const is = (key: string, value: string): LabelSelector => ({ matchLabels: { [key]: value } });
const has = (key: string, operator: 'Exists' | 'DoesNotExist'): LabelSelector => ({ matchExpressions: [{ key, operator }] });
const among = (key: string, operator: 'In' | 'NotIn', ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});
const says = (selector: LabelSelector): readonly string[] => nodeLabelProblems('nodeSelector', selector).map((one) => one.says);

it.each<[LabelSelector, RegExp]>([
  [is(CONTROL_PLANE, 'true'), /empty value, so the selector matches no node/],
  [among(CONTROL_PLANE, 'In', 'true', 'yes'), /matches no node/],
  [among(CONTROL_PLANE, 'NotIn', 'true'), /leaves no node out/],
  [is('node-role.kubernetes.io/master', ''), /no more, so the selector matches no node/],
  [has('node-role.kubernetes.io/master', 'Exists'), /matches no node/],
  [has('node-role.kubernetes.io/master', 'DoesNotExist'), /leaves no node out/],
  [is('kubernetes.io/os', 'Linux'), /'linux'/],
  [is('kubernetes.io/os', 'talos'), /'linux'/],
  [is('kubernetes.io/arch', 'x86_64'), /'amd64'/],
  [is('kubernetes.io/hostname', 'Worker-1'), /lower case/],
])('%j', (selector, said) => {
  expect(says(selector)).toEqual([expect.stringMatching(said)]);
});

it.each<LabelSelector>([
  {},
  is(CONTROL_PLANE, ''),
  among(CONTROL_PLANE, 'In', '', 'true'),
  has(CONTROL_PLANE, 'Exists'),
  has(CONTROL_PLANE, 'DoesNotExist'),
  is('kubernetes.io/os', 'linux'),
  has('kubernetes.io/os', 'Exists'),
  is('kubernetes.io/arch', 'arm64'),
  is('kubernetes.io/hostname', 'worker-1.example.com'),
  is('node-role.kubernetes.io/worker', 'true'),
])('nothing is said of %j', (selector) => {
  expect(says(selector)).toEqual([]);
});

it('Services have labels of their own for their namespace', () => {
  const wrong = ['io.kubernetes.pod.namespace', 'kubernetes.io/metadata.name', 'io.cilium.k8s.namespace.labels.team'];
  for (const key of wrong) expect(serviceLabelProblems('serviceSelector', is(key, 'shop'))).toHaveLength(1);
  expect(serviceLabelProblems('serviceSelector', is('io.kubernetes.service.namespace', 'shop'))).toEqual([]);
});

const WRONG = is(CONTROL_PLANE, 'true');
const AT = `matchLabels['${CONTROL_PLANE}']`;

describe('every kind that selects nodes tells of them', () => {
  itTellsOf('l2-policy', [
    [`node-label nodeSelector.${AT}`, { loadBalancerIPs: true, nodeSelector: WRONG }],
    [
      "service-label serviceSelector.matchLabels['kubernetes.io/metadata.name']",
      { loadBalancerIPs: true, serviceSelector: is('kubernetes.io/metadata.name', 'shop') },
    ],
    ['interface-glob interfaces[0]', { loadBalancerIPs: true, interfaces: ['en*'] }],
    ['interface-glob interfaces[1]', { loadBalancerIPs: true, interfaces: ['^bond0$', '^eth*$'] }],
  ]);
  itTellsOf('node-config', [[`node-label nodeSelector.${AT}`, { nodeSelector: WRONG, defaults: { 'bpf-lb-acceleration': 'native' } }]]);
  for (const kind of ['envoy-config', 'clusterwide-envoy-config']) {
    itTellsOf(kind, [
      [
        `node-label nodeSelector.${AT}`,
        { nodeSelector: WRONG, resources: [{ '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' }] },
      ],
    ]);
  }
  itTellsOf('bgp-cluster', [[`node-label nodeSelector.${AT}`, { nodeSelector: WRONG, bgpInstances: [{ name: 'a', localASN: 64512 }] }]]);
  const traffic = { selectors: [{ podSelector: is('app', 'shop') }], destinationCIDRs: ['0.0.0.0/0'] };
  const gateway = { nodeSelector: is('example.test/egress', 'true') };
  itTellsOf('egress-gateway-policy', [
    [`node-label egressGateway.nodeSelector.${AT}`, { ...traffic, egressGateway: { nodeSelector: WRONG } }],
    [`node-label egressGateways[1].nodeSelector.${AT}`, { ...traffic, egressGateways: [gateway, { nodeSelector: WRONG }] }],
    [
      `node-label selectors[0].nodeSelector.${AT}`,
      { ...traffic, selectors: [{ podSelector: is('app', 'shop'), nodeSelector: WRONG }], egressGateway: gateway },
    ],
    [
      "ignored-label selectors[0].podSelector.matchLabels['kubernetes.io/metadata.name']",
      { ...traffic, selectors: [{ podSelector: is('kubernetes.io/metadata.name', 'shop') }], egressGateway: gateway },
    ],
    ['any-gateway egressGateway.nodeSelector', { ...traffic, egressGateway: { nodeSelector: {}, egressIP: '192.0.2.7' } }],
    [
      'any-gateway egressGateway.nodeSelector',
      { ...traffic, egressGateway: { nodeSelector: is('kubernetes.io/os', 'linux'), egressIP: '192.0.2.7' } },
    ],
    ['interface-name egressGateway.interface', { ...traffic, egressGateway: { ...gateway, interface: '^eth0$' } }],
    ['interface-name egressGateway.interface', { ...traffic, egressGateway: { ...gateway, interface: 'eth0,eth1' } }],
  ]);
});

describe('kinds that select Services tell of them', () => {
  const wrong = is('io.kubernetes.pod.namespace', 'shop');
  const at = "matchLabels['io.kubernetes.pod.namespace']";
  itTellsOf('ip-pool', [
    [`service-label serviceSelector.${at}`, { blocks: ['192.0.2.0/28'], serviceSelector: wrong }],
    ['family-off blocks[1]', { blocks: ['192.0.2.0/28', '2001:db8::/112'] }, { values: {} }],
  ]);
  itTellsOf('bgp-advertisement', [
    [
      `service-label advertisements[0].selector.${at}`,
      { advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: wrong }] },
    ],
  ]);
});
