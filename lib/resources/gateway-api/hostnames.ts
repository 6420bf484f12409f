import { addressFamily } from '../../kubernetes/cidr';

/** Whether two hostnames have one in common: `*.a.test` has `b.a.test` and `c.b.a.test`, but not `a.test`. */
export function hostnamesMeet(one: string, other: string): boolean {
  return one === other || holds(one, other) || holds(other, one);
}

function holds(wide: string, narrow: string): boolean {
  return wide.startsWith('*') && narrow.endsWith(wide.slice(1)) && narrow.length >= wide.length;
}

/** What is wrong with a hostname that the schema takes; `undefined` when nothing is. */
export function hostnameProblem(hostname: string): string | undefined {
  const plain = hostname.replace(/^\*\./, '');
  if (addressFamily(plain) !== undefined) return `'${hostname}' is an address, and only names are compared.`;
  return plain.split('.').some((label) => label.length > 63)
    ? `'${hostname}' has a part of more than 63 characters.`
    : undefined;
}
