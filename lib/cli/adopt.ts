/** `adopt`: from manifests that run to the values, and the project, that make them. */
import { join, resolve } from 'node:path';
import { adoptManifests } from '../adopt/adopt';
import type { Adopted, AdoptLeft } from '../adopt/adopt';
import { restoreFolders } from '../app/write';
import type { CiliumValues } from '../../imports/cilium-chart';
import { layered } from '../cilium/layers';
import { talosValues } from '../cilium/talos-values';
import { loadProfile } from '../cilium/versions';
import { readMachineConfigs } from '../inputs/machine-config';
import { readAll } from '../inputs/read';
import { readRunning } from '../inputs/running';
import type { Running } from '../inputs/running';
import { isMap, mapOf } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { writeYaml } from '../kubernetes/yaml';
import { withoutV } from '../helm/semver';
import type { TalosCluster } from '../talos/cluster/cluster';
import { additionsOf } from './adopted-project';
import { refuseFull, writeProject } from './init';
import { readSource } from './request';
import { CommandError, EXIT, print, say, sayFindings, standardOutput } from './terminal';
import type { AddCommand, Exit } from './terminal';

interface Options {
  readonly version?: string;
  readonly namespace?: string;
  readonly kubeVersion?: string;
  readonly talos?: string;
  readonly output: string;
  readonly folder?: string;
  readonly library?: string;
  readonly json?: true;
}

/** Adds the command. */
export const addAdopt: AddCommand = (program, run) => {
  program
    .command('adopt')
    .summary('the values, or a project, that render what runs')
    .description(
      'Finds the smallest set of values whose render is equal to manifests of Cilium, and says what no value explains. ' +
        'Keys and other secret data are named, never copied.',
    )
    .argument(
      '[files...]',
      'rendered manifests, a Talos machine config, or what kubectl and talosctl print; - is standard input',
    )
    .option('--version <release>', 'the Cilium release (default: that of the images)')
    .option('-n, --namespace <namespace>', 'the namespace of Cilium (default: that of the objects)')
    .option('--kube-version <version>', 'the Kubernetes version that the render assumed')
    .option('--talos <version>', 'the Talos release, where no machine config names it')
    .option('-o, --output <what>', 'values: print values.yaml; project: write a cdk8s project', 'values')
    .option('--folder <folder>', 'with --output project: an empty folder; it is made where it does not exist', '.')
    .option('--library <specification>', 'this library in package.json (default: where this program came from)')
    .option('--json', 'print all of it as JSON, with the lines that each value explains')
    .addHelpText(
      'after',
      `
Exit code: 0 adopted, 1 not readable, not a release that is known, or values that are refused, 2 wrong use.

Examples:
  $ talos-cilium adopt cilium.yaml > values.yaml
  $ talosctl get machineconfig -o yaml | talos-cilium adopt -o project --folder network
  $ kubectl get -n kube-system ds,deploy,cm,svc,sa,role,rolebinding,secret -o yaml | talos-cilium adopt --json`,
    )
    .action((files: readonly string[], options: Options) => run(() => adopt(files, options)));
};

function adopt(files: readonly string[], options: Options): Exit {
  if (!['values', 'project'].includes(options.output))
    throw new CommandError(`--output is 'values' or 'project', not '${options.output}'.`);
  const folder = resolve(options.folder ?? '.');
  if (options.output === 'project' && !options.json) {
    restoreFolders([folder]);
    refuseFull(folder, options.folder ?? '.');
  }
  const running = readRunning(readAll(files.length === 0 ? ['-'] : files, (file) => readSource(file)));
  const adopted = adoptManifests(running.objects, {
    ...(options.version === undefined ? {} : { version: withoutV(options.version) }),
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.kubeVersion === undefined ? {} : { kubeVersion: withoutV(options.kubeVersion) }),
  });
  const talos = talosIn(running, options);
  describe(adopted, running);
  const isRefused = adopted.findings.some(({ level }) => level === 'error');
  if (options.json)
    print(JSON.stringify({ ...adopted, talos: talos?.given, external: running.external }, undefined, 2));
  else if (options.output === 'values') standardOutput.write(valuesText(adopted, adopted.values as JsonObject));
  else if (isRefused)
    say('error: the values are refused, so no project is written. Without --output project they are printed.');
  else writeAdopted(folder, options, adopted, talos);
  return isRefused ? EXIT.failed : EXIT.ok;
}

function talosIn({ configs }: Running, { talos }: Options): TalosCluster | undefined {
  return configs.length === 0 ? undefined : readMachineConfigs(configs, withoutV(talos)).talos;
}

/** Values that the construct adds for a cluster and that what runs has not: written as the chart has them, they win. */
function overTalosValues({ values, version }: Adopted, talos: TalosCluster | undefined): JsonObject {
  if (talos === undefined) return values as JsonObject;
  const own = talosValues(talos, version) as JsonObject;
  const below = chartDefaults(own, loadProfile(version)?.profile.defaults) as CiliumValues;
  return layered([below, values]) as JsonObject;
}

/** The defaults of the chart where another map has values. */
function chartDefaults(own: JsonObject, defaults: Json | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(own).map(([name, value]) => {
      const other = mapOf(defaults)[name] ?? null;
      return [name, isMap(value) ? chartDefaults(value, other) : other];
    }),
  );
}

/** Values with the release that they are of. */
function valuesText({ version, namespace }: Adopted, values: JsonObject): string {
  const heading = `# Values of Cilium ${version} in the namespace ${namespace}, found by talos-cilium adopt.\n`;
  return heading + (Object.keys(values).length === 0 ? '{}\n' : `${writeYaml(values).trimEnd()}\n`);
}

function describe(adopted: Adopted, { external }: Running): void {
  const { version, namespace, kubeVersion, explained, isEqual, left, findings } = adopted;
  const lines = explained.reduce((sum, one) => sum + one.lines.length, 0);
  say(`Cilium ${version} in ${namespace}, rendered for Kubernetes ${kubeVersion}.`);
  say(
    `${String(explained.length)} values explain ${String(lines)} lines; the render is ${isEqual ? 'equal' : 'not equal without the edits below'}.`,
  );
  for (const one of left) say(`  ${leftText(one)}`);
  for (const url of external) say(`  ${url}: Talos fetches it; it was not read.`);
  sayFindings(findings);
}

function leftText(one: AdoptLeft): string {
  switch (one.kind) {
    case 'edited':
      return `${one.object}: edited at ${one.patch.map(({ path }) => path).join(', ')}.`;
    case 'missing':
      return `${one.object}: the values render it, and it is not among the manifests.`;
    case 'other':
      return `${one.object}: ${one.isHook ? 'a hook of another chart' : 'not of the chart'}; it is kept as it is.`;
    case 'certificate':
      return `${one.object}: a certificate that Helm made; certgen makes a new one in the cluster.`;
    case 'secret':
      return `${one.object}: not copied: ${one.keys.join(', ')}.`;
  }
}

function writeAdopted(folder: string, options: Options, adopted: Adopted, talos: TalosCluster | undefined): void {
  const { version, namespace, kubeVersion, apiVersions, helmRelease } = adopted;
  const paths = writeProject(folder, options.library, {
    cilium: {
      version,
      ...(namespace === 'kube-system' ? {} : { namespace }),
      ...(talos?.given.kubernetesVersion === undefined ? { kubeVersion } : {}),
      ...(apiVersions.length === 0 ? {} : { apiVersions }),
      ...(helmRelease === undefined ? {} : { helmRelease: { ...helmRelease } }),
    },
    talos: talos?.given as JsonObject | undefined,
    values: valuesText(adopted, overTalosValues(adopted, talos)),
    additions: additionsOf(adopted),
  });
  for (const path of paths) print(join(options.folder ?? '.', path));
  say(`Next: cd ${options.folder ?? '.'} && npm install && npm test && npm run synth`);
}
