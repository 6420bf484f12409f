/** `upgrade`: what another release changes for these values, and the values for it. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { realPath } from '../app/folders';
import { restoreFolders, writeFiles } from '../app/write';
import { isFor } from '../inputs/comments';
import { describePlace, findPlace } from '../inputs/places';
import { newestRelease, releaseOf } from '../inputs/release';
import { rewriteValues } from '../inputs/rewrite';
import type { Edit } from '../inputs/rewrite';
import type { Json } from '../kubernetes/json';
import { minorOf, minorsOfHistory } from '../releases/history';
import { isSince, talosMinor, TALOS_MINORS } from '../talos/cluster/versions';
import { withoutV } from '../helm/semver';
import { compareReleases } from '../upgrade/route';
import { movedSettings, talosRoute } from '../upgrade/talos';
import { needsDecision, planUpgrade } from '../upgrade/upgrade';
import type { Upgrade } from '../upgrade/upgrade';
import { isSame, valueChanges } from '../upgrade/values';
import { addRequestOptions, requestOf } from './request';
import type { Request, RequestOptions } from './request';
import { withScripts } from './script';
import { CommandError, EXIT, print, say } from './terminal';
import type { AddCommand, Exit } from './terminal';
import { describeUpgrade, pathOf, plural } from './upgrade-text';
import type { PlacedChange, TalosMove } from './upgrade-text';

interface Options extends RequestOptions {
  readonly from?: string;
  readonly to?: string;
  readonly talosTo?: string;
  readonly write?: true;
  readonly json?: true;
}

/** Adds the command. */
export const addUpgrade: AddCommand = (program, run) => {
  addRequestOptions(
    program
      .command('upgrade')
      .summary('what another release changes for your values, and the values for it')
      .description(
        'Compares two releases for these values: removed, renamed and converted values, changed defaults, known faults, ' +
          'custom resources, the Gateway API, what changes in place and what restarts, and how to go back.',
      )
      .argument('[files...]', 'values files, as with --values, or a script with a line of helm')
      .option('--from <version>', 'the release that runs, 1.14.0 or newer (default: that of the input)')
      .option('--to <version>', 'the release to upgrade to (default: the newest known)')
      .option(
        '--talos-to <version>',
        'the Talos release to upgrade to: lists what moved since that of --talos or the machine config',
      )
      .option('--write', 'rewrite the files: comments, order and formatting stay; what only you can decide stays, too')
      .option('--json', 'print everything as JSON'),
  )
    .addHelpText(
      'after',
      `
Exit code: 0 nothing to decide, 1 values to decide or errors, 2 wrong use.

Examples:
  $ cdk8s-talos-cilium upgrade --from 1.16.5 --to 1.19.6 -f values.yaml
  $ cdk8s-talos-cilium upgrade --from 1.14.2 -f base.yaml -f prod.yaml --write
  $ cdk8s-talos-cilium upgrade --from 1.15.2 --set kubeProxyReplacement=strict,tunnel=vxlan
  $ cdk8s-talos-cilium upgrade deploy.sh --to 1.19.6
  $ cdk8s-talos-cilium upgrade --to 1.20.0 -f values.yaml --machine-config controlplane.yaml --talos-to 1.14
  $ cdk8s-talos-cilium upgrade --to 1.20.0 -f helm-release.yaml --talos 1.14 --json`,
    )
    .action((files: readonly string[], options: Options) => run(() => upgrade(files, options)));
};

function upgrade(given: readonly string[], written: Options): Exit {
  if (written.version !== undefined) throw new CommandError('upgrade takes --from and --to instead of --version.');
  const { options, files } = withScripts(written, given);
  const { values = [], set, setString, setJson, setLiteral, setFile } = options;
  if (
    files.length + values.length === 0 &&
    [set, setString, setJson, setLiteral, setFile].every((one) => one === undefined)
  )
    throw new CommandError('name a values file, -f values.yaml, a script with a line of helm, or values, --set.');
  restore([...files, ...values].flatMap((file) => file.split(',')));
  // The release that runs decides how inputs are read.
  const request = requestOf(
    {
      ...options,
      ...(options.from !== undefined && { version: options.from }),
      withoutVersion: 'write --from: the input does not name a release.',
    },
    files,
  );
  const to = targetOf(options.to);
  const from = request.version;
  check(from, to);
  const talos = options.talosTo === undefined ? undefined : talosMove(request, withoutV(options.talosTo) ?? '');
  const plan = acknowledged(planOf(request, to), request);
  const changes = placedChanges(request, to);
  const isTalos = request.talos !== undefined;
  if (options.json) print(JSON.stringify({ ...jsonOf(plan, changes), ...(talos && { talos }) }, undefined, 2));
  else print(describeUpgrade(plan, changes, { placeOf: request.placeOf, isTalos, talos }));
  const left = options.write ? write(changes) : 0;
  return needsDecision(plan) || left > 0 ? EXIT.failed : EXIT.ok;
}

/** What moves in machine configs: with machine configs, only what they write. */
function talosMove({ talos, writesTalos }: Request, to: string): TalosMove {
  if (talos === undefined) throw new CommandError('--talos-to needs the running release: --talos or --machine-config.');
  const from = talos.talosVersion;
  if (talosMinor(to) === undefined)
    throw new CommandError(`Talos '${to}' is not known here; known are ${TALOS_MINORS.join(', ')}.`);
  if (!isSince(to, from)) throw new CommandError(`Talos ${to} is older than ${from}.`);
  const moved = movedSettings(from, to).filter(({ section }) => writesTalos === undefined || writesTalos(section));
  return { from, to, route: talosRoute(from, to), moved };
}

function planOf(
  { version, placed, namespace, kubeVersion, apiVersions, talos, imageRegistry }: Request,
  to: string,
): Upgrade {
  const { values } = placed;
  return planUpgrade({ from: version, to, values, namespace, kubeVersion, apiVersions, talos, imageRegistry });
}

/** Without findings that the user accepts. */
function acknowledged(plan: Upgrade, { acknowledge, placed }: Request): Upgrade {
  const findings = plan.findings.filter((finding) => !acknowledge.some((one) => isFor(one, finding, placed.places)));
  return { ...plan, findings };
}

function targetOf(written: string | undefined): string {
  const to = written === undefined ? newestRelease() : releaseOf(written);
  if (to === undefined) throw new CommandError(`'${written ?? ''}' is not a release such as 1.19.6.`);
  if (written === undefined) say(`No --to: Cilium ${to}, the newest release that is known here.`);
  return to;
}

function check(from: string, to: string): void {
  const minors = minorsOfHistory();
  for (const release of [from, to])
    if (!minors.includes(minorOf(release)))
      throw new CommandError(`Cilium ${release} is not known here; known are ${minors.join(', ')}.`);
  if (compareReleases(to, from) < 0)
    throw new CommandError(`${to} is older than ${from}; diff ${from} ${to} shows what going back changes.`);
}

/** The changes of each input, as layers are changed one by one, and those of options. */
function placedChanges({ version: from, placed, layers }: Request, to: string): readonly PlacedChange[] {
  const seen = new Set<string>();
  return [...layers, placed].flatMap(({ values, places }) =>
    valueChanges(values, { from, to, all: placed.values }).flatMap((change): readonly PlacedChange[] => {
      const { place } = findPlace(places, pathOf(change.path));
      const key = JSON.stringify([place, change.path]);
      if (seen.has(key)) return [];
      seen.add(key);
      return [{ ...change, place }];
    }),
  );
}

/** Rewrites the files: all, or none. Returns how many changes cannot be made in place. */
function write(changes: readonly PlacedChange[]): number {
  const done = changes.filter(({ outcome }) => outcome !== 'kept');
  const [inFiles, elsewhere] = [done.filter(isInFile), done.filter((change) => !isInFile(change))];
  const leave = ({ place }: PlacedChange, reason: string): void => {
    say(`${describePlace(place)}: ${reason} Change it by hand.`);
  };
  for (const change of elsewhere) say(`${describePlace(change.place)}: ${byHand(change)}`);
  let left = elsewhere.length;
  const texts = new Map<string, string>();
  for (const file of new Set(inFiles.map(({ place }) => place.file))) {
    const edits = inFiles.filter(({ place }) => place.file === file).map((change) => ({ ...editOf(change), change }));
    const { text, refused } = rewriteValues(readFileSync(file, 'utf8'), edits);
    for (const { edit, reason } of refused) leave((edit as (typeof edits)[number]).change, reason);
    left += refused.length;
    if (refused.length < edits.length) texts.set(file, text);
  }
  const planned = [...texts].map(([file, text]) => ({ path: realpathSync(file), text }));
  writeFiles([...new Set(planned.map(({ path }) => dirname(path)))], planned);
  say(`${plural(done.length - left, 'value')} rewritten in ${plural(texts.size, 'file')}.`);
  return left;
}

/** What is written in place of a value that an option sets. */
function byHand({ place, into }: PlacedChange): string {
  const expressions = Object.entries(into).map(([path, value]) => setOption(path, value));
  const written = /^--set/.test(place.file) ? '' : ' This value is not in a file.';
  return expressions.length === 0
    ? `${written} Remove it.`.trim()
    : `${written} Write ${expressions.join(' ')} instead.`.trim();
}

/** A value as an option of Helm, quoted for a shell. */
function setOption(path: string, value: Json): string {
  const isPlain = typeof value === 'boolean' || typeof value === 'number';
  return isPlain
    ? `--set ${path}=${String(value)}`
    : typeof value === 'string'
      ? `--set-string ${quoted(`${path}=${value.replace(/[\\,]/g, '\\$&')}`)}`
      : `--set-json ${quoted(`${path}=${JSON.stringify(value)}`)}`;
}

function quoted(text: string): string {
  return /^[\w.=/:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function isInFile({ place }: PlacedChange): boolean {
  return place.line > 0 && !place.file.startsWith('<');
}

function editOf({ path, place, into }: PlacedChange): Edit {
  const isHere = isSame(path, into);
  return {
    path,
    place,
    into: Object.entries(into).map(([other, value]) => ({ path: isHere ? path : other.split('.'), value })),
  };
}

/** Puts back what an interrupted run moved aside, before the files are read. */
function restore(files: readonly string[]): void {
  restoreFolders(files.filter((file) => file !== '-').map((file) => dirname(realPath(file))));
}

function jsonOf(plan: Upgrade, changes: readonly PlacedChange[]): object {
  return {
    ...plan,
    values: changes.map(({ path, place, ...change }) => ({
      path: pathOf(path),
      file: place.file,
      line: place.line,
      column: place.column,
      ...change,
    })),
  };
}
