import { ERROR_IDS } from './error-ids';
import type { Finding } from './finding';
import { nearest } from './nearest';
import type { Rule } from './rule';
import { actual } from './words';
import { SILENCEABLE_IDS } from './silenceable-ids';

/** A rule with its level, which may depend on what it looks at. */
type Levelled = Pick<Rule<never>, 'id' | 'level'>;

/**
 * What is wrong with a list of ids of warnings that are accepted, under the id `<subject>/silence`: an id that no rule has, or that of
 * an error, would do nothing without a word. Ids of other constructs are taken, so that an app may have one list for all.
 * @param own rules of the construct itself and of the user, with their levels.
 */
export function silenceFindings(subject: string, silence: unknown, own: readonly Levelled[] = []): readonly Finding[] {
  if (silence === undefined) return [];
  const problem = (at: string, message: string, hint: string): Finding => ({
    id: `${subject}/silence`,
    level: 'error',
    paths: [at],
    message,
    hint,
  });
  if (!Array.isArray(silence))
    return [
      problem('silence', `Expected a list, got ${actual(silence)}.`, "Write the ids of warnings: silence: ['…']."),
    ];
  const ids = [...SILENCEABLE_IDS, ...own.filter(maybeWarning).map(({ id }) => id)];
  const errors = [...ERROR_IDS, ...own.filter((rule) => !maybeWarning(rule)).map(({ id }) => id)];
  return Array.from(silence as readonly unknown[]).flatMap((id, i) => {
    if (typeof id === 'string' && ids.includes(id)) return [];
    const place = `silence[${String(i)}]`;
    if (typeof id === 'string' && errors.includes(id))
      return [
        problem(
          place,
          `'${id}' is an error; only warnings can be silenced.`,
          'Leave it out, and repair what it is about.',
        ),
      ];
    const match = typeof id === 'string' ? nearest(id, ids) : undefined;
    const hint =
      match === undefined ? 'Write the id as it stands in brackets behind the warning.' : `Did you mean '${match}'?`;
    return [problem(place, `${actual(id)} is the id of no warning.`, hint)];
  });
}

function maybeWarning({ level }: Levelled): boolean {
  return level !== 'error';
}
