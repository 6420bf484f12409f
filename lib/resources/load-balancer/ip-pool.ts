import type { Context } from '../../cilium/context';
import { ciliumApi } from '../../resource/api';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule, ClusterResourceProps, PlacedRange } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { isTruthy } from '../../helm/truth';
import { overlaps } from '../../kubernetes/cidr';
import type { Json } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import { blockOf, describeBlock, readBlock } from './ranges';
import type { PoolBlock } from './ranges';

/** Props of `LoadBalancerIPPool`. */
export interface LoadBalancerIPPoolProps extends ClusterResourceProps {
  /**
   * The addresses: `192.168.1.200/29`, `192.168.1.200-192.168.1.207`, one address, or Cilium's own form `{ cidr }` and
   * `{ start, stop }`. No address may be in two blocks, nor in two pools of one cluster.
   */
  readonly blocks: readonly (string | PoolBlock)[];
  /**
   * Which services take addresses from the pool. Beside labels, `io.kubernetes.service.namespace` and
   * `io.kubernetes.service.name` are known as keys.
   * @default - all
   */
  readonly serviceSelector?: LabelSelector;
  /**
   * Whether the first and the last address of each CIDR are handed out: `No` keeps them back from CIDRs of four addresses and more.
   * @default - Cilium's own, Yes
   */
  readonly allowFirstLastIPs?: 'Yes' | 'No';
  /**
   * Hand out no new addresses; services keep what they have.
   * @default false
   */
  readonly disabled?: boolean;
}

const DOCS = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
const HOME = ['192.168.1.200/29'] as const;
const good = { props: { blocks: HOME } } as const;

type Check = ResourceRule<LoadBalancerIPPoolProps>;

const BLOCK_CHECKS: readonly Check[] = [
  {
    id: 'ip-pool/no-blocks',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      poolBlocks(props).length > 0
        ? []
        : [
            {
              paths: ['blocks'],
              message: 'The pool has no addresses.',
              hint: 'Write `blocks: [ … ]` with a CIDR or a range.',
            },
          ],
    examples: { bad: { props: { blocks: [] } }, good },
  },
  {
    id: 'ip-pool/block',
    level: 'error',
    docs: DOCS,
    find: ({ props }) =>
      poolBlocks(props).flatMap((block, i) => {
        const read = readBlock(block);
        return 'problem' in read ? [{ paths: [pathOf(i)], message: read.problem, hint: read.hint }] : [];
      }),
    examples: { bad: { props: { blocks: ['192.168.1.10/24'] } }, good: { props: { blocks: ['192.168.1.0/24'] } } },
  },
  {
    id: 'ip-pool/block-twice',
    level: 'error',
    docs: DOCS,
    find: ({ props }) => {
      const blocks = poolBlocks(props);
      return pairs(blocks, blocks)
        .filter(({ i, j }) => j > i)
        .map(({ i, j, block, theirs }) => ({
          paths: [pathOf(i), pathOf(j)],
          message: `${describeBlock(block)} and ${describeBlock(theirs)} share addresses; Cilium then switches the pool off.`,
          hint: 'Give each address once.',
        }));
    },
    examples: {
      bad: { props: { blocks: ['192.168.1.0/24', '192.168.1.7'] } },
      good: { props: { blocks: ['192.168.1.0/24', '192.168.2.7'] } },
    },
  },
  {
    id: 'ip-pool/shared',
    level: 'error',
    docs: DOCS,
    find: ({ props, name, earlier }) =>
      othersOf<LoadBalancerIPPoolProps>(earlier, 'ip-pool')
        .flatMap((pool) => pairs(poolBlocks(props), poolBlocks(pool.props)).map((pair) => ({ ...pair, pool })))
        .map(({ i, block, theirs, pool }) => ({
          paths: [pathOf(i)],
          message: `${name} has ${describeBlock(block)} and ${pool.name} has ${describeBlock(theirs)}; Cilium switches the newer of two pools that share addresses off.`,
          hint: 'Give each address to one pool, and choose services by `serviceSelector`.',
        })),
    examples: {
      bad: { ...good, others: [{ subject: 'ip-pool', props: { blocks: ['192.168.1.0/24'] } }] },
      good: { ...good, others: [{ subject: 'ip-pool', props: { blocks: ['192.168.2.0/24'] } }] },
    },
  },
];

const SETTING_CHECKS: readonly Check[] = [
  {
    id: 'ip-pool/first-last-of-range',
    level: 'warning',
    docs: DOCS,
    find: ({ props }) =>
      props.allowFirstLastIPs === 'No' && poolBlocks(props).every((block) => !('cidr' in block))
        ? [
            {
              paths: ['allowFirstLastIPs'],
              message: 'Only CIDR blocks have a first and a last address to keep back.',
              hint: 'Leave it out.',
            },
          ]
        : [],
    examples: {
      bad: { props: { blocks: ['192.168.1.1-192.168.1.9'], allowFirstLastIPs: 'No' } },
      good: { props: { blocks: HOME, allowFirstLastIPs: 'No' } },
    },
  },
  {
    id: 'ip-pool/not-default',
    level: 'warning',
    docs: DOCS,
    find: ({ cilium }) => elsewhereByDefault(cilium),
    examples: { bad: { ...good, values: { defaultLBServiceIPAM: 'none' } }, good: { ...good, values: {} } },
  },
  {
    id: 'ip-pool/nobody-announces',
    level: 'warning',
    docs: DOCS,
    find: ({ cilium }) =>
      cilium === undefined || isTruthy(cilium.v.l2announcements.enabled) || isTruthy(cilium.v.bgpControlPlane.enabled)
        ? []
        : [
            {
              paths: ['cilium.l2announcements.enabled', 'cilium.bgpControlPlane.enabled'],
              message: 'Services get addresses from the pool, and nothing tells the network where they are.',
              hint: "Switch l2announcements or bgpControlPlane on in Cilium's values, unless the network routes the addresses to the nodes.",
            },
          ],
    examples: {
      bad: { ...good, values: {} },
      good: { ...good, values: { l2announcements: { enabled: true }, kubeProxyReplacement: true } },
    },
  },
];

/** Addresses for services: CiliumLoadBalancerIPPool. */
export const ipPool = resourceKind<LoadBalancerIPPoolProps>({
  api: ciliumApi('CiliumLoadBalancerIPPool'),
  subject: 'ip-pool',
  docs: DOCS,
  example: { ...good, values: {} },
  needs: [
    {
      rule: 'lb-ipam-off',
      path: 'enableLBIPAM',
      isMet: ({ v }) => isTruthy(v.enableLBIPAM ?? true),
      message: 'LB IPAM is off, so Services get no addresses from pools.',
      unmet: { enableLBIPAM: false, defaultLBServiceIPAM: 'none' },
    },
  ],
  selectors: [{ path: 'serviceSelector', over: 'services' }],
  families: {
    of: ({ props }) => rangesOf(props).map(({ at, range: { family } }) => ({ at, family })),
    effect: 'LB IPAM gives Services no addresses of this family',
    example: { blocks: [...HOME, '2001:db8::/112'] },
  },
  ranges: {
    of: ({ props }) => rangesOf(props),
    hint: 'Take addresses of the network that the clients are in.',
    example: { blocks: ['10.96.1.0/24'] },
  },
  elsewhere: {
    namespace: 'Leave it out: pools belong to no namespace.',
    cidr: 'Write `blocks: [ … ]`.',
    cidrs: 'Write `blocks: [ … ]`.',
    loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass`.',
  },
  body: (fields, props) => ({
    spec: { ...fields, blocks: Array.isArray(props.blocks) ? (poolBlocks(props) as unknown as Json) : fields.blocks },
  }),
  rules: [...BLOCK_CHECKS, ...SETTING_CHECKS],
});

/** The blocks in Cilium's own form; none when they are no list. */
export function poolBlocks({ blocks }: Pick<LoadBalancerIPPoolProps, 'blocks'>): readonly PoolBlock[] {
  return Array.isArray(blocks)
    ? (blocks as LoadBalancerIPPoolProps['blocks']).map((block) => (typeof block === 'string' ? blockOf(block) : block))
    : [];
}

function rangesOf(props: LoadBalancerIPPoolProps): readonly PlacedRange[] {
  return poolBlocks(props).flatMap((block, i) => {
    const range = readBlock(block);
    return 'family' in range ? [{ at: pathOf(i), text: describeBlock(block), range }] : [];
  });
}

function pathOf(i: number): string {
  return `blocks[${String(i)}]`;
}

interface Pair {
  readonly i: number;
  readonly j: number;
  readonly block: PoolBlock;
  readonly theirs: PoolBlock;
}

/** Blocks of two lists that share addresses. */
function pairs(blocks: readonly PoolBlock[], others: readonly PoolBlock[]): readonly Pair[] {
  return blocks
    .flatMap((block, i) => others.map((theirs, j) => ({ i, j, block, theirs })))
    .filter(({ block, theirs }) => meet(block, theirs));
}

function meet(a: PoolBlock, b: PoolBlock): boolean {
  const [one, two] = [readBlock(a), readBlock(b)];
  return 'family' in one && 'family' in two && overlaps(one, two);
}

function elsewhereByDefault(cilium: Context | undefined): readonly Problem[] {
  const giver = cilium?.v.defaultLBServiceIPAM;
  if (!isTruthy(giver) || giver === 'lbipam') return [];
  return [
    {
      paths: ['cilium.defaultLBServiceIPAM'],
      message: `Services without a loadBalancerClass take their addresses from ${giver === 'none' ? 'nowhere' : String(giver)}, not from pools.`,
      hint: "Set `defaultLBServiceIPAM: 'lbipam'`, or a loadBalancerClass on the Services.",
    },
  ];
}
