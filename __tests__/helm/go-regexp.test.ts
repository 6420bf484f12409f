import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc, runs } from '../properties';
import { parseGoRegexp } from '../../lib/helm/go-regexp';

/** What Go says, written by `conformance/regexp/run --write`: `matches` per subject, or none when Go refuses the expression. */
const TABLE = JSON.parse(readFileSync(join(__dirname, 'go-regexp-table.json'), 'utf8')) as {
  readonly subjects: readonly string[];
  readonly rows: readonly { readonly expression: string; readonly matches?: readonly boolean[] }[];
};

describe('parseGoRegexp', () => {
  it.each(TABLE.rows.map((row) => [row.expression, row] as const))('reads %j as Go does', (expression, { matches }) => {
    const read = parseGoRegexp(expression);
    expect('matches' in read ? TABLE.subjects.map(read.matches) : undefined).toEqual(matches);
  });

  it('has accepted and refused expressions in its table', () => {
    const taken = TABLE.rows.filter(({ matches }) => matches !== undefined);
    expect(taken.length).toBeGreaterThan(30);
    expect(TABLE.rows.length - taken.length).toBeGreaterThan(30);
    expect(taken.flatMap(({ matches }) => matches)).toEqual(expect.arrayContaining([true, false]));
  });

  it.each([
    ['(?!eth)', 'invalid or unsupported Perl syntax: `(?!`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['a++', 'invalid nested repetition operator: `++`'],
    ['eth[', 'missing closing ]: `[`'],
    ['\ud800', 'invalid UTF-8'],
  ])("refuses %j with Go's message", (expression, error) => {
    expect(parseGoRegexp(expression)).toEqual({ error });
  });

  it('compiles no expression of more than 100,000 characters', () => {
    expect(parseGoRegexp('a'.repeat(100_000))).toHaveProperty('matches');
    expect(parseGoRegexp('a'.repeat(100_001))).toEqual({
      error: 'it is longer than 100000 characters, more than are compiled here',
    });
  });

  it.each(['(?P<n>a)(?P<n>b)', '(?<n>a)[(?P<n>]*(?P<n>b)', '\\Q(?P<n>\\E?(?P<n>a)(?P<n>b)'])(
    'accepts two groups of one name: %s',
    (expression) => {
      const read = parseGoRegexp(expression);
      expect('matches' in read && [read.matches('ab'), read.matches('ba')]).toEqual([!expression.includes('Q'), false]);
    },
  );

  it.each(['^(a+)+$', '^([-a-z]+[.]?)+$', '^(a|a)*$', '^(a?){100}a{100}$', '(x+x+)+y'])(
    'matches %s in linear time',
    (expression) => {
      const read = parseGoRegexp(expression);
      const start = performance.now();
      expect('matches' in read && read.matches(`${'a'.repeat(99)}${'x'.repeat(400)} `)).toBe(false);
      expect(performance.now() - start).toBeLessThan(5_000); // JavaScript's own would not end in our time
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'ab09-^$.|()[]{}*+?\\,:<>=!PpQEdDwWsSbBAzx'), maxLength: 12 }),
        (expression) => {
          const read = parseGoRegexp(expression);
          if ('error' in read) expect(read.error).not.toMatch(/Invalid regular expression/);
          else expect(typeof read.matches('eth0')).toBe('boolean');
        },
      ),
      runs(2000),
    );
  });
});
