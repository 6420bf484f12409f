import type { CiliumNetworkPolicyToFQDN } from '../../../imports/cilium.io';

/** Whether every name, or the pattern itself, that one selector means may be asked for by another one. Patterns are compared by a name that they match. */
export function coversName(allowed: CiliumNetworkPolicyToFQDN, wanted: CiliumNetworkPolicyToFQDN): boolean {
  const { matchName = '', matchPattern = '' } = wanted;
  const [one, other] = [allowed.matchName ?? '', allowed.matchPattern ?? ''].map(withoutDot);
  const text = withoutDot(matchName === '' ? matchPattern : matchName);
  if (text === one || text === other) return true;
  return other !== undefined && other !== '' && pattern(other).test(text.replaceAll(/\*+/g, 'x'));
}

/** Names are asked for without regard to case and to a dot at the end. */
function withoutDot(name: string): string {
  return name.trim().toLowerCase().replace(/\.$/, '');
}

const CHARACTER = '[-a-z0-9_]';

/** A pattern as Cilium reads it: a star stands for characters of one label, two in front and a dot for one or more labels. */
function pattern(text: string): RegExp {
  if (/^\*+$/.test(text)) return /^/;
  const [, labels = ''] = /^(\*{2,}\.)/.exec(text) ?? [];
  const rest = text
    .slice(labels.length)
    .split('.')
    .map((label) => label.replaceAll(/\*+/g, `${CHARACTER}*`))
    .join('\\.');
  return new RegExp(`^${labels === '' ? '' : `(${CHARACTER}+\\.)+`}${rest}$`);
}
