import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, runs } from '../properties';
import { parseGoRegexp } from '../../lib/go-regexp/parse';

/** What Go says, written by `conformance/regexp/run --write`: `matches` per subject, or none when Go refuses the expression. */
const TABLE = JSON.parse(readFileSync(join(__dirname, 'table.json'), 'utf8')) as {
  readonly subjects: readonly string[];
  readonly rows: readonly { readonly expression: string; readonly matches?: readonly boolean[] }[];
};

describe('parseGoRegexp', () => {
  it.each(TABLE.rows.map((row) => [row.expression, row] as const))('reads %j as Go does', (expression, { matches }) => {
    const read = parseGoRegexp(expression);
    expect('matches' in read ? TABLE.subjects.map(read.matches) : undefined).toEqual(matches);
  });

  it('has expressions of both kinds in its table', () => {
    const taken = TABLE.rows.filter(({ matches }) => matches !== undefined);
    expect(taken.length).toBeGreaterThan(30);
    expect(TABLE.rows.length - taken.length).toBeGreaterThan(30);
    expect(taken.flatMap(({ matches }) => matches)).toEqual(expect.arrayContaining([true, false]));
  });

  it.each([
    ['(?!eth)', /no lookahead/],
    ['(?<=a)b', /no lookbehind/],
    ['(a)\\1', /back reference/],
    ['a++', /repeats a repetition/],
    ['eth[', /never closed/],
    ['*eth', /repeats nothing/],
    ['\ud800', /surrogate/],
  ])('says what is wrong with %j', (expression, says) => {
    expect(parseGoRegexp(expression)).toEqual({ error: expect.stringMatching(says) as string });
  });

  it.each(['^(a+)+$', '^([-a-z]+[.]?)+$', '^(a|a)*$', '^(a?){100}a{100}$', '(x+x+)+y'])('takes no longer for %s than Go', (expression) => {
    const read = parseGoRegexp(expression);
    const start = performance.now();
    expect('matches' in read && read.matches(`${'a'.repeat(99)}${'x'.repeat(400)} `)).toBe(false);
    expect(performance.now() - start).toBeLessThan(5_000); // JavaScript's own would not end in our time
  });

  it('never throws, and never makes an expression that JavaScript refuses', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab09-^$.|()[]{}*+?\\,:<>=!PpQEdDwWsSbBAzx'), maxLength: 12 }), (expression) => {
        const read = parseGoRegexp(expression);
        if ('error' in read) expect(read.error).not.toMatch(/Invalid regular expression/);
        else expect(typeof read.matches('eth0')).toBe('boolean');
      }),
      runs(2000),
    );
  });
});
