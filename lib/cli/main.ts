#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addImport } from './import';
import { EXIT, ended } from './terminal';
import { addVerify } from './verify';

/** One file per command: each adds itself, and runs through `ended`. */
const COMMANDS = [addImport, addVerify] as const;

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

/** The nearest package.json, from the sources and from build/ alike. */
function packageVersion(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8')) as {
        readonly name: string;
        readonly version: string;
      };
      if (name === 'cdk8s-talos-cilium') return version;
    } catch {
      // Not there: one folder up.
    }
  }
  return 'unknown';
}

void program().parseAsync();
