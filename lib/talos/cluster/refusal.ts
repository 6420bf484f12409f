import type { Finding } from '../../rules/finding';

/** A finding of level `error` about a place in the cluster's facts; `at` is relative to `talos`. */
export function refusal(rule: string, paths: string | readonly string[], message: string, hint: string): Finding {
  const places = typeof paths === 'string' ? [paths] : paths;
  return { id: `talos-cluster/${rule}`, level: 'error', paths: places.map((place) => `talos.${place}`), message, hint };
}

/** The same as a warning: told with the patch, which can silence it. */
export function caution(rule: string, paths: string | readonly string[], message: string, hint: string): Finding {
  return { ...refusal(rule, paths, message, hint), level: 'warning' };
}
