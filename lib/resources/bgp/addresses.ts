import type { Problem } from '../../rules/rule';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';

/** Unspecified, multicast and broadcast addresses: the API server takes them for the address of a router. */
const NO_HOST: readonly string[] = ['0.0.0.0/32', '::/128', '224.0.0.0/4', 'ff00::/8', '255.255.255.255/32'];

/** The family of an address of a session, with its zone (`fe80::1%eth0`) or without; `undefined` for what is no address. */
export function sessionFamily(address: unknown): 4 | 6 | undefined {
  return typeof address === 'string' ? addressFamily(address.replace(/%.+$/, '')) : undefined;
}

/** What is wrong with the address of a host at a path, though the API server takes it; nothing for one that is not given. */
export function hostProblems(at: string, address: unknown): readonly Problem[] {
  if (typeof address !== 'string') return [];
  const hint = 'Write one IPv4 or IPv6 address, such as 10.0.0.1 or fd00::1.';
  const plain = address.replace(/%.+$/, '');
  if (addressFamily(plain) === undefined) return [{ paths: [at], message: `'${address}' is no IP address.`, hint }];
  return NO_HOST.some((network) => inside(plain, network))
    ? [{ paths: [at], message: `'${address}' is not the address of one host.`, hint }]
    : [];
}

/** Whether an address lies in a network; not when one of them cannot be read. */
export function inside(address: string, network: string): boolean {
  const [one, all] = [parseCidr(address), parseCidr(network)];
  return (
    one !== undefined &&
    all !== undefined &&
    one.family === all.family &&
    all.first <= one.first &&
    one.last <= all.last
  );
}

/** Whether two texts are one address: `fd00::1` and `FD00:0::1` are. */
export function sameAddress(one: string, other: string): boolean {
  const [a, b] = [parseCidr(one), parseCidr(other)];
  return one === other || (a !== undefined && b !== undefined && a.network === b.network);
}
