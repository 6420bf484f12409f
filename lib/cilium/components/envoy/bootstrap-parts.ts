import type { JsonObject } from '../../../kubernetes/json';
import type { Seconds, Typed } from './bootstrap-types';

/** A message inside an `Any`: its type by full name, and its fields. */
export function typed(message: string, fields: JsonObject = {}): Typed {
  return { '@type': `type.googleapis.com/${message}`, ...fields };
}

/** A number of seconds as Envoy's JSON writes durations; `fraction` is what comes behind the point. */
export function seconds(whole: number | undefined, fraction?: string): Seconds {
  return `${String(whole ?? '')}${fraction === undefined ? '' : `.${fraction}`}s`;
}
