/** The options that commands share, and what they select: values with their places, the release, the cluster. */
import { readFileSync } from 'node:fs';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { CiliumValues } from '../../imports/cilium-chart';
import { renderCilium } from '../cilium/render';
import type { Rendered } from '../cilium/render';
import { readFile } from '../inputs/load-values';
import { clusterOf, readMachineConfigs } from '../inputs/machine-config';
import type { TalosInput } from '../inputs/machine-config';
import { changedBy, findPlace } from '../inputs/places';
import type { Place, PlacedFinding, PlacedValues } from '../inputs/places';
import { inputOf, layeredInputs, readAll, readInput } from '../inputs/read';
import type { InputRelease, InputText, ValuesInput } from '../inputs/read';
import { newestRelease, releaseOf } from '../inputs/release';
import type { KubernetesObject } from '../kubernetes/types';
import { withoutV } from '../helm/semver';
import { SetError } from '../helm/strvals';
import type { SetForm } from '../helm/strvals';
import { mergeSetOptions, SET_FORMS } from '../helm/value-options';
import type { SetProblem } from '../helm/value-options';
import { CiliumError } from '../rules/finding';
import type { TalosCluster } from '../talos/cluster/cluster';
import type { TalosVersion } from '../talos/cluster/versions';
import { CommandError, say } from './terminal';

/** What the shared options parse into. */
export interface RequestOptions {
  readonly values?: readonly string[];
  readonly set?: readonly string[];
  readonly setString?: readonly string[];
  readonly setJson?: readonly string[];
  readonly setLiteral?: readonly string[];
  readonly setFile?: readonly string[];
  readonly version?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly talos?: string;
  readonly machineConfig?: readonly string[];
  readonly unknownValues?: 'error' | 'warn';
  readonly imageRegistry?: string;
}

/** A warning that is accepted. */
export interface Acknowledged {
  readonly id: string;
  readonly reason: string;
  /** Where it is written. */
  readonly place?: Place | undefined;
  /** The path that it is for. Default: everything. */
  readonly path?: string | undefined;
}

/** What a command works with: ready for `renderCilium` and for constructs. */
export interface Request {
  /** The Cilium release, `1.18.4`. */
  readonly version: string;
  /** Where the release comes from. */
  readonly versionFrom: 'option' | 'input' | 'newest';
  /** All values, merged as Helm merges them. */
  readonly values: CiliumValues;
  /** The same, with their places. */
  readonly placed: PlacedValues;
  /** Name of the Helm release, of a HelmRelease and so on. */
  readonly releaseName?: string | undefined;
  /** Default: `kube-system`. */
  readonly namespace: string;
  /** Where the namespace comes from. */
  readonly namespaceFrom: 'option' | 'input' | 'default';
  readonly kubeVersion?: string | undefined;
  readonly apiVersions: readonly string[];
  readonly unknownValues: 'error' | 'warn';
  readonly talos?: TalosCluster | undefined;
  readonly imageRegistry?: string | undefined;
  readonly acknowledge: readonly Acknowledged[];
  /** The place of a path of a finding, or of the nearest that is written around it. */
  readonly placeOf: (path: string) => Place | undefined;
  /** Warnings of reading. */
  readonly warnings: readonly PlacedFinding[];
  /** The texts of the inputs by the name of their file; none of machine configs, which hold secrets. */
  readonly sources: ReadonlyMap<string, string>;
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
    .option('--talos <version>', 'Talos version of the cluster, 1.14 or 1.14.1: enables the rules about Talos')
    .option('--image-registry <registry>', 'registry of all images, with a path or without: harbor.example.org/mirror')
    .option('--machine-config <file>', 'a machine config of the Talos cluster, or a patch; repeat it', collect)
    .addOption(
      new Option('--unknown-values <level>', 'the level of values that the release does not know').choices([
        'error',
        'warn',
      ]),
    );
}

/** Items of an option that may be repeated, and may list several with commas. */
export function collect(item: string, items: readonly string[] = []): readonly string[] {
  return [...items, ...item.split(',')];
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
  const texts = [...files, ...(options.values ?? [])].map(readSource);
  const inputs = readAll(texts, readInput);
  const input = withSetOptions(layeredInputs(inputs), options);
  const talosInput = talosOf(options);
  const { version, versionFrom } = versionOf(options, input.release);
  const placeOf = (path: string): Place | undefined =>
    path.startsWith('talos.') ? talosInput?.placeOf(path) : placeOfValue(input, path);
  return {
    version,
    versionFrom,
    values: input.values as CiliumValues,
    placed: input,
    releaseName: input.release?.name,
    namespace: options.namespace ?? input.release?.namespace ?? 'kube-system',
    namespaceFrom:
      options.namespace !== undefined ? 'option' : input.release?.namespace !== undefined ? 'input' : 'default',
    kubeVersion: withoutV(options.kubeVersion),
    apiVersions: options.apiVersions ?? [],
    unknownValues: options.unknownValues ?? 'error',
    talos: talosInput?.talos,
    imageRegistry: options.imageRegistry,
    acknowledge: [],
    placeOf,
    warnings: input.warnings,
    sources: new Map(texts.map(({ name, text }) => [name, text])),
  };
}

/** What was rendered of a request. */
export interface Outcome {
  /** In Helm's install order; none when a finding is an error. */
  readonly objects: readonly KubernetesObject[];
  /** Errors and warnings with their places, those of reading included; without acknowledged warnings. */
  readonly findings: readonly PlacedFinding[];
  /** `undefined` when a finding is an error. */
  readonly rendered: Rendered | undefined;
}

/** Renders a request. Refused values are findings, and nothing is rendered. */
export function renderRequest(request: Request): Outcome {
  const { version, values, namespace, kubeVersion, apiVersions, unknownValues, talos, imageRegistry, warnings } =
    request;
  const place = (finding: PlacedFinding): PlacedFinding => ({ ...finding, place: placeOfFinding(request, finding) });
  try {
    const input = { version, values, namespace, kubeVersion, apiVersions, unknownValues, talos, imageRegistry };
    const rendered = renderCilium(input);
    return { objects: rendered.objects, findings: [...warnings, ...rendered.findings.map(place)], rendered };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    return { objects: [], findings: [...error.findings.map(place), ...warnings], rendered: undefined };
  }
}

/** The place of the first path that is written; otherwise of what is written around the first. */
function placeOfFinding({ placed, placeOf }: Request, { paths, place }: PlacedFinding): Place | undefined {
  if (place !== undefined) return place;
  const written = paths.find((path) => !path.startsWith('talos.') && findPlace(placed.places, path).isWritten);
  const first = written ?? paths[0];
  return first === undefined ? undefined : placeOf(first);
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

/** Values of `--set` and its like over those of files; what they set has the option as its place. */
function withSetOptions(input: ValuesInput, options: RequestOptions): ValuesInput {
  const problems: SetProblem[] = [];
  let placed: PlacedValues = input;
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
  return placed === input
    ? input
    : { ...inputOf(placed, input.warnings), ...(input.release && { release: input.release }) };
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
  return { name: '<stdin>', text: readFileSync(0, 'utf8') };
}

/** The Talos cluster of the options. */
export function talosOf({ talos, machineConfig = [] }: RequestOptions): TalosInput | undefined {
  const version = withoutV(talos);
  if (machineConfig.length > 0) return readMachineConfigs(machineConfig.map(readSource), version);
  if (version === undefined) return undefined;
  const placeOf = (path: string): Place => ({
    file: path === 'talos.talosVersion' ? '--talos' : `--talos ${version}`,
    line: 0,
    column: 0,
  });
  return { talos: clusterOf({ talosVersion: version as TalosVersion }, placeOf), placeOf };
}

function versionOf(
  { version: given }: RequestOptions,
  release: InputRelease | undefined,
): Pick<Request, 'version' | 'versionFrom'> {
  const written = given ?? release?.version;
  if (written === undefined) {
    const newest = newestRelease();
    say(`No --version: checked for Cilium ${newest}, the newest release that is known here.`);
    return { version: newest, versionFrom: 'newest' };
  }
  const version = releaseOf(written);
  if (version === undefined)
    throw new CommandError(`No known Cilium release is in the range '${written}'; write --version 1.18.4.`);
  return { version, versionFrom: given === undefined ? 'input' : 'option' };
}
