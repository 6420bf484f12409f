import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { yamlOf } from '../upstream/rules/book';
import { RULE_BOOKS } from '../upstream/rules';
import { sample } from './speed';

const KNOWN = new Set(RULE_BOOKS.flatMap(({ rules }) => rules.map(({ id }) => id)));

/** A rule proves itself: its bad example trips it and no other error; its good example trips no error and not this rule. */
describe.each(RULE_BOOKS.map((book) => [book.name, book] as const))('the rules of %s', (_, { rules, judge, input }) => {
  it('have unique ids, written subject/rule', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z0-9-]+\/[a-zA-Z0-9.-]+$/.test(id))).toEqual([]);
  });

  it.each(sample(rules, 12).map((rule) => [rule.id, rule] as const))(
    '%s is tripped by its bad example only',
    (id, rule) => {
      const bad = judge(rule.examples.bad);
      const tripped = bad.filter((finding) => finding.id === id);
      expect(tripped).not.toHaveLength(0);
      if (rule.level !== 'either') expect(new Set(tripped.map(({ level }) => level))).toEqual(new Set([rule.level]));
      expect(bad.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
      for (const { paths, message, hint } of tripped) {
        // Those of a whole app concern constructs, not props.
        if (!id.startsWith('app/')) expect(paths).not.toHaveLength(0);
        expect(paths).not.toContain('');
        expect(message).toMatch(/[.!?]$/);
        expect(hint).toMatch(/[.!?]$/);
      }
      const good = judge(rule.examples.good);
      expect(good.filter((finding) => finding.level === 'error' || finding.id === id)).toEqual([]);
      expect([...bad, ...good].filter((finding) => !KNOWN.has(finding.id))).toEqual([]);
      for (const example of [rule.examples.bad, rule.examples.good]) expect(yamlOf(input(example))).not.toBe('');
    },
  );
});

describe('the registry of rules', () => {
  it('has every id that the sources write', () => {
    const lib = join(__dirname, '..', 'lib');
    const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const ids = files.flatMap((file) =>
      [...readFileSync(join(lib, file), 'utf8').matchAll(/\bid: '([a-z0-9-]+\/[a-zA-Z0-9.-]+)'/g)].map(
        ([, id = '']) => [id, file] as const,
      ),
    );
    expect(ids.filter(([id]) => !KNOWN.has(id))).toEqual([]);
  });
});
