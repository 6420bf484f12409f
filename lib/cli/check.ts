/** `check`: findings only. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { MONITORING_API } from '../cilium/parts/monitoring-api';
import { CiliumError } from '../rules/finding';
import { knownNames } from '../inputs/cilium-values';
import { newestRelease } from '../inputs/release';
import { describePlace } from '../inputs/places';
import type { PlacedFinding } from '../inputs/places';
import { FORMATS, describePlaced, findingData, githubAnnotation, sarif, sorted, wantsColour } from './formats';
import type { Format } from './formats';
import { packageVersion } from './package-version';
import { addRequestOptions, renderRequest, requestsOf } from './request';
import type { Request, RequestOptions } from './request';
import { scriptOf, withScripts } from './script';
import { SETTINGS_FILE } from './settings';
import { EXIT, CommandError, print, say } from './terminal';
import type { Exit } from './terminal';

interface Options extends RequestOptions {
  readonly format?: Format;
  readonly json?: true;
  readonly failOnWarnings?: true;
  readonly each?: true | undefined;
}

/** Adds the command. `run` gets the work that it does. */
export function addCheck(program: Command, run: (work: () => Exit) => Promise<void>): void {
  const command = program
    .command('check')
    .summary('what is wrong with values')
    .description(
      'Prints what is wrong with values, and where: values files, HelmRelease, Application, ApplicationSet, HelmChart, ' +
        'HelmChartProxy, kustomization with helmCharts, helmfile, umbrella charts, JSON, standard input (-), ' +
        'scripts with a line of helm, and folders: their YAML and JSON files. Values files are merged in their order, as Helm ' +
        'merges --values; every release, script and file of a folder is checked alone.',
    )
    .argument('[file...]', 'what holds the values');
  addRequestOptions(command)
    .option('--each', 'check every values file alone')
    .option('--fail-on-warnings', 'warnings fail, too')
    .addOption(new Option('--format <form>', 'the form of the findings').choices(FORMATS).default('text'))
    .option('--json', 'as --format json')
    .addHelpText(
      'after',
      `
Exit code: 0 no error, 1 an error, or a warning with --fail-on-warnings, 2 wrong use.
Accept a warning in the file: # talos-cilium: acknowledge <id>: why it is accepted

Examples:
  $ talos-cilium check values.yaml --version 1.19.6 --talos 1.14
  $ talos-cilium check base.yaml prod.yaml
  $ talos-cilium check kubernetes/apps/kube-system/cilium/app/ deploy.sh
  $ talos-cilium check kubernetes/apps/kube-system/cilium/app/helmrelease.yaml --machine-config controlplane.yaml
  $ helm get values cilium -n kube-system | talos-cilium check - --version 1.18.4
  $ talos-cilium check --each clusters/*/cilium.yaml --format sarif > cilium.sarif`,
    )
    .action((files: readonly string[], options: Options) => run(() => check(files, options)));
}

function check(files: readonly string[], options: Options): Exit {
  if (files.length === 0 && !hasValues(options)) throw new CommandError('No file to check; - is standard input.');
  const format = options.json === true ? 'json' : (options.format ?? 'text');
  const { requests, findings } = checkedAll(files, options);
  const sources = new Map(requests.flatMap((request) => [...request.sources]));
  printFindings(findings, format, sources, requests);
  const errors = findings.filter(({ level }) => level === 'error').length;
  if (format === 'text') say(summary(requests, errors, findings.length - errors));
  return errors > 0 || (options.failOnWarnings === true && findings.length > 0) ? EXIT.failed : EXIT.ok;
}

/** The options that give values. */
const VALUES = ['values', 'set', 'setString', 'setJson', 'setLiteral', 'setFile'];

function hasValues(options: Options): boolean {
  return VALUES.some((name) => Object.hasOwn(options, name));
}

interface Checked {
  readonly requests: readonly Request[];
  readonly findings: readonly PlacedFinding[];
}

/** The findings of all inputs: files of a folder and scripts are checked alone. */
function checkedAll(files: readonly string[], options: Options): Checked {
  const inFolders = files.filter(isFolder).flatMap((folder) => filesOfFolder(folder, options));
  const scripts = files.filter((file) => !isFolder(file) && scriptOf(file) !== undefined);
  const others = files.filter((file) => !isFolder(file) && !scripts.includes(file));
  const parts = [
    ...(others.length > 0 || inFolders.length + scripts.length === 0 ? [checked(others, options)] : []),
    ...(inFolders.length > 0 ? [checked(inFolders, { ...options, each: true })] : []),
    ...scripts.map((script) => {
      const inputs = withScripts(options, [script]);
      return checked(inputs.files, { ...inputs.options, each: undefined });
    }),
  ];
  return {
    requests: parts.flatMap(({ requests }) => requests),
    findings: parts.length === 1 ? (parts[0]?.findings ?? []) : sorted(parts.flatMap(({ findings }) => findings)),
  };
}

function isFolder(file: string): boolean {
  return file !== '-' && statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** The YAML and JSON files of a folder, without those of its folders and those that hold nothing of Cilium. */
function filesOfFolder(folder: string, options: Options): readonly string[] {
  const chart = join(folder, 'Chart.yaml');
  if (existsSync(chart)) return [chart];
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /\.(?:ya?ml|json)$/i.test(entry.name) && entry.name !== SETTINGS_FILE)
    .map(({ name }) => join(folder, name))
    .sort();
  const found = files.filter((file) => holdsCilium(file, options));
  if (found.length === 0)
    throw new CommandError(
      `'${folder}' has no YAML or JSON file with values of Cilium; folders below it are not searched. Name the files.`,
    );
  const left = files.filter((file) => !found.includes(file)).map((file) => basename(file));
  if (left.length > 0) say(`${folder}: nothing of Cilium is in ${left.join(', ')}.`);
  return found;
}

/** Whether a file holds a release, or values of which half are names of Cilium; one that cannot be read may. */
function holdsCilium(file: string, { release, include, var: variables }: Options): boolean {
  try {
    const options = { release, include, var: variables, settings: false, version: newestRelease() };
    return requestsOf(options, [file], true).some(({ releaseName, placed: { values } }) => {
      const known = knownNames(values);
      return releaseName !== undefined || (known > 0 && known * 2 >= Object.keys(values).length);
    });
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    return error.findings.some(({ id }) => id !== 'load-values/no-cilium');
  }
}

/** The findings of all requests; what cannot be read is one, too. */
function checked(files: readonly string[], options: Options): Checked {
  try {
    const requests = requestsOf(options, files, options.each === true);
    return { requests, findings: sorted(common(requests.map(findingsOf))) };
  } catch (error) {
    if (!(error instanceof CiliumError)) throw error;
    // Files that are checked alone do not depend on one that cannot be read.
    const readable = options.each === true ? files.filter((file) => isReadable(file, options)) : [];
    if (readable.length === 0 || readable.length === files.length)
      return { requests: [], findings: sorted(error.findings) };
    const others = checked(readable, options);
    return { ...others, findings: sorted([...error.findings, ...others.findings]) };
  }
}

function isReadable(file: string, options: Options): boolean {
  // Standard input can be read once.
  if (file === '-') return false;
  try {
    return requestsOf(options, [file], true).length > 0;
  } catch {
    return false;
  }
}

/** Helm asks the cluster for its APIs; where none is given, those that most clusters install are not missed. */
const ASSUMED = [MONITORING_API];

/** The findings of one request. */
export function findingsOf(request: Request): readonly PlacedFinding[] {
  const apiVersions = request.apiVersions.length > 0 ? request.apiVersions : ASSUMED;
  return renderRequest({ ...request, apiVersions }).findings.flatMap(ofHelm);
}

/** A finding about values that Helm installs: what only this library cannot render is not an error. */
function ofHelm(finding: PlacedFinding): readonly PlacedFinding[] {
  if (/^dashboards\/\w+-missing$/.test(finding.id)) return [];
  return [finding.id.endsWith('/made-while-rendering') ? { ...finding, level: 'warning' } : finding];
}

/** Each finding once; what the settings accept needs to occur in one release only. */
function common(found: readonly (readonly PlacedFinding[])[]): readonly PlacedFinding[] {
  const all = new Map(found.flat().map((finding) => [keyOf(finding), finding]));
  const keys = found.map((findings) => new Set(findings.map(keyOf)));
  return [...all]
    .filter(([key, { id }]) => id !== 'app/unused-acknowledgement' || keys.every((one) => one.has(key)))
    .map(([, finding]) => finding);
}

function keyOf({ id, paths, message, place }: PlacedFinding): string {
  return JSON.stringify([id, paths, message, place === undefined ? '' : describePlace(place)]);
}

function printFindings(
  findings: readonly PlacedFinding[],
  format: Format,
  sources: ReadonlyMap<string, string>,
  requests: readonly Request[],
): void {
  switch (format) {
    case 'json':
      print(
        JSON.stringify(
          {
            checked: requests.map(({ names, version, namespace, talos }) => ({
              files: names,
              version,
              namespace,
              ...(talos === undefined ? {} : { talos: talos.talosVersion }),
            })),
            errors: findings.filter(({ level }) => level === 'error').length,
            warnings: findings.filter(({ level }) => level === 'warning').length,
            findings: findings.map(findingData),
          },
          undefined,
          2,
        ),
      );
      return;
    case 'sarif':
      print(JSON.stringify(sarif(findings, { version: packageVersion() }), undefined, 2));
      return;
    case 'github':
      for (const finding of findings) print(githubAnnotation(finding));
      return;
    case 'text': {
      const hasColour = wantsColour(process.stdout);
      const lines = process.stdout.isTTY || hasColour ? sources : undefined;
      for (const finding of findings) print(describePlaced(finding, { sources: lines, hasColour }));
    }
  }
}

/** `2 errors, 1 warning: base.yaml + prod.yaml for Cilium 1.19.6.` */
function summary(requests: readonly Request[], errors: number, warnings: number): string {
  const count = (number: number, word: string): string => `${String(number)} ${word}${number === 1 ? '' : 's'}`;
  const what = requests.slice(0, 5).map(({ names, version, talos }) => {
    const on = talos === undefined ? '' : ` on Talos ${talos.talosVersion}`;
    return `${names.length === 0 ? 'values' : names.join(' + ')} for Cilium ${version}${on}`;
  });
  const more = requests.length > 5 ? `, and ${String(requests.length - 5)} more` : '';
  return `${count(errors, 'error')}, ${count(warnings, 'warning')}${what.length === 0 ? '' : `: ${what.join(', ')}${more}`}.`;
}
