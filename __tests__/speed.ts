/*
 * Two speeds: `npm test` runs the quick tests, `npm run test:all` runs everything.
 *
 * A file named `*.slow.test.ts` runs with `npm run test:all` only: what compiles, packs, starts programs, or needs more than
 * about five seconds. A long table in a quick file goes through `sample`: `npm test` judges a part of its rows.
 */

/** Whether everything runs: `npm run test:all`. jest.config.js reads the same variable. */
export const isWhole = process.env.TESTS === 'all';

/**
 * All rows with `npm run test:all`, otherwise one in `every`.
 * @param offset the first row of the part, so that tables of the same rows can have different parts.
 */
export function sample<T>(rows: Iterable<T>, every: number, offset = 0): readonly T[] {
  const all = [...rows];
  return isWhole ? all : all.filter((_, i) => (i + offset) % every === 0);
}
