import * as lib from '../../lib';
import { CiliumError } from '../../lib';
import type { Finding } from '../../lib';
import { sample } from '../speed';
import { variants } from './junk';
import type { Variant } from './junk';
import { FREE, ROWS, WITHOUT_ROW } from './table';
import type { Row } from './table';

test('every export has a row', () => {
  const rows = new Set([...ROWS.map(({ name }) => name.split(/[. ]/)[0] ?? ''), ...WITHOUT_ROW]);
  expect(Object.keys(lib).filter((name) => !rows.has(name))).toEqual([]);
});

/** JavaScript's own words, which no message may hold, and stacks. */
const INTERNAL = /\bundefined\b|\bNaN\b|\[object \w+\]|\bInfinity\b|=>|\n\s+at |\.(?:ts|js):\d/;

/** What is wrong with the outcome of a call; nothing when all is as it should be. */
function outcome(row: Row, { what, props, misspelt }: Variant): readonly string[] {
  let findings: readonly Finding[];
  try {
    findings = row.call(props as never);
  } catch (error) {
    if (!(error instanceof CiliumError))
      return [
        `${what}: ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join(' ') : String(error)}`,
      ];
    findings = error.findings;
    if (!findings.some(({ level }) => level === 'error')) return [`${what}: refused without a finding`];
  }
  const wording = findings
    .map(({ paths, message, hint }) => `${paths.join(', ')}: ${message} ${hint}`)
    .filter((text) => INTERNAL.test(text))
    .map((text) => `${what}: says ${text}`);
  const place = `${row.under ?? ''}${misspelt ?? ''}`;
  const isRefused = findings.some(
    ({ id, paths, hint }) =>
      /\/unknown-(?:prop|field)$/.test(id) && paths.includes(place) && /`|Known are|There (?:are|is)/.test(hint),
  );
  return [...wording, ...(misspelt === undefined || isRefused ? [] : [`${what}: passes, ${JSON.stringify(findings)}`])];
}

const LIMIT = 40;

describe('an export throws nothing but CiliumError, and reports every misspelt name at its place', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))('%s', (_, row) => {
    const good = (row.call as (given: object) => readonly Finding[])(row.good);
    expect(good).toEqual([]);
    const isFree = (path: string): boolean =>
      (row.areArguments === true && path === '') || FREE.test(path) || (row.free?.test(path) ?? false);
    const begun = Date.now();
    const wrong: string[] = [];
    let cases = 0;
    for (const variant of sample(variants(row.good, isFree), 100)) {
      cases += 1;
      wrong.push(...outcome(row, variant));
    }
    if (process.env.EXPORTS_VERBOSE !== undefined)
      process.stderr.write(
        `${row.name}: ${String(cases)} cases, ${String(wrong.length)} wrong, ${String(Date.now() - begun)} ms\n`,
      );
    expect(wrong.slice(0, LIMIT)).toEqual([]);
  });
});
