import { Address4, Address6 } from 'ip-address';

/** A run of addresses of one family, both ends included. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** A network, or a single address with the longest prefix. */
export interface Cidr extends AddressRange {
  /** Length of the prefix in bits, as written; 32 or 128 when none was. */
  readonly prefix: number;
  /** The network in its shortest form, host bits zero: `10.244.0.0/16`. */
  readonly network: string;
  /** Whether the address written is the network's own: `10.244.0.0/16` is, `10.244.0.1/16` is not. */
  readonly aligned: boolean;
}

/** What was read last: rules read the networks of a cluster, and fixed ones, many times. */
const known = new Map<string, Cidr | undefined>();
/** How many texts are known before they are forgotten. */
const MOST_KNOWN = 4096;

/**
 * Reads `10.244.0.0/16`, `fd00::/56`, and plain addresses as networks of one.
 * `undefined` for anything that Go's netip refuses: names, zones, prefixes with leading zeros, blanks.
 */
export function parseCidr(text: string): Cidr | undefined {
  // Most texts that are not addresses are seen at once; ip-address throws for them.
  if (!/^[\da-f.:]+(?:\/\d+)?$/i.test(text) || /\/0\d/.test(text)) return undefined;
  const before = known.get(text);
  if (before !== undefined || known.has(text)) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const cidr = readCidr(text);
  known.set(text, cidr === undefined ? undefined : Object.freeze(cidr));
  return cidr;
}

function readCidr(text: string): Cidr | undefined {
  const family = /:/.test(text) ? 6 : 4;
  if (!(family === 6 ? Address6 : Address4).isValid(text)) return undefined;
  const address = family === 4 ? new Address4(text) : new Address6(text);
  const start = address.startAddress();
  return {
    family,
    prefix: address.subnetMask,
    first: start.bigInt(),
    last: address.endAddress().bigInt(),
    network: `${start.correctForm()}/${String(address.subnetMask)}`,
    aligned: start.bigInt() === address.bigInt(),
  };
}

/** A network with its prefix, `10.244.0.0/16`; `undefined` for a plain address and for what {@link parseCidr} refuses. */
export function networkOf(text: string): Cidr | undefined {
  return text.includes('/') ? parseCidr(text) : undefined;
}

/** The family of a plain address (no prefix); `undefined` when the text is none. */
export function addressFamily(text: string): 4 | 6 | undefined {
  return text.includes('/') ? undefined : parseCidr(text)?.family;
}

/** Networks that are fixed, read when they are first needed: many programs need none, and ip-address takes long to load. */
export function fixedNetworks(...texts: readonly string[]): () => readonly Cidr[] {
  let networks: readonly Cidr[] | undefined;
  return () => (networks ??= texts.flatMap((text) => parseCidr(text) ?? []));
}

/** Whether two networks or ranges share an address. Those of different families never do. */
export function overlaps(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Whether a network or range holds all addresses of another one. */
export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

/** An address as text, in its shortest form: `10.0.0.1`, `fd00::1`. */
export function addressText(family: 4 | 6, address: bigint): string {
  return family === 4 ? Address4.fromBigInt(address).correctForm() : Address6.fromBigInt(address).correctForm();
}

/** Compares addresses. */
export function compareBigints(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
