import { writeSync } from 'node:fs';
import fc from 'fast-check';
import type { Area, Fault } from './area';
import { programText } from './hostile';
import { printable } from './verdict';

/** What an area does. */
export interface Order {
  readonly area: string;
  readonly seed: number;
  /** Milliseconds. */
  readonly time: number;
  readonly from: number;
  /** One batch only. */
  readonly isOne: boolean;
  /** Kinds of faults that are known, as a regular expression: they are counted, and nothing else. */
  readonly known?: string | undefined;
}

/** Budgets of one case. */
export const BUDGET = { seconds: 10, megabytes: 600 } as const;
export const BATCH = 100;
/** How long a failing case is reduced, in milliseconds at most, and as a part of the time of its area. */
const REDUCE = { most: 30_000, part: 1 / 8 } as const;

/** A fault with its reduced case. */
export interface Found extends Fault {
  readonly area: string;
  readonly batch: number;
  readonly program: string;
}

/** How an area went in one process, up to now. */
export interface Result {
  readonly area: string;
  readonly cases: number;
  /** Seconds of CPU. */
  readonly seconds: number;
  /** How often each kind of fault was met. */
  readonly counts: Readonly<Record<string, number>>;
  readonly slowest: { readonly seconds: number; readonly program: string };
  /** Megabytes of the process at most. */
  readonly memory: number;
}

/** The seed of a batch: the same for the same trial, whatever was run before it. */
export function seedOf(seed: number, area: string, batch: number): number {
  let hash = 2166136261 ^ seed;
  for (const sign of `${area} ${String(batch)}`) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  return hash | 0;
}

/** Tries an area until its time is over. @param state descriptor of the file that names the case in progress */
export async function runArea<T>(
  area: Area<T>,
  { seed, time, from, isOne, known }: Order,
  state: number,
  report: (message: { readonly found: Found } | { readonly result: Result }) => void,
): Promise<void> {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  const counts: Record<string, number> = {};
  const isOver = (): boolean => performance.now() - begun > time;
  let [cases, batch] = [0, from];
  let slowest = { seconds: 0, program: '' };
  for (; batch === from || (!isOne && !isOver()); batch++) {
    let [calls, reducingUntil] = [0, 0];
    let found: Fault | undefined;
    const holds = async (input: T): Promise<boolean> => {
      const isReducing = found !== undefined;
      if (isReducing ? performance.now() > reducingUntil : !isOne && isOver()) return true;
      writeSync(state, `${String(batch)} ${String(calls++)} ${String(Date.now())} `.padEnd(60), 0);
      const { fault, seconds } = await judged(area, input);
      if (!isReducing) {
        cases++;
        if (seconds > slowest.seconds)
          slowest = { seconds, program: printable(programText(area.program(input))).slice(0, 1_000) };
      }
      if (fault === undefined || (isReducing && fault.kind !== found?.kind)) return true;
      if (!isReducing) {
        counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
        if (counts[fault.kind] !== 1 || (known !== undefined && new RegExp(known).test(fault.kind))) return true;
        reducingUntil = performance.now() + Math.min(REDUCE.most, time * REDUCE.part);
      }
      found = fault;
      return false;
    };
    const outcome = await fc.check(fc.asyncProperty(area.cases, holds), {
      seed: seedOf(seed, area.name, batch),
      numRuns: BATCH,
    });
    const [smallest] = outcome.counterexample ?? [];
    if (found !== undefined)
      report({
        found: {
          ...(found as Fault),
          area: area.name,
          batch,
          program: printable(programText(area.program(smallest as T))).slice(0, 4_000),
        },
      });
    const { user, system } = process.cpuUsage(cpu);
    report({
      result: { area: area.name, cases, seconds: (user + system) / 1e6, counts, slowest, memory: megabytes() },
    });
  }
}

async function judged<T>(
  area: Area<T>,
  input: T,
): Promise<{ readonly fault: Fault | undefined; readonly seconds: number }> {
  const [memory, cpu] = [megabytes(), process.cpuUsage()];
  const fault = await area.judge(input);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (user + system) / 1e6;
  const more = megabytes() - memory;
  if (fault !== undefined) return { fault, seconds };
  if (seconds > BUDGET.seconds)
    return {
      fault: { kind: `a case needs more than ${String(BUDGET.seconds)} s`, detail: `${seconds.toFixed(1)} s` },
      seconds,
    };
  if (more > BUDGET.megabytes)
    return {
      fault: { kind: `a case needs more than ${String(BUDGET.megabytes)} MB`, detail: `${more.toFixed(0)} MB` },
      seconds,
    };
  return { fault: undefined, seconds };
}

function megabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}

/** The case that was in progress when a process ended, as a program. */
export async function caseAt<T>(area: Area<T>, seed: number, batch: number, index: number): Promise<string> {
  let [calls, program] = [0, 'a smaller form of an earlier case of this batch'];
  const record = (input: T): boolean => {
    if (calls++ === index) program = printable(programText(area.program(input)));
    return true;
  };
  await fc.check(
    fc.asyncProperty(area.cases, (input) => Promise.resolve(record(input))),
    {
      seed: seedOf(seed, area.name, batch),
      numRuns: BATCH,
    },
  );
  return program;
}
