import type { Context } from '../../lib/cilium/context';
import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { renderCilium } from '../../lib/cilium/render';
import { ignoredLabelProblems } from '../../lib/resource/ignored-labels';
import type { LabelSelector } from '../../lib/kubernetes/selector';
import { nodeLabelProblems, serviceLabelProblems } from '../../lib/resource/known-labels';
import { itFindsInResources } from '../wrong';

const ALL = ['1.18.4', '1.18.7', '1.19.6', '1.20.0'];
const CONTROL_PLANE = 'node-role.kubernetes.io/control-plane';
const is = (key: string, value: string): LabelSelector => ({ matchLabels: { [key]: value } });
const has = (key: string, operator: 'Exists' | 'DoesNotExist'): LabelSelector => ({
  matchExpressions: [{ key, operator }],
});
const among = (key: string, operator: 'In' | 'NotIn', ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, values }],
});
const said = (selector: LabelSelector, cilium?: Context): readonly string[] =>
  nodeLabelProblems('nodeSelector', selector, cilium).map((one) => one.message);

it.each<[LabelSelector, RegExp]>([
  [is(CONTROL_PLANE, 'true'), /empty value, so the selector matches no node/],
  [among(CONTROL_PLANE, 'In', 'true', 'yes'), /matches no node/],
  [among(CONTROL_PLANE, 'NotIn', 'true'), /excludes no node/],
  [is('node-role.kubernetes.io/master', ''), /no longer have this label, so the selector matches no node/],
  [has('node-role.kubernetes.io/master', 'Exists'), /matches no node/],
  [has('node-role.kubernetes.io/master', 'DoesNotExist'), /excludes no node/],
  [is('kubernetes.io/os', 'Linux'), /'linux'/],
  [is('kubernetes.io/os', 'talos'), /'linux'/],
  [is('kubernetes.io/arch', 'x86_64'), /'amd64'/],
  [is('kubernetes.io/hostname', 'Worker-1'), /lower case/],
])('%j', (selector, expected) => {
  expect(said(selector)).toEqual([expect.stringMatching(expected)]);
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
  // To be on the safe side, where there is nothing to leave out.
  among('kubernetes.io/os', 'NotIn', 'windows'),
  among('kubernetes.io/arch', 'NotIn', 's390x', 'ppc64le'),
  {
    matchExpressions: [
      { key: 'node-role.kubernetes.io/master', operator: 'DoesNotExist' },
      { key: CONTROL_PLANE, operator: 'DoesNotExist' },
    ],
  },
  // Of clouds, operators of accelerators, and the user.
  is('topology.kubernetes.io/zone', 'eu-central-1a'),
  is('node.kubernetes.io/instance-type', 'cx22'),
  is('feature.node.kubernetes.io/pci-10de.present', 'true'),
  is('nvidia.com/gpu.present', 'true'),
  is('kubernetes.io/egress', 'true'),
])('there is no finding for %j', (selector) => {
  expect(said(selector)).toEqual([]);
});

it('other distributions label control planes otherwise', () => {
  const bare = renderCilium({ version: '1.19.6', values: {} }).context;
  const onTalos = renderCilium({ version: '1.19.6', values: TALOS_VALUES, talos: exampleTalos() }).context;
  for (const selector of [is(CONTROL_PLANE, 'true'), has('node-role.kubernetes.io/master', 'Exists')]) {
    expect([said(selector, onTalos).length, said(selector, bare).length]).toEqual([1, 0]);
  }
  expect(said(is('kubernetes.io/os', 'Linux'), bare)).toHaveLength(1);
});

it.each<[string, readonly string[]]>([
  ['kubernetes.io/arch', ALL],
  ['k8s:k8s.io/cluster', ALL],
  ['failure-domain.beta.kubernetes.io/zone', ALL],
  ['pod-template-hash', ALL],
  ['topology.kubernetes.io/zone', ['1.18.7', '1.19.6', '1.20.0']],
  ['app.kubernetes.io/name', []],
  ['app', []],
  ['job-name', []],
  ['batch.kubernetes.io/job-name', []],
  ['node.kubernetes.io/instance-type', []],
  ['feature.node.kubernetes.io/pci-10de.present', []],
  ['nvidia.com/gpu.present', []],
  ['eks.amazonaws.com/nodegroup', []],
  ['kubernetes.azure.com/agentpool', []],
  ['io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name', []],
  ['reserved:kubernetes.io', []],
])('Cilium leaves %s out of identities in %j', (key, versions) => {
  const ignored = ALL.filter(
    (version) => ignoredLabelProblems('podSelector', is(key, 'x'), 'pods', version).length > 0,
  );
  expect(ignored).toEqual(versions);
});

it('Services have labels of their own for their namespace', () => {
  const wrong = ['io.kubernetes.pod.namespace', 'kubernetes.io/metadata.name', 'io.cilium.k8s.namespace.labels.team'];
  for (const key of wrong) expect(serviceLabelProblems('serviceSelector', is(key, 'shop'))).toHaveLength(1);
  expect(serviceLabelProblems('serviceSelector', is('io.kubernetes.service.namespace', 'shop'))).toEqual([]);
});

const WRONG = is(CONTROL_PLANE, 'true');
const AT = `matchLabels['${CONTROL_PLANE}']`;

describe('every kind that selects nodes has the rule', () => {
  itFindsInResources('l2-policy', [
    [`node-label nodeSelector.${AT}`, { loadBalancerIPs: true, nodeSelector: WRONG }],
    [
      "service-label serviceSelector.matchLabels['kubernetes.io/metadata.name']",
      { loadBalancerIPs: true, serviceSelector: is('kubernetes.io/metadata.name', 'shop') },
    ],
    ['interface-glob interfaces[0]', { loadBalancerIPs: true, interfaces: ['en*'] }],
    ['interface-glob interfaces[1]', { loadBalancerIPs: true, interfaces: ['^bond0$', '^eth*$'] }],
  ]);
  itFindsInResources('node-config', [
    [`node-label nodeSelector.${AT}`, { nodeSelector: WRONG, defaults: { 'bpf-lb-acceleration': 'native' } }],
  ]);
  for (const kind of ['envoy-config', 'clusterwide-envoy-config']) {
    itFindsInResources(kind, [
      [
        `node-label nodeSelector.${AT}`,
        {
          nodeSelector: WRONG,
          resources: [{ '@type': 'type.googleapis.com/envoy.config.listener.v3.Listener', name: 'web' }],
        },
      ],
    ]);
  }
  itFindsInResources('bgp-cluster', [
    [`node-label nodeSelector.${AT}`, { nodeSelector: WRONG, bgpInstances: [{ name: 'a', localASN: 64512 }] }],
  ]);
  const traffic = { selectors: [{ podSelector: is('app', 'shop') }], destinationCIDRs: ['0.0.0.0/0'] };
  const gateway = { nodeSelector: is('example.test/egress', 'true') };
  itFindsInResources('egress-gateway-policy', [
    [`node-label egressGateway.nodeSelector.${AT}`, { ...traffic, egressGateway: { nodeSelector: WRONG } }],
    [
      `node-label egressGateways[1].nodeSelector.${AT}`,
      { ...traffic, egressGateways: [gateway, { nodeSelector: WRONG }] },
    ],
    [
      `node-label selectors[0].nodeSelector.${AT}`,
      { ...traffic, selectors: [{ podSelector: is('app', 'shop'), nodeSelector: WRONG }], egressGateway: gateway },
    ],
    [
      "ignored-label selectors[0].podSelector.matchLabels['kubernetes.io/metadata.name']",
      { ...traffic, selectors: [{ podSelector: is('kubernetes.io/metadata.name', 'shop') }], egressGateway: gateway },
    ],
    [
      'any-gateway egressGateway.nodeSelector',
      { ...traffic, egressGateway: { nodeSelector: {}, egressIP: '192.0.2.7' } },
    ],
    [
      'any-gateway egressGateway.nodeSelector',
      { ...traffic, egressGateway: { nodeSelector: is('kubernetes.io/os', 'linux'), egressIP: '192.0.2.7' } },
    ],
    ['interface-name egressGateway.interface', { ...traffic, egressGateway: { ...gateway, interface: '^eth0$' } }],
    ['interface-name egressGateway.interface', { ...traffic, egressGateway: { ...gateway, interface: 'eth0,eth1' } }],
  ]);
});

describe('kinds that select Services have the rule', () => {
  const wrong = is('io.kubernetes.pod.namespace', 'shop');
  const at = "matchLabels['io.kubernetes.pod.namespace']";
  itFindsInResources('ip-pool', [
    [`service-label serviceSelector.${at}`, { blocks: ['192.0.2.0/28'], serviceSelector: wrong }],
    ['family-off blocks[1]', { blocks: ['192.0.2.0/28', '2001:db8::/112'] }, { values: {} }],
  ]);
  itFindsInResources('bgp-advertisement', [
    [
      `service-label advertisements[0].selector.${at}`,
      {
        advertisements: [{ advertisementType: 'Service', service: { addresses: ['LoadBalancerIP'] }, selector: wrong }],
      },
    ],
  ]);
});
