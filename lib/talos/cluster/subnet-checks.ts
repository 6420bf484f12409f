import type { Finding } from '../../rules/finding';
import { overlaps, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import type { TalosCluster } from './cluster';
import { caution, refusal } from './refusal';

type Subnet = Cidr & { readonly at: string };

/** How many bits of a pod subnet can number nodes: kube-controller-manager takes no more. */
const MOST_NODE_BITS = 16;
/** How many bits of a service subnet can number services: kube-apiserver takes no more. */
const MOST_SERVICE_BITS = 20;
/** How many bits a subnet needs for addresses of its own: the tenth of the services is that of DNS, and Talos' documents ask no less of pods. */
const LEAST_BITS = 4;

/** Networks that are something else on every node: the network, and whose addresses they are. */
export const SPECIAL_NETWORKS: readonly (readonly [network: string, whose: string])[] = [
  ['0.0.0.0/8', 'that name no host'],
  ['127.0.0.0/8', 'of the node itself'],
  ['169.254.0.0/16', 'of one link, of which Talos uses one for DNS'],
  ['224.0.0.0/4', 'for many receivers'],
  ['::/127', 'of the node itself'],
  ['fe80::/10', 'of one link'],
  ['ff00::/8', 'for many receivers'],
];
/** KubeSpan gives nodes addresses of a /64 in here, chosen by the cluster's id. */
const KUBESPAN_NETWORKS = parseCidr('fd00::/8');

/** What Kubernetes and Talos ask of pod and service subnets: at most one per family, aligned, of a size that works, apart from each other. */
export function subnetFindings(talos: TalosCluster): readonly Finding[] {
  const lists = [
    ['podSubnets', talos.podSubnets],
    ['serviceSubnets', talos.serviceSubnets],
  ] as const;
  const syntax = lists.flatMap(([at, subnets]) =>
    subnets.flatMap((text, i) => syntaxFindings(`${at}[${String(i)}]`, text)),
  );
  const [pods, services] = lists.map(([at, subnets]) => read(at, subnets)) as [readonly Subnet[], readonly Subnet[]];
  return [
    ...syntax,
    ...(syntax.length > 0
      ? []
      : [
          ...familyFindings('podSubnets', pods),
          ...familyFindings('serviceSubnets', services),
          ...pairFindings(pods, services),
        ]),
    ...pods.flatMap((subnet) => nodeRangeFindings(talos, subnet)),
    ...(syntax.length > 0 ? [] : idleMaskFindings(talos, pods)),
    ...services.flatMap(serviceSizeFindings),
    ...[...pods, ...services].flatMap(smallFindings),
    ...[...pods, ...services].flatMap((subnet) => specialFindings(subnet, talos)),
    ...pods.flatMap((pod) =>
      services.filter((service) => overlaps(pod, service)).map((service) => overlapFinding(pod, service)),
    ),
  ];
}

function read(at: string, subnets: readonly string[]): readonly Subnet[] {
  return subnets.flatMap((text, i) => {
    const cidr = text.includes('/') ? parseCidr(text) : undefined;
    return cidr === undefined ? [] : [{ ...cidr, at: `${at}[${String(i)}]` }];
  });
}

function syntaxFindings(at: string, text: string): readonly Finding[] {
  const cidr = parseCidr(text);
  if (cidr === undefined || !text.includes('/')) {
    return [refusal('subnet', at, `'${text}' is no network.`, 'Write it as 10.244.0.0/16 or fd00:10:244::/56.')];
  }
  if (cidr.aligned) return [];
  return [refusal('subnet', at, `${text} has bits set behind its prefix.`, `Write ${cidr.network}.`)];
}

function familyFindings(at: string, subnets: readonly Subnet[]): readonly Finding[] {
  if (subnets.length === 0)
    return [refusal('subnet-count', at, 'There is no network.', 'Give at least one, or leave the list out.')];
  const families = subnets.map(({ family }) => family);
  if (new Set(families).size === families.length) return [];
  return [
    refusal('subnet-count', at, 'Two networks are of the same family.', 'Give one IPv4 and one IPv6 network at most.'),
  ];
}

function pairFindings(pods: readonly Subnet[], services: readonly Subnet[]): readonly Finding[] {
  const families = (subnets: readonly Subnet[]): string => [...subnets.map(({ family }) => family)].sort().join(' ');
  if (families(pods) === families(services)) return [];
  const message = 'Pod and service subnets are not of the same families.';
  return [
    refusal(
      'subnet-families',
      ['podSubnets', 'serviceSubnets'],
      message,
      'Give a pod and a service subnet for each family in use.',
    ),
  ];
}

function nodeRangeFindings(talos: TalosCluster, subnet: Subnet): readonly Finding[] {
  const [name, bits] =
    subnet.family === 4 ? (['nodeCIDRMaskSizeIPv4', 32] as const) : (['nodeCIDRMaskSizeIPv6', 128] as const);
  const mask = talos[name];
  if (!Number.isInteger(mask) || mask < 1 || mask > bits) {
    return [
      refusal('node-mask', name, `${String(mask)} is no prefix length.`, `Use a number from 1 to ${String(bits)}.`),
    ];
  }
  if (mask < subnet.prefix) {
    const message = `A /${String(mask)} per node does not fit into ${subnet.network}.`;
    return [refusal('node-mask', [name, subnet.at], message, 'Use a larger pod subnet or a longer node mask.')];
  }
  if (mask - subnet.prefix > MOST_NODE_BITS) {
    const message = `${subnet.network} is too large for a /${String(mask)} per node: Kubernetes numbers at most 2^${String(MOST_NODE_BITS)} nodes.`;
    return [
      refusal(
        'node-mask',
        [name, subnet.at],
        message,
        `Use a pod subnet of /${String(mask - MOST_NODE_BITS)} or longer.`,
      ),
    ];
  }
  if (mask === subnet.prefix) {
    const message = `One node takes all of ${subnet.network}, and the next gets no pod range.`;
    return [
      caution(
        'one-node',
        [name, subnet.at],
        message,
        'Use a larger pod subnet or a longer node mask, unless there is one node.',
      ),
    ];
  }
  return [];
}

function idleMaskFindings({ given }: TalosCluster, pods: readonly Subnet[]): readonly Finding[] {
  const masks = [
    [4, 'nodeCIDRMaskSizeIPv4'],
    [6, 'nodeCIDRMaskSizeIPv6'],
  ] as const;
  return masks
    .filter(([family, name]) => given[name] !== undefined && !pods.some((subnet) => subnet.family === family))
    .map(([family, name]) => {
      const message = `There is no IPv${String(family)} pod subnet that it could divide.`;
      return refusal('node-mask', [name, 'podSubnets'], message, 'Leave it out, or give such a subnet.');
    });
}

function serviceSizeFindings(subnet: Subnet): readonly Finding[] {
  const bits = subnet.family === 4 ? 32 : 128;
  if (bits - subnet.prefix <= MOST_SERVICE_BITS) return [];
  const longest = bits - MOST_SERVICE_BITS;
  return [
    refusal(
      'service-subnet-size',
      subnet.at,
      `${subnet.network} is too large for services.`,
      `Use a /${String(longest)} or longer.`,
    ),
  ];
}

function smallFindings({ at, network, family, prefix }: Subnet): readonly Finding[] {
  const longest = (family === 4 ? 32 : 128) - LEAST_BITS;
  if (prefix <= longest) return [];
  const message = `${network} is too small: it must hold ${String(2 ** LEAST_BITS)} addresses, and DNS has the tenth of the services.`;
  return [refusal('subnet-size', at, message, `Use a /${String(longest)} or shorter.`)];
}

function specialFindings(subnet: Subnet, { kubeSpan }: TalosCluster): readonly Finding[] {
  const special = SPECIAL_NETWORKS.find(([text]) => {
    const network = parseCidr(text);
    return network !== undefined && overlaps(subnet, network);
  });
  const hint = 'Use private addresses: 10.244.0.0/16 or fd00:10:244::/56.';
  if (special !== undefined) {
    return [
      refusal('subnet-special', subnet.at, `${subnet.network} holds addresses ${special[1]}, ${special[0]}.`, hint),
    ];
  }
  const isAroundKubeSpan =
    kubeSpan?.enabled === true &&
    KUBESPAN_NETWORKS?.family === subnet.family &&
    subnet.first <= KUBESPAN_NETWORKS.first &&
    KUBESPAN_NETWORKS.last <= subnet.last;
  if (!isAroundKubeSpan) return [];
  const message = `${subnet.network} holds every network that KubeSpan may choose for the nodes.`;
  return [refusal('subnet-kubespan', [subnet.at, 'kubeSpan.enabled'], message, hint)];
}

function overlapFinding(pod: Subnet, service: Subnet): Finding {
  const message = `${pod.network} and ${service.network} overlap, so a pod and a service could have the same address.`;
  return refusal('subnet-overlap', [pod.at, service.at], message, 'Give them separate networks.');
}
