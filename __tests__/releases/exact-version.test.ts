import { compareVersions, isExactVersion, parseVersion } from '../../lib/releases/exact-version';

test('versions are taken apart', () => {
  expect(parseVersion('1.18.4')).toEqual({ minor: '1.18', patch: 4 });
  expect(parseVersion('1.21.0-pre.0')).toEqual({ minor: '1.21', patch: 0, prerelease: 'pre.0' });
});

test.each([
  '1.18',
  'v1.18.4',
  '1.18.x',
  '1.18.4+build',
  '1.18.4-',
  '1.18.4-a..b',
  '',
  ' 1.18.4',
  '1.18.4\n',
  `1.${'9'.repeat(400)}.0`,
])('%p is not an exact version', (text) => {
  expect(isExactVersion(text)).toBe(false);
  expect(() => parseVersion(text)).toThrow('is not an exact version');
});

test('versions are ordered as semantic versioning orders them', () => {
  const ordered = [
    ...['1.9.10', '1.18.0-pre.0', '1.18.0-rc.0', '1.18.0', '1.18.2', '1.18.10', '1.19.0', '1.20.0-1', '1.20.0-alpha'],
    ...[
      '1.20.0-pre',
      '1.20.0-pre.4',
      '1.20.0-pre.10',
      '1.20.0-rc.1',
      '1.20.0-rc.1.1',
      '1.20.0',
      '1.21.0-pre.0',
      '2.0.0',
    ],
  ];
  const shuffled = [...ordered].reverse().sort((a, b) => compareVersions(parseVersion(a), parseVersion(b)));
  expect(shuffled).toEqual(ordered);
  expect(compareVersions(parseVersion('1.20.0-rc.1'), parseVersion('1.20.0-rc.1'))).toBe(0);
});
