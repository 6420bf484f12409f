import type { Outcome, Sample } from './sample';

/** A sample of one size, measured. */
export interface Measured extends Outcome {
  readonly n: number;
  /** CPU time in milliseconds, of building and writing. */
  readonly cpu: number;
}

/** Repeats small sizes: their median. */
function repeats(n: number): number {
  return n <= 100 ? 5 : n <= 1000 ? 3 : 1;
}

/** The CPU time of a sample at one size. */
export function measure({ run }: Sample, n: number): Measured {
  const times: number[] = [];
  let outcome: Outcome = { findings: 0, characters: 0 };
  for (let i = 0; i < repeats(n); i++) {
    const start = process.cpuUsage();
    outcome = run(n);
    const { user, system } = process.cpuUsage(start);
    times.push((user + system) / 1000);
  }
  times.sort((a, b) => a - b);
  return { n, cpu: times[times.length >> 1] ?? 0, ...outcome };
}

/** How much more an item costs at the largest size than at 100; 1 is linear. */
export function growthOf(all: readonly Measured[]): number | undefined {
  const small = all.find(({ n }) => n === 100);
  const large = all.at(-1);
  if (small === undefined || large === undefined || large.n <= small.n) return undefined;
  return large.cpu / large.n / (small.cpu / small.n);
}
