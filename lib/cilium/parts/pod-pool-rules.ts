import { parseCidr } from '../../kubernetes/cidr';
import type { JsonObject } from '../../kubernetes/json';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import { errorOnTalos } from '../values-rule';
import type { ValuesExample, ValuesRule } from '../values-rule';
import { cidrsIn, clusterPools, poolsOf, sharedNetworks } from './pod-pools';
import type { ClusterPool } from './pod-pools';

const DOCS = 'https://docs.cilium.io/en/stable/network/concepts/ipam/';

function clusterPool(cidr: string, maskSize: number): ValuesExample {
  return {
    values: {
      ipam: {
        mode: 'cluster-pool',
        operator: { clusterPoolIPv4PodCIDRList: [cidr], clusterPoolIPv4MaskSize: maskSize },
      },
    },
  };
}

function twoPools(cidr: string): ValuesExample {
  const pool = (own: string): JsonObject => ({ ipv4: { cidrs: [own], maskSize: 27 } });
  return {
    values: {
      bpf: { masquerade: true },
      ipam: {
        mode: 'multi-pool',
        operator: { autoCreateCiliumPodIPPools: { default: pool('10.10.0.0/16'), blue: pool(cidr) } },
      },
    },
  };
}

/** Rules of what pools of pod addresses have for nodes. */
export const POD_POOL_SIZE_RULES: readonly ValuesRule[] = [
  {
    id: 'pod-ip-pools/few-parts',
    level: 'warning',
    docs: DOCS,
    find: (ctx) =>
      clusterPools(ctx).flatMap(({ list, mask, family, networks, maskSize }) => {
        const parts = partsOf(networks, maskSize);
        const [nodes, known] = nodesOf(ctx);
        if (networks.length === 0 || parts === 0 || parts >= nodes) return [];
        return problem(
          [list, mask],
          `The IPv${String(family)} cluster pool has ${String(parts)} ${parts === 1 ? 'part' : 'parts'} of /${String(maskSize)}, one for each node${known ? `, and the cluster has ${String(nodes)} nodes` : ''}: other nodes get no pod addresses (allocator full).`,
          'Use a larger network, or a longer mask size.',
        );
      }),
    examples: { bad: clusterPool('10.0.0.0/24', 24), good: clusterPool('10.0.0.0/16', 24) },
  },
  {
    id: 'pod-ip-pools/tiny-parts',
    level: errorOnTalos,
    docs: DOCS,
    find: (ctx) =>
      clusterPools(ctx).flatMap(({ mask, family, maskSize }) =>
        maskSize < bitsOf(family) - 1 || maskSize > bitsOf(family)
          ? []
          : problem(
              mask,
              `A node gets ${maskSize === bitsOf(family) ? 'one address' : 'two addresses'} with /${String(maskSize)}, which the agent itself needs: no pod gets one.`,
              `Use a shorter mask size, such as ${family === 4 ? '24' : '120'}.`,
            ),
      ),
    examples: { bad: clusterPool('10.0.0.0/24', 32), good: clusterPool('10.0.0.0/24', 27) },
  },
  {
    id: 'pod-ip-pools/shared',
    level: errorOnTalos,
    docs: DOCS,
    find: (ctx) =>
      ctx.facts.hasConfigMap &&
      ctx.facts.ipamMode === 'multi-pool' &&
      sharedNetworks(namedNetworks(ctx))
        .filter(([a, b]) => a.pool !== b.pool)
        .map(([a, b]) =>
          problem(
            [a, b].map(({ pool }) => `ipam.operator.autoCreateCiliumPodIPPools.${pool}`),
            `${a.text} of ${a.pool} and ${b.text} of ${b.pool} share addresses, which two pods would get.`,
            'Give each address to one pool.',
          ),
        ),
    examples: { bad: twoPools('10.10.4.0/24'), good: twoPools('10.11.0.0/16') },
  },
];

function bitsOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function partsOf(networks: ClusterPool['networks'], maskSize: number): number {
  return networks.reduce((sum, { prefix }) => sum + (maskSize >= prefix ? 2 ** (maskSize - prefix) : 0), 0);
}

/** How many nodes there are; two, where it is unknown. */
export function nodesOf({ talos }: Pick<Context, 'talos'>): readonly [count: number, isKnown: boolean] {
  const counts = talos === undefined ? [undefined] : nodeKindsOf(talos).map(({ count }) => count);
  const isKnown = counts.every((count) => count !== undefined);
  return [isKnown ? counts.reduce((sum: number, count) => sum + (count ?? 0), 0) : 2, isKnown];
}

function namedNetworks(ctx: Context): readonly {
  readonly pool: string;
  readonly text: string;
  readonly cidr: ClusterPool['networks'][number];
}[] {
  return poolsOf(ctx).flatMap(([pool, { ipv4, ipv6 }]) =>
    [...cidrsIn(ipv4?.cidrs), ...cidrsIn(ipv6?.cidrs)].flatMap((text) => {
      const cidr = parseCidr(text);
      return cidr === undefined ? [] : [{ pool, text, cidr }];
    }),
  );
}
