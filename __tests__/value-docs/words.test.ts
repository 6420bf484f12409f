import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { loadProfile } from '../../lib/cilium/versions';
import { explainName } from '../../lib/value-docs/explain';
import { pathsOf, valueFacts } from '../../lib/value-docs/facts';
import { valuesSchema } from '../../lib/value-docs/json-schema';
import { readWords, wordsFile } from '../../upstream/value-docs';

/* used-values.json: the 300 values that public files use most, counted over files of Talos clusters. */

const root = join(__dirname, '..', '..');
const words = readWords();
const used = JSON.parse(readFileSync(join(__dirname, 'used-values.json'), 'utf8')) as readonly string[];
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

const profiles = CILIUM_VERSIONS.flatMap((version) => loadProfile(version)?.profile ?? []);
const known = new Set(profiles.flatMap(pathsOf));

/** The value itself, or the one that holds a field of Kubernetes: `initResources` of `initResources.limits`. */
function valueOf(path: string): string {
  return known.has(path) ? path : valueOf(path.slice(0, path.lastIndexOf('.')));
}

describe('the sentences about values', () => {
  it('are there for the 300 values that people use most', () => {
    expect(used).toHaveLength(300);
    expect(used.filter((path) => words[valueOf(path)] === undefined)).toEqual([]);
  });

  it('are there for every section at the top', () => {
    const tops = profiles.flatMap((profile) =>
      Object.keys(profile.shapes).filter((name) => valueFacts(profile, name)?.isSection),
    );
    expect(tops.filter((name) => words[name] === undefined)).toEqual([]);
  });

  it('are short, one each, about values that exist', () => {
    const bad = Object.entries(words).filter(
      ([path, sentence]) =>
        !known.has(path) || sentence.length > 120 || !/^[A-Z].*\.$/.test(sentence) || /[.!?] [A-Z]/.test(sentence),
    );
    expect(bad).toEqual([]);
    expect(new Set(Object.values(words)).size).toBe(Object.keys(words).length);
  });

  it('are what the package ships', () => {
    expect(text('imports/value-docs/words.json')).toBe(wordsFile());
  });

  it('are the same in types, schema, explain and pages', () => {
    const profile = loadProfile('1.20.0')?.profile;
    if (profile === undefined) throw new Error('1.20.0');
    const types = ['base', '1.18', '1.19', '1.20', 'all'].map((name) => text(`imports/cilium-chart/values-${name}.ts`));
    const schema = JSON.stringify(valuesSchema(profile));
    const missing = Object.entries(words).flatMap(([path, sentence]) => {
      const facts = valueFacts(profile, path);
      const places = {
        types: types.some((one) => one.includes(`* ${sentence}`)),
        schema: facts === undefined || schema.includes(JSON.stringify(sentence.replaceAll('`', '')).slice(1, -1)),
        explain: explainName(path, { profile, rendered: undefined }).found[0]?.words?.includes(sentence) ?? false,
        pages: facts === undefined || text(facts.page.replace(/#.*$/, '')).includes(sentence),
      };
      return Object.entries(places).flatMap(([place, isThere]) => (isThere ? [] : [`${path}: ${place}`]));
    });
    expect(missing).toEqual([]);
  });
});

test('values of the newest release are not removed, and those that it lacks are', () => {
  const newest = profiles.at(-1);
  if (newest === undefined) throw new Error('No release is known.');
  const now = new Set(pathsOf(newest));
  expect([...now].filter((path) => valueFacts(newest, path)?.removed !== undefined)).toEqual([]);
  const gone = profiles.flatMap((profile) => pathsOf(profile).map((path) => ({ profile, path })));
  const silent = gone.filter(({ profile, path }) => !now.has(path) && valueFacts(profile, path)?.removed === undefined);
  expect([...new Set(silent.map(({ path }) => path))]).toEqual([]);
});
