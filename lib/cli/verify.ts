/** `verify`: the user's own Helm judges what this library renders. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import type { CiliumValues } from '../../imports/cilium-chart';
import { registryValues } from '../cilium/image-registry';
import { layered } from '../cilium/layers';
import { describeDifference } from '../helm/difference';
import type { Difference } from '../helm/difference';
import { valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { readChart } from '../releases/archive';
import type { Chart } from '../releases/archive';
import { comparison } from '../releases/comparison';
import { adjustmentsOf, forHelm, forUs } from '../releases/declared-differences';
import { releaseOfChart } from '../releases/import-release';
import { isMistake } from '../releases/meant';
import { getChart } from '../releases/import-findings';
import { helmPull, helmTemplate, indented } from './helm-program';
import type { HelmOutcome } from './helm-program';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { Outcome, Request, RequestOptions } from './request';
import { CommandError, EXIT, print, say, sayFindings } from './terminal';
import type { Exit } from './terminal';

interface Options extends RequestOptions {
  readonly chart: string;
  readonly helm: string;
  readonly json?: true;
}

/** Adds the command. `run` gets the work that it does. */
export function addVerify(program: Command, run: (work: () => Exit) => Promise<void>): void {
  const command = program
    .command('verify')
    .summary('compare with what your own Helm renders')
    .description(
      'Renders the same values with your own Helm and with this library, and prints every difference. ' +
        'Two renders are equal when their normal forms are (docs/parity.md).',
    )
    .argument('[files...]', 'values, a HelmRelease, an Application, …, before those of --values')
    .requiredOption(
      '--chart <archive>',
      'the chart: cilium-1.20.4.tgz, an unpacked chart, or what `helm pull` accepts, such as oci://quay.io/cilium/charts/cilium',
    );
  addRequestOptions(command)
    .option('--helm <program>', 'the Helm to run', 'helm')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 equal, 1 different or refused values, 2 wrong use.

Examples:
  helm pull cilium --repo https://helm.cilium.io --version 1.19.6
  $ cdk8s-talos-cilium verify -f values.yaml --chart cilium-1.19.6.tgz
  $ cdk8s-talos-cilium verify helmrelease.yaml --chart cilium-1.20.4.tgz
  $ cdk8s-talos-cilium verify -f base.yaml -f prod.yaml --chart ./cilium --json`,
    )
    .action((files: readonly string[], options: Options) =>
      run(() => inFolder((folder) => verify(files, options, folder))),
    );
}

/** Does work with a folder that is removed after it. */
function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'cilium-verify-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What `--json` prints. */
interface Result {
  readonly version: string;
  readonly equal: boolean;
  /** How many objects this library renders. */
  readonly objects: number;
  readonly differences: readonly Difference[];
  /** Values of the user that are changed for the comparison, by their paths. */
  readonly adjusted: Readonly<Record<string, Json>>;
  /** What this library reports. With an error, it renders nothing. */
  readonly findings: Outcome['findings'];
  /** Helm's words, when it refuses the values. */
  readonly helm?: string;
}

function verify(files: readonly string[], options: Options, folder: string): Exit {
  const { chart, archive, request } = inputsOf(files, options, folder);
  const values = request.values as JsonObject;
  // A release that is not built in is read from its chart; of one that is, the built-in release is judged.
  const imported = CILIUM_VERSIONS.some((known) => known === chart.version) ? undefined : releaseOfChart(chart);
  const outcome = renderRequest({ ...request, imported, unproven: true, values: forUs(values) as CiliumValues });
  const helm = renderedByHelm(options.helm, { chart, archive, request }, folder);
  const areBoth = outcome.rendered !== undefined && 'objects' in helm;
  const differences = areBoth ? comparison(helm.objects, outcome.objects) : [];
  const result: Result = {
    version: chart.version,
    equal: areBoth && differences.length === 0,
    objects: outcome.objects.length,
    differences,
    adjusted: adjustedValues(values),
    // Whether they are equal in spite of changed templates is known now.
    findings: outcome.findings.filter(({ id }) => !areBoth || id !== 'values/unproven-templates'),
    ...('refused' in helm ? { helm: helm.refused } : {}),
  };
  if (options.json) print(JSON.stringify(result, undefined, 2));
  else for (const difference of differences) print(describeDifference(difference));
  sayResult(result, areBoth);
  return result.equal ? EXIT.ok : EXIT.failed;
}

interface Inputs {
  readonly chart: Chart;
  /** Path of the chart, for Helm. */
  readonly archive: string;
  readonly request: Request;
}

/** The release is that of the chart. As with Helm, a value that the chart does not know is a warning. */
function inputsOf(files: readonly string[], options: Options, folder: string): Inputs {
  const lenient = { ...options, unknownValues: options.unknownValues ?? ('warn' as const) };
  if (!isLocal(options.chart)) {
    const request = requestOf(lenient, files);
    const pulled = join(folder, 'chart');
    mkdirSync(pulled);
    const archive = helmPull(options.helm, options.chart, request.version, pulled);
    return { chart: readChart(archive), archive, request };
  }
  if (!existsSync(options.chart)) {
    const version = /(\d+\.\d+\.\d+(?:-[\w.]+?)?)(?:\.tgz)?$/.exec(options.chart)?.[1];
    throw new CommandError(`there is no '${options.chart}'; get the chart: ${getChart(version)}`);
  }
  const chart = readChart(options.chart);
  const request = requestOf({ ...lenient, version: options.version ?? chart.version }, files);
  if (request.version !== chart.version)
    throw new CommandError(
      `--version ${request.version} is not the release of '${options.chart}', ${chart.version}; omit it.`,
    );
  return { chart, archive: options.chart, request };
}

/** Whether a chart is a file or folder here, or is meant to be one; anything else is for `helm pull`. */
function isLocal(chart: string): boolean {
  return existsSync(chart) || (!/^[a-z]+:\/\//.test(chart) && /^[./~]|\.tgz$|^[A-Za-z]:\\|^$/.test(chart));
}

function renderedByHelm(helm: string, { chart, archive, request }: Inputs, folder: string): HelmOutcome {
  const { values, namespace, kubeVersion, talos, apiVersions, imageRegistry } = request;
  const own = values as JsonObject;
  // Helm has no option for the registry: each image is a value.
  const images = imageRegistry === undefined ? [] : [registryValues(imageRegistry, own, chart.defaults)];
  const file = join(folder, 'values.json');
  writeFileSync(file, JSON.stringify(forHelm(layered([values, ...images]) as JsonObject)));
  const kubernetes = kubeVersion ?? talos?.kubernetesVersion ?? '1.34.0';
  return helmTemplate(helm, [
    ...['cilium', archive, '--namespace', namespace, '--kube-version', kubernetes, '--values', file],
    ...apiVersions.flatMap((api) => ['--api-versions', api]),
  ]);
}

/** Which of the user's values are changed for the comparison. */
function adjustedValues(values: JsonObject): Readonly<Record<string, Json>> {
  const changed = adjustmentsOf(values).flatMap(({ path, value }) => {
    const own = valueAt(values, path);
    return own === undefined || own === value ? [] : [[path.join('.'), value] as const];
  });
  return Object.fromEntries(changed);
}

function sayResult({ version, equal, objects, differences, adjusted, findings, helm }: Result, areBoth: boolean): void {
  sayFindings(findings);
  const changed = Object.entries(adjusted).map(([path, value]) => `${path}: ${JSON.stringify(value)}`);
  if (changed.length > 0) say(`Compared with ${changed.join(', ')}: declared differences (docs/parity.md).`);
  if (helm !== undefined) {
    const why = isMistake(helm) ? ' The chart fails on them (declared difference f of docs/parity.md).' : '';
    say(`Helm refuses these values.${why}\n${indented(helm)}`);
  }
  say(
    areBoth
      ? describeEquality({ version, equal, objects, differences })
      : describeRefusal({ version, objects, findings, helm }),
  );
}

function describeEquality({
  version,
  equal,
  objects,
  differences,
}: Pick<Result, 'version' | 'equal' | 'objects' | 'differences'>): string {
  if (equal) return `Equal: ${String(objects)} objects of Cilium ${version}.`;
  const concerned = new Set(differences.map(({ object }) => object)).size;
  return `${String(differences.length)} differences in ${String(concerned)} of ${String(objects)} objects of Cilium ${version}.`;
}

function describeRefusal({
  version,
  objects,
  findings,
  helm,
}: Pick<Result, 'version' | 'objects' | 'findings' | 'helm'>): string {
  if (objects > 0) return 'Here they are rendered.';
  if (!findings.some(({ level }) => level === 'error'))
    return 'A placeholder without a value keeps them from being rendered here; pass it with --var.';
  if (helm !== undefined) return 'Here they are refused, too.';
  return `Helm renders these values with the chart of Cilium ${version}; here they are refused.`;
}
