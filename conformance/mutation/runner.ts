import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { ROOMS } from './rooms';
import type { Room } from './rooms';
import { Suite } from './suite';
import { rowsFor } from './sweep-rows';
import type { Sweep, SweepRow } from './sweep-rows';

/*
 * Stryker's test runner: all mutants are in the instrumented sources, and one is switched on by its number. Each mutant gets the
 * library and the tests loaded anew with it switched on, so that no memo of another run hides it or outlives it.
 */

/** What Stryker's instrumentation reads and counts. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: object | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
}

const state = ((globalThis as { __stryker__?: Instrumented }).__stryker__ ??= {});

/** The sweep over single values, as Stryker knows it: it runs for each mutant of a room that is swept. */
const SWEEP = 'sweep';

/** Of the examples of rules, those of other files than the mutated ones: one in so many. */
const EVERY = 12;

/** What this runner uses of `@stryker-mutator/api/test-runner`, whose types are of an ECMAScript module. */
interface TestResult {
  readonly id: string;
  readonly name: string;
  /** 0: it passed, 1: it failed. */
  readonly status: 0 | 1;
  readonly timeSpentMs: number;
  readonly failureMessage?: string;
}

interface DryRunResult {
  readonly status: 'complete';
  readonly tests: readonly TestResult[];
  readonly mutantCoverage?: object | undefined;
}

interface MutantRunOptions {
  readonly activeMutant: { readonly id: string };
  readonly sandboxFileName: string;
  readonly testFilter?: readonly string[];
  readonly hitLimit?: number;
}

type MutantRunResult =
  | { readonly status: 'timeout'; readonly reason: string }
  | {
      readonly status: 'killed';
      readonly killedBy: readonly string[];
      readonly failureMessage: string;
      readonly nrOfTests: number;
    }
  | { readonly status: 'survived'; readonly nrOfTests: number };

interface Learned {
  /** Milliseconds of each test. */
  readonly times: Readonly<Record<string, number>>;
  /** The sweep over single values. */
  readonly rows: readonly SweepRow[];
}

/** Implements `TestRunner` of `@stryker-mutator/api/test-runner`. */
export class WarmRunner {
  private readonly root = process.cwd();
  private readonly suite = new Suite(this.root);
  /** What the first run learns without a mutant: one process writes it, all read it. */
  private readonly learnedFile = join(this.root, 'learned.json');
  private learned: Learned | undefined;
  /** Tests that noticed a mutant of a file, the latest first. */
  private readonly noticed = new Map<string, readonly string[]>();

  public capabilities(): { readonly reloadEnvironment: boolean } {
    return { reloadEnvironment: true };
  }

  public async dryRun({ files: mutated = [] }: { readonly files?: readonly string[] }): Promise<DryRunResult> {
    const rooms = ROOMS.filter(({ files }) => mutated.some((file) => files.test(this.pathOf(file))));
    const texts = mutated.map((file) => readFileSync(file, 'utf8'));
    const tests: TestResult[] = [passed(SWEEP, 1)];
    const times: Record<string, number> = {};
    this.suite.reset();
    for (const file of this.sources()) this.suite.load(file);
    for (const file of this.suite.files.filter((one) => rooms.some((room) => room.tests.test(one)))) {
      // What the blocks of a file compute while it is loaded counts for all of its tests.
      state.currentTestId = file;
      tests.push(passed(file, 1));
      for (const [i, { id, run }] of this.suite.testsOf(file).entries()) {
        const rule = ruleOf(id);
        if (rule !== undefined && i % EVERY > 0 && !texts.some((text) => text.includes(`'${rule}'`))) continue;
        state.currentTestId = id;
        const start = performance.now();
        try {
          await run();
          times[id] = performance.now() - start;
          tests.push(passed(id, times[id]));
        } catch (error) {
          tests.push({ ...passed(id, 0), status: 1, failureMessage: String(error) });
        }
      }
      await this.suite.end();
    }
    state.currentTestId = undefined;
    const isSwept = rooms.some((room) => room.isSwept);
    const rows = isSwept ? (this.suite.load('conformance/mutation/sweep.ts') as Sweep).sweepRows() : [];
    writeFileSync(this.learnedFile, JSON.stringify({ times, rows }));
    return { status: 'complete', tests, mutantCoverage: state.mutantCoverage };
  }

  public async mutantRun({
    activeMutant,
    sandboxFileName,
    testFilter = [],
    hitLimit,
  }: MutantRunOptions): Promise<MutantRunResult> {
    const { rows } = (this.learned ??= JSON.parse(readFileSync(this.learnedFile, 'utf8')) as Learned);
    const text = readFileSync(sandboxFileName, 'utf8');
    const swept = this.roomOf(sandboxFileName)?.isSwept === true ? rowsFor(rows, text) : [];
    this.suite.reset();
    Object.assign(state, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    let nrOfTests = 0;
    try {
      for (const id of this.ordered(testFilter, sandboxFileName, text)) {
        const failure = id === SWEEP ? this.sweepFailure(swept) : await this.failureOf(id);
        nrOfTests += 1;
        if (failure === undefined) continue;
        if (hitLimit !== undefined && (state.hitCount ?? 0) > hitLimit)
          return { status: 'timeout', reason: 'the limit of hits' };
        this.noticed.set(sandboxFileName, [
          id,
          ...(this.noticed.get(sandboxFileName) ?? []).filter((other) => other !== id),
        ]);
        return { status: 'killed', killedBy: [id], failureMessage: failure, nrOfTests };
      }
      return { status: 'survived', nrOfTests };
    } finally {
      Object.assign(state, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
      await this.suite.end();
    }
  }

  /** The message of a test that fails: of all tests of a file for the name of the file. */
  private async failureOf(id: string): Promise<string | undefined> {
    const [file = ''] = id.split(' > ');
    try {
      const tests = this.suite.testsOf(file);
      for (const test of id === file ? tests : tests.filter((one) => one.id === id)) await test.run();
      return undefined;
    } catch (error) {
      return String(error);
    }
  }

  private sweepFailure(rows: readonly SweepRow[]): string | undefined {
    if (rows.length === 0) return undefined;
    try {
      return (this.suite.load('conformance/mutation/sweep.ts') as Sweep).firstDifferent(rows);
    } catch (error) {
      return String(error);
    }
  }

  /** The tests of the room: those that noticed other mutants of the file, the examples of its rules, the sweep, others from quick to slow. */
  private ordered(filter: readonly string[], sandboxFile: string, text: string): readonly string[] {
    const tests = this.roomOf(sandboxFile)?.tests;
    const ofRoom = filter.filter((id) => tests?.test(id.split(' > ')[0] ?? ''));
    const before = this.noticed.get(sandboxFile) ?? [];
    const rank = (id: string): number => {
      const place = before.indexOf(id);
      if (place >= 0) return place - before.length;
      const rule = ruleOf(id);
      if (rule !== undefined && text.includes(`'${rule}'`)) return 0;
      return id === SWEEP ? 1 : 2;
    };
    return [SWEEP, ...(ofRoom.length === 0 ? filter : ofRoom)]
      .map((id) => ({ id, rank: rank(id), time: this.learned?.times[id] ?? 0 }))
      .sort((a, b) => a.rank - b.rank || a.time - b.time)
      .map(({ id }) => id);
  }

  private roomOf(file: string): Room | undefined {
    const path = this.pathOf(file);
    return ROOMS.find(({ files }) => files.test(path));
  }

  private pathOf(file: string): string {
    return relative(this.root, file).replaceAll(sep, '/');
  }

  private sources(): readonly string[] {
    const files = readdirSync(join(this.root, 'lib'), { recursive: true, encoding: 'utf8' });
    const ofRooms = files.map((file) => `lib/${file}`).filter((file) => ROOMS.some((room) => room.files.test(file)));
    return ['lib/index.ts', ...ofRooms.sort()];
  }
}

/** The rule whose examples a test judges. */
function ruleOf(id: string): string | undefined {
  return /^rules\.test\.ts .*\[([a-z0-9-]+\/[^\]]+)\]$/.exec(id)?.[1];
}

function passed(id: string, timeSpentMs: number): TestResult {
  return { id, name: id, status: 0, timeSpentMs };
}
