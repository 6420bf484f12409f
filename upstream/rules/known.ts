import type { Finding } from '../../lib/rules/finding';
import { rulePage } from '../../lib/rules/homepage';
import { compareText } from '../../lib/kubernetes/order';
import type { ListedRule, RuleBook, Weight } from './book';

/** A rule with what running its bad example found. */
export interface KnownRule extends ListedRule<unknown> {
  readonly book: RuleBook;
  /** What the bad example trips first. */
  readonly found: Finding | undefined;
}

/** Every rule of some books, by id. */
export function knownRules(books: readonly RuleBook[]): readonly KnownRule[] {
  return books
    .flatMap((of) =>
      of.rules.map((rule) => ({
        ...rule,
        book: of,
        found: of.judge(rule.examples.bad).find(({ id }) => id === rule.id),
      })),
    )
    .sort((a, b) => compareText(a.id, b.id));
}

/** What `imports/rules/rules.json` says of a rule. */
export interface RuleEntry {
  readonly level: Weight;
  readonly message?: string | undefined;
  readonly hint?: string | undefined;
  readonly docs?: string | undefined;
  readonly page: string;
}

/** The text of `imports/rules/rules.json`. A rule of two rooms has the message of the first. */
export function rulesJson(rules: readonly KnownRule[]): string {
  const entries: Record<string, RuleEntry> = {};
  for (const { id, level, docs, found } of rules) {
    const twin = entries[id];
    const weight = twin === undefined || twin.level === level ? level : 'either';
    entries[id] =
      twin === undefined
        ? { level, message: found?.message, hint: found?.hint, docs: found?.docs ?? docs, page: rulePage(id) }
        : { ...twin, level: weight };
  }
  const lines = Object.entries(entries).map(([id, entry]) => `  ${JSON.stringify(id)}: ${JSON.stringify(entry)}`);
  return `{\n${lines.join(',\n')}\n}\n`;
}
