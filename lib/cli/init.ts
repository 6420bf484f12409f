/** `init`: a cdk8s project with tests, empty or from what is there. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { CiliumValues } from '../../imports/cilium-chart';
import { restoreFolders, writeFiles } from '../app/write';
import { layered } from '../cilium/layers';
import { talosValues } from '../cilium/talos-values';
import type { HelmLine } from '../inputs/helm-line';
import type { JsonObject } from '../kubernetes/json';
import { TALOS_MINORS } from '../talos/cluster/versions';
import { librarySpecification } from './library-source';
import { ownPackage } from './package-version';
import { projectFiles } from './project';
import type { Project } from './project';
import { addRequestOptions, renderRequest, requestOf } from './request';
import type { Request, RequestOptions } from './request';
import { folderOf, scriptOf, within } from './script';
import { requestOfHelmLine } from './template';
import { CommandError, EXIT, print, say, sayFindings } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options extends RequestOptions {
  readonly from?: string;
  readonly library?: string;
  readonly json?: true;
}

/** Adds the command. */
export const addInit: AddCommand = (program, run) => {
  const command = program
    .command('init')
    .summary('a cdk8s project with tests in an empty folder')
    .description(
      'Writes a cdk8s project with tests into an empty folder: cluster.ts is the program to edit. ' +
        'Without --from it is for the newest Cilium and Talos that are known here, unless options name others.',
    )
    .argument('[folder]', 'the folder; it is made where it does not exist', '.');
  addRequestOptions(command)
    .option('--from <file>', 'start from a script with a line of helm, from values, a HelmRelease, …')
    .option('--library <specification>', 'this library in package.json (default: where this program came from)')
    .option('--json', 'print the files that were written as JSON')
    .addHelpText(
      'after',
      `
Exit code: 0 written, 1 an error in the values, 2 wrong use. With an error nothing is written.

Examples:
  $ talos-cilium init network --talos 1.14 --version 1.20.0
  $ talos-cilium init network --from install-cilium.sh --talos 1.13
  $ talos-cilium init network --from clusters/home/cilium/helm-release.yaml --machine-config controlplane.yaml`,
    )
    .action((folder: string, options: Options) => run(() => init(folder, options)));
};

function init(given: string, options: Options): Exit {
  const folder = resolve(given);
  restoreFolders([folder]);
  refuseFull(folder, given);
  const script = options.from === undefined ? undefined : scriptOf(options.from);
  const request = requestFor(withDefaults(options), script);
  const { talos } = request;
  // As the construct merges them.
  const own = talos === undefined ? {} : talosValues(talos, request.version);
  const { findings, rendered } = renderRequest({ ...request, values: layered([own as CiliumValues, request.values]) });
  sayFindings(findings);
  if (rendered === undefined) return EXIT.failed;
  const paths = writeProject(folder, options.library, {
    cilium: ciliumProps(request),
    talos: talos?.given as JsonObject | undefined,
    values: valuesOf(request, options, script !== undefined),
  });
  if (options.json) print(JSON.stringify({ folder, files: paths }, undefined, 2));
  else for (const path of paths) print(join(given, path));
  if (talos === undefined) say('Without Talos: --talos 1.14 or --machine-config FILE adds the Talos patches.');
  say(`Next: cd ${given} && npm install && npm test && npm run synth`);
  return EXIT.ok;
}

/**
 * Writes the files of a project into a folder.
 * @param library what package.json has for this library. Default: where this program came from.
 * @returns their paths in it.
 */
export function writeProject(
  folder: string,
  library: string | undefined,
  project: Omit<Project, 'name' | 'library' | 'tested'>,
): readonly string[] {
  const own = ownPackage();
  const files = projectFiles({
    name: packageName(folder),
    library: library ?? librarySpecification(folder, own),
    tested: JSON.parse(readFileSync(join(own.folder, 'package.json'), 'utf8')) as Project['tested'],
    ...project,
  });
  writeFiles(
    [folder],
    Object.entries(files).map(([path, text]) => ({ path: join(folder, path), text })),
  );
  return Object.keys(files);
}

/** Whether a file is in a folder or below: folders alone may be what an interrupted run left. */
function hasFiles(folder: string): boolean {
  return readdirSync(folder, { withFileTypes: true }).some(
    (entry) => !entry.isDirectory() || hasFiles(join(folder, entry.name)),
  );
}

/** Git's folder does not count, nor do empty ones. */
export function refuseFull(folder: string, given: string): void {
  if (!existsSync(folder)) return;
  let found: string[];
  try {
    found = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.name !== '.git' && (!entry.isDirectory() || hasFiles(join(folder, entry.name))))
      .map(({ name }) => name);
  } catch {
    throw new CommandError(`'${given}' is not a folder.`);
  }
  if (found.length === 0) return;
  const shown = found.sort().slice(0, 5).join(', ');
  const more = found.length > 5 ? ` and ${String(found.length - 5)} more` : '';
  throw new CommandError(`'${given}' is not empty: it has ${shown}${more}. Name an empty folder.`);
}

/** A new cluster is the newest that is known. */
function withDefaults(options: Options): Options {
  const { from, talos, machineConfig } = options;
  if (from !== undefined || talos !== undefined || machineConfig !== undefined) return options;
  return { ...options, talos: TALOS_MINORS.at(-1) ?? '' };
}

function requestFor(options: Options, script: HelmLine | undefined): Request {
  const { from } = options;
  if (script === undefined || from === undefined) return requestOf(options, from === undefined ? [] : [from]);
  const { args } = script;
  const request = within(folderOf(from, args), () => requestOfHelmLine(args));
  // What the command line names counts more than the script.
  const own = requestOf({ ...options, version: options.version ?? request.version });
  return {
    ...request,
    version: own.version,
    ...(own.talos === undefined ? {} : { talos: own.talos }),
    ...(options.imageRegistry === undefined ? {} : { imageRegistry: options.imageRegistry }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
  };
}

function ciliumProps(request: Request): JsonObject {
  const { version, namespace, kubeVersion, apiVersions, unknownValues, imageRegistry, acknowledge } = request;
  return {
    version,
    ...(namespace === 'kube-system' ? {} : { namespace }),
    ...(kubeVersion === undefined ? {} : { kubeVersion }),
    ...(apiVersions.length === 0 ? {} : { apiVersions }),
    ...(unknownValues === 'error' ? {} : { unknownValues }),
    ...(imageRegistry === undefined ? {} : { imageRegistry }),
    ...(acknowledge.length === 0
      ? {}
      : { acknowledge: Object.fromEntries(acknowledge.map(({ id, reason }) => [id, reason])) }),
  };
}

/** A values file is kept as it is, with its comments; what stands in other inputs is written. */
function valuesOf({ values, sources, releaseName }: Request, options: Options, isScript: boolean): Project['values'] {
  const { from } = options;
  const [text] = [...sources.values()];
  const hasOptions = [options.set, options.setString, options.setJson, options.setLiteral, options.setFile].some(
    (one) => one !== undefined,
  );
  const isFile = from !== undefined && !isScript && sources.size === 1 && !hasOptions;
  if (isFile && releaseName === undefined && text !== undefined && !/^kind:/m.test(text)) return text;
  return Object.keys(values).length === 0 && from === undefined ? undefined : (values as JsonObject);
}

/** A name that npm accepts. */
function packageName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' || name === 'node_modules' ? 'cilium' : name;
}
