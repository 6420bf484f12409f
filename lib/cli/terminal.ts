/** What every command shares: results go to standard output, words to standard error, and the exit code says how it ended. */
import { writeSync } from 'node:fs';
import type { Command } from 'commander';
import type { PlacedFinding } from '../inputs/places';
import { CiliumError } from '../rules/finding';
import { printable } from '../rules/readable';
import { describePlaced, wantsColour } from './formats';

/** How a command ended: without an error; with an error or a difference; used wrongly. */
export const EXIT = { ok: 0, failed: 1, misused: 2 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** Adds a command. `run` gets the work that it does. */
export type AddCommand = (program: Command, run: (work: () => Exit | Promise<Exit>) => Promise<void>) => void;

/** Why a command cannot go on, in one sentence. */
export class CommandError extends Error {
  /** @param exit wrong use unless another is given. */
  constructor(
    message: string,
    readonly exit: Exit = EXIT.misused,
  ) {
    super(message);
  }
}

/** Standard output. Text is written at once: the stream of Node takes longer to load than some renders take. */
export const standardOutput = {
  /** `| head` reads no more: the program ends. A pipe that is full, and not waited for by the system, is tried again. */
  write(text: string): void {
    for (let rest = Buffer.from(text); rest.length > 0;) {
      try {
        rest = rest.subarray(writeSync(1, rest));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EPIPE') process.exit();
        if (code !== 'EAGAIN') throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
      }
    }
  },
};

/** Prints a result. */
export function print(text: string): void {
  standardOutput.write(`${text}\n`);
}

/** Prints words about the work; what they quote cannot change the terminal. */
export function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/**
 * Prints findings for people.
 * @param sources the texts of the inputs: on a terminal the line of a finding is printed with it.
 */
export function sayFindings(findings: readonly PlacedFinding[], sources?: ReadonlyMap<string, string>): void {
  const hasColour = wantsColour(process.stderr);
  const lines = process.stderr.isTTY || hasColour ? sources : undefined;
  for (const finding of findings) process.stderr.write(`${describePlaced(finding, { sources: lines, hasColour })}\n`);
}

/** Runs a command; an error becomes words and an exit code. */
export async function ended(run: () => Exit | Promise<Exit>): Promise<Exit> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof CiliumError) {
      if (error.findings.some((finding) => 'place' in finding)) {
        say(`${error.subject}:`);
        sayFindings(error.findings);
      } else say(error.message);
      return EXIT.failed;
    }
    if (error instanceof CommandError) {
      say(`error: ${error.message}`);
      return error.exit;
    }
    // A file or folder that cannot be written.
    const { syscall, path, message } = error as NodeJS.ErrnoException;
    if (syscall !== undefined && path !== undefined) {
      say(`error: ${message}`);
      return EXIT.failed;
    }
    throw error;
  }
}
