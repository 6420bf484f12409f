import { Address4, Address6 } from 'ip-address';

/** A run of addresses of one family, both ends included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Addresses for services: a CIDR, or a run from `start` to `stop` (one address without `stop`). */
export type PoolBlock = { readonly cidr: string } | { readonly start: string; readonly stop?: string };

/** A block read: the addresses it holds, or what is wrong with it and the way out. */
export type ReadBlock = AddressRange | { readonly problem: string; readonly fix: string };

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
  if (typeof block !== 'object' || block === null) return { problem: `${JSON.stringify(block)} is no block.`, fix: EXAMPLES };
  const { cidr, start, stop, ...rest } = block as Partial<Record<'cidr' | 'start' | 'stop', unknown>>;
  const strange = Object.keys(rest)[0];
  if (strange !== undefined) return { problem: `A block has no \`${strange}\`.`, fix: 'Give `cidr`, or `start` and `stop`.' };
  if (cidr !== undefined && (start !== undefined || stop !== undefined)) {
    return { problem: 'Cilium ignores `start` and `stop` beside `cidr`.', fix: 'Make two blocks of it.' };
  }
  if (cidr !== undefined) return readCidr(cidr);
  if (start === undefined) return { problem: 'The block has neither `cidr` nor `start`.', fix: EXAMPLES };
  return readRange(start, stop ?? start);
}

function readCidr(cidr: unknown): ReadBlock {
  const address = typeof cidr === 'string' && /^[^/]+\/(0|[1-9]\d{0,2})$/.test(cidr) ? parse(cidr) : undefined;
  if (address === undefined) return { problem: `${JSON.stringify(cidr)} is no CIDR.`, fix: EXAMPLES };
  const range = { family: familyOf(address), first: address.startAddress().bigInt(), last: address.endAddress().bigInt() } as const;
  if (address.bigInt() !== range.first) {
    const network = `${address.startAddress().correctForm()}/${String(address.subnetMask)}`;
    const one = `${address.correctForm()}/${range.family === 4 ? '32' : '128'}`;
    return {
      problem: `${String(cidr)} has host bits; Cilium would hand out all of ${network}.`,
      fix: `Write ${network} for all of it, or ${one} for one address.`,
    };
  }
  return unusable(range, String(cidr)) ?? range;
}

function readRange(start: unknown, stop: unknown): ReadBlock {
  const [from, to] = [start, stop].map((text) => (typeof text === 'string' && !text.includes('/') ? parse(text) : undefined));
  if (from === undefined) return { problem: `${JSON.stringify(start)} is no IP address.`, fix: EXAMPLES };
  if (to === undefined) return { problem: `${JSON.stringify(stop)} is no IP address.`, fix: EXAMPLES };
  const text = `${from.correctForm()}-${to.correctForm()}`;
  if (familyOf(from) !== familyOf(to)) return { problem: `${text} mixes IPv4 and IPv6.`, fix: 'Make a block for each family.' };
  if (from.bigInt() > to.bigInt()) return { problem: `${text} runs backwards.`, fix: 'Exchange `start` and `stop`.' };
  const range = { family: familyOf(from), first: from.bigInt(), last: to.bigInt() } as const;
  return unusable(range, text) ?? range;
}

/** Strictly as Go's netip does; zones and IPv4 addresses in IPv6 form are refused, too. */
function parse(text: string): Address4 | Address6 | undefined {
  try {
    if (!text.includes(':')) return new Address4(text);
    const address = new Address6(text);
    return address.zone === '' && !text.includes('.') && !text.includes('%') ? address : undefined;
  } catch {
    return undefined;
  }
}

function familyOf(address: Address4 | Address6): 4 | 6 {
  return address instanceof Address4 ? 4 : 6;
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
  const found = UNUSABLE.find(([cidr]) => overlap(range, rangeOf(cidr)));
  return found === undefined ? undefined : { problem: `${text} reaches into ${found[0]}, ${found[1]}.`, fix: EXAMPLES };
}

/** The addresses of a CIDR that is known to be one. */
export function rangeOf(cidr: string): AddressRange {
  const address = cidr.includes(':') ? new Address6(cidr) : new Address4(cidr);
  return { family: familyOf(address), first: address.startAddress().bigInt(), last: address.endAddress().bigInt() };
}

/** Whether two ranges have an address in common. */
export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** A block as people write it: `192.168.1.200/29` or `192.168.1.200-192.168.1.207`. */
export function describeBlock(block: PoolBlock): string {
  if ('cidr' in block) return block.cidr;
  return block.stop === undefined ? block.start : `${block.start}-${block.stop}`;
}
