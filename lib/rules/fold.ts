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
