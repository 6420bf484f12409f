import fc from 'fast-check';
import { isWhole } from './speed';

/**
 * Property tests with one seed, so that a change and not luck makes them fail. `PROPERTY_SEED=N` chooses other cases
 * and `PROPERTY_RUNS=N` the
 * number of them; `npm test` tries fewer than `npm run test:all`.
 */
const { PROPERTY_SEED = '1', PROPERTY_RUNS } = process.env;
fc.configureGlobal({ seed: Number(PROPERTY_SEED) });

/** How many cases a property tries: `count` of them with `npm run test:all`. */
export const runs = (count: number): { readonly numRuns: number } => ({
  numRuns: Number(PROPERTY_RUNS ?? (isWhole ? count : Math.ceil(count / 5))),
});

export { fc };
