/** The program `cdk8s-talos-cilium`, short `talos-cilium`: its commands and how it ends. */
import { existsSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { printable } from '../rules/readable';
import { COMMANDS } from './commands';
import { packageVersion } from './package-version';
import { EXIT, ended, say, standardOutput } from './terminal';
import type { Exit } from './terminal';

/** Runs the program. @param args without those that start Node. @returns how it ended. */
export async function runProgram(args: readonly string[]): Promise<Exit> {
  const wrong = wrongStart(args);
  if (wrong !== undefined) {
    say(`error: ${wrong}`);
    return EXIT.misused;
  }
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

const HELP = `
Examples:
  $ talos-cilium check values.yaml --version 1.19.6 --talos 1.14
  $ talos-cilium template cilium cilium/cilium --version 1.19.6 --namespace kube-system --set ipam.mode=kubernetes
  $ talos-cilium explain hubble.relay.enabled
  $ talos-cilium upgrade values.yaml --from 1.18.4 --to 1.19.6
  $ talos-cilium init my-cluster

talos-cilium COMMAND --help shows the options of a command. Nothing is fetched, and no cluster is contacted.`;

/** Lines that begin with something else than a command: what to write instead. */
function wrongStart([first = '', ...others]: readonly string[]): string | undefined {
  if (Object.hasOwn(COMMANDS, first)) return undefined;
  const command = others.find((word) => Object.hasOwn(COMMANDS, word));
  if (/^-[^-]|^--./.test(first) && !/^(?:-h|--help|-V|--version)$/.test(first) && command !== undefined)
    return `${first} comes before the command. Write the options after it: talos-cilium ${command} ${first} …`;
  if (first === 'helm') return 'write talos-cilium in place of helm: talos-cilium template NAME CHART --version …';
  if (first === 'version') return '--version prints the release of this program.';
  if (/\.(?:ya?ml|json|tf|sh)$|^-$/.test(first) || existsSync(first))
    return `'${first}' is not a command. To find what is wrong in a file: talos-cilium check ${first}`;
  return undefined;
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
    .addHelpText('after', HELP)
    .showHelpAfterError('(--help shows all options)')
    // --version after a command is the release of Cilium.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => standardOutput.write(text),
      writeErr: (text) => process.stderr.write(printable(text)),
    })
    .exitOverride();
  // Completion describes all of them.
  const named = Object.entries(COMMANDS).filter(([name]) => name === command && name !== 'completion');
  for (const [, load] of named.length > 0 ? named : Object.entries(COMMANDS)) load()(root, run);
  return root;
}
