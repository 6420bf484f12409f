import { fixedNetworks, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange, Cidr } from '../../kubernetes/cidr';
import { isMap, mapOf } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import type { Problem } from '../../rules/rule';
import { actual } from '../../rules/words';
import type { PoolBlock } from './props';

/** A block with its addresses, or with what is wrong with it; with both where Cilium allocates from it nevertheless. */
export type ReadBlock = PlacedBlock &
  (
    | { readonly range: AddressRange; readonly problem?: Wrong | undefined }
    | { readonly range?: undefined; readonly problem: Wrong }
  );

interface Wrong extends Omit<Problem, 'paths'> {
  /** What Cilium makes of it. */
  readonly range?: AddressRange;
}

interface PlacedBlock {
  /** `blocks[0]`. */
  readonly at: string;
  /** As people write it: `192.168.1.200/29` or `192.168.1.200-192.168.1.207`. */
  readonly text: string;
  readonly isCidr: boolean;
}

/** A block with its addresses. */
export type SoundBlock = Extract<ReadBlock, { readonly range: AddressRange }>;

/** A pool, read. */
export interface PoolModel {
  readonly blocks: readonly ReadBlock[];
  /** Those that could be read. */
  readonly sound: readonly SoundBlock[];
}

/** A pool object as it is written, read. */
export interface PoolObject extends PoolModel {
  readonly name: string;
  readonly isDisabled: boolean;
  /** The addresses that LB IPAM allocates: those of the blocks, without the first and last ones that `allowFirstLastIPs` excludes. */
  readonly usable: readonly AddressRange[];
  /** @default - all */
  readonly serviceSelector: LabelSelector | undefined;
}

/** Reads the blocks of a pool; none when they are not a list. */
export function readPool({ blocks }: { readonly blocks?: unknown }): PoolModel {
  const read = Array.isArray(blocks) ? blocks.map((block: unknown, i) => readBlock(block, `blocks[${String(i)}]`)) : [];
  return { blocks: read, sound: read.filter((block): block is SoundBlock => block.range !== undefined) };
}

const objects = new WeakMap<object, PoolObject>();

/**
 * Reads a pool object, once. It may differ from the props of its construct, which JSON patches change, or come from elsewhere;
 * `cidrs` is what older releases call `blocks`.
 */
export function readPoolObject(object: KubernetesObject): PoolObject {
  const known = objects.get(object);
  if (known !== undefined) return known;
  const { blocks, cidrs, disabled, serviceSelector, allowFirstLastIPs } = mapOf(object.spec);
  const model = readPool({ blocks: Array.isArray(blocks) ? blocks : cidrs });
  const read = {
    ...model,
    name: object.metadata.name,
    isDisabled: disabled === true,
    usable: model.sound.map((block) => usableOf(block, allowFirstLastIPs === 'No')),
    serviceSelector: isMap(serviceSelector) ? serviceSelector : undefined,
  };
  objects.set(object, read);
  return read;
}

/** Of two addresses or fewer none is excluded. */
function usableOf({ range, isCidr }: SoundBlock, excludesEnds: boolean): AddressRange {
  if (!excludesEnds || !isCidr || range.last - range.first < 2n) return range;
  return { ...range, first: range.first + 1n, last: range.last - 1n };
}

/** Whether an object is a pool of Cilium's. */
export function isPool({ kind, apiVersion }: KubernetesObject): boolean {
  return kind === 'CiliumLoadBalancerIPPool' && apiVersion.startsWith('cilium.io/');
}

const EXAMPLES = 'Write a CIDR such as 192.168.1.200/29, a range such as 192.168.1.200-192.168.1.207, or one address.';

/** A block from its short form: `192.168.1.200/29`, `192.168.1.200-192.168.1.207` or `192.168.1.200`. */
export function blockOf(text: string): PoolBlock {
  const [start = '', stop] = text.split('-', 2).map((part) => part.trim());
  if (text.includes('/')) return { cidr: text.trim() };
  return stop === undefined ? { start } : { start, stop };
}

/** A block, read. */
export function readBlock(written: unknown, at: string): ReadBlock {
  const block: unknown = typeof written === 'string' ? blockOf(written) : written;
  const { cidr, start, stop } = mapOf(block);
  const text =
    typeof cidr === 'string' ? cidr : stop === undefined ? String(start) : `${String(start)}-${String(stop)}`;
  const place = { at, text, isCidr: cidr !== undefined };
  const range = rangeOf(block, text);
  if (!('message' in range)) return { ...place, range };
  const { range: used, ...found } = range;
  return used === undefined ? { ...place, problem: found } : { ...place, range: used, problem: found };
}

/**
 * The addresses of a block as Cilium's operator reads it; but what is misleading is wrong: a CIDR with
 * host bits (Cilium uses the whole network), a CIDR beside `start` (the CIDR wins), zones and IPv4-mapped addresses.
 */
function rangeOf(block: unknown, text: string): AddressRange | Wrong {
  if (!isMap(block)) return wrong(`${actual(block)} is not a block.`);
  const { cidr, start, stop, ...rest } = block;
  const [strange] = Object.keys(rest);
  if (strange !== undefined) return wrong(`A block has no \`${strange}\`.`, 'Give `cidr`, or `start` and `stop`.');
  if (cidr === undefined && start === undefined) return wrong('The block has neither `cidr` nor `start`.');
  const read = cidr === undefined ? rangeBetween(start, stop ?? start, text) : networkOfBlock(cidr);
  const range = 'message' in read ? read.range : read;
  if (range === undefined) return read;
  for (const [networks, what] of UNUSABLE) {
    const network = networks().find((one) => overlaps(range, one));
    if (network !== undefined) return wrong(`${text} overlaps ${network.network}, ${what}.`);
  }
  if (cidr !== undefined && (start !== undefined || stop !== undefined))
    return { ...wrong('Cilium ignores `start` and `stop` beside `cidr`.', 'Write two blocks.'), range };
  return read;
}

function wrong(message: string, hint = EXAMPLES): Wrong {
  return { message, hint };
}

function networkOfBlock(cidr: Json): AddressRange | Wrong {
  const range = typeof cidr === 'string' && cidr.includes('/') ? parseCidr(cidr) : undefined;
  if (range === undefined) return wrong(`${actual(cidr)} is not a CIDR.`);
  if (range.aligned) return range;
  const text = String(cidr);
  const one = `${text.slice(0, text.indexOf('/'))}/${range.family === 4 ? '32' : '128'}`;
  return {
    ...wrong(
      `${text} has host bits; Cilium uses all of ${range.network}.`,
      `Write ${range.network} for all of it, or ${one} for one address.`,
    ),
    range,
  };
}

function rangeBetween(start: unknown, stop: unknown, text: string): AddressRange | Wrong {
  const from = parseAddress(start);
  const to = stop === start ? from : parseAddress(stop);
  if (from === undefined) return wrong(`${actual(start)} is not an IP address.`);
  if (to === undefined) return wrong(`${actual(stop)} is not an IP address.`);
  if (from.family !== to.family) return wrong(`${text} mixes IPv4 and IPv6.`, 'Write a block for each family.');
  if (from.first > to.first) return wrong(`The start of ${text} is after its end.`, 'Exchange `start` and `stop`.');
  return { family: from.family, first: from.first, last: to.first };
}

function parseAddress(text: unknown): Cidr | undefined {
  return typeof text === 'string' && !text.includes('/') ? parseCidr(text) : undefined;
}

/** IPv4-mapped addresses. */
const MAPPED = fixedNetworks('::ffff:0:0/96');

const UNUSABLE: readonly (readonly [networks: () => readonly Cidr[], what: string])[] = [
  [fixedNetworks('0.0.0.0/8'), 'which no host has'],
  [fixedNetworks('127.0.0.0/8'), 'the loopback range'],
  [fixedNetworks('224.0.0.0/4'), 'the multicast range'],
  [fixedNetworks('255.255.255.255/32'), 'the broadcast address'],
  [fixedNetworks('::/127'), 'the unspecified and the loopback address'],
  [fixedNetworks('ff00::/8'), 'the multicast range'],
  [MAPPED, 'the IPv4-mapped addresses, which are IPv6 to Cilium and belong to no IPv6 host'],
];
