import { isTruthy } from '../../helm/truth';
import { contains } from '../../kubernetes/cidr';
import { push } from '../../kubernetes/groups';
import { overlapping } from '../../kubernetes/overlaps';
import { othersOf } from '../../resource/kind';
import type { Others, ReadResource, ResourceRule } from '../../resource/kind';
import { problem } from '../../rules/rule';
import { someOf } from '../../rules/words';
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
      overlapping(sound, ({ range }) => range).map((blocks) =>
        problem(
          blocks.map(({ at }) => at),
          `${someOf(blocks.map(({ text }) => text))} share addresses; Cilium then disables the pool.`,
          'Give each address once.',
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
    find: ({ itself, others }) =>
      (others.ofCluster(sharedBlocks).get(itself) ?? []).map(({ own, all }) =>
        problem(
          own.map(({ at }) => at),
          `${someOf(all.map(({ pool, block }) => `${pool.name} has ${block.text}`))}; of two pools that share addresses Cilium disables one: the newer, or either one if both are made in the same second.`,
          'Give each address to one pool, and choose Services by `serviceSelector`.',
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

type Pool = ReadResource<LoadBalancerIPPoolProps, PoolModel>;

interface PlacedBlock {
  readonly pool: Pool;
  readonly block: SoundBlock;
}

/** Addresses that several pools have. */
interface SharedBlocks {
  /** The blocks of the pool that reports it. */
  readonly own: readonly SoundBlock[];
  /** A block of each pool, that of the pool that reports it first. */
  readonly all: readonly PlacedBlock[];
}

/** Blocks that share addresses, by the last pool with one of them. */
function sharedBlocks(all: Others): ReadonlyMap<unknown, readonly SharedBlocks[]> {
  const blocks = othersOf<LoadBalancerIPPoolProps, PoolModel>(all, 'ip-pool').flatMap((pool) =>
    pool.model.sound.map((block): PlacedBlock => ({ pool, block })),
  );
  const found = new Map<Pool, SharedBlocks[]>();
  for (const group of overlapping(blocks, ({ block }) => block.range)) {
    const { pool } = group.at(-1) ?? group[0];
    const own = group.filter((one) => one.pool === pool);
    // With one name they are one object, such as in two patches.
    const others = new Map(group.filter((one) => one.pool.name !== pool.name).map((one) => [one.pool.name, one]));
    if (others.size > 0)
      push(found, pool, { own: own.map(({ block }) => block), all: [...own.slice(0, 1), ...others.values()] });
  }
  return found;
}
