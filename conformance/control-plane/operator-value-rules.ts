import type { Expectation } from './expectation';

/** What an operator shows when it starts with the values of a rule's examples. */
export const VALUE_EXPECTATIONS: Readonly<Record<string, Expectation>> = {
};
