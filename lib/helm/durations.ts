/** Go's durations (`5s`, `1h30m`, `300ms`), as the chart and the agent read them. */
import { isTruthy } from './truth';

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5, the micro sign
  μs: 1_000n, // U+03BC, the Greek letter
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const MAX = 2n ** 63n;

/**
 * Reads a duration as Go's `time.ParseDuration` does: an optional sign, then numbers with units, or a bare `0`.
 *
 * @returns nanoseconds, or `undefined` when Go would refuse the text: no unit (`5`), unknown units (`1d`), spaces, or more than about 292 years.
 */
export function parseDuration(text: string): bigint | undefined {
  const [, sign, rest] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return 0n;
  const parts = [...(rest ?? '').matchAll(/(\d*)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)/gy)];
  const read = parts.reduce((length, [whole]) => length + whole.length, 0);
  if (rest === undefined || rest === '' || read !== rest.length) return undefined;
  let total = 0n;
  for (const [, whole = '', fraction = '', unit] of parts) {
    if (whole === '' && fraction === '') return undefined;
    total += BigInt(whole === '' ? '0' : whole) * NANOSECONDS[unit] + fractionOf(fraction, NANOSECONDS[unit]);
    if (total > MAX) return undefined;
  }
  if (sign === '-') return -total;
  return total === MAX ? undefined : total;
}

/**
 * What the chart prints for a duration: the value as it is written, and `0s` for an empty or absent one.
 * Whether it can be read is another question: {@link isDuration}.
 */
export function durationText(value: string | number | null | undefined): string {
  return isTruthy(value) ? String(value) : '0s';
}

/** Whether the chart accepts the value as a duration. Empty and absent ones count as `0s`. */
export function isDuration(value: string | number | null | undefined): boolean {
  return !isTruthy(value) || parseDuration(String(value)) !== undefined;
}

/** Go keeps as many digits as fit into 63 bits and computes the rest in floating point; whole nanoseconds are kept. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (MAX - 1n) / 10n || next > MAX) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}
