import type { Finding } from '../lib/rules/finding';
import type { Rule } from '../lib/rules/rule';

/** One test per rule: its bad example trips it and no other error, its good example neither it nor any error. */
export function testRuleExamples<E>(
  rules: readonly Pick<Rule<never, E>, 'id' | 'level' | 'examples'>[],
  judge: (example: E) => readonly Finding[],
): void {
  it('have unique ids', () => {
    const ids = rules.map(({ id }) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([]);
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, { level, examples }) => {
    const bad = judge(examples.bad);
    const tripped = bad.filter((finding) => finding.id === id);
    expect(bad.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
    expect(tripped).not.toEqual([]);
    for (const { level: found, paths, message, hint } of tripped) {
      if (typeof level === 'string') expect(found).toBe(level);
      expect(paths).not.toEqual([]);
      expect(message).toMatch(/^\S.*[.!]$/s);
      expect(hint).toMatch(/^\S.*[.!?]$/s);
    }
    expect(judge(examples.good).filter((finding) => finding.level === 'error' || finding.id === id)).toEqual([]);
  });
}
