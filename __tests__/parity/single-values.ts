import { forUs } from '../../lib/releases/declared-differences';
import { NOT_JUDGED, REFUSED, hashOfNames, readSweep, sweepWord } from '../../conformance/helm/sweep-digests';
import { sweepCases } from '../../conformance/helm/variations';
import { renderCilium } from '../../lib/cilium/render';
import { CiliumError } from '../../lib/rules/finding';

/** How many of the cases are judged here; SWEEP=all judges every one, as conformance does. */
const EVERY = process.env.SWEEP === 'all' ? 1 : 12;

/** Every single value of a release changes the objects that it changes in the chart. A file for each minor, so that both cores work. */
export function describeSingleValues(version: string): void {
  const cases = sweepCases(version);
  const table = readSweep(version);

  describe(`every single value of Cilium ${version}`, () => {
    it('was rendered by Helm', () => {
      expect(table).toEqual(expect.objectContaining({ cases: hashOfNames(cases) }));
      expect(table?.words).toHaveLength(cases.length);
      expect(cases.length).toBeGreaterThan(2000);
    });

    it('changes the same objects as in the chart', () => {
      const judged = cases
        .map((one, i) => ({ one, word: table?.words[i] ?? '' }))
        .filter(({ word }, i) => i % EVERY === 0 && word !== NOT_JUDGED);
      const different = judged.filter(({ one: { values, namespace, kubeVersion, apiVersions }, word }) => {
        try {
          const { objects } = renderCilium({
            version,
            values: forUs(values),
            namespace,
            kubeVersion,
            apiVersions,
            unknownValues: 'warn',
          });
          return sweepWord(objects) !== word;
        } catch (error) {
          if (!(error instanceof CiliumError)) throw error;
          return word !== REFUSED;
        }
      });
      expect(different.map(({ one }) => one.id)).toEqual([]);
    });
  });
}
