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
import { findPlace } from '../inputs/places';
import type { Place, PlacedFinding, PlacedValues } from '../inputs/places';
import { layeredInputs, readAll, readInput } from '../inputs/read';
import type { InputRelease, InputText, ValuesInput } from '../inputs/read';
import { newestRelease, releaseOf } from '../inputs/release';
import type { KubernetesObject } from '../kubernetes/types';
import { withoutV } from '../helm/semver';
import { CiliumError } from '../rules/finding';
import type { TalosCluster } from '../talos/cluster/cluster';
import type { TalosVersion } from '../talos/cluster/versions';
import { CommandError, say } from './terminal';

/** What the shared options parse into. */
export interface RequestOptions {
  readonly values?: readonly string[];
  readonly version?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
  readonly talos?: string;
  readonly machineConfig?: readonly string[];
  readonly unknownValues?: 'error' | 'warn';
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
  readonly kubeVersion?: string | undefined;
  readonly apiVersions: readonly string[];
  readonly unknownValues: 'error' | 'warn';
  readonly talos?: TalosCluster | undefined;
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
    .option(
      '--version <version>',
      'Cilium release, 1.18.4 or v1.18.4 (default: that of the input, otherwise the newest known)',
    )
    .option('-n, --namespace <name>', 'namespace of the release (default: that of the input, otherwise kube-system)')
    .option('--kube-version <version>', 'Kubernetes version of the cluster')
    .option('-a, --api-versions <name>', 'an API that the cluster has; repeat it', collect)
    .option('--talos <version>', 'Talos version of the cluster, 1.14 or 1.14.1: enables the rules about Talos')
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

/**
 * Reads what the options name.
 * @param files the arguments of a command that takes files; they come before those of `--values`.
 * @throws CiliumError with every mistake of the inputs, CommandError for options.
 */
export function requestOf(options: RequestOptions, files: readonly string[] = []): Request {
  const texts = [...files, ...(options.values ?? [])].map(readSource);
  const inputs = readAll(texts, (one) => readInput(one));
  const input = layeredInputs(inputs);
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
    kubeVersion: withoutV(options.kubeVersion),
    apiVersions: options.apiVersions ?? [],
    unknownValues: options.unknownValues ?? 'error',
    talos: talosInput?.talos,
    acknowledge: [],
    placeOf,
    warnings: input.warnings,
    sources: input.sources,
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
  const { version, values, namespace, kubeVersion, apiVersions, unknownValues, talos, warnings } = request;
  const place = (finding: PlacedFinding): PlacedFinding => ({ ...finding, place: placeOfFinding(request, finding) });
  try {
    const input = { version, values, namespace, kubeVersion, apiVersions, unknownValues, talos };
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

function placeOfValue(input: ValuesInput, path: string): Place | undefined {
  return input.placeOf(path === 'values' ? '' : path.replace(/^values\./, ''));
}

function readSource(file: string): InputText {
  if (file !== '-') return { name: file, text: readFile(file) };
  return { name: '<stdin>', text: readFileSync(0, 'utf8') };
}

function talosOf({ talos, machineConfig = [] }: RequestOptions): TalosInput | undefined {
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
