import { addressFamily } from '../kubernetes/cidr';

/** Whether a route's hostname and a listener's have one in common: `*.a.test` has `b.a.test` and `c.b.a.test`, but not `a.test`. */
export function hostnamesMeet(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.startsWith('*')) return other.endsWith(one.slice(1)) && other.length > one.length - 1;
  return other.startsWith('*') && hostnamesMeet(other, one);
}

/** What is wrong with a hostname that the schema takes; `undefined` when nothing is. */
export function hostnameProblem(hostname: string): string | undefined {
  const plain = hostname.replace(/^\*\./, '');
  if (addressFamily(plain) !== undefined) return `'${hostname}' is an address, and only names are compared.`;
  return plain.split('.').some((label) => label.length > 63) ? `'${hostname}' has a part of more than 63 characters.` : undefined;
}
