import fc from 'fast-check';

/**
 * Property tests with one seed, so that a change and not luck makes them fail. `PROPERTY_SEED=N` chooses other cases
 * and `PROPERTY_RUNS=N` more of them than a test asks for by default.
 */
const { PROPERTY_SEED = '1', PROPERTY_RUNS } = process.env;
fc.configureGlobal({ seed: Number(PROPERTY_SEED) });

/** How many cases a property tries. */
export const runs = (usual: number): { readonly numRuns: number } => ({ numRuns: Number(PROPERTY_RUNS ?? usual) });

export { fc };
