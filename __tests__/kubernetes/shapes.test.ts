import { renderCilium } from '../../lib/cilium/render';
import { layered } from '../../lib/cilium/layers';
import { CiliumError } from '../../lib/rules/finding';
import type { Finding } from '../../lib/rules/finding';
import { RIGHT_SHAPES, WRONG_SHAPES } from './shape-rows';
import type { ShapeRow } from './shape-rows';
import { sample } from '../speed';

/** Findings on values of Cilium 1.19. conformance/apiserver compares the same rows with a real API server. */
function findingsOf({ values, with: others = {} }: ShapeRow, kubeVersion?: string): readonly Finding[] {
  try {
    return renderCilium({ version: '1.19.6', values: layered([others, values]), kubeVersion }).findings;
  } catch (error) {
    if (error instanceof CiliumError) return error.findings;
    throw error;
  }
}

describe('values that an API server accepts', () => {
  it.each(sample(RIGHT_SHAPES, 4).map((row) => [JSON.stringify(row.values), row] as const))(
    '%s has no finding',
    (_, row) => {
      expect(findingsOf(row).filter(({ id }) => id.startsWith('kubernetes/') || id === 'values/type')).toEqual([]);
    },
  );
});

describe('values that an API server rejects', () => {
  it.each(sample(WRONG_SHAPES, 4).map((row) => [row.rule, JSON.stringify(row.values), row] as const))(
    '%s: %s is an error',
    (_rule, _values, row) => {
      const found = findingsOf(row).filter(({ level }) => level === 'error');
      expect(found.map(({ paths }) => paths)).toEqual([row.paths]);
      // What the chart's own schema refuses has a finding of its own.
      expect(found.map(({ id }) => id)).toEqual([
        expect.stringMatching(new RegExp(`^(kubernetes|values)/${row.rule}$`)),
      ]);
      if (row.message !== undefined) expect(found[0]?.message).toMatch(row.message);
      if (row.hint !== undefined) expect(found[0]?.hint).toMatch(row.hint);
      expect(`${found[0]?.message ?? ''} ${found[0]?.hint ?? ''}`).not.toMatch(/undefined|NaN|\[object/);
    },
  );
});
