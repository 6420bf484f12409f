import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeApiPages } from '../upstream/api-pages';
import { pages } from '../upstream/docs';

const root = join(__dirname, '..');

/** The files of a folder with their text, by path. */
function filesOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]));
}

describe('generated pages', () => {
  it('pages of the rules are up to date (npm run docs)', () => {
    const made = Object.entries(pages());
    const stale = made.filter(
      ([name, text]) => !existsSync(join(root, name)) || readFileSync(join(root, name), 'utf8') !== text,
    );
    expect(stale.map(([name]) => name)).toEqual([]);
    const names = new Set(made.map(([name]) => name));
    expect(readdirSync(join(root, 'docs', 'rules')).filter((name) => !names.has(`docs/rules/${name}`))).toEqual([]);
  });

  it('pages of the public surface are up to date (npm run docs)', () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'api-')), 'api');
    writeApiPages(folder);
    expect(filesOf(join(root, 'docs', 'api'))).toEqual(filesOf(folder));
  }, 120_000);
});

describe('pages', () => {
  const texts = [
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'],
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.startsWith('api/')) // typedoc fails on a wrong link
      .map((name) => join('docs', name)),
    ...readdirSync(join(root, 'examples')).map((name) => join('examples', name, 'README.md')),
  ].filter((file) => file.endsWith('.md') && existsSync(join(root, file)));

  it.each(texts)('%s has no dead links', (file) => {
    // Code holds no links, but regular expressions.
    const text = readFileSync(join(root, file), 'utf8')
      .replace(/^```[^]*?^```$/gm, '')
      .replace(/`[^`\n]*`/g, '');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, target]) =>
      join(root, dirname(file), target ?? ''),
    );
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });
});
