import { LOAD_FINDINGS, readValues } from '../../lib/cilium/load-values';
import { renderCilium } from '../../lib/cilium/render';
import { VALUE_FINDINGS } from '../../lib/cilium/rules';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';

/** The findings that work returns or throws. */
function findingsOf(work: () => readonly Finding[]): readonly Finding[] {
  try {
    return work();
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

const DECLARED = [
  ...VALUE_FINDINGS.map(({ id, examples }) => {
    const judge = (example: typeof examples.bad) => () => renderCilium({ version: '1.18.4', ...example }).findings;
    return { id, bad: judge(examples.bad), good: judge(examples.good) };
  }),
  ...LOAD_FINDINGS.map(({ id, examples }) => {
    const judge = (text: string) => () => readValues(text).warnings;
    return { id, bad: judge(examples.bad), good: judge(examples.good) };
  }),
];

describe('findings that reading makes', () => {
  it.each(DECLARED)('$id is tripped by its bad example only', ({ id, bad, good }) => {
    const found = findingsOf(bad);
    expect(found.map((finding) => finding.id)).toContain(id);
    expect(found.filter((finding) => finding.level === 'error' && finding.id !== id)).toEqual([]);
    expect(findingsOf(good).filter((finding) => finding.level === 'error' || finding.id === id)).toEqual([]);
  });
});
