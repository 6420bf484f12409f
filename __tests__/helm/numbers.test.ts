import { printNumber, printScalar, toInt } from '../../lib/helm/numbers';
import type { Json } from '../../lib/kubernetes/json';
import { readTable } from './table';

/** What Go prints for a float64 (`%v`, and `%f` in full) and what spf13/cast 1.7 makes of a value as integer. */
const table = readTable<{ numbers: [number, string, string][]; ints: [Json, string][] }>('numbers.json');

test.each(table.numbers)('%p is printed as a plain decimal', (value, _helm, plain) => {
  expect(printNumber(value)).toBe(plain);
});

test('only the exponent differs from Helm', () => {
  for (const [value, helm, plain] of table.numbers) {
    expect(Number(plain)).toBe(Number(helm));
    if (!helm.includes('e')) expect(printNumber(value)).toBe(helm);
  }
});

test.each(table.ints)('%j is cast to an integer', (value, expected) => {
  expect(toInt(value)).toBe(Number(expected));
});

test('absent values cast to 0 and print as nothing', () => {
  expect(toInt(undefined)).toBe(0);
  expect([undefined, null, '', false, 1e6].map((value) => printScalar(value))).toEqual([
    '',
    '',
    '',
    'false',
    '1000000',
  ]);
});
