import { RESOURCE_KINDS } from '../lib/resources/kinds';
import { findingsOf } from './resource/judged';

/** Every rule proves itself: its bad example trips it, and no other error; its good example has no error at all. */
describe('checks of custom resources', () => {
  const checks = RESOURCE_KINDS.flatMap((of) => of.rules.map((check) => [check.id, of, check] as const));

  it('have unique ids that start with the subject of their kind', () => {
    const ids = checks.map(([id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [id, of] of checks) expect(id).toMatch(new RegExp(`^${of.subject}/[a-z0-9-]+$`));
  });

  it('belong to kinds with subjects of their own', () => {
    const subjects = RESOURCE_KINDS.map(({ subject }) => subject);
    expect(new Set(subjects).size).toBe(subjects.length);
  });

  it.each(checks)('%s', (id, of, check) => {
    const bad = findingsOf(of, check.examples.bad);
    const tripped = bad.filter((finding) => finding.id === id);
    expect(tripped).not.toHaveLength(0);
    expect(bad.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
    for (const { level, paths, message, hint } of tripped) {
      expect(level).toBe(check.level);
      expect(paths).not.toHaveLength(0);
      expect(message).toMatch(/[.!]$/);
      expect(hint).toMatch(/[.!]$/);
    }
    const good = findingsOf(of, check.examples.good);
    expect(good.filter((finding) => finding.level === 'error' || finding.id === id)).toEqual([]);
  });
});
