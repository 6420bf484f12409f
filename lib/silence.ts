import type { Finding } from './findings';
import { nearest } from './props/names';
import { actual } from './props/words';
import { SILENCEABLE_IDS } from './silenceable-ids';

/**
 * What is wrong with a list of ids of warnings that are accepted, under the id `<subject>/silence`: an id that no rule has would
 * do nothing without a word. Ids of other constructs are taken, so that an app may have one list for all.
 * @param own ids of rules that are the user's.
 */
export function silenceFindings(subject: string, silence: unknown, own: readonly string[] = []): readonly Finding[] {
  if (silence === undefined) return [];
  const problem = (at: string, says: string, fix: string): Finding => ({ id: `${subject}/silence`, level: 'error', at: [at], says, fix });
  if (!Array.isArray(silence)) return [problem('silence', `Expected a list, got ${actual(silence)}.`, "Write the ids of warnings: silence: ['…'].")];
  const ids = [...SILENCEABLE_IDS, ...own];
  return Array.from(silence as readonly unknown[]).flatMap((id, i) => {
    if (typeof id === 'string' && ids.includes(id)) return [];
    const match = typeof id === 'string' ? nearest(id, ids) : undefined;
    const fix = match === undefined ? 'Write the id as it stands in brackets behind the warning.' : `Did you mean '${match}'?`;
    return [problem(`silence[${String(i)}]`, `${actual(id)} is the id of no warning.`, fix)];
  });
}
