import { compareVersions, parseVersion, satisfies } from '../../lib/helm/semver';
import { readTable } from './table';

const table = readTable<{ versions: string[]; constraints: Record<string, { true: string[]; error: string[] }> }>(
  'semver.json',
);

/** What sprig's `semverCompare` answers, recorded with sprig 3.3 and Masterminds/semver 3.4 (Helm 3.19). */
const rows = Object.entries(table.constraints).flatMap(([constraint, { true: yes, error }]) =>
  table.versions.map((version) => ({
    constraint,
    version,
    expected: error.includes(version) ? 'error' : yes.includes(version),
  })),
);

function answer(version: string, constraint: string): boolean | 'error' {
  try {
    return satisfies(version, constraint);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return 'error';
  }
}

test.each(Object.keys(table.constraints))('answers like Go for %s', (constraint) => {
  const asked = rows.filter((row) => row.constraint === constraint);
  expect(asked.map(({ version }) => `${version}: ${answer(version, constraint)}`)).toEqual(
    asked.map(({ version, expected }) => `${version}: ${expected}`),
  );
});

test('orders prereleases before their release, part by part', () => {
  const ordered = ['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-rc.2', '1.0.0-rc.10', '1.0.0', '1.0.1'];
  const versions = ordered.map((text) => parseVersion(text) ?? fail(text));
  const shuffled = [...versions].reverse().sort(compareVersions);
  expect(shuffled).toEqual(versions);
});

function fail(text: string): never {
  throw new Error(`${text} is no version.`);
}
