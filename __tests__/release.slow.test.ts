import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const script = join(__dirname, '..', 'upstream', 'release.ts');
const NAME = { name: 'released', version: '0.1.0', license: 'Apache-2.0' };

/** A clone of a small package. */
function clone(changelog = '# Changelog\n\n## 0.2.0\n\n- A change.\n\n## 0.1.0\n'): string {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify(NAME));
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  git(folder, 'init', '--quiet');
  git(folder, 'config', 'user.name', 'tester');
  git(folder, 'config', 'user.email', 'tester@example.test');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'start');
  return folder;
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim();
}

function release(folder: string, ...args: readonly string[]): { status: number | null; text: string } {
  const tsx = require.resolve('tsx');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, script, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, text: `${stdout}${stderr}` };
}

const versionOf = (folder: string): unknown =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as typeof NAME).version;

describe('npm run release', () => {
  it('changes nothing in a dry run', () => {
    const folder = clone();
    const { status, text } = release(folder, '0.2.0', '--dry-run');
    expect([status, text]).toEqual([0, expect.stringContaining('would run: git tag --annotate v0.2.0')]);
    expect([git(folder, 'status', '--porcelain'), git(folder, 'tag'), versionOf(folder)]).toEqual(['', '', '0.1.0']);
  });

  it('sets the version, commits and tags', () => {
    const folder = clone();
    expect(release(folder, '0.2.0').status).toBe(0);
    expect([git(folder, 'status', '--porcelain'), git(folder, 'tag'), versionOf(folder)]).toEqual([
      '',
      'v0.2.0',
      '0.2.0',
    ]);
    expect(git(folder, 'log', '-1', '--format=%s')).toBe('Release 0.2.0');
    expect(release(folder, '0.2.0').text).toContain('The tag v0.2.0 exists already.');
  });

  it.each([
    ['without a version', [], 'Expected a version as the first argument'],
    ['of a lower version', ['0.0.9'], '0.0.9 is below the current version 0.1.0.'],
    ['of a version without entries in the changelog', ['0.1.0'], 'CHANGELOG.md has no entries below "## 0.1.0".'],
  ])('fails %s', (_, args, reason) => {
    const folder = clone();
    const { status, text } = release(folder, ...args);
    expect([status, text]).toEqual([1, expect.stringContaining(reason)]);
    expect([git(folder, 'tag'), versionOf(folder)]).toEqual(['', '0.1.0']);
  });

  it('fails with uncommitted changes', () => {
    const folder = clone();
    writeFileSync(join(folder, 'new.txt'), '');
    expect(release(folder, '0.2.0').text).toContain('The working tree is not clean');
  });
});
