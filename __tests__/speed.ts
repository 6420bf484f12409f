/*
 * Two speeds: `npm test` runs the quick tests, `npm run test:slow` what it leaves out, `npm run test:all` everything.
 *
 * A file named `*.slow.test.ts` does not run with `npm test`: what compiles, packs, starts programs, or needs more than
 * about five seconds. A long table in a quick file goes through `sample`: `npm test` judges a part of its rows.
 */

/** Whether tables run whole: with `npm run test:all` and `npm run test:slow`. jest.config.js reads the same variable. */
export const isWhole = process.env.TESTS === 'all' || process.env.TESTS === 'slow';

/**
 * All rows with `npm run test:all`, otherwise one in `every`.
 * @param offset the first row of the part, so that tables of the same rows can have different parts.
 */
export function sample<T>(rows: Iterable<T>, every: number, offset = 0): readonly T[] {
  const all = [...rows];
  return isWhole ? all : all.filter((_, i) => (i + offset) % every === 0);
}
