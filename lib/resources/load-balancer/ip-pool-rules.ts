import { isTruthy } from '../../helm/truth';
import { contains, overlaps } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { othersOf } from '../../resource/kind';
import type { Others, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';
import { nodeNetworks } from '../../talos/cluster/node-ip';
import type { PoolModel, SoundBlock } from './pool-model';
import type { LoadBalancerIPPoolProps } from './props';

const good = { props: { blocks: ['192.168.1.200/29'] } } as const;

const ANNOUNCED = { l2announcements: { enabled: true }, kubeProxyReplacement: true } as const;
const NODES = { ...EXAMPLE_CLUSTER, nodeIP: { validSubnets: ['192.168.1.0/24'] } } as const;

/** Rules of pools. */
export const IP_POOL_RULES: readonly ResourceRule<LoadBalancerIPPoolProps, PoolModel>[] = [
  {
    id: 'ip-pool/no-blocks',
    level: 'error',
    find: ({ model }) =>
      model.blocks.length === 0 &&
      problem('blocks', 'The pool has no addresses.', 'Write `blocks: [ … ]` with a CIDR or a range.'),
    examples: { bad: { props: { blocks: [] } }, good },
  },
  {
    id: 'ip-pool/block',
    level: ({ model }) => (model.blocks.every(({ range }) => range !== undefined) ? 'warning' : 'error'),
    find: ({ model }) =>
      model.blocks.flatMap(({ at, problem: found }) => (found === undefined ? [] : [{ paths: [at], ...found }])),
    examples: { bad: { props: { blocks: ['192.168.1.10/24'] } }, good: { props: { blocks: ['192.168.1.0/24'] } } },
  },
  {
    id: 'ip-pool/block-twice',
    level: 'error',
    find: ({ model: { sound } }) =>
      sound.flatMap((one, i) =>
        sharing(one, sound.slice(i + 1)).map((other) =>
          problem(
            [one.at, other.at],
            `${one.text} and ${other.text} share addresses; Cilium then disables the pool.`,
            'Give each address once.',
          ),
        ),
      ),
    examples: {
      bad: { props: { blocks: ['192.168.1.0/24', '192.168.1.7'] } },
      good: { props: { blocks: ['192.168.1.0/24', '192.168.2.7'] } },
    },
  },
  {
    id: 'ip-pool/shared',
    level: 'error',
    find: ({ name, model, earlier, others }) =>
      others.ofCluster(hasSharedAddresses) &&
      othersOf<LoadBalancerIPPoolProps, PoolModel>(earlier, 'ip-pool')
        // With one name they are one object, such as in two patches.
        .filter((pool) => pool.name !== name)
        .flatMap((pool) =>
          model.sound.flatMap((one) =>
            sharing(one, pool.model.sound).map((other) =>
              problem(
                one.at,
                `${name} has ${one.text} and ${pool.name} has ${other.text}; of two pools that share addresses Cilium disables one: the newer, or either one if both are made in the same second.`,
                'Give each address to one pool, and choose Services by `serviceSelector`.',
              ),
            ),
          ),
        ),
    examples: {
      bad: { ...good, others: [{ subject: 'ip-pool', props: { blocks: ['192.168.1.0/24'] } }] },
      good: { ...good, others: [{ subject: 'ip-pool', props: { blocks: ['192.168.2.0/24'] } }] },
    },
  },
  {
    id: 'ip-pool/first-last-of-range',
    level: 'warning',
    find: ({ props, model }) =>
      props.allowFirstLastIPs === 'No' &&
      model.blocks.every(({ isCidr }) => !isCidr) &&
      problem('allowFirstLastIPs', 'Only CIDR blocks have a first and a last address to exclude.', 'Leave it out.'),
    examples: {
      bad: { props: { blocks: ['192.168.1.1-192.168.1.9'], allowFirstLastIPs: 'No' } },
      good: { props: { ...good.props, allowFirstLastIPs: 'No' } },
    },
  },
  {
    id: 'ip-pool/not-default',
    level: 'warning',
    find: ({ cilium }) => {
      const source = cilium?.v.defaultLBServiceIPAM;
      if (!isTruthy(source) || source === 'lbipam') return undefined;
      const what = source === 'none' ? 'no addresses from Cilium' : `their addresses from ${String(source)}`;
      return problem(
        'cilium.defaultLBServiceIPAM',
        `Services without a loadBalancerClass get ${what}, not from pools.`,
        "Set `defaultLBServiceIPAM: 'lbipam'`, or a loadBalancerClass on the Services.",
      );
    },
    examples: { bad: { ...good, values: { defaultLBServiceIPAM: 'none' } }, good: { ...good, values: {} } },
  },
  {
    id: 'ip-pool/node-network',
    level: 'warning',
    find: ({ model, cilium }) => {
      const networks = nodeNetworks({ given: cilium?.talos?.given ?? {} }).flatMap((place) =>
        place.networks.filter(({ isExcluded }) => !isExcluded),
      );
      return model.sound.flatMap(({ at, text, range }) =>
        networks
          .filter((network) => contains(range, network))
          .map((network) =>
            problem(
              [at, network.path],
              network.first === network.last
                ? `${text} contains ${network.text}, the address of a node, and a Service may get it.`
                : `${text} contains all of ${network.text}, in which the nodes have their addresses, and a Service may get that of a node.`,
              'Use addresses that no node has.',
            ),
          ),
      );
    },
    examples: {
      bad: { props: { blocks: ['192.168.1.0/24'] }, values: ANNOUNCED, talos: NODES },
      good: { ...good, values: ANNOUNCED, talos: NODES },
    },
  },
  {
    id: 'ip-pool/nobody-announces',
    level: 'warning',
    find: ({ cilium }) =>
      cilium !== undefined &&
      !isTruthy(cilium.v.l2announcements.enabled) &&
      !isTruthy(cilium.v.bgpControlPlane.enabled) &&
      problem(
        ['cilium.l2announcements.enabled', 'cilium.bgpControlPlane.enabled'],
        'Services get addresses from the pool, and Cilium does not announce them to the network.',
        "Switch l2announcements or bgpControlPlane on in Cilium's values, unless the network routes the addresses to the nodes; for the nodes' own addresses, which Cilium 1.19 and newer cut off from the node, use loadBalancerClass: 'io.cilium/node' or the host network instead of a pool.",
      ),
    examples: {
      bad: { ...good, values: {} },
      good: { ...good, values: { l2announcements: { enabled: true }, kubeProxyReplacement: true } },
    },
  },
];

/** Whether any two blocks of a cluster share addresses: neighbours in the order of their first addresses do. */
function hasSharedAddresses(all: Others): boolean {
  const ranges = othersOf<LoadBalancerIPPoolProps, PoolModel>(all, 'ip-pool')
    .flatMap(({ model }) => model.sound.map(({ range }) => range))
    .sort((one, other) => one.family - other.family || (one.first < other.first ? -1 : 1));
  return ranges.some((range, i) => i > 0 && overlaps(ranges[i - 1] as AddressRange, range));
}

/** The blocks that share addresses with another one. */
function sharing({ range }: SoundBlock, others: readonly SoundBlock[]): readonly SoundBlock[] {
  return others.filter((other) => overlaps(range, other.range));
}
