import type { Finding } from '../findings';

/** A finding of a patch with the level that is said. */
export function told(
  level: Finding['level'],
  rule: string,
  at: readonly string[],
  says: string,
  fix: string,
  docs?: string,
): Finding {
  return { id: `talos-patch/${rule}`, level, at, says, fix, docs };
}

/** A finding of a patch that refuses it. */
export function finding(rule: string, at: string | readonly string[], says: string, fix: string): Finding {
  return told('error', rule, typeof at === 'string' ? [at] : at, says, fix);
}
