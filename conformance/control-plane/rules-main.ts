import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMain } from '../run-main';
import { groupsOf, runCases } from './judge-rules';
import { ruleCases } from './rule-cases';
import { runValueCases } from './judge-values';
import { valueCases } from './value-cases';
import { withServer } from './with-server';

/*
 * Records what examples of rules show under the real operator, a line of JSON each: rules-main.ts MINOR OUT [ID-EXPRESSION]. It is how the
 * table of operator-rules.ts is made and extended.
 */
runMain(async () => {
  const [minor = '', out = '', ids = '.'] = process.argv.slice(2);
  const cases = (process.env.ONLY_VALUES === undefined ? ruleCases(minor) : []).filter(({ id }) =>
    new RegExp(ids).test(id),
  );
  const groups = groupsOf(cases).slice(0, Number(process.env.MAX_GROUPS ?? 'Infinity'));
  console.log(`${String(cases.length)} cases, ${String(groups.length)} operators`);
  writeFileSync(out, '');
  const values = valueCases(minor, (id) => new RegExp(ids).test(id));
  const folder = mkdtempSync(join(tmpdir(), 'control-plane-'));
  await withServer(async (api) => {
    await runValueCases(api, values, join(folder, 'values'), (shown, seconds) => {
      appendFileSync(out, `${JSON.stringify(shown)}\n`);
      console.log(`${shown.id}, ${shown.example}: ${String(seconds)} s`);
    });
    for (const [i, group] of groups.entries()) {
      const start = Date.now();
      const own = join(folder, String(i));
      mkdirSync(own);
      const faults = await runCases(api, group, own, (shown) => {
        appendFileSync(out, `${JSON.stringify(shown)}\n`);
      });
      console.log(`operator ${String(i + 1)}: ${String(group.length)} cases, ${String((Date.now() - start) / 1000)} s`);
      for (const fault of faults) {
        console.log(`    ${fault.slice(0, 400)}`);
        appendFileSync(out, `${JSON.stringify({ fault, ids: group.map(({ id, example }) => `${id} ${example}`) })}\n`);
      }
    }
  });
  if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  return 0;
});
