/** Numbers as Helm's templates cast and print them. */
import type { Json } from '../kubernetes/json';

/**
 * A number as text: plain decimals, never an exponent. Helm prints numbers from 1000000 on (and below 0.0001) as `1e+06`, which
 * Cilium and Kubernetes then misread; this is a declared difference.
 */
export function printNumber(value: number): string {
  const text = String(Object.is(value, -0) ? 0 : value);
  const [, sign, whole, fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([-+]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const shift = Number(exponent);
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${whole}${fraction}`;
  return `${sign}${whole}${fraction.padEnd(shift, '0')}`;
}

/** A scalar as `quote` and `toString` print it: numbers plain, nothing as an empty text. Lists and maps have no text of their own. */
export function printScalar(value: string | number | boolean | null | undefined): string {
  if (typeof value === 'number') return printNumber(value);
  return value === null || value === undefined ? '' : String(value);
}

/**
 * Sprig's `int` and `int64`: numbers lose their fraction, text is read as a Go integer (`0x10`, `010` is octal, `1_000`), `true`
 * is 1, and everything else is 0. Never throws.
 */
export function toInt(value: Json | undefined): number {
  if (typeof value === 'number') return Math.trunc(value) + 0;
  if (value === true) return 1;
  return typeof value === 'string' ? parseGoInt(value.replace(/\.0+$/, '')) : 0;
}

const GO_INT = /^([-+]?)(?:0[xX]((?:_?[0-9a-fA-F])+)|0[bB]((?:_?[01])+)|0[oO]?((?:_?[0-7])+)|([1-9](?:_?\d)*|0))$/;

function parseGoInt(text: string): number {
  const [whole, sign, hex, binary, octal, decimal] = GO_INT.exec(text) ?? [];
  if (whole === undefined) return 0;
  const digits = (hex ?? binary ?? octal ?? decimal ?? '').replaceAll('_', '');
  const prefix = hex !== undefined ? '0x' : binary !== undefined ? '0b' : octal !== undefined ? '0o' : '';
  const value = BigInt(prefix + digits);
  const signed = sign === '-' ? -value : value;
  return signed >= -(2n ** 63n) && signed < 2n ** 63n ? Number(signed) : 0;
}
