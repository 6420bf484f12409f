import { choiceFindings, chosenVersion } from '../cilium/reference';
import type { CiliumChoice, CiliumReference } from '../cilium/reference';
import type { Finding } from '../findings';
import { given } from '../helm/truth';
import { ciliumApiVersion, ciliumKindFindings } from '../kubernetes/cilium-api';
import { overlaps } from '../kubernetes/cidr';
import { unknownProps } from '../kubernetes/known-props';
import { isDnsSubdomain } from '../kubernetes/names';
import { selectorFindings } from '../kubernetes/selector';
import type { LabelSelector } from '../kubernetes/selector';
import { tidy } from '../kubernetes/tidy';
import type { KubernetesObject } from '../kubernetes/types';
import { blockOf, describeBlock, reaches, readBlock } from './ranges';
import type { PoolBlock } from './ranges';

/** Props of `LoadBalancerIPPool`. */
export interface LoadBalancerIPPoolProps extends CiliumChoice {
  /**
   * Name of the pool.
   * @default - the id of the construct
   */
  readonly name?: string;
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
  /**
   * Ids of warnings that are known and accepted.
   * @default - none
   */
  readonly silence?: readonly string[];
}

/** A pool with its name, as the checks and the writer take it. */
export type NamedPool = LoadBalancerIPPoolProps & { readonly name: string };

const SUBJECT = 'ip-pool';
const DOCS = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
const KNOWN = ['cilium', 'ciliumVersion', 'name', 'blocks', 'serviceSelector', 'allowFirstLastIPs', 'disabled', 'silence'];
const ELSEWHERE = {
  namespace: 'Leave it out: pools belong to no namespace.',
  cidr: 'Write `blocks: [ … ]`.',
  cidrs: 'Write `blocks: [ … ]`.',
  loadBalancerClass: 'It belongs on the Service: `spec.loadBalancerClass`.',
};

/** The pool as Cilium's custom resource; cluster-scoped. The props must have passed {@link poolFindings}. */
export function poolObject(pool: NamedPool): KubernetesObject {
  const { name, serviceSelector, allowFirstLastIPs, disabled } = pool;
  return tidy({
    apiVersion: ciliumApiVersion('CiliumLoadBalancerIPPool', chosenVersion(pool)),
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name },
    spec: { blocks: poolBlocks(pool), serviceSelector, allowFirstLastIPs, disabled },
  });
}

/** What is wrong, or worth knowing, about one pool by itself and with its Cilium. */
export function poolFindings(pool: NamedPool): readonly Finding[] {
  const choice = choiceFindings(SUBJECT, pool);
  return [
    ...choice,
    ...(choice.length > 0 ? [] : ciliumKindFindings(SUBJECT, 'CiliumLoadBalancerIPPool', chosenVersion(pool))),
    ...unknownProps(SUBJECT, pool, KNOWN, ELSEWHERE),
    ...nameFindings(pool),
    ...blockFindings(pool),
    ...selectorFindings(SUBJECT, 'serviceSelector', pool.serviceSelector),
    ...settingFindings(pool),
    ...clusterFindings(pool),
  ];
}

/** Addresses that another pool of the same cluster has, too. Cilium then switches the newer pool off, whatever both select. */
export function sharedAddresses(pool: NamedPool, other: NamedPool): readonly Finding[] {
  return poolBlocks(pool).flatMap((block, i) =>
    poolBlocks(other)
      .filter((theirs) => meet(block, theirs))
      .map((theirs) =>
        problem(
          'shared',
          [`blocks[${String(i)}]`],
          `${pool.name} has ${describeBlock(block)} and ${other.name} has ${describeBlock(theirs)}; Cilium switches the newer of two pools that share addresses off.`,
          'Give each address to one pool, and choose services by `serviceSelector`.',
        ),
      ),
  );
}

/** The blocks in Cilium's own form. */
export function poolBlocks({ blocks }: Pick<LoadBalancerIPPoolProps, 'blocks'>): readonly PoolBlock[] {
  return Array.isArray(blocks)
    ? (blocks as LoadBalancerIPPoolProps['blocks']).map((block) => (typeof block === 'string' ? blockOf(block) : block))
    : [];
}

function problem(rule: string, at: readonly string[], says: string, fix: string, level: Finding['level'] = 'error'): Finding {
  return { id: `${SUBJECT}/${rule}`, level, at, says, fix, docs: DOCS };
}

function nameFindings({ name }: NamedPool): readonly Finding[] {
  return isDnsSubdomain(name)
    ? []
    : [problem('name', ['name'], `'${name}' is no name of an object.`, 'Use lower case letters, digits, dashes and dots.')];
}

function blockFindings(pool: NamedPool): readonly Finding[] {
  const blocks = poolBlocks(pool);
  if (blocks.length === 0)
    return [problem('no-blocks', ['blocks'], 'The pool has no addresses.', 'Write `blocks: [ … ]` with a CIDR or a range.')];
  const path = (i: number): string => `blocks[${String(i)}]`;
  const broken = blocks.flatMap((block, i) => {
    const read = readBlock(block);
    return 'problem' in read ? [problem('block', [path(i)], read.problem, read.fix)] : [];
  });
  const twice = blocks.flatMap((block, i) =>
    blocks.flatMap((other, j) =>
      j > i && meet(block, other)
        ? [
            problem(
              'block-twice',
              [path(i), path(j)],
              `${describeBlock(block)} and ${describeBlock(other)} share addresses; Cilium then switches the pool off.`,
              'Give each address once.',
            ),
          ]
        : [],
    ),
  );
  return [...broken, ...twice];
}

function meet(a: PoolBlock, b: PoolBlock): boolean {
  const [one, two] = [readBlock(a), readBlock(b)];
  return 'family' in one && 'family' in two && overlaps(one, two);
}

function settingFindings(pool: NamedPool): readonly Finding[] {
  const { allowFirstLastIPs, disabled } = pool;
  const found: Finding[] = [];
  if (allowFirstLastIPs !== undefined && !['Yes', 'No'].includes(allowFirstLastIPs)) {
    found.push(
      problem(
        'first-last',
        ['allowFirstLastIPs'],
        `${JSON.stringify(allowFirstLastIPs)} is neither 'Yes' nor 'No'.`,
        "Write 'Yes' or 'No', in quotes.",
      ),
    );
  }
  if (allowFirstLastIPs === 'No' && poolBlocks(pool).every((block) => !('cidr' in block))) {
    found.push(
      problem(
        'first-last-of-range',
        ['allowFirstLastIPs'],
        'Only CIDR blocks have a first and a last address to keep back.',
        'Leave it out.',
        'warning',
      ),
    );
  }
  if (disabled !== undefined && typeof disabled !== 'boolean') {
    found.push(problem('disabled', ['disabled'], `${JSON.stringify(disabled)} is neither true nor false.`, 'Write true or false.'));
  }
  return found;
}

/** What the cluster says: its own ranges, and Cilium's settings. */
function clusterFindings(pool: NamedPool): readonly Finding[] {
  const context = pool.cilium?.rendered?.context;
  if (context === undefined) return [];
  const { v, talos } = context;
  const found: Finding[] = [];
  if (v.enableLBIPAM !== undefined && !given(v.enableLBIPAM)) {
    found.push(problem('lb-ipam-off', ['cilium.enableLBIPAM'], 'Cilium hands out no addresses for services.', 'Set `enableLBIPAM: true`.'));
  }
  if (given(v.defaultLBServiceIPAM) && v.defaultLBServiceIPAM !== 'lbipam') {
    const says = `Services without a loadBalancerClass take their addresses from ${v.defaultLBServiceIPAM === 'none' ? 'nowhere' : String(v.defaultLBServiceIPAM)}, not from pools.`;
    found.push(
      problem(
        'not-default',
        ['cilium.defaultLBServiceIPAM'],
        says,
        "Set `defaultLBServiceIPAM: 'lbipam'`, or a loadBalancerClass on the Services.",
        'warning',
      ),
    );
  }
  const own = [
    ...(talos?.podSubnets ?? []).map((cidr) => ['pod', cidr] as const),
    ...(talos?.serviceSubnets ?? []).map((cidr) => ['service', cidr] as const),
  ];
  return [...found, ...poolBlocks(pool).flatMap((block, i) => own.flatMap(([what, cidr]) => ownRange(block, i, what, cidr)))];
}

function ownRange(block: PoolBlock, i: number, what: string, cidr: string): readonly Finding[] {
  const range = readBlock(block);
  if ('problem' in range || !reaches(range, cidr)) return [];
  const says = `${describeBlock(block)} reaches into the cluster's ${what} range ${cidr}.`;
  return [
    problem(
      'cluster-range',
      [`blocks[${String(i)}]`, `talos.${what}Subnets`],
      says,
      'Take addresses of the network that the clients are in.',
    ),
  ];
}

/** Whether two pools are for one cluster: the same Cilium, or none is named by either. */
export function sameCluster(a: { readonly cilium?: CiliumReference }, b: { readonly cilium?: CiliumReference }): boolean {
  return a.cilium === b.cilium;
}
