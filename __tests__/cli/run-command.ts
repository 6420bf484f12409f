import { runProgram } from '../../lib/cli/program';
import { standardOutput } from '../../lib/cli/terminal';
import type { Exit } from '../../lib/cli/terminal';

/** What a command printed, and how it ended. */
export interface Ended {
  readonly exit: Exit;
  readonly out: string;
  readonly err: string;
}

/** Runs a command of the program in this process, as `talos-cilium …` does. */
export async function runCommand(...args: readonly string[]): Promise<Ended> {
  const written = { out: '', err: '' };
  const spies = [
    jest.spyOn(standardOutput, 'write').mockImplementation((text) => void (written.out += text)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((written.err += String(text)))),
  ];
  try {
    return { exit: await runProgram(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
