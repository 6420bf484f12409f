import { REMOVED_VALUES } from '../../lib/cilium/removed-values-table';
import { removedEntry } from '../../lib/cilium/removed-values';
import {
  changedDefaults,
  minorsOfHistory,
  releasesOfHistory,
  removedIn,
  valuesOfRelease,
} from '../../lib/releases/history';

it('has every minor since 1.14', () => {
  expect(minorsOfHistory()).toEqual(['1.14', '1.15', '1.16', '1.17', '1.18', '1.19', '1.20']);
  expect(releasesOfHistory().length).toBeGreaterThanOrEqual(99);
});

it('has what each release has', () => {
  expect(valuesOfRelease('1.14.19')?.get('tunnel')).toEqual({ type: 'string', value: '' });
  expect(valuesOfRelease('1.15.0')?.has('tunnel')).toBe(false);
  // 1.16.14 was not published.
  expect(valuesOfRelease('1.16.14')?.get('hubble.relay.dialTimeout')?.type).toBe('null|string');
  expect(valuesOfRelease('1.13.0')).toBeUndefined();
});

it('has changed defaults', () => {
  expect(changedDefaults('1.16.19', '1.18.4')).toContainEqual({
    path: 'l2NeighDiscovery.enabled',
    before: true,
    after: false,
  });
});

const newest = minorsOfHistory().map(
  (minor) => releasesOfHistory().findLast((one) => one.startsWith(`${minor}.`)) ?? '',
);

describe.each(newest.slice(1))('%s', (release) => {
  const known = new Set([...(valuesOfRelease(release)?.keys() ?? [])].flatMap((path) => [path, ...sectionsOf(path)]));
  const earlier = new Set(
    releasesOfHistory()
      .slice(0, releasesOfHistory().indexOf(release))
      .flatMap((one) => [...(valuesOfRelease(one)?.keys() ?? [])]),
  );
  const gone = [...earlier].filter((path) => !known.has(path) && !sectionsOf(path).some((one) => isLeaf(one, release)));

  it('lacks no value of an earlier release that the table of removed values does not have', () => {
    expect(gone.filter((path) => !hasWord(path))).toEqual([]);
  });
});

function hasWord(path: string): boolean {
  const entry =
    removedEntry(path) ??
    sectionsOf(path)
      .map((one) => removedEntry(one))
      .find((one) => one !== undefined);
  return entry !== undefined && (entry.use ?? entry.because) !== undefined;
}

function isLeaf(path: string, release: string): boolean {
  return valuesOfRelease(release)?.has(path) ?? false;
}

function sectionsOf(path: string): readonly string[] {
  const names = path.split('.');
  return names.slice(1).map((_, i) => names.slice(0, i + 1).join('.'));
}

it.each(Object.entries(REMOVED_VALUES))('%s was removed when the archives show it', (path, { since }) => {
  const removed = removedIn(path);
  if (removed !== undefined) expect(since.split('.').length === 2 ? `${since}.0` : since).toBe(removed);
});
