import { addressFamily } from './cidr';

/** Whether two hostnames overlap: `*.a.test` includes `b.a.test` and `c.b.a.test`, but not `a.test`. */
export function hostnamesOverlap(one: string, other: string): boolean {
  return one === other || includes(one, other) || includes(other, one);
}

function includes(wide: string, narrow: string): boolean {
  return wide.startsWith('*') && narrow.endsWith(wide.slice(1)) && narrow.length >= wide.length;
}

/** Why a hostname that the schema accepts is invalid; `undefined` for a valid one. */
export function hostnameError(hostname: string): string | undefined {
  const plain = hostname.replace(/^\*\./, '');
  if (addressFamily(plain) !== undefined) return `'${hostname}' is an IP address, not a hostname.`;
  return plain.split('.').some((label) => label.length > 63)
    ? `'${hostname}' has a label of more than 63 characters.`
    : undefined;
}
