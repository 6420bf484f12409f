import { someOf } from './words';

/** A finding as text. */
export interface FindingText {
  readonly id: string;
  readonly text: string;
  /** The construct that it is about. */
  readonly place?: string;
}

/** So many findings of one rule are printed; the data has all. */
const MOST_OF_RULE = 20;

/**
 * Findings as lines for people, however many there are: one that several constructs have is printed once with the first of them, and of
 * one rule only the first ones, then their number.
 * @param line a text behind its place, which is '' without one.
 */
export function foldedLines(findings: readonly FindingText[], line: (place: string, text: string) => string): string[] {
  const places = new Map<string, { readonly id: string; readonly places: Set<string> }>();
  for (const { id, text, place } of findings) {
    const known = places.get(text) ?? { id, places: new Set() };
    places.set(text, known);
    if (place !== undefined) known.places.add(place);
  }
  const ofRule = new Map<string, number>();
  const lines = [...places].flatMap(([text, { id, places: all }]) => {
    const count = (ofRule.get(id) ?? 0) + 1;
    ofRule.set(id, count);
    return count > MOST_OF_RULE ? [] : [line(someOf([...all], ', '), text)];
  });
  const more = [...ofRule].flatMap(([id, count]) =>
    count > MOST_OF_RULE ? [`  … and ${String(count - MOST_OF_RULE)} more [${id}]`] : [],
  );
  return [...lines, ...more];
}

/** What is read of a finding. */
interface ItemFinding {
  readonly id: string;
  readonly level: string;
  readonly paths: readonly string[];
  readonly message: string;
}

/** So many findings about items of one list are kept. */
const MOST_ITEMS = 100;

/**
 * Findings of which those of one rule about items of the same lists are counted after the first ones: lists can be long.
 * @param all in their order
 */
export function foldedItems<F extends ItemFinding>(all: readonly F[]): readonly F[] {
  if (all.length <= MOST_ITEMS) return all;
  const counts = new Map<string, { count: number; last: F | undefined }>();
  const keyOf = ({ id, level, paths }: F): string =>
    JSON.stringify([id, level, (paths[0] ?? '').replaceAll(/\[\d+\]/g, '[]')]);
  const kept = all.filter((finding) => {
    if (!/\[\d+\]/.test(finding.paths[0] ?? '')) return true;
    const key = keyOf(finding);
    const known = counts.get(key) ?? { count: 0, last: undefined };
    counts.set(key, known);
    known.count += 1;
    known.last = finding;
    return known.count <= MOST_ITEMS;
  });
  const more = [...counts.values()].flatMap(({ count, last }) =>
    count > MOST_ITEMS && last !== undefined
      ? [
          {
            ...last,
            message: `${String(count - MOST_ITEMS)} more items have the same problem, up to here. ${last.message}`,
          },
        ]
      : [],
  );
  return [...kept, ...more];
}
