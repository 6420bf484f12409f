/** `values`: searches the values of a release. */
import type { Command } from 'commander';
import { changesText, releasesText } from '../value-docs/describe';
import type { ValueFacts } from '../value-docs/facts';
import { searchValues } from '../value-docs/search';
import { addReleaseOptions, releaseData } from './release-data';
import type { ReleaseOptions } from './release-data';
import { EXIT, print, say } from './terminal';
import type { Exit } from './terminal';

interface Options extends ReleaseOptions {
  readonly json?: true;
}

/** Adds the command. `run` gets the work that it does. */
export function addValues(program: Command, run: (work: () => Exit) => Promise<void>): void {
  addReleaseOptions(
    program
      .command('values')
      .summary('search the values of a release')
      .description(
        'Searches the values of a Cilium release by name, sentence, and the config keys and objects that they change. ' +
          'Prints type, default, sentence and page; without a pattern one line for each value.',
      )
      .argument('[pattern...]', 'words that all occur (hubble tls), or a path with * (hubble.*.enabled)'),
  )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 values were found, 1 none was, 2 wrong use.

Examples:
  $ cdk8s-talos-cilium values masquerade
  $ cdk8s-talos-cilium values 'l2announcements.*' --version 1.19.6
  $ cdk8s-talos-cilium values --json | jq -r '.values[].path'`,
    )
    .action((pattern: readonly string[], options: Options) => run(() => values(pattern.join(' '), options)));
}

/** More values than that get one line each. */
const MOST_BLOCKS = 25;

function values(pattern: string, { json, ...release }: Options): Exit {
  const profile = releaseData(release);
  const found = searchValues(profile, pattern);
  if (json) print(JSON.stringify({ version: profile.version, values: found }, undefined, 2));
  else if (found.length > 0) print(found.map(found.length > MOST_BLOCKS ? line : block).join('\n'));
  if (found.length === 0) say(`No value of Cilium ${profile.version} matches '${pattern}'.`);
  return found.length === 0 ? EXIT.failed : EXIT.ok;
}

function line(facts: ValueFacts): string {
  return `${facts.path}  ${kindOf(facts)}`;
}

function block(facts: ValueFacts): string {
  const { path, words, page } = facts;
  const more = [words, facts.isSection ? undefined : changesText(facts), releasesText(facts), page];
  const indented = more.flatMap((text) => (text === undefined ? [] : [`    ${text}`]));
  return [`${path}  ${kindOf(facts)}`, ...indented].join('\n');
}

const LONGEST = 60;

function kindOf({ type, isSection, default: usual }: ValueFacts): string {
  if (isSection) return 'section';
  const text = usual === undefined ? '' : JSON.stringify(usual);
  return text === '' ? type : `${type}; default ${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}`;
}
