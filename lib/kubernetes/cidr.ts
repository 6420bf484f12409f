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

/**
 * Reads `10.244.0.0/16`, `fd00::/56`, and plain addresses as networks of one.
 * `undefined` for anything that Go's netip refuses: names, zones, prefixes with leading zeros, blanks.
 */
export function parseCidr(text: string): Cidr | undefined {
  if (/%|\/0\d/.test(text)) return undefined;
  const family = Address4.isValid(text) ? 4 : Address6.isValid(text) ? 6 : undefined;
  if (family === undefined) return undefined;
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
