import { isInRange } from '../../lib/helm/version-range';
import { readTable } from './table';

/** Ranges, and which of the versions Helm (Masterminds/semver) finds in them (conformance/helm/values). */
const table = readTable<Readonly<Record<string, readonly string[]>>>('version-range.json');
const versions = '0.0.3 0.2.3 0.3.0 1.2.3 1.17.9 1.18.0 1.18.4 1.18.12 1.19.0 1.19.6 1.20.0 2.0.0'.split(' ');

test.each(Object.entries(table))('the range %j', (range, matches) => {
  expect(versions.filter((version) => isInRange(version, range))).toEqual(matches);
});

test('prereleases are in no range, and long text is none', () => {
  expect(isInRange('1.21.0-pre.0', '*')).toBe(false);
  expect(isInRange('1.18.4', `${' '.repeat(100_000)}1.18`)).toBe(false);
});
