import { contains, fixedNetworks, overlaps } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { BgpPairing } from './bgp-model';
import { good, workloadWith } from './bgp-reading';
import type { Bgp, BgpRule } from './bgp-reading';
import { specialNetwork } from './subnets';

/** Rules of the session between Talos and Cilium. */
export const PAIRING_RULES: readonly BgpRule[] = [
  {
    id: 'talos-cluster/bgp-prefix',
    level: 'error',
    find: ({ nodes }) => nodes.flatMap(({ pairing }) => (pairing === undefined ? [] : prefixProblems(pairing))),
    examples: { bad: workloadWith({ prefixes: ['203.0.113.0/24', '203.0.113.128/25'] }), good },
  },
  {
    id: 'talos-cluster/bgp-network',
    level: 'error',
    find: (bgp) =>
      bgp.nodes.flatMap(({ pairing, props: { workload } }) =>
        pairing === undefined ? [] : networkProblems(pairing, String(workload?.network), bgp),
      ),
    examples: { bad: workloadWith({ network: '169.254.179.0/30' }), good },
  },
  {
    id: 'talos-cluster/bgp-active',
    level: 'warning',
    find: ({ nodes }) =>
      nodes.flatMap(({ pairing }) =>
        pairing?.passive === false
          ? problem(
              `${pairing.at}.passive`,
              "Talos also connects to Cilium's end, where its own fabric instance listens on port 179, and delays the session.",
              'Leave it out: Cilium opens the session.',
            )
          : [],
      ),
    examples: { bad: workloadWith({ passive: false }), good },
  },
  {
    id: 'talos-cluster/bgp-node-address',
    level: 'warning',
    docs: 'https://docs.siderolabs.com/talos/v1.14/networking/configuration/multihoming',
    find: ({ nodes, pods, services, networksOf }) =>
      nodes.flatMap((one) => {
        const { pairing } = one;
        const pair = pairing?.network;
        if (
          pairing === undefined ||
          pair === undefined ||
          isLinkLocal(pairing) ||
          [...pods, ...services].some((subnet) => overlaps(subnet, pair)) ||
          networksOf(one)?.some((named) => !named.isExcluded && overlaps(named, pair)) === false
        )
          return [];
        const { family, network } = pair;
        if (!pods.some((subnet) => subnet.family === family)) return [];
        return problem(
          `${pairing.at}.network`,
          `Talos counts ${network} among the addresses of the node, and may choose one of them, the same on all nodes, as the kubelet's or etcd's.`,
          'Use IPv4 link-local addresses, 169.254.179.0/31, or name the networks of the nodes: `nodeIP.validSubnets` of the kubelet, `advertisedSubnets` of etcd.',
        );
      }),
    examples: { bad: workloadWith({ network: '192.168.99.0/31' }), good },
  },
];

function prefixProblems({ at, prefixes }: BgpPairing): readonly Problem[] {
  if (prefixes.length === 0)
    return [
      problem(
        `${at}.prefixes`,
        'The fabric instance would import no routes, and Talos refuses an empty list.',
        'List the networks of the address pools, and of pods.',
      ),
    ];
  return prefixes.flatMap(({ at: place, text, network }, i) => {
    const hint = 'Write it as 203.0.113.0/24 or fd00:10::/56.';
    if (network === undefined || !text.includes('/')) return problem(place, `'${text}' is not a CIDR.`, hint);
    if (!network.aligned) return problem(place, `${text} has bits set after its prefix.`, `Write ${network.network}.`);
    const other = prefixes.slice(0, i).find((one) => one.network !== undefined && overlaps(one.network, network));
    return other === undefined
      ? []
      : problem([place, other.at], `${text} overlaps ${other.text}, which Talos refuses.`, 'Leave one of them out.');
  });
}

const HOST_DNS = fixedNetworks('169.254.116.108');

function networkProblems({ at, network }: BgpPairing, text: string, { pods, services }: Bgp): readonly Problem[] {
  const place = `${at}.network`;
  const hint = 'Use two addresses of no other network: 169.254.179.0/31, or a /127 of your own.';
  if (network === undefined) return [problem(place, `'${text}' is not a network of two addresses.`, hint)];
  if (HOST_DNS().some((address) => contains(network, address)))
    return [problem(place, `${text} has the address of Talos' host DNS.`, hint)];
  const special = specialNetwork(network);
  if (special !== undefined && !isLinkLocal({ network }))
    return [problem(place, `${text} has addresses ${special[1]}.`, hint)];
  return [...pods, ...services]
    .filter((subnet) => overlaps(subnet, network))
    .map((subnet) => problem([place, subnet.path], `${text} overlaps ${subnet.network}.`, hint));
}

const LINK_LOCAL = fixedNetworks('169.254.0.0/16');

function isLinkLocal({ network }: Pick<BgpPairing, 'network'>): boolean {
  return network !== undefined && LINK_LOCAL().some((range) => contains(range, network));
}
