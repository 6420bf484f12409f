/** `explain`: what writes a config key or an object, from which value; what a value is. */
import type { Command } from 'commander';
import { loadProfile } from '../cilium/versions';
import { describePlace } from '../inputs/places';
import type { Json } from '../kubernetes/json';
import { changesText, few, releasesText } from '../value-docs/describe';
import { explainName } from '../value-docs/explain';
import type { Explained, Explanations } from '../value-docs/explain';
import { CHART_OPTION, chartData } from './release-data';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { Request, RequestOptions } from './request';
import { CommandError, EXIT, print, say } from './terminal';
import type { Exit } from './terminal';

interface Options extends RequestOptions {
  readonly chart?: string;
  readonly json?: true;
}

/** Adds the command. `run` gets the work that it does. */
export function addExplain(program: Command, run: (work: () => Exit) => Promise<void>): void {
  addRequestOptions(
    program
      .command('explain')
      .summary('explain a value, a key of cilium-config or an object')
      .description(
        'Explains names: the path of a value, a key of cilium-config, an object (DaemonSet/cilium), a volume or a permission. ' +
          'Who writes it, from which values, what it is by default in each release, and since when it is there.',
      )
      .argument('<name...>', 'bpf.masquerade, enable-bpf-masquerade, DaemonSet/cilium, …'),
  )
    .option(...CHART_OPTION)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 all names were found, 1 some were not, 2 wrong use.

Examples:
  $ cdk8s-talos-cilium explain enable-bpf-masquerade
  $ cdk8s-talos-cilium explain hubble.relay.enabled DaemonSet/cilium --version 1.19.6 -f values.yaml
  $ cdk8s-talos-cilium explain bpf.masquerade --chart cilium-1.20.4.tgz
  $ cdk8s-talos-cilium explain 'agent volume bpf-maps'`,
    )
    .action((names: readonly string[], options: Options) => run(() => explain(names, options)));
}

function explain(names: readonly string[], { json, chart, ...options }: Options): Exit {
  const given = chart === undefined ? undefined : chartData(chart, options.version);
  const request: Request =
    given === undefined
      ? requestOf(options)
      : { ...requestOf({ ...options, version: given.release.version }), imported: given.release, unproven: true };
  const profile = given?.profile ?? loadProfile(request.version)?.profile;
  if (profile === undefined) throw new CommandError(`Cilium ${request.version} is not known; write --version 1.19.6.`);
  const rendered = renderRequest(request).rendered;
  if (rendered === undefined) say('The values have errors (run `check`), so this is what is known without them.');
  const all = names.map((name) => ({ asked: name, ...explainName(name, { profile, rendered }) }));
  if (json) print(JSON.stringify({ version: profile.version, explanations: all }, undefined, 2));
  else {
    const blocks = all.flatMap(({ found }) => found.map((one) => block(one, request)));
    if (blocks.length > 0) print(blocks.join('\n\n'));
  }
  const missing = all.filter(({ found }) => found.length === 0);
  if (!json) for (const one of missing) say(notFound(one));
  return missing.length === 0 ? EXIT.ok : EXIT.failed;
}

function notFound({ asked, suggestions }: Explanations & { readonly asked: string }): string {
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(', ')}?`
      : 'Write the path of a value, a key of cilium-config, or an object such as DaemonSet/cilium.';
  return `Nothing has the name '${asked}'. ${hint}`;
}

const KINDS: Readonly<Record<Explained['kind'], string>> = {
  value: 'value',
  'removed value': 'value that this release does not have',
  'config key': 'key of cilium-config',
  object: 'object',
  line: 'part of an object',
};

/** One name, as a few lines. */
function block(one: Explained, request: Request): string {
  const place = one.kind === 'value' && one.now !== undefined ? writtenAt(one.name, request) : undefined;
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['', one.words],
    ['Type', one.type],
    ['Holds', one.holds === undefined ? undefined : listed(one.holds)],
    ['Written by', one.by?.join(', ')],
    ['From', one.values === undefined ? undefined : listed(one.values)],
    ['Depends on', one.switches === undefined ? undefined : listed(one.switches)],
    ['Now', one.now === undefined ? undefined : `${shown(one.now, one)}${place === undefined ? '' : ` (${place})`}`],
    ['Default', one.defaults === undefined ? undefined : defaults(one)],
    ['Releases', releasesText(one)],
    ['Changes', one.changes && changesText({ changes: one.changes })?.replace(/^Changes (.*)\.$/, '$1')],
    ['No effect', one.noEffect],
    ['Read by', one.readers === undefined ? undefined : listed(one.readers)],
    ['Page', one.page],
    ['Reference', one.reference],
  ];
  const texts = lines.flatMap(([label, text]) =>
    text === undefined || text === '' ? [] : [label === '' ? `  ${text}` : `  ${label.padEnd(11)}${text}`],
  );
  return [`${one.name} (${KINDS[one.kind]})`, ...texts].join('\n');
}

/** Where the user wrote a value itself. */
function writtenAt(path: string, { placed, placeOf }: Request): string | undefined {
  const written = path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], placed.values);
  const place = written === undefined ? undefined : placeOf(path);
  return place === undefined ? undefined : describePlace(place);
}

/** More names than that do not help in a terminal; `--json` has all. */
const MOST_NAMES = 8;

function listed(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : few(names, MOST_NAMES);
}

function defaults(one: Explained): string | undefined {
  const runs = one.defaults ?? [];
  if (runs.length === 0) return one.kind === 'value' ? undefined : shown(null, one);
  return runs.map(({ releases, value }) => `${shown(value, one)} (${releases})`).join(', ');
}

const LONGEST = 60;

function shown(value: Json | undefined, { kind }: Explained): string {
  if (kind === 'config key' || kind === 'object') {
    if (value === null) return kind === 'object' ? 'not rendered' : 'not written';
    if (kind === 'object') return value === '' ? 'rendered' : String(value);
  }
  if (value === undefined) return 'none';
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
