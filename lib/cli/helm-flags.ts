/** The flags of `helm template`, of Helm 3 and Helm 4; `__tests__/cli/helm-flags.json` has what their `--help` lists. */
import { Option } from 'commander';
import type { Command } from 'commander';
import { CommandError } from './terminal';

/** What a flag of Helm means here: `same` as in Helm, `none`, a `cluster` that is not contacted, or `refused`. */
export type FlagMeaning = 'same' | 'none' | 'cluster' | 'refused';

/** A flag that no other command has. */
interface HelmFlag {
  /** As commander writes it: `-s, --show-only <template>`, `--wait [strategy]`. */
  readonly flags: string;
  readonly meaning: FlagMeaning;
  /** Shown in `--help`; flags without effect are not. */
  readonly about?: string;
  /** The value of a flag that is written without one. */
  readonly implied?: string;
  readonly isRepeatable?: true;
}

const none = (flags: string, implied?: string): HelmFlag => ({
  flags,
  meaning: 'none',
  ...(implied !== undefined && { implied }),
});

const FLAGS: readonly HelmFlag[] = [
  {
    flags: '-s, --show-only <template>',
    meaning: 'same',
    about: 'only the documents of a template, templates/cilium-agent/*.yaml; repeat it',
    isRepeatable: true,
  },
  { flags: '--output-dir <folder>', meaning: 'same', about: 'write the files that Helm writes, instead of printing' },
  { flags: '--release-name', meaning: 'same', about: 'the name of the release is a folder in --output-dir' },
  { flags: '--no-hooks', meaning: 'same', about: 'leave hooks out' },
  // Cilium's chart has no definitions, no tests, and nothing that depends on the name of the release or on upgrades.
  { flags: '-g, --generate-name', meaning: 'same' },
  { flags: '--name-template <template>', meaning: 'same' },
  { flags: '--include-crds', meaning: 'same' },
  { flags: '--skip-crds', meaning: 'same' },
  { flags: '--skip-tests', meaning: 'same' },
  { flags: '--is-upgrade', meaning: 'same' },
  { flags: '--post-renderer <program>', meaning: 'refused' },
  { flags: '--post-renderer-args <argument>', meaning: 'refused', isRepeatable: true },
  { flags: '--validate', meaning: 'cluster' },
  { flags: '--dry-run [strategy]', meaning: 'cluster', implied: 'client' },
  none('--atomic'),
  none('--burst-limit <number>'),
  none('--ca-file <file>'),
  none('--cert-file <file>'),
  none('--color <when>'),
  none('--colour <when>'),
  none('--content-cache <folder>'),
  none('--create-namespace'),
  none('--debug'),
  none('--dependency-update'),
  none('--description <text>'),
  none('--devel'),
  none('--disable-openapi-validation'),
  none('--enable-dns'),
  none('--force'),
  none('--force-conflicts'),
  none('--force-replace'),
  none('--hide-notes'),
  none('--insecure-skip-tls-verify'),
  none('--key-file <file>'),
  none('--keyring <file>'),
  none('--kube-apiserver <address>'),
  { flags: '--kube-as-group <group>', meaning: 'none', isRepeatable: true },
  none('--kube-as-user <user>'),
  none('--kube-ca-file <file>'),
  none('--kube-context <name>'),
  none('--kube-insecure-skip-tls-verify'),
  none('--kube-tls-server-name <name>'),
  none('--kube-token <token>'),
  none('--kubeconfig <file>'),
  { flags: '-l, --labels <labels>', meaning: 'none', isRepeatable: true },
  none('--pass-credentials'),
  none('--password <password>'),
  none('--plain-http'),
  none('--qps <number>'),
  none('--registry-config <file>'),
  none('--render-subchart-notes'),
  none('--replace'),
  none('--repo <url>'),
  none('--repository-cache <folder>'),
  none('--repository-config <file>'),
  none('--rollback-on-failure'),
  none('--server-side'),
  none('--skip-schema-validation'),
  none('--take-ownership'),
  none('--timeout <duration>'),
  none('--username <name>'),
  none('--verify'),
  none('--wait [strategy]', 'watcher'),
  none('--wait-for-jobs'),
];

const OPTIONS = FLAGS.map((flag): { readonly option: Option; readonly meaning: FlagMeaning } => {
  const option = new Option(flag.flags, flag.about);
  if (flag.about === undefined) option.hideHelp();
  if (flag.implied !== undefined) option.preset(flag.implied);
  if (flag.isRepeatable)
    option.argParser((item: string, items: readonly string[] | undefined) => [...(items ?? []), item]);
  return { option, meaning: flag.meaning };
});

/** Adds the flags to a command. */
export function addHelmFlags(command: Command): Command {
  for (const { option } of OPTIONS) command.addOption(option);
  return command;
}

/** The flags without effect that are written, by name. @throws CommandError for one that cannot be honoured. */
export function flagsWithoutEffect(command: Command): readonly string[] {
  const given = OPTIONS.filter(({ option }) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const refused = given.filter(({ meaning }) => meaning === 'refused').map(({ option }) => option.long);
  if (refused.length > 0)
    throw new CommandError(
      `${refused.join(' and ')} cannot be honoured, because no other program is run. Pipe the output into the program.`,
    );
  return given
    .filter(({ option, meaning }) =>
      meaning === 'none'
        ? command.getOptionValue(option.attributeName()) !== 'false'
        : meaning === 'cluster' && !isClient(command, option),
    )
    .map(({ option }) => option.long ?? '');
}

/** `--dry-run` and `--dry-run=client` are what `template` does anyway. */
function isClient(command: Command, option: Option): boolean {
  const value: unknown = command.getOptionValue(option.attributeName());
  return typeof value === 'string' && /^(?:client|true|)$/.test(value);
}

/** Flags that make Helm look at a cluster. */
export const CLUSTER_FLAGS: readonly string[] = OPTIONS.filter(({ meaning }) => meaning === 'cluster').map(
  ({ option }) => option.long ?? '',
);

/** Names of the flags without effect, for `--help`. */
export const NO_EFFECT: readonly string[] = OPTIONS.filter(
  ({ meaning }) => meaning === 'none' || meaning === 'cluster',
).map(({ option }) => option.long ?? '');
