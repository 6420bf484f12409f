import { addressFamily } from './cidr';

/** Whether two hostnames overlap: `*.a.test` includes `b.a.test` and `c.b.a.test`, but not `a.test`. */
export function hostnamesOverlap(one: string, other: string): boolean {
  return one === other || includes(one, other) || includes(other, one);
}

function includes(wide: string, narrow: string): boolean {
  return wide.startsWith('*') && narrow.endsWith(wide.slice(1)) && narrow.length >= wide.length;
}

/** Why a hostname that the schema accepts is invalid; `undefined` for a valid one. Envoy compares such names as any other. */
export function hostnameProblem(hostname: string): string | undefined {
  const plain = hostname.replace(/^\*\./, '');
  if (addressFamily(plain) !== undefined)
    return `'${hostname}' is an IP address, and the Gateway API does not allow addresses as hostnames.`;
  return plain.split('.').some((label) => label.length > 63)
    ? `'${hostname}' has a label of more than 63 characters, which DNS does not allow.`
    : undefined;
}

/** The hint for that. */
export const HOSTNAME_FIX = 'Write a name such as `www.example.test`, or leave it out for every hostname.';
