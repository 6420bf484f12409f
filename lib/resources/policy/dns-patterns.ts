import type { PlacedName } from './model';

/** A name or a pattern, of `toFQDNs` or of a `dns` rule. */
type Name = Pick<PlacedName, 'matchName' | 'matchPattern'>;

/** Whether a `dns` rule allows looking up a name, or every name of a pattern. A pattern is represented by one name that it matches. */
export function allowsLookup(allowed: Name, wanted: Name): boolean {
  const [name, pattern] = [normalized(allowed.matchName), normalized(allowed.matchPattern)];
  const text = normalized(wanted.matchName === '' ? wanted.matchPattern : wanted.matchName);
  return text === name || text === pattern || (pattern !== '' && toRegExp(pattern).test(text.replaceAll(/\*+/g, 'x')));
}

/** Names are compared without case and without the trailing dot. */
function normalized(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}

const CHARACTER = '[-a-z0-9_]';

/** A pattern as Cilium reads it: `*` matches characters of one label, a leading `**.` one or more labels. */
function toRegExp(pattern: string): RegExp {
  if (/^\*+$/.test(pattern)) return /^/;
  const [, labels = ''] = /^(\*{2,}\.)/.exec(pattern) ?? [];
  const rest = pattern
    .slice(labels.length)
    .split('.')
    .map((label) => label.replaceAll(/\*+/g, `${CHARACTER}*`))
    .join('\\.');
  return new RegExp(`^${labels === '' ? '' : `(${CHARACTER}+\\.)+`}${rest}$`);
}
