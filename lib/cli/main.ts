#!/usr/bin/env node
import { Command } from 'commander';
import { addCheck } from './check';
import { packageVersion } from './package-version';
import { EXIT, ended } from './terminal';
import { addVerify } from './verify';

/** One file per command: each adds itself, and runs through `ended`. */
const COMMANDS = [addCheck, addVerify] as const;

/** The program `cdk8s-talos-cilium`, short `talos-cilium`. */
function program(): Command {
  const root = new Command('cdk8s-talos-cilium')
    .description('Cilium for Talos Linux, without Helm: what to know of your values before they reach a cluster.')
    .version(packageVersion())
    .showHelpAfterError('(--help shows all options)')
    // --version after a command is the release of Cilium.
    .enablePositionalOptions()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.misused));
  for (const add of COMMANDS)
    add(root, async (work) => {
      process.exitCode = await ended(work);
    });
  return root;
}

void program().parseAsync();
