import { allChecks } from '../lib/cilium/checks';
import { levelOf } from '../lib/cilium/check';
import type { Check, CheckExample } from '../lib/cilium/check';
import { renderCilium } from '../lib/cilium/render';
import { CiliumError } from '../lib/rules/finding';
import type { Finding } from '../lib/rules/finding';

/** Every rule proves itself: its bad example trips it, and no other error; its good example renders without it. */
describe('checks', () => {
  const checks = allChecks();

  it('have unique ids of the form subject/rule', () => {
    const ids = checks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]+\/[a-zA-Z0-9.-]+$/);
  });

  it.each(checks.map((check) => [check.id, check] as const))('%s', (id, check) => {
    const bad = findingsOf(check.examples.bad);
    expect(idsOf(bad, check)).toContain(id);
    expect(bad.filter((f) => f.level === 'error' && f.id !== id)).toEqual([]);
    const good = findingsOf(check.examples.good);
    expect(good.filter((f) => f.level === 'error')).toEqual([]);
    expect(good.map((f) => f.id)).not.toContain(id);
  });

  it.each(checks.map((check) => [check.id, check] as const))('%s speaks in sentences', (_id, check) => {
    expect(check.hint).toMatch(/[.!]$/);
    if (typeof check.message === 'string') expect(check.message).toMatch(/[.!]$/);
    expect(check.paths.length).toBeGreaterThan(0);
  });
});

function idsOf(findings: readonly Finding[], check: Check): readonly string[] {
  const level = levelOf(check, check.examples.bad.talos);
  return findings.filter((f) => f.level === level).map((f) => f.id);
}

function findingsOf({ version = '1.18.4', ...input }: CheckExample): readonly Finding[] {
  try {
    return renderCilium({ version, ...input }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}
