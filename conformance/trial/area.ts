import type fc from 'fast-check';

/** What is wrong with the outcome of a case. */
export interface Fault {
  /** The kind of fault, by which many cases are counted as one: the exception and its place, the rule and what its message holds. */
  readonly kind: string;
  /** What was seen, in a few lines. */
  readonly detail: string;
}

/** One part of the trial: cases at random, and what must be true of each outcome. */
export interface Area<T = unknown> {
  readonly name: string;
  /** What is tried, one line. */
  readonly about: string;
  /** The cases; what they hold is data, so that a case is printed as a program and made anew for each call. */
  readonly cases: fc.Arbitrary<T>;
  /** The fault of a case; nothing when the outcome is right. */
  readonly judge: (input: T) => Fault | undefined | Promise<Fault | undefined>;
  /** The case as a program or command that a person can run. */
  readonly program: (input: T) => string;
  /** Starts judges in Go where Go is there. @returns what was started, for the report */
  readonly start?: () => string | undefined;
  /** Ends what was started, and removes its files. */
  readonly stop?: () => void;
}
