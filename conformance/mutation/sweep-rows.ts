import type { Case } from '../helm/cases';

/** A value set of the sweep with what Helm renders of it. */
export interface SweepRow {
  readonly version: string;
  readonly one: Case;
  readonly word: string;
}

/** Rows that set a value whose whole path is in the text of a source file. */
export function rowsFor(rows: readonly SweepRow[], text: string): readonly SweepRow[] {
  const names = new Set(text.match(/\w+/g));
  return rows.filter(({ one, word }) => {
    const path = /: ([^=]+)=/.exec(one.id)?.[1]?.split('.');
    return word !== '?' && path?.every((name) => names.has(name)) === true;
  });
}

/** What `sweep.ts` exports: it is loaded anew with the library. */
export interface Sweep {
  sweepRows(): readonly SweepRow[];
  firstDifferent(rows: readonly SweepRow[]): string | undefined;
}
