import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { AddressRange, Cidr } from '../../kubernetes/cidr';

/** Addresses for services: a CIDR, or a run from `start` to `stop` (one address without `stop`). */
export type PoolBlock = { readonly cidr: string } | { readonly start: string; readonly stop?: string };

/** A block read: the addresses it holds, or what is wrong with it and the way out. */
export type ReadBlock = AddressRange | { readonly problem: string; readonly hint: string };

const EXAMPLES = 'Write a CIDR such as 192.168.1.200/29, a range such as 192.168.1.200-192.168.1.207, or one address.';

/** A block from its short form: `192.168.1.200/29`, `192.168.1.200-192.168.1.207` or `192.168.1.200`. */
export function blockOf(text: string): PoolBlock {
  const [start = '', stop] = text.split('-', 2).map((part) => part.trim());
  if (text.includes('/')) return { cidr: text.trim() };
  return stop === undefined ? { start } : { start, stop };
}

/**
 * Reads a block as Cilium's operator does, but refuses what it takes in another sense than it looks: a CIDR with host bits
 * (Cilium hands out the whole network), a CIDR beside `start` (the CIDR wins), zones and IPv4 inside IPv6.
 */
export function readBlock(block: PoolBlock): ReadBlock {
  if (typeof block !== 'object' || block === null)
    return { problem: `${JSON.stringify(block)} is no block.`, hint: EXAMPLES };
  const { cidr, start, stop, ...rest } = block as Partial<Record<'cidr' | 'start' | 'stop', unknown>>;
  const strange = Object.keys(rest)[0];
  if (strange !== undefined)
    return { problem: `A block has no \`${strange}\`.`, hint: 'Give `cidr`, or `start` and `stop`.' };
  if (cidr !== undefined && (start !== undefined || stop !== undefined)) {
    return { problem: 'Cilium ignores `start` and `stop` beside `cidr`.', hint: 'Make two blocks of it.' };
  }
  if (cidr !== undefined) return readCidr(cidr);
  if (start === undefined) return { problem: 'The block has neither `cidr` nor `start`.', hint: EXAMPLES };
  return readRange(start, stop ?? start);
}

function readCidr(cidr: unknown): ReadBlock {
  const range = typeof cidr === 'string' && cidr.includes('/') ? parse(cidr) : undefined;
  if (range === undefined) return { problem: `${JSON.stringify(cidr)} is no CIDR.`, hint: EXAMPLES };
  const text = String(cidr);
  if (!range.aligned) {
    const one = `${text.slice(0, text.indexOf('/'))}/${range.family === 4 ? '32' : '128'}`;
    const problem = `${text} has host bits; Cilium would hand out all of ${range.network}.`;
    return { problem, hint: `Write ${range.network} for all of it, or ${one} for one address.` };
  }
  return unusable(range, text) ?? range;
}

function readRange(start: unknown, stop: unknown): ReadBlock {
  const [from, to] = [start, stop].map((text) =>
    typeof text === 'string' && addressFamily(text) !== undefined ? parse(text) : undefined,
  );
  if (from === undefined) return { problem: `${JSON.stringify(start)} is no IP address.`, hint: EXAMPLES };
  if (to === undefined) return { problem: `${JSON.stringify(stop)} is no IP address.`, hint: EXAMPLES };
  const text = `${String(start)}-${String(stop)}`;
  if (from.family !== to.family)
    return { problem: `${text} mixes IPv4 and IPv6.`, hint: 'Make a block for each family.' };
  if (from.first > to.first) return { problem: `${text} runs backwards.`, hint: 'Exchange `start` and `stop`.' };
  const range = { family: from.family, first: from.first, last: to.first };
  return unusable(range, text) ?? range;
}

/** IPv4 addresses in IPv6 form are refused: they are neither. */
function parse(text: string): Cidr | undefined {
  return text.includes(':') && text.includes('.') ? undefined : parseCidr(text);
}

const UNUSABLE: readonly (readonly [string, string])[] = [
  ['0.0.0.0/8', 'no address of a host'],
  ['127.0.0.0/8', 'the loopback range'],
  ['224.0.0.0/4', 'the multicast range'],
  ['255.255.255.255/32', 'the broadcast address'],
  ['::/127', 'the unspecified and the loopback address'],
  ['ff00::/8', 'the multicast range'],
];

function unusable(range: AddressRange, text: string): ReadBlock | undefined {
  const found = UNUSABLE.find(([cidr]) => reaches(range, cidr));
  return found === undefined
    ? undefined
    : { problem: `${text} reaches into ${found[0]}, ${found[1]}.`, hint: EXAMPLES };
}

/** Whether addresses of a block lie in a network; false for a text that is none. */
export function reaches(range: AddressRange, network: string): boolean {
  const cidr = parseCidr(network);
  return cidr !== undefined && overlaps(range, cidr);
}

/** A block as people write it: `192.168.1.200/29` or `192.168.1.200-192.168.1.207`. */
export function describeBlock(block: PoolBlock): string {
  if ('cidr' in block) return block.cidr;
  return block.stop === undefined ? block.start : `${block.start}-${block.stop}`;
}
