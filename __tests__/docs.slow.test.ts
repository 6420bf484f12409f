import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pages } from '../upstream/docs';

const root = join(__dirname, '..');

it.each(Object.entries(pages()))('%s is what the code says (npm run docs)', (name, text) => {
  expect(readFileSync(join(root, name), 'utf8')).toBe(text);
});

describe('links', () => {
  const texts = [
    'README.md',
    ...readdirSync(join(root, 'docs')).map((name) => join('docs', name)),
    ...readdirSync(join(root, 'examples')).map((name) => join('examples', name, 'README.md')),
  ].filter((file) => file.endsWith('.md'));

  it.each(texts)('of %s lead somewhere', (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(([, target]) =>
      join(root, dirname(file), target ?? ''),
    );
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });
});
