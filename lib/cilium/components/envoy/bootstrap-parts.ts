import type { JsonObject } from '../../../kubernetes/json';
import type { Seconds, Typed } from './bootstrap-types';

/** A message inside an `Any`: its type by full name, and its fields. */
export function typed(message: string, fields: JsonObject = {}): Typed {
  return { '@type': `type.googleapis.com/${message}`, ...fields };
}

/** Seconds as a duration of Envoy's JSON; `fraction` is the part after the point. */
export function seconds(whole: number | undefined, fraction?: string): Seconds {
  return `${String(whole ?? '')}${fraction === undefined ? '' : `.${fraction}`}s`;
}
