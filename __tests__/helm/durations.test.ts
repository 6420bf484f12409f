import { durationText, isDuration, parseDuration } from '../../lib/helm/durations';
import { readTable } from './table';

/** Nanoseconds by Go's `time.ParseDuration`; null where it refuses. */
const table = readTable<[string, string | null][]>('durations.json');

test.each(table)('%p is read like Go', (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds === null ? undefined : BigInt(nanoseconds));
});

test('empty and absent durations are printed as 0s and are fine', () => {
  for (const value of ['', null, undefined, 0]) {
    expect(durationText(value)).toBe('0s');
    expect(isDuration(value)).toBe(true);
  }
});

test('a duration is printed as it is written', () => {
  expect(durationText('5m0s')).toBe('5m0s');
  expect(isDuration('5m0s')).toBe(true);
  expect(isDuration('5')).toBe(false);
});
