import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runMain } from '../run-main';
import { AREAS } from './areas';
import type { Message } from './child';
import { BUDGET, caseAt } from './runner';
import type { Found, Order, Result } from './runner';

/*
 * npm run trial: hostile input at random, for minutes. Each call either ends with a CiliumError whose findings can be read, or gives
 * what is right; the same twice, within its budgets. A fault is reduced to a small program. See README.md.
 */

const USAGE = `npm run trial -- [--minutes N] [--seed N] [--only AREA[,AREA]] [--batch N] [--known REGEXP]

${AREAS.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join('\n')}
`;

/** A process that does not get on with one case is ended: a budget for what never ends, which machines under load reach later. */
const HUNG = 6 * BUDGET.seconds * 1_000;
/** Megabytes of the heap. */
const HEAP = 2_048;

async function main(): Promise<number> {
  const { values: options } = parseArgs({
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      only: { type: 'string' },
      batch: { type: 'string' },
      known: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const [minutes, seed] = [Number(options.minutes), Number(options.seed)];
  const names = options.only?.split(',') ?? AREAS.map(({ name }) => name);
  const unknown = names.filter((name) => !AREAS.some((area) => area.name === name));
  if (options.help || unknown.length > 0 || !(minutes > 0) || !Number.isSafeInteger(seed)) {
    console.error(`${unknown.length > 0 ? `Unknown area ${unknown.join(', ')}.\n` : ''}${USAGE}`);
    return options.help ? 0 : 2;
  }
  console.log(`trial: --seed ${String(seed)} --minutes ${String(minutes)}, ${names.join(', ')}`);
  const orders = names.map((area): Order => ({
    area,
    seed,
    time: (minutes * 60_000) / names.length,
    from: Number(options.batch ?? 0),
    isOne: options.batch !== undefined,
    known: options.known,
  }));
  const { found, results } = await tryAll(orders);
  console.log(`\n${table(results, found)}`);
  console.log(
    found.length === 0
      ? `trial: no fault (--seed ${String(seed)})`
      : `trial: ${String(found.length)} faults (--seed ${String(seed)})`,
  );
  return found.length === 0 ? 0 : 1;
}

interface Trial {
  readonly found: readonly Found[];
  readonly results: readonly Result[];
}

/** Runs the orders in processes, one after the other: a new one when one ended too early. */
async function tryAll(orders: readonly Order[]): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), 'trial-'));
  const found: Found[] = [];
  const results: Result[] = [];
  let left = orders;
  try {
    while (left.length > 0) {
      const ended = await runChild(left, join(folder, 'state'), found, results);
      left = left.filter(({ area }) => !ended.done.includes(area));
      const [order, ...rest] = left;
      if (order === undefined) break;
      if (ended.started !== order.area)
        throw new Error(`The process of the trial ended before ${order.area}: ${ended.words}`);
      const fault = await faultOf(order, ended, readFileSync(join(folder, 'state'), 'utf8'));
      if (!found.some(({ area, kind }) => area === fault.area && kind === fault.kind)) {
        found.push(fault);
        console.log(`\n${described(fault, order.seed)}\n`);
      }
      const time = order.time - ended.milliseconds;
      left = order.isOne || time < 1_000 ? rest : [{ ...order, time, from: fault.batch + 1 }, ...rest];
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { found, results };
}

interface Ending {
  readonly done: readonly string[];
  readonly started: string | undefined;
  readonly words: string;
  readonly milliseconds: number;
  readonly isHung: boolean;
}

function runChild(orders: readonly Order[], state: string, found: Found[], results: Result[]): Promise<Ending> {
  const child = fork(join(__dirname, 'child.ts'), [JSON.stringify(orders), state], {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${String(HEAP)}`],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let [words, isHung, begun] = ['', false, Date.now()];
  let started: string | undefined;
  const done: string[] = [];
  const foundOne = (one: Found): void => {
    found.push(one);
    console.log(`\n${described(one, orders[0]?.seed ?? 0)}\n`);
  };
  const latest = new Map<string, Result>();
  child.stderr?.on('data', (text: Buffer) => (words = `${words}${text.toString()}`.slice(-4_000)));
  child.on('message', (message: Message) => {
    if ('started' in message) [started, begun] = [message.started, Date.now()];
    if ('started' in message)
      console.log(`${message.started}${message.judges === undefined ? '' : ` (${message.judges})`} …`);
    if ('found' in message) foundOne(message.found);
    if ('result' in message) latest.set(message.result.area, message.result);
    if ('done' in message) done.push(message.done);
  });
  const watch = setInterval(() => {
    const at = Number(readState(state)[2] ?? 0);
    if (at === 0 || Date.now() - Math.max(at, begun) < HUNG) return;
    isHung = true;
    child.kill('SIGKILL');
  }, 1_000);
  return new Promise((resolve) => {
    child.on('exit', () => {
      clearInterval(watch);
      results.push(...latest.values());
      resolve({ done, started, words, milliseconds: Date.now() - begun, isHung });
    });
  });
}

function readState(state: string): readonly string[] {
  try {
    return readFileSync(state, 'utf8').trim().split(' ');
  } catch {
    return [];
  }
}

async function faultOf(order: Order, { words, isHung }: Ending, state: string): Promise<Found> {
  const [batch = 0, index = 0] = state.trim().split(' ').map(Number);
  const area = AREAS.find(({ name }) => name === order.area);
  const why = /heap out of memory/.test(words) ? `the heap of ${String(HEAP)} MB is exhausted` : 'the process ends';
  return {
    area: order.area,
    batch,
    kind: isHung ? 'a case does not end' : why,
    detail: isHung ? `${String(HUNG / 1_000)} s without an answer` : words.trim().split('\n').slice(-12).join('\n'),
    program: area === undefined ? '' : (await caseAt(area, order.seed, batch, index)).slice(0, 4_000),
  };
}

function described({ area, batch, kind, detail, program }: Found, seed: number): string {
  const indented = (text: string): string => text.replace(/^/gm, '    ');
  return `✗ ${area}: ${kind}\n${indented(detail)}\n${indented(program)}\n    again: npm run trial -- --seed ${String(seed)} --only ${area} --batch ${String(batch)}`;
}

/** One line per area, of all processes that tried it; cases a minute are those of a minute of CPU. */
function table(results: readonly Result[], found: readonly Found[]): string {
  return [...new Set(results.map(({ area }) => area))]
    .map((area) => {
      const own = results.filter((result) => result.area === area);
      const sum = (of: (result: Result) => number): number => own.reduce((total, result) => total + of(result), 0);
      const faults = found.filter((one) => one.area === area).length;
      const met = sum(({ counts }) => Object.values(counts).reduce((total, count) => total + count, 0));
      const cases = sum((result) => result.cases);
      const perMinute = Math.round(
        (cases /
          Math.max(
            sum((result) => result.seconds),
            0.001,
          )) *
          60,
      );
      const [slowest] = own.map((result) => result.slowest).sort((a, b) => b.seconds - a.seconds);
      const memory = Math.max(...own.map((result) => result.memory));
      return [
        `${area.padEnd(14)}${String(cases).padStart(8)} cases (${String(perMinute)} a minute), ${String(faults)} faults (${String(met)} cases), up to ${String(memory)} MB`,
        `    slowest, ${(slowest?.seconds ?? 0).toFixed(1)} s: ${shortened(slowest?.program ?? '')}`,
      ].join('\n');
    })
    .join('\n');
}

/** The end of a program, where the call is. */
function shortened(program: string): string {
  const line = program.replace(/\s*\n\s*/g, ' ');
  return line.length > 300 ? `…${line.slice(-300)}` : line;
}

runMain(main);
