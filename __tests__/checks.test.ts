import { renderCilium } from '../lib/cilium/render';
import { VALUE_RULES } from '../lib/cilium/rules';
import type { ValuesExample } from '../lib/cilium/values-rule';
import { CiliumError } from '../lib/rules/finding';
import type { Finding } from '../lib/rules/finding';

/** Every rule proves itself: its bad example trips it, and no other error; its good example renders without it. */
describe('rules about values', () => {
  it('have unique ids of the form subject/rule', () => {
    const ids = VALUE_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+\/[a-zA-Z0-9.-]+$/);
  });

  it.each(VALUE_RULES.map((rule) => [rule.id, rule] as const))('%s', (id, { level, examples }) => {
    const bad = findingsOf(examples.bad);
    const own = bad.filter((finding) => finding.id === id);
    expect(own).not.toEqual([]);
    expect(bad.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
    for (const finding of own) {
      if (typeof level === 'string') expect(finding.level).toBe(level);
      expect(finding.message).toMatch(/[.!]$/);
      expect(finding.hint).toMatch(/[.!]$/);
      expect(finding.paths.length).toBeGreaterThan(0);
    }
    const good = findingsOf(examples.good);
    expect(good.filter((finding) => finding.level === 'error')).toEqual([]);
    expect(good.map((finding) => finding.id)).not.toContain(id);
  });
});

function findingsOf({ version = '1.18.4', ...input }: ValuesExample): readonly Finding[] {
  try {
    return renderCilium({ version, ...input }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}
