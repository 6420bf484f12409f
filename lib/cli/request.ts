/** The options that commands share, and what they select: values with their places, the release, the cluster. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { CiliumValues } from '../../imports/cilium-chart';
import { readComments } from '../inputs/comments';
import { besides } from '../inputs/files';
import { readFile } from '../inputs/load-values';
import type * as machineConfigs from '../inputs/machine-config';
import type { TalosInput } from '../inputs/machine-config';
import { changedBy } from '../inputs/places';
import type { Place, PlacedValues } from '../inputs/places';
import { inputOf, layeredInputs, readAll, readInput } from '../inputs/read';
import type { InputRelease, InputText, ValuesInput } from '../inputs/read';
import { firstOf, newestRelease, releaseOf } from '../inputs/release';
import { withoutV } from '../helm/semver';
import { decoded } from '../helm/yaml-text';
import { mapOf } from '../kubernetes/json';
import { SetError } from '../helm/strvals';
import type { SetForm } from '../helm/strvals';
import { mergeSetOptions, SET_FORMS } from '../helm/value-options';
import type { SetProblem } from '../helm/value-options';
import { CiliumError, refuseErrors } from '../rules/finding';
import type { TalosVersion } from '../talos/cluster/versions';
import { csvFields } from './csv';
import { findSettings, readSettings } from './settings';
import type { ReadSettings, Settings } from './settings';
import { OF_TALOS } from './outcome';
import type { Request } from './outcome';
import { CommandError, say } from './terminal';

export { renderRequest } from './outcome';
export type { Outcome, Request } from './outcome';

/** What the shared options parse into. */
export interface RequestOptions {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setJson?: readonly string[];
  readonly setLiteral?: readonly string[];
  readonly setFile?: readonly string[];
  readonly version?: string | undefined;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly talos?: string;
  readonly machineConfig?: readonly string[];
  readonly unknownValues?: 'error' | 'warn';
  readonly var?: readonly string[];
  readonly release?: string;
  readonly include?: readonly string[];
  /** `false` for `--no-settings`. */
  readonly settings?: string | boolean;
  readonly imageRegistry?: string;
  /** Why the command cannot go on where neither options nor inputs name a release. @default - the newest release is meant */
  readonly withoutVersion?: string;
  /** The section of an umbrella chart: the options set values of that chart. */
  readonly section?: string | undefined;
}

/** Adds the shared options to a command. */
export function addRequestOptions(command: Command): Command {
  return command
    .option(
      '-f, --values <file>',
      'values, a HelmRelease, an Application, …; repeat it, the last one wins; - is standard input',
      collect,
    )
    .option('--set <values>', 'values, a.b=1,c={x,y}, as Helm reads them; repeat it', collectWhole)
    .option('--set-string <values>', 'as --set, and every value is text', collectWhole)
    .option('--set-json <values>', 'as --set with JSON, or one JSON object', collectWhole)
    .option('--set-literal <value>', 'one value, a.b=text, in which no character has a meaning', collectWhole)
    .option('--set-file <values>', 'as --set with the texts of files', collectWhole)
    .option(
      '--version <version>',
      'Cilium release, 1.18.4 or v1.18.4 (default: that of the input, otherwise the newest known)',
    )
    .option('-n, --namespace <name>', 'namespace of the release (default: that of the input, otherwise kube-system)')
    .option('--kube-version <version>', 'Kubernetes version of the cluster')
    .option('-a, --api-versions <name>', 'an API that the cluster has; repeat it', collect)
    .option(
      '--talos <version>',
      'Talos version of the cluster, 1.14 or 1.14.1: enables the rules about Talos',
      versionOfTalos,
    )
    .option('--image-registry <registry>', 'registry of all images, with a path or without: harbor.example.org/mirror')
    .option('--machine-config <file>', 'a machine config of the Talos cluster, or a patch; repeat it', collect)
    .addOption(
      new Option('--unknown-values <level>', 'the level of values that the release does not know').choices([
        'error',
        'warn',
      ]),
    )
    .option('--var <name=value>', 'a value for a placeholder, ${NAME} or {{ name }}; repeat it', collectWhole)
    .option('--release <name>', 'the release to read, name or namespace/name, where a file has several')
    .option(
      '--include <file>',
      'a file with ConfigMaps, Secrets or sources that an input refers to; repeat it',
      collect,
    )
    .option('--settings <file>', 'the settings file (default: the nearest .talos-cilium.yaml upward)')
    .option('--no-settings', 'read no settings file');
}

/** Items of an option that may be repeated, and may list several with commas. */
function collect(item: string, items: readonly string[] = []): readonly string[] {
  return [...items, ...csvFields(item)];
}

/** A word in the form of a version; which ones are supported is a rule. */
function versionOfTalos(text: string): string {
  if (!/^v?\d+(?:\.|$)/.test(text)) throw new InvalidArgumentError('Write a Talos version, such as 1.14 or 1.14.1.');
  return text;
}

/** The texts of an option that may be repeated. */
function collectWhole(item: string, items: readonly string[] = []): readonly string[] {
  return [...items, item];
}

/**
 * Reads what the options name.
 * @param files the arguments of a command that takes files; they come before those of `--values`.
 * @throws CiliumError with every mistake of the inputs, CommandError for options.
 */
export function requestOf(options: RequestOptions, files: readonly string[] = []): Request {
  const common = readCommon(options);
  const inputs = readInputs([...files, ...(options.values ?? [])], options);
  const releases = inputs.filter(({ form }) => form !== 'values');
  if (releases.length > 1)
    throw new CommandError(
      `Only one input may be a release; these are ${releases.map(({ name, form }) => `${name} (${form})`).join(', ')}.`,
    );
  return requestFrom(inputs, options, common);
}

/**
 * Reads files that may be several releases: each HelmRelease, Application and so on is a request, and the values files together are one.
 * @param isEach every file is a request.
 * @throws CiliumError with every mistake of the inputs, CommandError for options.
 */
export function requestsOf(options: RequestOptions, files: readonly string[], isEach: boolean): readonly Request[] {
  const common = readCommon(options);
  const layers = readInputs(options.values ?? [], options);
  const inputs = readInputs(files, options);
  const alone = inputs.filter(({ form }) => isEach || form !== 'values');
  const together = inputs.filter((input) => !alone.includes(input));
  const groups = [...(together.length > 0 ? [together] : []), ...alone.map((input) => [input])];
  return (groups.length > 0 ? groups : [[]]).map((group) => requestFrom([...group, ...layers], options, common));
}

/** An input with the name of its file. */
type NamedInput = ValuesInput & { readonly name: string };

function readInputs(files: readonly string[], options: RequestOptions): readonly NamedInput[] {
  const { release, include = [] } = options;
  const variables = variablesOf(options.var ?? []);
  return readAll(files, (file) => {
    const source = readSource(file);
    return { ...readInput(source, { variables, release, include }), name: source.name };
  });
}

function variablesOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new CommandError(`--var '${text}' is not NAME=value.`);
      return [text.slice(0, at).trim(), text.slice(at + 1)];
    }),
  );
}

/** What all requests of a command share. */
interface Common {
  readonly settings: ReadSettings | undefined;
  readonly talos: TalosInput | undefined;
}

function readCommon(options: RequestOptions): Common {
  const settings = settingsOf(options);
  return { settings, talos: talosOf(options, settings) };
}

/** The settings file of the options, otherwise the nearest one. */
function settingsOf({ settings: given }: RequestOptions): ReadSettings | undefined {
  const file = typeof given === 'string' ? given : given === false ? undefined : findSettings(process.cwd());
  return file === undefined ? undefined : readSettings(shortest(file));
}

/** A file as a path from the working directory where that is below. */
function shortest(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}

function requestFrom(inputs: readonly NamedInput[], options: RequestOptions, { settings, talos }: Common): Request {
  const input = withSetOptions(layeredInputs(inputs), options, options.section);
  const set = settings?.settings ?? {};
  const { version, versionFrom } = versionOf(options, input.release, set);
  const sources = new Map(inputs.flatMap((one) => [...one.sources]));
  const comments = [...sources].map(([name, text]) => readComments(name, text));
  const found = comments.flatMap(({ findings }) => findings);
  refuseErrors(found, 'The comments cannot be read');
  const placeOf = (path: string): Place | undefined => {
    if (OF_TALOS.test(path)) return talos?.placeOf(path);
    if (path === 'version' && versionFrom === 'option')
      return { file: `--version ${options.version ?? ''}`, line: 0, column: 0 };
    if (path === 'version' && versionFrom !== 'newest')
      return versionFrom === 'input' ? input.versionPlace : settings?.placeOf('version');
    return placeOfValue(input, path);
  };
  return {
    version,
    versionFrom,
    values: input.values as CiliumValues,
    placed: input,
    layers: inputs.flatMap(({ layers }) => layers),
    releaseName: input.release?.name,
    namespace: options.namespace ?? input.release?.namespace ?? set.namespace ?? 'kube-system',
    namespaceFrom:
      options.namespace !== undefined
        ? 'option'
        : input.release?.namespace !== undefined
          ? 'input'
          : set.namespace !== undefined
            ? 'settings'
            : 'default',
    kubeVersion: withoutV(options.kubeVersion ?? input.release?.kubeVersion ?? set.kubeVersion),
    apiVersions: options.apiVersions ?? input.release?.apiVersions ?? set.apiVersions ?? [],
    unknownValues: options.unknownValues ?? set.unknownValues ?? 'error',
    talos: talos?.talos,
    isTalosAssumed: talos?.isAssumed === true,
    installed: talos?.installed,
    writesTalos: talos?.writes,
    imageRegistry: options.imageRegistry ?? set.imageRegistry,
    acknowledge: [...(settings?.acknowledged ?? []), ...comments.flatMap(({ acknowledged }) => acknowledged)],
    placeOf,
    warnings: [...input.warnings, ...found],
    names: inputs.map(({ name }) => name),
    sources,
  };
}

/** The options of a form, `set-json`, in what the command line parses into. */
function expressionsOf(options: RequestOptions, form: SetForm): readonly string[] | undefined {
  const names = {
    set: options.set,
    'set-string': options.setString,
    'set-json': options.setJson,
    'set-literal': options.setLiteral,
    'set-file': options.setFile,
  };
  return names[form];
}

/**
 * Values of `--set` and its like over those of files; what they set has the option as its place.
 * @param section of an umbrella chart, whose values the options set
 */
function withSetOptions(input: ValuesInput, options: RequestOptions, section?: string): ValuesInput {
  const problems: SetProblem[] = [];
  let placed: PlacedValues = input;
  if (section !== undefined)
    placed = {
      values: { [section]: input.values },
      places: { ...input.places, below: new Map([[section, input.places]]) },
    };
  for (const form of SET_FORMS) {
    const expressions = expressionsOf(options, form);
    if (expressions === undefined) continue;
    const merged = mergeSetOptions(placed.values, { [form]: expressions }, readForSet);
    problems.push(...merged.problems);
    placed = changedBy(`--${form}`, placed, merged.values);
  }
  if (problems.length > 0)
    throw new CommandError(
      problems
        .map(({ form, expression, message }) => `--${form} '${shortened(expression)}' cannot be read. ${message}`)
        .join('\nerror: '),
    );
  if (section !== undefined) {
    const inside = mapOf(placed.values[section]);
    placed = { values: inside, places: placed.places.below.get(section) ?? input.places };
  }
  return placed === input
    ? input
    : { ...input, ...inputOf(placed, input.warnings), sources: input.sources, form: input.form };
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function readForSet(file: string): string {
  try {
    return readSource(file.trim() === '-' ? '-' : file).text;
  } catch (error) {
    if (error instanceof CommandError) throw new SetError(error.message);
    if (!(error instanceof CiliumError)) throw error;
    throw new SetError(error.findings.map(({ paths, message }) => `${paths.join(', ')}: ${message}`).join(' '));
  }
}

function placeOfValue(input: ValuesInput, path: string): Place | undefined {
  return input.placeOf(path === 'values' ? '' : path.replace(/^values\./, ''));
}

/** Reads a file, or standard input. */
export function readSource(file: string): InputText {
  if (/^(?:https?|oci):\/\//i.test(file))
    throw new CommandError(`'${file}' is a URL, and nothing is fetched here. Download it, and pass the file.`);
  if (file !== '-') return { name: file, text: readFile(file) };
  return { name: '<stdin>', text: decoded(readFileSync(0)) };
}

/** The Talos cluster of the options, otherwise that of the settings. */
export function talosOf(options: RequestOptions, settings = settingsOf(options)): TalosInput | undefined {
  const { talos, machineConfig } = options;
  const set = settings?.settings ?? {};
  const beside = [set.machineConfig ?? []].flat().map((path) => besides(settings?.file ?? '', path));
  // A version on the command line is that of another cluster.
  const files = machineConfig ?? (talos === undefined ? beside : []);
  const version = withoutV(talos ?? set.talos);
  if (files.length === 0 && version === undefined) return undefined;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most lines name no cluster: they need not load its settings
  const { clusterOf, readMachineConfigs } = require('../inputs/machine-config') as typeof machineConfigs;
  if (files.length > 0) return readMachineConfigs(files.map(readSource), version);
  const option: Place = { file: `--talos ${version}`, line: 0, column: 0 };
  const placeOf = (): Place | undefined => (talos === undefined ? settings?.placeOf('talos') : option);
  return { talos: clusterOf({ talosVersion: version as TalosVersion }, placeOf), placeOf, isAssumed: true };
}

function versionOf(
  { version: given, withoutVersion }: RequestOptions,
  release: InputRelease | undefined,
  set: Settings,
): Pick<Request, 'version' | 'versionFrom'> {
  const written = given ?? release?.version ?? set.version;
  if (written === undefined) {
    if (withoutVersion !== undefined) throw new CommandError(withoutVersion);
    const newest = newestRelease();
    say(`No --version: this is for Cilium ${newest}, the newest release that is known here.`);
    return { version: newest, versionFrom: 'newest' };
  }
  // A release that is not supported is a finding, which has the place of the version.
  const version = releaseOf(written) ?? firstOf(written);
  const versionFrom = given !== undefined ? 'option' : release?.version !== undefined ? 'input' : 'settings';
  return { version, versionFrom };
}
