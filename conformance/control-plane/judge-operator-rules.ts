import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { Api } from './api';
import { unexpected } from './expectation';
import type { Expectation } from './expectation';
import { groupsOf, runCases } from './judge-rules';
import type { Shown } from './judge-rules';
import { runValueCases } from './judge-values';
import { OPERATOR_RULES } from './operator-rules';
import { JUDGES, ruleCases } from './rule-cases';
import { VALUE_EXPECTATIONS } from './operator-value-rules';
import { SERVER_RULES } from './server-rules';
import { valueCases } from './value-cases';

/** What the judgement of the table of rules found. */
export interface RulesVerdict {
  /** Examples that were run. */
  readonly judged: number;
  readonly faults: readonly string[];
}

const REFUSED: Readonly<Record<string, Expectation>> = Object.fromEntries(SERVER_RULES.map((id) => [id, 'refused']));

const TABLE: Readonly<Record<string, Expectation>> = { ...OPERATOR_RULES, ...REFUSED, ...VALUE_EXPECTATIONS };

/** The sample of rules of resources: every tenth, with the parts that had faults. */
const SAMPLE = 40;
/** The sample of values: starts of operators. */
const SAMPLE_OF_VALUES = 30;

/** Runs both examples of the rules of the table: the operator must show what the table has. */
export async function judgeOperatorRules(
  api: Api,
  minor: string,
  folder: string,
  isAll: boolean,
): Promise<RulesVerdict> {
  const faults: string[] = [];
  const all: Shown[] = [];
  const use = (shown: Shown): void => {
    all.push(shown);
  };
  const cases = ruleCases(minor).filter(({ id }) => TABLE[id] !== undefined);
  // One operator runs most of them; each other one takes as long as a cluster.
  const groups = isAll ? groupsOf(cases) : [sampled(groupsOf(cases)[0] ?? [], SAMPLE, (one) => one.id)];
  for (const [i, group] of groups.entries()) {
    const own = join(folder, `rules-${String(i)}`);
    mkdirSync(own, { recursive: true });
    faults.push(...(await runCases(api, group, own, use, (shown) => unexpected(shown, TABLE).map((one) => one.shown))));
  }
  const values = valueCases(minor, (id) => VALUE_EXPECTATIONS[id] !== undefined);
  const started = isAll ? values : sampled(values, SAMPLE_OF_VALUES / 2, ({ id }) => id);
  await runValueCases(api, started, join(folder, 'values'), use);
  faults.push(...unexpected(all, TABLE).map(({ fault }) => fault));
  return { judged: all.length, faults };
}

/** Rules of the table whose examples never became cases of any minor. */
export function rulesWithoutCases(): readonly string[] {
  const ids = new Set(
    Object.keys(JUDGES).flatMap((minor) =>
      [...ruleCases(minor), ...valueCases(minor, (id) => VALUE_EXPECTATIONS[id] !== undefined)].map(({ id }) => id),
    ),
  );
  return Object.keys(TABLE).filter((id) => !ids.has(id));
}

/** Both examples of some rules, spread evenly over the list. */
function sampled<T>(list: readonly T[], rules: number, idOf: (item: T) => string): readonly T[] {
  const ids = [...new Set(list.map(idOf))].sort();
  const step = Math.max(1, ids.length / rules);
  const chosen = new Set(Array.from({ length: Math.min(rules, ids.length) }, (_, i) => ids[Math.floor(i * step)]));
  return list.filter((item) => chosen.has(idOf(item)));
}
