import { itFindsInResources } from '../../wrong';
import type { WrongResource } from '../../wrong';
import { EXAMPLE_CLUSTER } from '../../../lib/talos/cluster/example';

const nodeSelector = { matchLabels: { 'example.test/egress': 'true' } };
const policy = (change: object = {}): object => ({
  selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
  destinationCIDRs: ['0.0.0.0/0'],
  egressGateway: { nodeSelector },
  ...change,
});
const ON = { egressGateway: { enabled: true }, bpf: { masquerade: true }, kubeProxyReplacement: true };

/** Egress policies as people write them by mistake. */
const ROWS: readonly WrongResource[] = [
  ['namespace namespace', policy({ namespace: 'kube-system' })],
  ['unknown-field podSelector', policy({ podSelector: {} })],
  ['unknown-field egressIP', policy({ egressIP: '192.0.2.10' })],
  ['unknown-field egress', policy({ egress: [{ podSelector: {} }] })],
  ['unknown-field selectors[0].matchLabels', policy({ selectors: [{ matchLabels: { app: 'shop' } }] })],
  ['selector-without-pods selectors[0]', policy({ selectors: [{}] })],
  ['selector-without-pods selectors[0]', policy({ selectors: [{ nodeSelector }] })],
  ['no-selectors selectors', policy({ selectors: [] })],
  ['required selectors', policy({ selectors: undefined })],
  ['type selectors', policy({ selectors: { podSelector: {} } })],
  [
    'selector selectors[0].podSelector.matchExpressions[0].values',
    policy({ selectors: [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'In' }] } }] }),
  ],
  ['required egressGateway', policy({ egressGateway: undefined })],
  ['required egressGateway.nodeSelector', policy({ egressGateway: { interface: 'eth1' } })],
  [
    'interface-and-address egressGateway.interface',
    policy({ egressGateway: { nodeSelector, interface: 'eth1', egressIP: '192.0.2.10' } }),
  ],
  [
    'interface-and-address egressGateways[1].interface',
    policy({
      egressGateway: undefined,
      egressGateways: [{ nodeSelector }, { nodeSelector, interface: 'eth1', egressIP: '192.0.2.10' }],
    }),
  ],
  ['ignored-gateway egressGateway', policy({ egressGateways: [{ nodeSelector: {} }] })],
  ['text egressGateway.egressIP', policy({ egressGateway: { nodeSelector, egressIP: '2001:db8::1' } })],
  ['text egressGateway.egressIP', policy({ egressGateway: { nodeSelector, egressIP: '192.0.2.10/32' } })],
  [
    'ipv6-without-address egressGateway.egressIP',
    policy({ destinationCIDRs: ['::/0'], egressGateway: { nodeSelector, egressIP: '192.0.2.10' } }),
  ],
  ['text destinationCIDRs[0]', policy({ destinationCIDRs: ['192.0.2.10'] })],
  ['text destinationCIDRs[0]', policy({ destinationCIDRs: ['internet'] })],
  ['network destinationCIDRs[0]', policy({ destinationCIDRs: ['192.0.2.10/24'] })],
  ['no-destination destinationCIDRs', policy({ destinationCIDRs: [] })],
  ['type destinationCIDRs', policy({ destinationCIDRs: '0.0.0.0/0' })],
  ['all-excluded destinationCIDRs[0]', policy({ destinationCIDRs: ['192.0.2.0/24'], excludedCIDRs: ['192.0.0.0/16'] })],
  [
    'excluded-outside excludedCIDRs[0]',
    policy({ destinationCIDRs: ['192.0.2.0/24'], excludedCIDRs: ['198.51.100.0/24'] }),
  ],
  ['same-traffic selectors[0]', policy(), { others: [{ subject: 'egress-gateway-policy', props: policy() }] }],
  ['off cilium.egressGateway.enabled', policy(), { values: { bpf: { masquerade: true }, kubeProxyReplacement: true } }],
  ['masquerade cilium.bpf.masquerade', policy(), { values: { ...ON, bpf: {} } }],
  ['masquerade cilium.enableIPv4Masquerade', policy(), { values: { ...ON, enableIPv4Masquerade: false } }],
  ['kube-proxy cilium.kubeProxyReplacement', policy(), { values: { ...ON, kubeProxyReplacement: false } }],
  [
    'identities cilium.identityAllocationMode',
    policy(),
    { values: { ...ON, identityAllocationMode: 'doublewrite-readcrd' } },
  ],
  [
    'inside-cluster destinationCIDRs[0]',
    policy({ destinationCIDRs: ['10.96.0.0/16'] }),
    { values: ON, talos: EXAMPLE_CLUSTER },
  ],
  [
    'device egressGateway.interface',
    policy({ egressGateway: { nodeSelector, interface: 'eth1' } }),
    { values: { ...ON, devices: ['eth0'] } },
  ],
  ['family-off destinationCIDRs[0]', policy({ destinationCIDRs: ['::/0'] }), { values: ON }],
];

describe('a wrong egress gateway policy', () => {
  itFindsInResources('egress-gateway-policy', ROWS);
});
