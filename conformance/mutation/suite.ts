import { readFileSync, readdirSync } from 'node:fs';
import Module from 'node:module';
import { join, sep } from 'node:path';
import { inspect } from 'node:util';
import { expect } from 'expect';
import { transformSync } from '@swc/core';
import { WHOLE } from './rooms';

/*
 * The quick tests in this process, without jest: files that need no mock, with describe, it and each as jest has them. The library
 * and the tests are loaded anew by `reset`, which takes half a second: compiled text is kept, packages stay loaded.
 */

export interface Test {
  readonly id: string;
  readonly run: () => Promise<void>;
}

type Work = (...args: readonly unknown[]) => unknown;
type Table = readonly unknown[];

/** Hooks of a describe block and of those around it. */
interface Hooks {
  readonly before: readonly Work[];
  readonly after: readonly Work[];
}

const compiled = new Map<string, string>();

export class Suite {
  /** Files of tests, below `__tests__`. */
  public readonly files: readonly string[];
  private readonly loaded = new Map<string, readonly Test[]>();
  private ends: Work[] = [];

  public constructor(private readonly root: string) {
    const tests = join(root, '__tests__');
    this.files = readdirSync(tests, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll(sep, '/'))
      .filter((file) => /\.test\.ts$/.test(file) && !/\.slow\.test\.ts$/.test(file))
      .filter((file) => !/\bjest\.\w/.test(readFileSync(join(tests, file), 'utf8')))
      .sort();
    compileBelow(root);
  }

  /** Forgets every module of the project. */
  public reset(): void {
    for (const file of Object.keys(require.cache)) if (this.isOurs(file)) Reflect.deleteProperty(require.cache, file);
    module.children = module.children.filter(({ filename }) => !this.isOurs(filename));
    this.loaded.clear();
  }

  /** Loads a file of the project, named from the root. */
  public load(file: string): unknown {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import could not be loaded again
    return require(join(this.root, file)) as unknown;
  }

  /** The tests of a file, below `__tests__`. */
  public testsOf(file: string): readonly Test[] {
    const known = this.loaded.get(file);
    if (known !== undefined) return known;
    const tests = this.collected(file);
    this.loaded.set(file, tests);
    return tests;
  }

  /** Runs what test files registered for their end. */
  public async end(): Promise<void> {
    for (const work of this.ends.splice(0)) await work();
  }

  private isOurs(file: string): boolean {
    return file.startsWith(this.root + sep) && !file.includes(`${sep}node_modules${sep}`);
  }

  private collected(file: string): readonly Test[] {
    const tests: Test[] = [];
    const names: string[] = [file];
    const count = new Map<string, number>();
    let hooks: Hooks = { before: [], after: [] };
    const it = (name: string, work: Work): void => {
      const full = [...names, name].join(' > ');
      const before = count.get(full) ?? 0;
      count.set(full, before + 1);
      const around = hooks;
      tests.push({
        id: before === 0 ? full : `${full} #${String(before + 1)}`,
        run: async () => {
          for (const hook of around.before) await hook();
          try {
            await work();
          } finally {
            for (const hook of around.after) await hook();
          }
        },
      });
    };
    const describe = (name: string, block: Work): void => {
      const outside = hooks;
      names.push(name);
      block();
      names.pop();
      hooks = outside;
    };
    const skipped = Object.assign(() => undefined, { each: () => () => undefined });
    const test = Object.assign(it, { each: each(it), skip: skipped });
    Object.assign(globalThis, {
      expect,
      it: test,
      test,
      describe: Object.assign(describe, { each: each(describe), skip: skipped }),
      beforeEach: (work: Work) => (hooks = { ...hooks, before: [...hooks.before, work] }),
      beforeAll: (work: Work) => (hooks = { ...hooks, before: [...hooks.before, once(work)] }),
      afterEach: (work: Work) => (hooks = { ...hooks, after: [work, ...hooks.after] }),
      afterAll: (work: Work) => this.ends.push(work),
    });
    // Read anew by each file: it says whether tables are whole.
    Reflect.deleteProperty(require.cache, join(this.root, '__tests__', 'speed.ts'));
    if (WHOLE.test(file)) process.env.TESTS = 'all';
    else delete process.env.TESTS;
    this.load(join('__tests__', file));
    return tests;
  }
}

/** Rows of a table as jest's `each`; the first field of a row is part of the name. */
function each(register: (name: string, work: Work) => void) {
  return (table: Table) =>
    (name: string, work: Work): void => {
      for (const row of table) {
        const args: Table = Array.isArray(row) ? row : [row];
        const [first] = args;
        const label = typeof first === 'string' ? first : inspect(first, { depth: 1, breakLength: Infinity });
        register(`${name} [${label.slice(0, 100)}]`, () => work(...args));
      }
    };
}

function once(work: Work): Work {
  let isDone = false;
  return () => {
    if (isDone) return undefined;
    isDone = true;
    return work();
  };
}

/** TypeScript below a folder is compiled as jest does it, once in the life of the process. */
function compileBelow(root: string): void {
  const { _extensions: extensions } = Module as unknown as {
    readonly _extensions: Record<
      string,
      (module: { _compile(text: string, file: string): void }, file: string) => void
    >;
  };
  const others = extensions['.ts'];
  extensions['.ts'] = (module, file) => {
    if (!file.startsWith(root + sep)) {
      others?.(module, file);
      return;
    }
    const text = compiled.get(file) ?? compile(file);
    compiled.set(file, text);
    module._compile(text, file);
  };
}

function compile(file: string): string {
  return transformSync(readFileSync(file, 'utf8'), {
    filename: file,
    swcrc: false,
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  }).code;
}
