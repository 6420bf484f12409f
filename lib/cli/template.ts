/** `template`: lines of `helm template` as they are, without Helm and without a network. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { Command as Program } from 'commander';
import type { CiliumValues } from '../../imports/cilium-chart';
import { writeFiles } from '../app/write';
import type { PlannedFile } from '../app/write';
import type { Rendered } from '../cilium/render';
import { layered } from '../cilium/layers';
import { changedDefaults, loadProfile, templatesOf } from '../cilium/versions';
import { matchesPath } from '../helm/paths';
import { writeObject } from '../kubernetes/yaml';
import { isMap } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { helmDocuments, isHook } from '../releases/documents';
import type { HelmDocument } from '../releases/documents';
import { isExactVersion } from '../releases/exact-version';
import { isFor } from '../inputs/comments';
import { releaseOf } from '../inputs/release';
import type { Finding } from '../rules/finding';
import { nearest } from '../rules/nearest';
import { withoutV } from '../helm/semver';
import type * as talosPatch from '../talos/patch/render';
import { patchFile } from '../talos/patch/files';
import { readArguments } from './chart-argument';
import type { ChartArguments } from './chart-argument';
import { addHelmFlags, CLUSTER_FLAGS, flagsWithoutEffect, NO_EFFECT } from './helm-flags';
import { asPflag } from './pflag';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { Request, RequestOptions } from './request';
import { CommandError, EXIT, print, say, sayFindings, standardOutput } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly showOnly?: readonly string[];
  readonly outputDir?: string;
  readonly releaseName?: true;
  readonly hooks: boolean;
  readonly generateName?: true;
  readonly nameTemplate?: string;
  readonly output?: string;
  readonly failOnWarnings?: true;
  readonly unproven?: true;
  readonly json?: true;
}

export const addTemplate: AddCommand = (program, run) => {
  const command = withFlags(
    program
      .command('template')
      .summary('print what helm template prints, checked')
      .description(
        'Prints the manifests of Cilium in the order of helm template, each with its template, and checks the values first. ' +
          'A line of helm template works as it is: write this program in place of helm. Nothing is fetched.',
      ),
  )
    .option('-o, --output <folder>', 'with --talos or --machine-config: write the Talos patches into a folder')
    .option('--fail-on-warnings', 'warnings fail, too, and nothing is printed')
    .option('--unproven', 'render a local chart of a minor that was never compared with Helm')
    .option('--json', 'print documents and findings as JSON')
    .addHelpText('after', HELP)
    .action((args: readonly string[], options: Options) => run(() => template(args, options, command)));
};

/** The arguments and flags of `helm template`, and those of all commands. */
function withFlags(command: Command): Command {
  command.argument('[name-and-chart...]', 'NAME and CHART as in Helm, or files: values, a HelmRelease, …');
  addHelmFlags(addRequestOptions(command));
  // Helm reads `-n=kube-system` and `--wait=false` in its own way.
  command.parseOptions = (args) =>
    Program.prototype.parseOptions.call(command, [
      ...asPflag(args, command.options, (message) => command.error(message)),
    ]) as ReturnType<Command['parseOptions']>;
  return command;
}

/** What a line of `helm template` selects. @throws CommandError for a line that Helm does not accept either. */
export function requestOfHelmLine(args: readonly string[]): Request {
  const { options, named } = parsed(args);
  return requestOfLine(options, named);
}

/** The options of a line of `helm template` with the release and the namespace that it names. @throws CommandError */
export function optionsOfHelmLine(args: readonly string[]): {
  readonly options: RequestOptions;
  readonly files: readonly string[];
} {
  const { options, named } = parsed(args);
  const { chart, version: own, files, umbrella } = named;
  const version = own ?? (options.version === '' ? undefined : options.version);
  const namespace = options.namespace ?? (chart === undefined ? undefined : (helmNamespace() ?? 'default'));
  return {
    options: {
      ...options,
      version,
      ...(namespace !== undefined && { namespace }),
      ...(umbrella && { section: umbrella.section }),
    },
    files,
  };
}

function parsed(args: readonly string[]): { readonly options: Options; readonly named: ChartArguments } {
  const command = withFlags(new Program('template'))
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    throw new CommandError((error as Error).message.replace(/^error: /, ''));
  }
  const options = command.opts<Options>();
  return { options, named: readArguments(command.args, options) };
}

const HELP = `
Without --namespace a line that names a chart gets HELM_NAMESPACE, otherwise 'default', as in Helm; all else gets
kube-system. Other variables of Helm (HELM_KUBECONTEXT, HELM_CACHE_HOME, …) have no effect.
Accepted without effect: ${NO_EFFECT.join(' ')}

Exit code: 0 printed, 1 wrong values, or a warning with --fail-on-warnings, 2 wrong use.

Examples:
  $ cdk8s-talos-cilium template cilium cilium/cilium --version 1.18.4 --namespace kube-system --set ipam.mode=kubernetes
  $ cdk8s-talos-cilium template -f base.yaml,prod.yaml --show-only 'templates/cilium-agent/*.yaml'
  $ cdk8s-talos-cilium template -f values.yaml --talos 1.14 -o talos/ > cilium.yaml`;

function template(args: readonly string[], options: Options, command: Command): Exit {
  sayWithoutEffect(flagsWithoutEffect(command));
  const named = readArguments(args, options);
  checkTogether(options, named);
  const request = requestOfLine(options, named);
  if (options.output !== undefined && request.talos === undefined)
    throw new CommandError('--output writes Talos patches. Pass --talos VERSION or --machine-config FILE.');
  const { rendered, findings } = renderRequest(request);
  sayFindings(findings, request.sources);
  if (rendered === undefined || (options.failOnWarnings && findings.length > 0)) return EXIT.failed;
  const patches = patchesOf(options, request, rendered);
  const documents = documentsOf(options, rendered, named);
  const files = [...(options.outputDir === undefined ? [] : templateFiles(options, named, documents)), ...patches];
  writeFiles(
    [options.outputDir, options.output].filter((folder) => folder !== undefined),
    files,
  );
  if (options.json) print(JSON.stringify({ version: request.version, documents, findings }, undefined, 2));
  else if (options.outputDir === undefined)
    standardOutput.write(documents.map((one) => documentText(one, named)).join(''));
  for (const { path } of files) (options.outputDir === undefined || options.json ? say : print)(`wrote ${path}`);
  return EXIT.ok;
}

function sayWithoutEffect(flags: readonly string[]): void {
  if (flags.length === 0) return;
  const cluster = flags.some((flag) => CLUSTER_FLAGS.includes(flag))
    ? ' No cluster is contacted: --kube-version and --api-versions describe it.'
    : '';
  say(`Without effect here: ${flags.join(', ')}.${cluster}`);
}

/** Options that exclude or need each other. */
function checkTogether(options: Options, { releaseName }: ChartArguments): void {
  if (options.outputDir !== undefined && options.showOnly !== undefined)
    throw new CommandError('--show-only and --output-dir exclude each other: Helm finds no template then.');
  if (options.releaseName && options.outputDir !== undefined && releaseName.includes('{{'))
    throw new CommandError('--name-template cannot be evaluated here. Write the NAME, or leave --release-name out.');
}

/** The request of the line; with a note for what Helm decides silently. */
function requestOfLine(options: Options, named: ChartArguments): Request {
  const { chart, version: own, files } = named;
  const written = options.version?.trim();
  if (own !== undefined && written !== undefined && withoutV(written) !== own)
    say(`--version ${written} has no effect, as in Helm: '${chart ?? ''}' is Cilium ${own}.`);
  const version = own ?? (written === '' ? undefined : written);
  const { umbrella } = named;
  if (umbrella !== undefined)
    say(
      `'${chart ?? ''}' is the chart ${umbrella.name}: its dependency Cilium is rendered, its own templates are not.`,
    );
  const namespace = options.namespace ?? (chart === undefined ? undefined : helmNamespace());
  const request = requestOf(
    {
      ...options,
      version,
      ...(namespace !== undefined && { namespace }),
      ...(umbrella && { section: umbrella.section }),
    },
    files,
  );
  if (
    own === undefined &&
    written !== undefined &&
    !isExactVersion(withoutV(written)) &&
    releaseOf(written) !== undefined
  )
    say(`--version ${written} is Cilium ${request.version}, the newest known release in that range.`);
  return withChart(
    withNamespace(umbrella === undefined ? request : asDependency(request), chart),
    named,
    options.unproven,
  );
}

/** The environment variable that `helm template` reads where no option names the namespace. */
function helmNamespace(): string | undefined {
  const { HELM_NAMESPACE } = process.env;
  return HELM_NAMESPACE === '' ? undefined : HELM_NAMESPACE;
}

/** Helm's namespace is that of the kubeconfig, which is `default` where nothing is set. */
function withNamespace(request: Request, chart: string | undefined): Request {
  if (chart === undefined || request.namespaceFrom !== 'default') return request;
  say("No --namespace: 'default', as in Helm. Cilium belongs in kube-system: pass --namespace kube-system.");
  return { ...request, namespace: 'default' };
}

/** To a dependency Helm passes no name whose default is null. */
function asDependency(request: Request): Request {
  const known = loadProfile(request.version)?.profile.defaults ?? {};
  return { ...request, values: layered([nullsOf(known) as CiliumValues, request.values]) };
}

function nullsOf(values: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]): readonly (readonly [string, Json])[] => {
      if (value === null) return [[name, null]];
      const inside = isMap(value) ? nullsOf(value) : {};
      return Object.keys(inside).length === 0 ? [] : [[name, inside]];
    }),
  );
}

/** Values that a local chart has changed are defaults below all others. */
function withChart(request: Request, { defaults, imported }: ChartArguments, unproven?: true): Request {
  if (defaults === undefined) return request;
  // A warning names the templates that print something else.
  if (imported !== undefined) return { ...request, imported, unproven };
  const changed = changedDefaults(request.version, defaults);
  return { ...request, values: layered([changed as CiliumValues, request.values]) };
}

/** The documents that the options select. */
function documentsOf(
  { showOnly, hooks }: Options,
  { objects, context }: Rendered,
  { umbrella }: ChartArguments,
): readonly HelmDocument[] {
  const above = umbrella === undefined ? '' : 'charts/cilium/';
  const templates = templatesOf(context.profile).map((one) => ({ ...one, source: `${above}${one.source}` }));
  const all = helmDocuments(objects, templates, context.v as unknown as JsonObject).filter(
    ({ object }) => hooks || !isHook(object),
  );
  if (showOnly === undefined) return all;
  return showOnly.flatMap((pattern) => {
    const found = all.filter(({ source }) => source !== undefined && matchesPath(pattern, source));
    if (found.length > 0) return found;
    const sources = [...new Set(templates.map(({ source }) => source))];
    if (sources.some((source) => matchesPath(pattern, source)))
      throw new CommandError(`The template '${pattern}' prints nothing with these values.`, EXIT.failed);
    const near = nearest(pattern, sources);
    throw new CommandError(
      `There is no template '${pattern}' in the chart.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    );
  });
}

function documentText({ object, source }: HelmDocument, { umbrella }: ChartArguments): string {
  const comment = source === undefined ? '' : `# Source: ${umbrella?.name ?? 'cilium'}/${source}\n`;
  return `---\n${comment}${writeObject(object)}`;
}

/** The files of `--output-dir`: one for each template, in a folder of the release's name where that is wanted. */
function templateFiles(
  { outputDir = '', releaseName }: Options,
  named: ChartArguments,
  documents: readonly HelmDocument[],
): readonly PlannedFile[] {
  const folder = releaseName ? join(outputDir, named.releaseName) : outputDir;
  const texts = new Map<string, string>();
  for (const document of documents) {
    const path = join(folder, named.umbrella?.name ?? 'cilium', document.source ?? 'templates/other.yaml');
    texts.set(path, `${texts.get(path) ?? ''}${documentText(document, named)}`);
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

/** The files of `--output`. */
function patchesOf(
  { output }: Options,
  { talos, acknowledge, placed, sources }: Request,
  rendered: Rendered,
): readonly PlannedFile[] {
  if (output === undefined || talos === undefined) return [];
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- with all kinds of resources a third of the program, for this option only
  const { renderTalosPatch } = require('../talos/patch/render') as typeof talosPatch;
  const patch = renderTalosPatch({
    talos,
    manifests: [{ name: '10-cilium', objects: rendered.objects }],
    cilium: { kubeProxyReplacement: rendered.context.facts.kubeProxyReplacement === 'true', rendered },
    ciliumManifest: '10-cilium',
  });
  const isAccepted = (finding: Finding): boolean => acknowledge.some((one) => isFor(one, finding, placed.places));
  sayFindings(
    patch.findings.filter((one) => !isAccepted(one)),
    sources,
  );
  return (['controlplane', 'all', 'worker'] as const).flatMap((name) => {
    const text = patch[name];
    return text === undefined ? [] : [{ path: join(output, patchFile(name)), text }];
  });
}
