import { contains, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { listOf, props, text } from '../../props/shape';
import { problem } from '../../rules/rule';
import type { Problem, Rule } from '../../rules/rule';
import { KUBELET_CONFIG } from './kubelet';
import { NODE_CONFIG } from './node-config';
import { GONE, areDocuments, document, nodesOf, over, setAnew } from './setting';
import type { ClusterWith, NodePlace, NodeSetting, OnNodes, Statement } from './setting';
import { readSubnets, specialNetwork } from './subnets';
import type { SubnetsCluster, SubnetsSetting } from './subnets';
import type { VipSetting } from './vip';
import { isSince } from './versions';

/** The addresses of a node in Kubernetes. */
export interface NodeIPProps {
  /**
   * Networks, or single addresses, from which a node's addresses are chosen: `192.168.1.0/24`, one IPv4 and one IPv6 address at most.
   * `!192.168.1.9` removes what entries before it have matched. The first entry that matches gives the primary address. Talos always
   * excludes pods, Services and the virtual IP. In an upgraded config `machine.kubelet.nodeIP` is replaced.
   * @default - any address of the families of `serviceSubnets`
   */
  readonly validSubnets?: readonly string[];
}

export interface NodeIPSetting {
  /** Which of its addresses a node registers with: Cilium's tunnels end there. @default - the first that is routed */
  readonly nodeIP?: NodeIPProps;
}

/** An entry of `validSubnets` that was read. */
export interface NodeNetwork extends Cidr {
  /** `talos.nodeIP.validSubnets[0]`. */
  readonly path: string;
  readonly text: string;
  readonly isExcluded: boolean;
}

/** The networks of nodes of one place. */
interface PlacedNetworks extends Pick<NodePlace<NodeIPSetting>, 'output'> {
  readonly path: string;
  readonly networks: readonly NodeNetwork[];
  /** Entries that could not be read, and empty lists. */
  readonly unsound: readonly Problem[];
}

type NodeIPCluster = ClusterWith<OnNodes<NodeIPSetting> & VipSetting> & SubnetsCluster;

interface NodeIPs {
  /** Only places that have a list. */
  readonly places: readonly PlacedNetworks[];
  readonly subnets: ReturnType<typeof readSubnets>;
  /** The virtual IP, which only control planes have. */
  readonly vip: Cidr | undefined;
  /** A section that Talos refuses beside the documents of this config. */
  readonly isRefused: boolean;
}

/** The networks from which nodes of each place choose their addresses; only of places that have a list. */
export function nodeNetworks(talos: { readonly given: OnNodes<NodeIPSetting> }): readonly PlacedNetworks[] {
  return nodesOf<NodeIPSetting>(talos).flatMap(({ output, place, props: { nodeIP } }) => {
    if (nodeIP?.validSubnets === undefined) return [];
    const path = `talos.${place}nodeIP.validSubnets`;
    const entries = nodeIP.validSubnets.map((entry, i) => ({ entry, at: `${path}[${String(i)}]` }));
    const read = entries.map(({ entry, at }) => readEntry(at, entry));
    return [
      {
        output,
        path,
        networks: read.flatMap((network) => network ?? []),
        unsound: [
          ...(entries.length === 0
            ? [problem(path, 'The list is empty.', 'Set at least one network, or leave it out.')]
            : []),
          ...entries
            .filter((_, i) => read[i] === undefined)
            .map(({ entry, at }) =>
              problem(
                at,
                `'${entry}' is neither a CIDR nor an IP address.`,
                'Write it as 192.168.1.0/24 or !192.168.1.9.',
              ),
            ),
        ],
      },
    ];
  });
}

function readEntry(path: string, entry: string): NodeNetwork | undefined {
  const isExcluded = entry.startsWith('!');
  const cidr = parseCidr(isExcluded ? entry.slice(1) : entry);
  return cidr === undefined ? undefined : { ...cidr, path, text: entry, isExcluded };
}

function readNodeIPs(talos: NodeIPCluster): NodeIPs {
  const { vip } = talos.given;
  return {
    places: nodeNetworks(talos),
    subnets: readSubnets(talos),
    vip: vip === undefined ? undefined : parseCidr(vip.ip),
    isRefused:
      isSince(talos.talosVersion, NODE_CONFIG.since) &&
      !areDocuments(NODE_CONFIG, talos) &&
      areDocuments(KUBELET_CONFIG, talos),
  };
}

const RULES: readonly Rule<NodeIPs, NodeIPSetting & SubnetsSetting & VipSetting>[] = [
  {
    id: 'talos-cluster/node-ip',
    level: 'error',
    find: ({ places }) => places.flatMap(({ unsound }) => unsound),
    examples: {
      bad: { nodeIP: { validSubnets: ['eth0'] } },
      good: { nodeIP: { validSubnets: ['192.168.1.0/24', '!192.168.1.9'] } },
    },
  },
  {
    id: 'talos-cluster/node-ip-excluded',
    // The kubelet is not started without an address.
    level: (ips) => (ips.places.some((place) => isEmptied(ips, place)) ? 'error' : 'warning'),
    find: (ips) =>
      ips.places.flatMap((place) => {
        if (place.unsound.length > 0) return [];
        const positive = place.networks.filter(({ isExcluded }) => !isExcluded);
        if (positive.length > 0) return positive.flatMap((network) => excludedProblem(ips, place, network));
        const message = 'The list only excludes addresses, so a node has no address and the kubelet does not start.';
        return problem(place.path, message, 'Put the network of the nodes first: 192.168.1.0/24, !192.168.1.9.');
      }),
    docs: 'https://docs.siderolabs.com/talos/v1.13/reference/configuration/v1alpha1/config#machine.kubelet.nodeip',
    examples: {
      bad: { nodeIP: { validSubnets: ['10.244.1.0/24'] } },
      good: { nodeIP: { validSubnets: ['10.0.0.0/8'] } },
    },
  },
  {
    id: 'talos-cluster/node-ip-order',
    level: 'warning',
    find: ({ places }) => places.flatMap(({ networks }) => networks.flatMap((_, i) => orderProblem(networks, i))),
    examples: {
      bad: { nodeIP: { validSubnets: ['!192.168.1.9', '192.168.1.0/24'] } },
      good: { nodeIP: { validSubnets: ['192.168.1.0/24', '!192.168.1.9'] } },
    },
  },
  {
    id: 'talos-cluster/node-ip-family',
    // kube-apiserver advertises the primary address of its node, which must be of the family of the first service subnet.
    level: (ips) => (ips.places.some((place) => isForeignToServices(ips, place)) ? 'error' : 'warning'),
    find: (ips) => ips.places.flatMap((place) => familyProblem(ips, place)),
    examples: {
      bad: { nodeIP: { validSubnets: ['fd00:1::/64'] } },
      good: { nodeIP: { validSubnets: ['192.168.1.0/24'] } },
    },
  },
  {
    id: 'talos-cluster/node-ip-section',
    level: 'error',
    find: ({ places, isRefused }) =>
      isRefused
        ? places.map(({ path }) =>
            problem(
              [path, 'talos.sections'],
              'Talos refuses machine.kubelet beside KubeletConfig, and KubeNodeConfig beside the sections of nodes that the config still has.',
              'Move those sections to KubeNodeConfig first, or add machine.kubelet to sections where the config has it.',
            ),
          )
        : [],
    examples: {
      bad: {
        talosVersion: '1.14',
        sections: ['machine.nodeLabels'],
        nodeIP: { validSubnets: ['10.0.0.0/24'] },
      } as object,
      good: { talosVersion: '1.14', sections: [], nodeIP: { validSubnets: ['10.0.0.0/24'] } } as object,
    },
  },
];

/** Why no node gets an address of a network, and where that is set. */
function exclusionOf(
  { subnets, vip }: NodeIPs,
  { output, networks }: PlacedNetworks,
  network: NodeNetwork,
): readonly [why: string, path?: string] | undefined {
  const later = networks.slice(networks.indexOf(network) + 1);
  const excluded = later.find((other) => other.isExcluded && contains(other, network));
  if (excluded !== undefined) return [`${excluded.text} excludes them`, excluded.path];
  const pods = subnets.pods.find((subnet) => contains(subnet, network));
  if (pods !== undefined) return ['Talos excludes addresses of pods', pods.path];
  const services = subnets.services.find((subnet) => contains(subnet, network));
  if (services !== undefined) return ['Talos excludes addresses of Services', services.path];
  if (vip !== undefined && output !== 'worker' && contains(vip, network))
    return ['Talos excludes the virtual IP', 'talos.vip.ip'];
  const [special = '', purpose = ''] = specialNetwork(network) ?? [];
  const range = parseCidr(special);
  return range !== undefined && contains(range, network) ? [`these are addresses ${purpose}`] : undefined;
}

/** Whether a place leaves no address that a node may have. */
function isEmptied(ips: NodeIPs, place: PlacedNetworks): boolean {
  return (
    place.unsound.length === 0 &&
    place.networks.every((network) => network.isExcluded || exclusionOf(ips, place, network) !== undefined)
  );
}

function excludedProblem(ips: NodeIPs, place: PlacedNetworks, network: NodeNetwork): Problem | readonly Problem[] {
  const found = exclusionOf(ips, place, network);
  if (found === undefined) return [];
  const [why, path] = found;
  return problem(
    [network.path, ...(path === undefined ? [] : [path])],
    `No node gets an address of ${network.text}: ${why}.`,
    'Use the network in which the nodes have their addresses.',
  );
}

/** Talos evaluates the entries in order. */
function orderProblem(networks: readonly NodeNetwork[], at: number): Problem | readonly Problem[] {
  const one = networks[at];
  if (one?.isExcluded !== true || networks.every(({ isExcluded }) => isExcluded)) return [];
  const isMatched = (other: NodeNetwork): boolean => !other.isExcluded && overlaps(other, one);
  const again = networks.slice(at + 1).find(isMatched);
  if (again !== undefined) {
    const message = `${again.text} comes after ${one.text}, and adds the excluded addresses again.`;
    return problem([one.path, again.path], message, 'Put exclusions last.');
  }
  if (networks.slice(0, at).some(isMatched)) return [];
  return problem(one.path, `${one.text} has no effect: no entry matches these addresses.`, 'Leave it out.');
}

/** Whether control planes use a list: those with another list do not use that of all nodes. */
function isOfControlPlanes({ places }: NodeIPs, { output }: PlacedNetworks): boolean {
  return output === 'controlplane' || (output === 'all' && !places.some((other) => other.output === 'controlplane'));
}

function familiesOf({ networks }: PlacedNetworks): readonly (4 | 6)[] {
  return networks.filter(({ isExcluded }) => !isExcluded).map(({ family }) => family);
}

/** Whether the primary address of control planes is not of the family of the first service subnet. */
function isForeignToServices(ips: NodeIPs, place: PlacedNetworks): boolean {
  const [primary] = familiesOf(place);
  const [service] = ips.subnets.services;
  return isOfControlPlanes(ips, place) && primary !== undefined && service !== undefined && primary !== service.family;
}

function familyProblem(ips: NodeIPs, place: PlacedNetworks): Problem | readonly Problem[] {
  const families = familiesOf(place);
  const [service] = ips.subnets.services;
  if (families.length === 0 || place.unsound.length > 0 || service === undefined) return [];
  if (isForeignToServices(ips, place)) {
    const [own, wanted] = [`IPv${String(families[0])}`, `IPv${String(service.family)}`];
    return problem(
      [place.path, service.path],
      `The primary address of control planes is ${own}, and kube-apiserver refuses to advertise it for ${wanted} Services.`,
      `Put the ${wanted} network of the nodes first.`,
    );
  }
  const missing = ips.subnets.pods.filter(({ family }) => !families.includes(family));
  return missing.map(({ family, path }) =>
    problem(
      [place.path, path],
      `Pods have IPv${String(family)} addresses, and nodes register without one.`,
      `Add the IPv${String(family)} network of the nodes.`,
    ),
  );
}

/**
 * From which networks a node's addresses are chosen. Lists append when patches are merged, and that of a role replaces that of all nodes:
 * it is deleted first.
 * @see https://docs.siderolabs.com/talos/v1.14/reference/configuration/kubernetes/kubenodeconfig
 */
export const nodeIP: NodeSetting<NodeIPSetting, object, NodeIPCluster> = {
  ...NODE_CONFIG,
  name: 'node-ip',
  nodeShape: { nodeIP: props<NodeIPProps>({ validSubnets: listOf(text) }) },
  elsewhere: { validSubnets: 'Write `nodeIP: { validSubnets: … }`.' },
  wanted: ({ talos }) => placesWith(talos).length > 0,
  section: ({ talos }) =>
    placesWith(talos).flatMap(({ output, props: { nodeIP: own } }): readonly Statement[] => [
      { output, place: 'first', document: { machine: { kubelet: { nodeIP: GONE } } } },
      { output, document: { machine: { kubelet: { nodeIP: { validSubnets: own?.validSubnets } } } } },
    ]),
  documents: (needs) =>
    placesWith(needs.talos).flatMap(({ output, props: { nodeIP: own } }) =>
      setAnew(
        needs,
        output,
        document('KubeNodeConfig', { nodeIP: { validSubnets: own?.validSubnets } }),
        document('KubeNodeConfig', { nodeIP: GONE }),
      ),
    ),
  rules: over(readNodeIPs, RULES),
};

function placesWith(talos: { readonly given: OnNodes<NodeIPSetting> }): readonly NodePlace<NodeIPSetting>[] {
  return nodesOf<NodeIPSetting>(talos).filter(({ props: { nodeIP: own } }) => own?.validSubnets !== undefined);
}
