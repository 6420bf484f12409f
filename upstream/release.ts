import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/*
 * `npm run release -- 0.2.0 [--dry-run]`, in the root of a clone: checks that the tree is clean, that the version is new and that
 * CHANGELOG.md has a section for it; then sets the version, packs without writing, commits and tags. It pushes and publishes nothing.
 */
const [version = '', ...options] = process.argv.slice(2);
const isDry = options.includes('--dry-run');

function run(command: string, ...args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/** Runs what changes the clone; a dry run prints it only. */
function change(command: string, ...args: readonly string[]): void {
  console.log(`${isDry ? 'would run: ' : ''}${command} ${args.join(' ')}`);
  if (!isDry) run(command, ...args);
}

function problems(): readonly string[] {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(version);
  if (match === null) return ['Expected a version as the first argument: npm run release -- 0.2.0'];
  const tag = `v${version}`;
  const current = (JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string }).version;
  return [
    ...(run('git', 'status', '--porcelain') === ''
      ? []
      : ['The working tree is not clean: commit or stash the changes.']),
    ...(run('git', 'tag', '--list', tag) === '' ? [] : [`The tag ${tag} exists already.`]),
    ...(isBelow(version, current) ? [`${version} is below the current version ${current}.`] : []),
    ...(sectionOf(readFileSync('CHANGELOG.md', 'utf8')) === ''
      ? [`CHANGELOG.md has no entries below "## ${version}".`]
      : []),
  ];
}

function isBelow(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => text.split('.').map(Number));
  const difference = (a ?? []).map((part, i) => part - (b?.[i] ?? 0)).find((part) => part !== 0);
  return difference !== undefined && difference < 0;
}

/** The entries of the version in the changelog. */
function sectionOf(changelog: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((one) => one.split(/\s/)[0] === version) ?? '';
  return section.split('\n').slice(1).join('\n').trim();
}

const found = problems();
for (const problem of found) console.error(problem);
if (found.length > 0) process.exit(1);
change('npm', 'version', version, '--no-git-tag-version', '--allow-same-version');
console.log(run('npm', 'pack', '--dry-run', ...(isDry ? ['--ignore-scripts'] : [])));
change('git', 'commit', '--all', '--allow-empty', '--message', `Release ${version}`);
change('git', 'tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
console.log(isDry ? 'Nothing was changed.' : 'Next: git push --follow-tags && npm publish');
