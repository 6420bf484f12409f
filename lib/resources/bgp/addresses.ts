import { contains, fixedNetworks, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';

/** The address of a host, read. */
export interface HostAddress {
  readonly at: string;
  readonly text: string;
  /** The address without its zone (`%eth0`); `undefined` when the text is not an address. */
  readonly host: Cidr | undefined;
  readonly hasZone: boolean;
}

/** Reads an address; `undefined` when none is given. */
export function readHost(at: string, text: unknown): HostAddress | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text.replace(/%.+$/, '');
  return { at, text, host: plain.includes('/') ? undefined : parseCidr(plain), hasZone: plain !== text };
}

/** Unspecified, multicast and broadcast addresses: the API server accepts them as the address of a peer. */
const NO_HOST = fixedNetworks('0.0.0.0/32', '::/128', '224.0.0.0/4', 'ff00::/8', '255.255.255.255/32');
const LINK_LOCAL = fixedNetworks('fe80::/10');

/** What is wrong with the address of a host, though the API server accepts it. */
export function hostProblems(address: HostAddress | undefined): readonly Problem[] {
  if (address === undefined) return [];
  const { at, text, host } = address;
  const hint = 'Write one IPv4 or IPv6 address, such as 10.0.0.1 or fd00::1.';
  if (host === undefined) return [problem(at, `'${text}' is not an IP address.`, hint)];
  return NO_HOST().some((network) => contains(network, host))
    ? [problem(at, `'${text}' is not the address of one host.`, hint)]
    : [];
}

/** Whether an address is link-local, without the zone that makes it unique. */
export function isAmbiguous({ host, hasZone }: HostAddress): boolean {
  return host !== undefined && !hasZone && LINK_LOCAL().some((network) => contains(network, host));
}

/** Whether two texts are one address: `fd00::1` and `FD00:0::1` are. */
export function isSameAddress(one: HostAddress, other: HostAddress): boolean {
  if (one.text === other.text) return true;
  return !one.hasZone && !other.hasZone && one.host !== undefined && one.host.network === other.host?.network;
}
