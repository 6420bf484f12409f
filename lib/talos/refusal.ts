import type { Finding } from '../findings';

/** A finding of level `error` about a place in the cluster's facts; `at` is relative to `talos`. */
export function refusal(rule: string, at: string | readonly string[], says: string, fix: string): Finding {
  const places = typeof at === 'string' ? [at] : at;
  return { id: `talos-cluster/${rule}`, level: 'error', at: places.map((place) => `talos.${place}`), says, fix };
}

/** The same as a warning: told with the patch, which can silence it. */
export function caution(rule: string, at: string | readonly string[], says: string, fix: string): Finding {
  return { ...refusal(rule, at, says, fix), level: 'warning' };
}
