import { deviceNames } from '../../cilium/parts/devices';
import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import type { Need } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import type { LabelSelector } from '../../kubernetes/selector';
import { EGRESS_DOCS, EGRESS_ON, EXAMPLE, exampleWith, gatewaysOf, inOrder, networks } from './policy-parts';
import type { EgressCheck } from './policy-parts';

const CHECKS: readonly EgressCheck[] = [
  {
    id: 'egress-gateway-policy/interface-and-address',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      gatewaysOf(props)
        .filter(([, gateway]) => isTruthy(gateway.interface) && isTruthy(gateway.egressIP))
        .map(([path]) => ({
          paths: [`${path}.interface`, `${path}.egressIP`],
          message: 'Both are given, and Cilium refuses the whole policy then.',
          hint: 'Give the address, or the interface whose first address is taken.',
        })),
    examples: {
      bad: { props: exampleWith({ interface: 'eth1', egressIP: '192.0.2.10' }) },
      good: { props: exampleWith({ egressIP: '192.0.2.10' }) },
    },
  },
  {
    id: 'egress-gateway-policy/ignored-gateway',
    level: 'warning',
    docs: EGRESS_DOCS,
    find: ({ props: { egressGateway, egressGateways = [] } }) =>
      egressGateway === undefined ||
      egressGateways.length === 0 ||
      egressGateways.some((gateway) => inOrder(gateway) === inOrder(egressGateway))
        ? []
        : [
            {
              paths: ['egressGateway', 'egressGateways'],
              message: 'Cilium looks at the list only, and the single gateway is not in it.',
              hint: 'Put it into the list, or leave it out: the first of the list is written in its place.',
            },
          ],
    examples: {
      bad: { props: { ...EXAMPLE, egressGateways: [{ nodeSelector: {} }] } },
      good: { props: { ...EXAMPLE, egressGateway: undefined, egressGateways: [{ nodeSelector: {} }] } },
    },
  },
  {
    id: 'egress-gateway-policy/ipv6-without-address',
    level: 'warning',
    docs: EGRESS_DOCS,
    find: ({ props, ciliumVersion, cilium }) => {
      // Without IPv6 there are no packets to lose.
      if (cilium !== undefined && !isTruthy(cilium.v.ipv6.enabled)) return [];
      const ipv6 = networks(props, 'destinationCIDRs').find(([, , { family }]) => family === 6);
      if (ipv6 === undefined || versionFeatures(ciliumVersion)('egress-addresses-of-both-families')) return [];
      return gatewaysOf(props)
        .filter(([, { egressIP }]) => isTruthy(egressIP))
        .map(([path]) => ({
          paths: [`${path}.egressIP`, ipv6[0]],
          message:
            'A given egress address is IPv4 only in this release, and IPv6 packets to the destination are dropped for want of one.',
          hint: 'Give the interface in place of the address, or take IPv6 destinations out.',
        }));
    },
    examples: {
      bad: { props: { ...exampleWith({ egressIP: '192.0.2.10' }), destinationCIDRs: ['2001:db8::/32'] } },
      good: { props: { ...exampleWith({ interface: 'eth1' }), destinationCIDRs: ['2001:db8::/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/any-gateway',
    level: 'warning',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      gatewaysOf(props)
        .filter(([, { nodeSelector, egressIP }]) => isTruthy(egressIP) && !narrows(nodeSelector))
        .map(([path]) => ({
          paths: [`${path}.nodeSelector`, `${path}.egressIP`],
          message:
            'The first of all nodes is the gateway, and drops the packets when the address is not on one of its interfaces.',
          hint: 'Select the node that has the address, or give `interface` in place of it.',
        })),
    examples: {
      bad: { props: { ...EXAMPLE, egressGateway: { nodeSelector: {}, egressIP: '192.0.2.10' } } },
      good: { props: exampleWith({ egressIP: '192.0.2.10' }) },
    },
  },
  {
    id: 'egress-gateway-policy/interface-name',
    level: 'error',
    docs: EGRESS_DOCS,
    find: ({ props }) =>
      gatewaysOf(props)
        .filter(([, { interface: name = '' }]) => name !== '' && !/^[\w.@:-]{1,15}$/.test(name))
        .map(([path, { interface: name = '' }]) => ({
          paths: [`${path}.interface`],
          message: `'${name}' is no name of an interface, and neither patterns nor lists are read here.`,
          hint: "Write one name, such as 'eth1'.",
        })),
    examples: {
      bad: { props: exampleWith({ interface: '^eth[0-9]$' }) },
      good: { props: exampleWith({ interface: 'eth1' }) },
    },
  },
  {
    id: 'egress-gateway-policy/device',
    level: 'warning',
    docs: EGRESS_DOCS,
    find: ({ props, cilium }) => {
      const devices = deviceNames(cilium?.v.devices);
      if (devices === undefined) return [];
      return gatewaysOf(props).flatMap(([path, gateway]) =>
        gateway.interface === undefined || devices.includes(gateway.interface)
          ? []
          : [
              {
                paths: [`${path}.interface`, 'cilium.devices'],
                message: `Cilium works on ${devices.join(', ')} only, so packets that leave by ${gateway.interface} keep the address of their pod.`,
                hint: `Add ${gateway.interface} to \`devices\`.`,
              },
            ],
      );
    },
    examples: {
      bad: { props: exampleWith({ interface: 'eth1' }), values: { ...EGRESS_ON, devices: 'eth0' } },
      good: { props: exampleWith({ interface: 'eth1' }), values: { ...EGRESS_ON, devices: 'eth0 eth1' } },
    },
  },
];

/** Whether a selector leaves a node of Talos out. */
function narrows({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some(
    (key) => key !== 'kubernetes.io/os',
  );
}

const MASQUERADE: EgressCheck = {
  id: 'egress-gateway-policy/masquerade',
  level: 'error',
  docs: EGRESS_DOCS,
  find: ({ cilium }) => {
    if (cilium === undefined) return [];
    const { masqueradesInBpf, masqueradesIPv4 } = cilium.facts;
    const message = 'Egress gateways need BPF masquerading of IPv4; without it the agent refuses to start.';
    return [
      ...(masqueradesInBpf ? [] : [problem('cilium.bpf.masquerade', message, 'Set `bpf.masquerade: true`.')]),
      ...(masqueradesIPv4 ? [] : [problem('cilium.enableIPv4Masquerade', message, 'Leave `enableIPv4Masquerade` on.')]),
    ];
  },
  examples: {
    bad: { props: EXAMPLE, values: { ...EGRESS_ON, bpf: { masquerade: false } } },
    good: { props: EXAMPLE, values: EGRESS_ON },
  },
};

/** The settings of Cilium without which its agent refuses to start, or the policy has no effect. */
export const EGRESS_NEEDS: readonly Need[] = [
  { rule: 'off', path: 'egressGateway.enabled', message: 'Egress gateways are off, so the policy has no effect.' },
  {
    rule: 'kube-proxy',
    path: 'kubeProxyReplacement',
    isMet: ({ facts }) => facts.kubeProxyReplacement === 'true',
    message: 'Egress gateways work only where Cilium replaces kube-proxy.',
  },
  {
    rule: 'identities',
    path: 'identityAllocationMode',
    isMet: ({ v }) => v.identityAllocationMode === 'crd',
    message: 'Egress gateways need identities in CRDs alone; otherwise the agent refuses to start.',
    hint: 'Set `identityAllocationMode: crd`.',
    unmet: { identityAllocationMode: 'kvstore' },
  },
  {
    rule: 'endpoint-slices',
    path: 'ciliumEndpointSlice.enabled',
    isMet: ({ v }) => !isTruthy(v.ciliumEndpointSlice.enabled),
    message:
      'Egress gateways need the CiliumEndpoint of every pod, which CiliumEndpointSlices do not hold; the agent refuses to start.',
    hint: 'Leave `ciliumEndpointSlice` off.',
    unmet: { ciliumEndpointSlice: { enabled: true } },
  },
];

/** Where traffic leaves, with which address, and what Cilium must be set to for it. */
export const GATEWAY_CHECKS: readonly EgressCheck[] = [...CHECKS, MASQUERADE];
