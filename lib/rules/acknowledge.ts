import type { Finding } from './finding';
import { knownRules } from './known-rules';
import { nearest, pathTo } from './nearest';
import type { Rule } from './rule';
import { readableEntries } from './proxies';
import { actual, isPlain } from './words';

/** Warnings that are accepted: the id of each with the reason. */
export type Acknowledgements = Readonly<Record<string, string>>;

/** A rule with its level, which may depend on what it looks at. */
export type Levelled = Pick<Rule<never>, 'id' | 'level'>;

/**
 * Problems of {@link Acknowledgements}, under the id `<subject>/acknowledge`: an id that is unknown or always an error, and a reason
 * that is empty. Ids of other constructs are accepted, so that an app can have one map for all.
 * @param own rules of the user, which have no generated ids.
 */
export function acknowledgeFindings(
  subject: string,
  acknowledge: unknown,
  own: () => readonly Levelled[] = () => [],
): readonly Finding[] {
  const problem = (at: string, message: string, hint: string): Finding => ({
    id: `${subject}/acknowledge`,
    level: 'error',
    paths: [at],
    message,
    hint,
  });
  if (acknowledge === undefined) return [];
  if (!isPlain(acknowledge)) {
    const hint = "Write the ids of warnings with reasons: acknowledge: { '…': 'why it is accepted' }.";
    return [problem('acknowledge', `Expected a map, got ${actual(acknowledge)}.`, hint)];
  }
  return readableEntries(acknowledge).flatMap(([id, reason]) => {
    const at = pathTo('acknowledge', id);
    const level = reason === undefined ? 'either' : levelOf(id, own);
    if (level === 'error')
      return [problem(at, `'${id}' is an error; only warnings can be acknowledged.`, 'Remove it, and fix the error.')];
    if (level === undefined) {
      const match = nearest(id, acknowledgeable(own));
      const hint =
        match === undefined ? 'Write the id that follows the warning in brackets.' : `Did you mean '${match}'?`;
      return [problem(at, 'Unknown id of a warning.', hint)];
    }
    return reason === undefined || (typeof reason === 'string' && reason.trim() !== '')
      ? []
      : [problem(at, `Expected a reason, got ${actual(reason)}.`, 'Write why the warning is accepted.')];
  });
}

/** The findings without the warnings that are acknowledged. Errors stay. */
export function withoutAcknowledged(findings: readonly Finding[], acknowledge: unknown): readonly Finding[] {
  return isPlain(acknowledge)
    ? findings.filter(({ id, level }) => level === 'error' || !isAcknowledged(acknowledge, id))
    : findings;
}

/** Whether a map has the id of a warning. */
export function isAcknowledged(acknowledge: Readonly<Record<string, unknown>>, id: string): boolean {
  return Object.hasOwn(acknowledge, id) && acknowledge[id] !== undefined;
}

function levelOf(id: string, own: () => readonly Levelled[]): Finding['level'] | 'either' | undefined {
  const known = knownRules().get(id)?.level;
  if (known !== undefined) return known;
  const level = own().find((rule) => rule.id === id)?.level;
  return typeof level === 'function' ? 'either' : level;
}

function acknowledgeable(own: () => readonly Levelled[]): readonly string[] {
  const generated = [...knownRules()].filter(([, { level }]) => level !== 'error').map(([id]) => id);
  return [...generated, ...own().flatMap(({ id, level }) => (level === 'error' ? [] : [id]))];
}
