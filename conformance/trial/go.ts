import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program in Go that answers each line of JSON with one. */
export class GoReader<A> {
  private readonly waiting: ((answer: A) => void)[] = [];
  private constructor(private readonly child: ChildProcess) {
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.waiting.shift()?.(JSON.parse(line) as A);
    });
  }

  /** Builds and starts a program of conformance/. @returns nothing where Go is not there */
  static start<A>(folder: string, args: readonly string[] = []): GoReader<A> | undefined {
    const here = join(__dirname, '..');
    try {
      const binary = execFileSync('bash', [join(here, 'go-binary'), join(here, folder)], { encoding: 'utf8' }).trim();
      return new GoReader(spawn(binary, args, { stdio: ['pipe', 'pipe', 'ignore'] }));
    } catch {
      return undefined;
    }
  }

  /** Asks, and waits for the answer. */
  ask(job: unknown): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.child.exitCode !== null) reject(new Error('The program in Go has ended.'));
      this.waiting.push(resolve);
      this.child.stdin?.write(`${JSON.stringify(job)}\n`);
    });
  }

  stop(): void {
    this.child.kill();
  }
}
