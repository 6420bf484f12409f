/** `[NAME] [CHART]` of `helm template`: which release of Cilium is meant, and what a local chart has changed. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../kubernetes/json';
import { dependencyOf } from '../inputs/cilium-values';
import { readText } from '../inputs/document';
import { Node } from '../inputs/entry';
import type { ImportedRelease } from '../cilium/imported-release';
import type * as archive from '../releases/archive';
import type * as importRelease from '../releases/import-release';
import { readSource } from './request';
import { CommandError } from './terminal';

/** What the arguments name. */
export interface ChartArguments {
  /** As in Helm `release-name` where none is given. */
  readonly releaseName: string;
  /** As written; `undefined` where no chart is named. */
  readonly chart?: string | undefined;
  /** The release that the chart itself names: a local chart, or an archive by its name. */
  readonly version?: string | undefined;
  /** `values.yaml` of a local chart. */
  readonly defaults?: JsonObject | undefined;
  /** The release of a local chart that is not built in, or has other templates. */
  readonly imported?: ImportedRelease | undefined;
  /** A local chart that depends on Cilium's. */
  readonly umbrella?: Umbrella | undefined;
  /** Inputs among the arguments, values files or a HelmRelease, and the `Chart.yaml` of an umbrella chart. */
  readonly files: readonly string[];
}

/** A chart that depends on Cilium's. */
export interface Umbrella {
  readonly name: string;
  /** The section of its values that Cilium gets. */
  readonly section: string;
}

interface NameOptions {
  readonly generateName?: true;
  readonly nameTemplate?: string;
}

/** Arguments that are inputs, which Helm does not accept here. */
const INPUT = /^-$|\.(?:ya?ml|json)$/i;

/** Reads the arguments as Helm does. @throws CommandError, or CiliumError for a local chart that cannot be read. */
export function readArguments(given: readonly string[], options: NameOptions): ChartArguments {
  const files = given.filter((one) => INPUT.test(one));
  const words = given.filter((one) => !INPUT.test(one));
  if (words.length > 2)
    throw new CommandError(`Expected [NAME] [CHART], and found ${words.map((one) => `'${one}'`).join(' ')}.`);
  const [name, chart] = words.length === 2 ? words : [undefined, words[0]];
  if (name !== undefined && options.generateName) throw new CommandError('--generate-name excludes a NAME.');
  if (name !== undefined && options.nameTemplate !== undefined)
    throw new CommandError('--name-template excludes a NAME.');
  const releaseName = name ?? options.nameTemplate ?? 'release-name';
  if (!releaseName.includes('{{')) checkName(releaseName);
  if (chart === undefined) return { releaseName, files };
  const umbrella = umbrellaAt(chart.trim());
  return umbrella === undefined
    ? { releaseName, files, chart, ...readReference(chart.trim()) }
    : { releaseName, files: [join(chart.trim(), 'Chart.yaml'), ...files], chart, umbrella };
}

/** An unpacked chart that is not Cilium's own. Its `Chart.yaml` is read as an input, which names the release and the values. */
function umbrellaAt(chart: string): Umbrella | undefined {
  const file = join(chart, 'Chart.yaml');
  if (!isLocal(chart) || !existsSync(file)) return undefined;
  const [document] = readText(readSource(file), {}).documents;
  const node = document === undefined ? undefined : Node.root(document);
  const name = node?.at('name').text;
  return name === undefined || name === 'cilium'
    ? undefined
    : { name, section: dependencyOf(node)?.section ?? 'cilium' };
}

/** Helm's rule for the names of releases. */
function checkName(name: string): void {
  if (name.length > 53 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name))
    throw new CommandError(`'${name}' is not a valid name of a release: up to 53 of a-z, 0-9, '-' and '.'.`);
}

function readReference(chart: string): Pick<ChartArguments, 'version' | 'defaults' | 'imported'> {
  if (isLocal(chart)) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- only local charts are read
    const { readChart } = require('../releases/archive') as typeof archive;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the same
    const { importedUnlessKnown } = require('../releases/import-release') as typeof importRelease;
    const found = readChart(chart);
    const { version, defaults } = found;
    return { version, defaults, imported: importedUnlessKnown(found) };
  }
  const [, name = '', version] =
    /([^/\\]*?)(?:[-:]v?(\d+\.\d+\.\d+[^/\\]*?))?(?:@sha256:\w+)?(?:\.tgz)?[/\\]*$/.exec(chart) ?? [];
  if (name !== 'cilium')
    throw new CommandError(
      /^[./\\]/.test(chart)
        ? `The chart '${chart}' does not exist. Name Cilium's chart, cilium/cilium, or the folder of a copy.`
        : `'${chart}' is not Cilium's chart, and only that is rendered here. Write cilium/cilium.`,
    );
  return { version };
}

/** A folder with a chart, or an archive; Helm prefers them to repositories. */
function isLocal(chart: string): boolean {
  if (!existsSync(chart)) return false;
  return !statSync(chart).isDirectory() || existsSync(join(chart, 'Chart.yaml'));
}
