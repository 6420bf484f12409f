import { renderCilium } from '../../lib/cilium/render';
import { forUs } from '../../lib/releases/declared-differences';
import { CiliumError } from '../../lib/rules/finding';
import { NOT_JUDGED, REFUSED, readSweep, sweepWord } from '../helm/sweep-digests';
import { sweepCases } from '../helm/variations';
import type { SweepRow } from './sweep-rows';

/** All rows, for releases far apart. */
export function sweepRows(): readonly SweepRow[] {
  return ['1.18.12', '1.20.0'].flatMap((version) => {
    const words = readSweep(version)?.words ?? [];
    return sweepCases(version).map((one, i) => ({ version, one, word: words[i] ?? NOT_JUDGED }));
  });
}

/** The first row that is rendered differently from Helm. */
export function firstDifferent(rows: readonly SweepRow[]): string | undefined {
  return rows.find(({ version, one: { values, namespace, kubeVersion, apiVersions }, word }) => {
    try {
      const input = { version, values: forUs(values), namespace, kubeVersion, apiVersions };
      return sweepWord(renderCilium({ ...input, unknownValues: 'warn' }).objects) !== word;
    } catch (error) {
      if (!(error instanceof CiliumError)) throw error;
      return word !== REFUSED;
    }
  })?.one.id;
}
