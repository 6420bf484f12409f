import { runProgram } from '../../lib/cli/program';
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
  const spies = (['out', 'err'] as const).map((name) =>
    jest.spyOn(process[`std${name}`], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    return { exit: await runProgram(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
