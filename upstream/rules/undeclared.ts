import { undeclaredIds } from '../silenceable-ids';
import { book } from './book';
import type { RuleBook } from './book';

/** The ids that none of these books has, because their rules are not data yet; nothing when there are none. */
export function undeclared(books: readonly RuleBook[]): readonly RuleBook[] {
  const ids = undeclaredIds(new Set(books.flatMap(({ rules }) => rules.map(({ id }) => id))));
  if (ids.length === 0) return [];
  const others = book<never>({
    name: 'Others',
    over: 'Findings whose rules have no examples yet.',
    rules: ids.map(({ id, isWarning }) => ({
      id,
      // A Kubernetes release that is not known yet gets a warning only.
      level: id.startsWith('kubernetes/') ? 'either' : isWarning ? 'warning' : 'error',
    })),
    judge: () => [],
    input: () => null,
  });
  return [others];
}
