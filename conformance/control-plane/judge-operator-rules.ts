import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { Api } from './api';
import { groupsOf, runCases } from './judge-rules';
import type { Shown } from './judge-rules';
import { OPERATOR_RULES } from './operator-rules';
import { JUDGES, ruleCases } from './rule-cases';

/** What the judgement of the table of rules found. */
export interface RulesVerdict {
  readonly judged: number;
  readonly faults: readonly string[];
}

/** Runs both examples of the rules of the table: the operator must show what the table has for the bad one, and not for the good one. */
export async function judgeOperatorRules(
  api: Api,
  minor: string,
  folder: string,
  isAll: boolean,
): Promise<RulesVerdict> {
  const cases = ruleCases(minor).filter(({ id }) => OPERATOR_RULES[id] !== undefined);
  // One operator runs most of them; each other one takes as long as a cluster.
  const groups = groupsOf(cases).slice(0, isAll ? undefined : 1);
  const faults: string[] = [];
  let judged = 0;
  for (const [i, group] of groups.entries()) {
    const own = join(folder, `rules-${String(i)}`);
    mkdirSync(own, { recursive: true });
    const broken = await runCases(api, group, own, (shown) => {
      judged += 1;
      faults.push(...faultsOf(shown));
    });
    faults.push(...broken);
  }
  const isNewest = minor === Object.keys(JUDGES).at(-1);
  const missing =
    isAll && isNewest ? Object.keys(OPERATOR_RULES).filter((id) => !cases.some((one) => one.id === id)) : [];
  return { judged, faults: [...faults, ...missing.map((id) => `${id} has no example that becomes an object`)] };
}

function faultsOf({ id, example, refused, troubles, logged, unlike }: Shown): readonly string[] {
  const predicted = unlike.map((fault) => `${id}, ${example} example: ${fault}`);
  const pattern = OPERATOR_RULES[id];
  const lines = [...refused, ...troubles, ...logged];
  const isShown = lines.some((line) => pattern?.test(line));
  if (isShown === (example === 'bad')) return predicted;
  const said = lines.length === 0 ? 'nothing' : lines.join(' | ');
  return [
    ...predicted,
    `${id}, ${example} example: the operator ${isShown ? 'shows' : 'does not show'} ${String(pattern)}: ${said.slice(0, 400)}`,
  ];
}
