import { undeclaredIds } from '../silenceable-ids';
import { book } from './book';
import type { RuleBook } from './book';
import { resources } from './resources';
import { clusters, files, reading, values } from './values';

const DECLARED: readonly RuleBook[] = [values, reading, files, clusters, ...resources];

/** Ids whose rules are not data yet. */
const undeclared = book<never>({
  name: 'Others',
  over: 'Findings whose rules have no examples yet.',
  rules: undeclaredIds(new Set(DECLARED.flatMap(({ rules }) => rules.map(({ id }) => id)))).map(
    ({ id, isWarning }) => ({
      id,
      // A Kubernetes release that is not known yet gets a warning only.
      level: id.startsWith('kubernetes/') ? 'either' : isWarning ? 'warning' : 'error',
    }),
  ),
  judge: () => [],
  input: () => null,
});

/** Every rule of the library, by room: what the test proves, and what the pages and `imports/rules/rules.json` are made of. */
export const RULE_BOOKS: readonly RuleBook[] = [...DECLARED, ...(undeclared.rules.length > 0 ? [undeclared] : [])];
