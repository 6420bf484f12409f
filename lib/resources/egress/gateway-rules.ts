import type { Context } from '../../cilium/context';
import { EGRESS_ON, EXAMPLE, exampleWith, inOrder } from './model';
import type { EgressRule } from './model';
import { deviceNames, linksOfNodes, mayBeMade } from '../../cilium/parts/devices';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';
import { versionFeatures } from '../../cilium/version-features';
import { problem } from '../../rules/rule';
import type { Need } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import type { LabelSelector } from '../../kubernetes/selector';

const RULES: readonly EgressRule[] = [
  {
    id: 'egress-gateway-policy/interface-and-address',
    level: 'error',
    find: ({ model }) =>
      model.gateways
        .filter(({ gateway }) => isTruthy(gateway.interface) && isTruthy(gateway.egressIP))
        .map(({ at }) =>
          problem(
            [`${at}.interface`, `${at}.egressIP`],
            'Both are given, so Cilium refuses the whole policy.',
            'Give the address, or the interface whose first address is used.',
          ),
        ),
    examples: {
      bad: { props: exampleWith({ interface: 'eth1', egressIP: '192.0.2.10' }) },
      good: { props: exampleWith({ egressIP: '192.0.2.10' }) },
    },
  },
  {
    id: 'egress-gateway-policy/ignored-gateway',
    level: 'warning',
    find: ({ props: { egressGateway, egressGateways = [] } }) =>
      egressGateway === undefined ||
      egressGateways.length === 0 ||
      egressGateways.some((gateway) => inOrder(gateway) === inOrder(egressGateway))
        ? []
        : problem(
            ['egressGateway', 'egressGateways'],
            'Cilium uses only the list, and the single gateway is not in it.',
            'Put it into the list, or leave it out: the first of the list is written instead.',
          ),
    examples: {
      bad: { props: { ...EXAMPLE, egressGateways: [{ nodeSelector: {} }] } },
      good: { props: { ...EXAMPLE, egressGateway: undefined, egressGateways: [{ nodeSelector: {} }] } },
    },
  },
  {
    id: 'egress-gateway-policy/ipv6-without-address',
    level: 'warning',
    find: ({ model, ciliumVersion, cilium }) => {
      // Without IPv6 there are no packets to lose.
      if (cilium !== undefined && !isTruthy(cilium.v.ipv6.enabled)) return [];
      const ipv6 = model.destinations.find(({ cidr: { family } }) => family === 6);
      if (ipv6 === undefined || versionFeatures(ciliumVersion)('egress-addresses-of-both-families')) return [];
      return model.gateways
        .filter(({ gateway: { egressIP } }) => isTruthy(egressIP))
        .map(({ at }) =>
          problem(
            [`${at}.egressIP`, ipv6.at],
            'In this release `egressIP` is IPv4 only, and IPv6 packets to the destination are dropped.',
            'Give the interface instead of the address, or remove IPv6 destinations.',
          ),
        );
    },
    examples: {
      bad: { props: { ...exampleWith({ egressIP: '192.0.2.10' }), destinationCIDRs: ['2001:db8::/32'] } },
      good: { props: { ...exampleWith({ interface: 'eth1' }), destinationCIDRs: ['2001:db8::/32'] } },
    },
  },
  {
    id: 'egress-gateway-policy/any-gateway',
    level: 'warning',
    find: ({ model }) =>
      model.gateways
        .filter(({ gateway: { nodeSelector, egressIP } }) => isTruthy(egressIP) && !narrows(nodeSelector))
        .map(({ at }) =>
          problem(
            [`${at}.nodeSelector`, `${at}.egressIP`],
            'The first of all nodes is the gateway, and it drops the packets when none of its interfaces has the address.',
            'Select the node that has the address, or give `interface` instead.',
          ),
        ),
    examples: {
      bad: { props: { ...EXAMPLE, egressGateway: { nodeSelector: {}, egressIP: '192.0.2.10' } } },
      good: { props: exampleWith({ egressIP: '192.0.2.10' }) },
    },
  },
  {
    id: 'egress-gateway-policy/interface-name',
    level: 'error',
    find: ({ model }) =>
      model.gateways
        .filter(({ gateway: { interface: name = '' } }) => name !== '' && !/^[\w.@:-]{1,15}$/.test(name))
        .map(({ at, gateway: { interface: name = '' } }) =>
          problem(
            `${at}.interface`,
            `'${name}' is not a valid name of an interface; patterns and lists are not supported here.`,
            "Write one name, such as 'eth1'.",
          ),
        ),
    examples: {
      bad: { props: exampleWith({ interface: '^eth[0-9]$' }) },
      good: { props: exampleWith({ interface: 'eth1' }) },
    },
  },
  {
    id: 'egress-gateway-policy/no-link',
    level: 'error',
    find: ({ model, cilium }) => {
      const links = linksOfNodes(cilium?.talos);
      if (links === undefined) return [];
      return model.gateways.flatMap(({ at, gateway: { interface: name = '' } }) =>
        name === '' || links.includes(name) || mayBeMade(name)
          ? []
          : problem(
              [`${at}.interface`, 'talos.links'],
              `No node has a link '${name}' (${links.join(', ')}), so the gateway has no egress address and drops the packets.`,
              'Use a link of the gateway node, or add it to links of the Talos cluster.',
            ),
      );
    },
    examples: {
      bad: {
        props: exampleWith({ interface: 'eth1' }),
        values: EGRESS_ON,
        talos: { ...EXAMPLE_CLUSTER, links: ['eth0'] },
      },
      good: {
        props: exampleWith({ interface: 'eth0' }),
        values: EGRESS_ON,
        talos: { ...EXAMPLE_CLUSTER, links: ['eth0'] },
      },
    },
  },
  {
    id: 'egress-gateway-policy/device',
    level: 'warning',
    find: ({ model, cilium }) => {
      const devices = deviceNames(cilium?.v.devices);
      if (devices === undefined) return [];
      return model.gateways.flatMap(({ at, gateway }) =>
        gateway.interface === undefined || devices.includes(gateway.interface)
          ? []
          : problem(
              [`${at}.interface`, 'cilium.devices'],
              `Cilium's devices are ${devices.join(', ')}, so packets that leave by ${gateway.interface} keep the address of their pod.`,
              `Add ${gateway.interface} to \`devices\`.`,
            ),
      );
    },
    examples: {
      bad: { props: exampleWith({ interface: 'eth1' }), values: { ...EGRESS_ON, devices: 'eth0' } },
      good: { props: exampleWith({ interface: 'eth1' }), values: { ...EGRESS_ON, devices: 'eth0 eth1' } },
    },
  },
];

/** Whether a selector excludes any Talos node. */
function narrows({ matchLabels = {}, matchExpressions = [] }: LabelSelector): boolean {
  return [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)].some(
    (key) => key !== 'kubernetes.io/os',
  );
}

/** Without egress gateways their needs are moot. */
function isOn({ v }: Context): boolean {
  return isTruthy(v.egressGateway.enabled);
}

const MASQUERADE: EgressRule = {
  id: 'egress-gateway-policy/masquerade',
  level: 'error',
  find: ({ cilium }) => {
    if (cilium === undefined || !isOn(cilium)) return [];
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
    isMet: (cilium) => !isOn(cilium) || cilium.facts.kubeProxyReplacement === 'true',
    message: 'Egress gateways work only where Cilium replaces kube-proxy.',
  },
  {
    rule: 'identities',
    path: 'identityAllocationMode',
    isMet: (cilium) => !isOn(cilium) || cilium.v.identityAllocationMode === 'crd',
    message: 'Egress gateways need identities only in CRDs; otherwise the agent refuses to start.',
    hint: 'Set `identityAllocationMode: crd`.',
    unmet: { identityAllocationMode: 'kvstore' },
  },
  {
    rule: 'endpoint-slices',
    path: 'ciliumEndpointSlice.enabled',
    isMet: (cilium) => !isOn(cilium) || !isTruthy(cilium.v.ciliumEndpointSlice.enabled),
    message:
      'Egress gateways need the CiliumEndpoint of every pod, which CiliumEndpointSlices do not hold; the agent refuses to start.',
    hint: 'Leave `ciliumEndpointSlice` off.',
    unmet: { ciliumEndpointSlice: { enabled: true } },
  },
];

/** Rules of gateways. */
export const GATEWAY_RULES: readonly EgressRule[] = [...RULES, MASQUERADE];
