/** The program `cdk8s-talos-cilium`, short `talos-cilium`: its commands and how it ends. */
import { Command, CommanderError } from 'commander';
import { COMMANDS } from './commands';
import { packageVersion } from './package-version';
import { EXIT, ended } from './terminal';
import type { Exit } from './terminal';

/** Runs the program. @param args without those that start Node. @returns how it ended. */
export async function runProgram(args: readonly string[]): Promise<Exit> {
  const ending: { exit: Exit } = { exit: EXIT.ok };
  const root = program(args[0], async (work) => {
    ending.exit = await ended(work);
  });
  try {
    await root.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.misused;
  }
  return ending.exit;
}

/**
 * The program with its commands.
 * @param command the only one that is needed. @default - all
 */
export function program(
  command?: string,
  run: (work: () => Exit | Promise<Exit>) => Promise<void> = () => Promise.resolve(),
): Command {
  const root = new Command('cdk8s-talos-cilium')
    .description('Cilium for Talos Linux, without Helm: what to know of your values before they reach a cluster.')
    .version(packageVersion())
    .showHelpAfterError('(--help shows all options)')
    // --version after a command is the release of Cilium.
    .enablePositionalOptions()
    .exitOverride();
  // Completion describes all of them.
  const named = Object.entries(COMMANDS).filter(([name]) => name === command && name !== 'completion');
  for (const [, load] of named.length > 0 ? named : Object.entries(COMMANDS)) load()(root, run);
  return root;
}
