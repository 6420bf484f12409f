import { isVersion, satisfies } from '../../lib/helm/semver';
import { readTable } from './table';

const table = readTable<{ versions: string[]; constraints: Record<string, { true: string[]; error: string[] }> }>(
  'semver.json',
);

/** The constraints of the chart: one bound, which is a release. */
const constraints = Object.entries(table.constraints).filter((row): row is [`>=${string}`, (typeof row)[1]] =>
  /^(>=|<)[\d.]+$/.test(row[0]),
);

/** What sprig's `semverCompare` answers, recorded with sprig 3.3 and Masterminds/semver 3.4 (Helm 3.19). */
const rows = constraints.flatMap(([constraint, { true: yes, error }]) =>
  table.versions.map((version) => ({
    constraint,
    version,
    expected: error.includes(version) ? 'error' : yes.includes(version),
  })),
);

function answer(version: string, constraint: `>=${string}`): boolean | 'error' {
  try {
    return satisfies(version, constraint);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
    return 'error';
  }
}

test.each(constraints.map(([constraint]) => constraint))('%s is answered as in Go', (constraint) => {
  const asked = rows.filter((row) => row.constraint === constraint);
  expect(asked.map(({ version }) => `${version}: ${answer(version, constraint)}`)).toEqual(
    asked.map(({ version, expected }) => `${version}: ${expected}`),
  );
});

test('a text is a version exactly where Go can read it', () => {
  const [, { error }] = constraints[0] ?? fail();
  expect(table.versions.filter((version) => !isVersion(version))).toEqual(error);
});

function fail(): never {
  throw new Error('The table has no constraint that is used.');
}
