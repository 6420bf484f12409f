import type { Finding } from '../../rules/finding';

/** A finding of a patch with the level that is said. */
export function told(
  level: Finding['level'],
  rule: string,
  paths: readonly string[],
  message: string,
  hint: string,
  docs?: string,
): Finding {
  return { id: `talos-patch/${rule}`, level, paths, message, hint, docs };
}

/** A finding of a patch that refuses it. */
export function finding(rule: string, paths: string | readonly string[], message: string, hint: string): Finding {
  return told('error', rule, typeof paths === 'string' ? [paths] : paths, message, hint);
}
