import { isTruthy } from '../../helm/truth';
import { compareText } from '../../kubernetes/order';
import type { ConfigValue } from '../feature';

export { durationText as duration } from '../../helm/durations';

/*
 * How the chart turns a value into the string of a `cilium-config` key, where it does more than print it. A key whose value
 * is passed as it is (`'enable-ipv4': v.ipv4.enabled`) is printed when it is set, and omitted otherwise.
 */

/** A single value or a list. */
export type OneOrMany = string | number | readonly (string | number)[] | null | undefined;

/** Omitted only when the value is absent: `null` is an empty string, as where the chart writes the quotes itself. */
export function emptyWhenNull(value: ConfigValue): ConfigValue {
  return value === null ? '' : value;
}

/** Never omitted: without a value the string is empty. */
export function alwaysText(value: ConfigValue): ConfigValue {
  return value ?? '';
}

/** A list as one string; a single value is printed, `null` is an empty string, and an absent value omits the key. */
export function wordList(value: OneOrMany, separator = ' '): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return '';
  return Array.isArray(value) ? value.join(separator) : String(value as string | number);
}

/** A number cut to an integer, booleans as 0 and 1; `null` is 0 and an absent value omits the key. */
export function integer(value: number | boolean | null | undefined): number | undefined {
  return value === undefined ? undefined : Math.trunc(Number(value));
}

/** A list as one string, omitted when it is empty. */
export function filledList(value: OneOrMany, separator = ' '): string | undefined {
  return isTruthy(value) ? wordList(value, separator) : undefined;
}

/** A map as `key=value` pairs sorted by key and joined by commas; without a map the string is empty. */
export function pairs(map: Readonly<Record<string, string>> | null | undefined): string {
  return Object.keys(map ?? {})
    .sort(compareText)
    .map((key) => `${key}=${map?.[key] ?? ''}`)
    .join(',');
}
