/** Templates as trees of hashes: what a file prints under given values, compared between two releases without its text. */
import type { Evaluation } from './effects';

/**
 * A part of a template: texts and actions, whose hashes stand one after the other in one text, and branches.
 * Hashes have letters only; those of assignments, which print nothing, in upper case.
 */
export type TemplateTree = readonly (string | TemplateBranch)[];

/**
 * `if`, `with` or `range`; the hash of its head; its test among the expressions of the release, `null` where there are several;
 * what it holds when the test is true, and otherwise.
 */
export type TemplateBranch = readonly [
  kind: 'if' | 'with' | 'range',
  head: string,
  test: number | null,
  then: TemplateTree,
  otherwise?: TemplateTree,
];

/** Digits of the hash of a text or an action. */
export const UNIT_DIGITS = 6;
/** Digits of the line that follows each hash, in trees that have lines. */
export const LINE_DIGITS = 4;

/** Hashes in their order, each with its line where the tree has lines. */
export interface Printed {
  readonly hash: string;
  readonly line?: number | undefined;
}

/** What a file prints, as hashes: only the branches that these values take. A test that is not known stays. */
export function printedBy(tree: TemplateTree, values: Evaluation, hasLines: boolean): readonly Printed[] {
  return tree.flatMap((part): readonly Printed[] => {
    if (typeof part === 'string') return unitsOfText(part, hasLines);
    const [kind, head, test, then, otherwise = []] = part;
    const truth = test === null ? undefined : values.truth(test);
    if (truth === false) return printedBy(otherwise, values, hasLines);
    const inside = printedBy(then, values, hasLines);
    if (truth === true && kind === 'if') return inside;
    // What is inside depends on the value.
    const [opened] = unitsOfText(head, hasLines);
    const heads = opened === undefined ? [] : [opened];
    const others = truth === true ? [] : [{ hash: '|' }, ...printedBy(otherwise, values, hasLines)];
    return [...heads, { hash: '(' }, ...inside, ...others, { hash: ')' }];
  });
}

/** The hashes of a text, in which they stand one after the other. */
export function unitsOfText(text: string, hasLines: boolean): readonly Printed[] {
  const found: Printed[] = [];
  const width = UNIT_DIGITS + (hasLines ? LINE_DIGITS : 0);
  for (let at = 0; at < text.length; at += width) {
    const hash = text.slice(at, at + UNIT_DIGITS);
    const line = hasLines ? Number.parseInt(text.slice(at + UNIT_DIGITS, at + width), 16) : undefined;
    found.push({ hash, line });
  }
  return found;
}

/** Whether two lists print the same; two that print nothing do. */
export function printsTheSame(one: readonly Printed[], other: readonly Printed[]): boolean {
  if (one.length === other.length && one.every(({ hash }, i) => hash === other[i]?.hash)) return true;
  return !one.some(prints) && !other.some(prints);
}

/** Whether it is more than an assignment. */
function prints({ hash }: Printed): boolean {
  return /[a-z]/.test(hash);
}
