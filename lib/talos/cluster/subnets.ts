import { contains, networkOf, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { listOf, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem, Rule } from '../../rules/rule';
import { CLUSTER_NETWORK } from './cluster-network';
import { areDocuments, document, over } from './setting';
import type { ClusterWith, Setting } from './setting';

export interface SubnetsSetting {
  /** One network per family. @default ['10.244.0.0/16'] */
  readonly podSubnets?: readonly string[];
  /** One network per family, of the same families as `podSubnets`. @default ['10.96.0.0/12'] */
  readonly serviceSubnets?: readonly string[];
}

export interface SubnetsMembers {
  readonly podSubnets: readonly string[];
  readonly serviceSubnets: readonly string[];
}

/** A cluster with its pod and service subnets. */
export type SubnetsCluster = ClusterWith<SubnetsSetting, SubnetsMembers>;

/** How many bits of a service subnet can number services: kube-apiserver allows no more. */
const MOST_SERVICE_BITS = 20;
/** How many bits a subnet needs for addresses: the tenth of the services is that of DNS, and Talos' documents require as many of pods. */
const LEAST_BITS = 4;

/** Networks with another purpose on every node: the network, and what its addresses are. */
const SPECIAL_NETWORKS: readonly (readonly [network: string, purpose: string])[] = [
  ['0.0.0.0/8', 'that identify no host'],
  ['127.0.0.0/8', 'of the node itself'],
  ['169.254.0.0/16', 'that are link-local, one of which Talos uses for DNS'],
  ['224.0.0.0/4', 'for multicast'],
  ['::/127', 'of the node itself'],
  ['fe80::/10', 'that are link-local'],
  ['ff00::/8', 'for multicast'],
];

/** A subnet that was read. */
export type Subnet = Cidr & { /** `talos.podSubnets[0]`. */ readonly path: string };

/** Pod and service subnets that were read. */
export interface Subnets {
  readonly pods: readonly Subnet[];
  readonly services: readonly Subnet[];
  /** What could not be read, or is not in its shortest form. */
  readonly unsound: readonly Problem[];
}

/** Reads the subnets of a cluster. */
export function readSubnets({ podSubnets, serviceSubnets }: SubnetsMembers): Subnets {
  return {
    pods: readList('talos.podSubnets', podSubnets),
    services: readList('talos.serviceSubnets', serviceSubnets),
    unsound: [
      ...podSubnets.flatMap((subnet, i) => unsound(`talos.podSubnets[${String(i)}]`, subnet)),
      ...serviceSubnets.flatMap((subnet, i) => unsound(`talos.serviceSubnets[${String(i)}]`, subnet)),
    ],
  };
}

/** The special network that shares addresses with a network or an address, if any, and what those addresses are. */
export function specialNetwork(network: Cidr): readonly [network: string, purpose: string] | undefined {
  return SPECIAL_NETWORKS.find(([text]) => {
    const special = parseCidr(text);
    return special !== undefined && overlaps(network, special);
  });
}

/** The subnets that hold an address, with the kind of addresses they have. */
export function subnetsWith(
  talos: SubnetsMembers,
  address: string,
): readonly (readonly [subnet: Subnet, kind: 'pods' | 'services'])[] {
  const cidr = parseCidr(address);
  if (cidr === undefined) return [];
  const { pods, services } = readSubnets(talos);
  return [
    ...pods.filter((subnet) => overlaps(subnet, cidr)).map((subnet) => [subnet, 'pods'] as const),
    ...services.filter((subnet) => overlaps(subnet, cidr)).map((subnet) => [subnet, 'services'] as const),
  ];
}

function readList(path: string, subnets: readonly string[]): readonly Subnet[] {
  return subnets.flatMap((subnet, i) => {
    const cidr = networkOf(subnet);
    return cidr === undefined ? [] : [{ ...cidr, path: `${path}[${String(i)}]` }];
  });
}

function unsound(path: string, subnet: string): readonly Problem[] {
  const cidr = networkOf(subnet);
  if (cidr === undefined)
    return [problem(path, `'${subnet}' is not a CIDR.`, 'Write it as 10.244.0.0/16 or fd00:10:244::/56.')];
  return cidr.aligned ? [] : [problem(path, `${subnet} has bits set after its prefix.`, `Write ${cidr.network}.`)];
}

const bitsOf = ({ family }: Cidr): number => (family === 4 ? 32 : 128);
const familiesOf = (subnets: readonly Subnet[]): readonly number[] => subnets.map(({ family }) => family).sort();

interface JudgedSubnets extends Subnets {
  /** Whether they are in a KubeNetworkConfig, of which Talos refuses lists of different lengths. */
  readonly areInDocument: boolean;
}

const RULES: readonly Rule<JudgedSubnets, SubnetsSetting>[] = [
  {
    id: 'talos-cluster/subnet',
    level: 'error',
    find: ({ unsound: problems }) => problems,
    examples: { bad: { podSubnets: ['10.0.0.1/16'] }, good: { podSubnets: ['10.0.0.0/16'] } },
  },
  {
    id: 'talos-cluster/subnet-count',
    level: 'error',
    find: ({ pods, services, unsound: { length } }) =>
      length > 0
        ? []
        : [...countProblems('talos.podSubnets', pods), ...countProblems('talos.serviceSubnets', services)],
    examples: {
      bad: { podSubnets: ['10.0.0.0/16', '10.1.0.0/16'], serviceSubnets: ['10.2.0.0/16', '10.3.0.0/16'] },
      good: { podSubnets: ['10.0.0.0/16', 'fd00::/56'], serviceSubnets: ['10.2.0.0/16', 'fd00:20::/108'] },
    },
  },
  {
    id: 'talos-cluster/subnet-families',
    // Kubernetes runs with two families of pods and one of Services, and the other way round.
    level: ({ pods, services, areInDocument }) =>
      (areInDocument && pods.length !== services.length) ||
      !pods.some(({ family }) => familiesOf(services).includes(family))
        ? 'error'
        : 'warning',
    find: ({ pods, services, unsound: { length } }) => {
      if (length > 0 || familiesOf(pods).join() === familiesOf(services).join()) return [];
      const hint = 'Set a pod and a service subnet for each family in use.';
      const message = 'Pod and service subnets are not of the same families.';
      return problem(['talos.podSubnets', 'talos.serviceSubnets'], message, hint);
    },
    examples: {
      bad: { podSubnets: ['fd00::/56'] },
      good: { podSubnets: ['fd00::/56'], serviceSubnets: ['fd00:20::/108'] },
    },
  },
  {
    id: 'talos-cluster/service-subnet-size',
    level: 'error',
    find: ({ services }) =>
      services
        .filter((subnet) => bitsOf(subnet) - subnet.prefix > MOST_SERVICE_BITS)
        .map((subnet) =>
          problem(
            subnet.path,
            `${subnet.network} is too large for services.`,
            `Use a /${String(bitsOf(subnet) - MOST_SERVICE_BITS)} or longer.`,
          ),
        ),
    examples: { bad: { serviceSubnets: ['172.0.0.0/11'] }, good: { serviceSubnets: ['172.16.0.0/12'] } },
  },
  {
    id: 'talos-cluster/subnet-size',
    level: 'error',
    find: ({ pods, services }) =>
      [...pods, ...services]
        .filter((subnet) => bitsOf(subnet) - subnet.prefix < LEAST_BITS)
        .map((subnet) => {
          const message = `${subnet.network} is too small: it must hold ${String(2 ** LEAST_BITS)} addresses, and DNS has the tenth of the services.`;
          return problem(subnet.path, message, `Use a /${String(bitsOf(subnet) - LEAST_BITS)} or shorter.`);
        }),
    examples: { bad: { serviceSubnets: ['10.96.0.0/29'] }, good: { serviceSubnets: ['10.96.0.0/28'] } },
  },
  {
    id: 'talos-cluster/subnet-special',
    level: 'error',
    find: ({ pods, services }) =>
      [...pods, ...services].flatMap((subnet) => {
        const [network, purpose] = specialNetwork(subnet) ?? [];
        if (network === undefined || purpose === undefined) return [];
        return problem(subnet.path, `${subnet.network} holds addresses ${purpose}, ${network}.`, PRIVATE);
      }),
    examples: { bad: { podSubnets: ['169.254.0.0/17'] }, good: { podSubnets: ['10.244.0.0/16'] } },
  },
  {
    id: 'talos-cluster/subnet-overlap',
    // kube-controller-manager allocates no pod CIDRs that overlap a service subnet: inside one nothing is left.
    level: ({ pods, services }) =>
      pods.some((pod) => services.some((service) => contains(service, pod))) ? 'error' : 'warning',
    find: ({ pods, services }) =>
      pods.flatMap((pod) =>
        services
          .filter((service) => overlaps(pod, service))
          .map((service) => {
            const message = contains(service, pod)
              ? `${pod.network} is inside ${service.network}, so kube-controller-manager allocates no pod CIDR to nodes.`
              : `${pod.network} and ${service.network} overlap, so a pod and a service could have the same address.`;
            return problem([pod.path, service.path], message, 'Use separate networks.');
          }),
      ),
    examples: { bad: { podSubnets: ['10.96.0.0/16'] }, good: { podSubnets: ['10.244.0.0/16'] } },
  },
];

/** The hint for a subnet of addresses with another purpose. */
export const PRIVATE = 'Use private addresses: 10.244.0.0/16 or fd00:10:244::/56.';

function countProblems(path: string, subnets: readonly Subnet[]): readonly Problem[] {
  if (subnets.length === 0) return [problem(path, 'The list is empty.', 'Set at least one network, or leave it out.')];
  if (new Set(familiesOf(subnets)).size === subnets.length) return [];
  return [problem(path, 'Two networks are of the same family.', 'Use at most one IPv4 and one IPv6 network.')];
}

/**
 * Pod and service subnets. Both lists replace what was there.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenetworkconfig
 */
export const subnets: Setting<SubnetsSetting, SubnetsMembers> = {
  ...CLUSTER_NETWORK,
  name: 'subnets',
  shape: { podSubnets: listOf(text), serviceSubnets: listOf(text) },
  resolve: ({ podSubnets = ['10.244.0.0/16'], serviceSubnets = ['10.96.0.0/12'] }) => ({ podSubnets, serviceSubnets }),
  wanted: ({ talos: { given } }) => given.podSubnets !== undefined || given.serviceSubnets !== undefined,
  section: ({ talos: { given } }) => [
    {
      output: 'all',
      document: { cluster: { network: { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets } } },
    },
  ],
  documents: ({ talos: { given } }) => [
    {
      output: 'all',
      document: document('KubeNetworkConfig', { podSubnets: given.podSubnets, serviceSubnets: given.serviceSubnets }),
    },
  ],
  rules: over((talos) => ({ ...readSubnets(talos), areInDocument: areDocuments(CLUSTER_NETWORK, talos) }), RULES),
};
