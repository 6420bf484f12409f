import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import type { Case } from '../helm/cases';
import { emptyFolder, inTurns, output, peakMemory } from './measure';
import type { Command, Row, Work } from './measure';

/** What is measured against what. */
export interface Bench {
  readonly root: string;
  readonly version: string;
  /** The archive of the chart, and its unpacked folder. */
  readonly chart: string;
  readonly chartFolder: string;
  readonly helm: string;
  /** cilium-cli; without it that row is left out. */
  readonly ciliumCli: string | undefined;
  readonly rounds: number;
}

/** Whole processes that render one set of values. */
export function processes(bench: Bench, one: Case): readonly Row[] {
  const file = join(emptyFolder(), 'values.yaml');
  writeFileSync(file, stringify(one.values));
  const cli = join(bench.root, 'build', 'cli', 'main.js');
  const common = ['--namespace', one.namespace, '--kube-version', one.kubeVersion];
  // As Helm: some sets have values that no release knows.
  const ours = ['--version', bench.version, ...common, '--unknown-values', 'warn'];
  const app = appFolder(bench, one);
  const { NODE_EXTRA_CA_CERTS: certificates, ...bare } = process.env;
  const template: Command = [process.execPath, cli, 'template', 'cilium', 'cilium/cilium', '-f', file, ...ours];
  return inTurns(
    [
      commandWork('helm template', [bench.helm, 'template', 'cilium', bench.chart, ...common, '-f', file]),
      commandWork('Node without a program', [process.execPath, '-e', '0']),
      commandWork('talos-cilium template', template),
      // Node reads the file in this variable at every start.
      ...(certificates === undefined
        ? []
        : [commandWork('talos-cilium template, without NODE_EXTRA_CA_CERTS', template, bare)]),
      commandWork('talos-cilium template, compiled anew', template, {
        ...process.env,
        NODE_DISABLE_COMPILE_CACHE: '1',
      }),
      commandWork('talos-cilium check', [process.execPath, cli, 'check', file, ...ours]),
      ...(bench.ciliumCli === undefined ? [] : [ciliumInstall(bench, bench.ciliumCli, file, one)]),
      commandWork('app with the Helm construct of cdk8s', [process.execPath, 'helm.js'], process.env, app),
      commandWork('app with the Cilium construct', [process.execPath, 'cilium.js'], process.env, app),
    ],
    bench.rounds,
  );
}

function commandWork(what: string, command: Command, env = process.env, cwd?: string): Work {
  return { what, run: () => output(command, env, cwd), memory: () => peakMemory(command, env, cwd) };
}

/** It needs no cluster for a dry run, but a place where no cluster is configured. */
function ciliumInstall(bench: Bench, cli: string, file: string, { namespace }: Case): Work {
  const command: Command = [
    cli,
    'install',
    '--dry-run',
    '--chart-directory',
    bench.chartFolder,
    '-n',
    namespace,
    '-f',
    file,
  ];
  const env = { ...process.env, KUBECONFIG: join(emptyFolder(), 'none') };
  return commandWork('cilium install --dry-run', command, env);
}

/** `cdk8s synth` of apps that have the packed library, as `talos-cilium init` starts them. */
export function synthesis(bench: Bench, one: Case): readonly Row[] {
  const folder = appFolder(bench, one);
  const cli = join(bench.root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
  const synth = (program: string): Command => [
    process.execPath,
    cli,
    'synth',
    '--language',
    'typescript',
    '--app',
    `node --import tsx ${program}`,
  ];
  const env = { ...process.env, CDK8S_CHECK_UPGRADE: 'false' };
  return inTurns(
    [
      commandWork('cdk8s synth, empty app', synth('empty.ts'), env, folder),
      commandWork('cdk8s synth, app with Cilium', synth('main.ts'), env, folder),
      commandWork('cdk8s synth, app with Cilium and a Talos patch', synth('talos.ts'), env, folder),
    ],
    Math.max(3, Math.ceil(bench.rounds / 2)),
  );
}

/** A folder with apps, the packed library and the modules it needs. */
function appFolder({ root, version, chart, helm }: Bench, { values, namespace, kubeVersion }: Case): string {
  const folder = emptyFolder();
  const modules = join(folder, 'node_modules');
  const own = join(modules, 'cdk8s-talos-cilium');
  mkdirSync(own, { recursive: true });
  const packed = JSON.parse(
    output(['npm', 'pack', '--ignore-scripts', '--json', '--pack-destination', folder], process.env, root),
  ) as [{ filename: string }];
  output(['tar', 'xzf', join(folder, packed[0].filename), '--strip-components=1', '-C', own]);
  const names = [
    'cdk8s',
    'constructs',
    'ajv',
    'commander',
    'fastest-levenshtein',
    'ip-address',
    're2js',
    'tsx',
    'yaml',
  ];
  for (const name of names) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  const props = `{ version: '${version}', namespace: '${namespace}', kubeVersion: '${kubeVersion}', unknownValues: 'warn', values }`;
  const texts: Readonly<Record<string, string>> = {
    'values.json': JSON.stringify(values),
    'helm.js': `const { App, Chart, Helm } = require('cdk8s');
const app = new App();
const chart = new Chart(app, 'cilium');
new Helm(chart, 'cilium', { chart: ${JSON.stringify(chart)}, helmExecutable: ${JSON.stringify(helm)}, releaseName: 'cilium',
  namespace: '${namespace}', values: require('./values.json'), helmFlags: ['--kube-version', '${kubeVersion}'] });
app.synth();
`,
    'cilium.js': `const { App, Chart } = require('cdk8s');
const { Cilium } = require('cdk8s-talos-cilium');
const values = require('./values.json');
const app = new App();
new Cilium(new Chart(app, 'cilium', { disableResourceNameHashes: true }), 'cilium', ${props});
app.synth();
`,
    'empty.ts': `import { App, Chart } from 'cdk8s';
const app = new App();
new Chart(app, 'empty');
app.synth();
`,
    'main.ts': `import { App, Chart } from 'cdk8s';
import { Cilium } from 'cdk8s-talos-cilium';
const app = new App();
const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
new Cilium(chart, 'cilium', { version: '${version}', values: { hubble: { relay: { enabled: true }, ui: { enabled: true } } } });
app.synth();
`,
    'talos.ts': `import { App, Chart } from 'cdk8s';
import { Cilium, TalosCluster, TalosPatch } from 'cdk8s-talos-cilium';
const app = new App();
const talos = new TalosCluster({ talosVersion: '1.13' });
const chart = new Chart(app, 'cilium', { disableResourceNameHashes: true });
const cilium = new Cilium(chart, 'cilium', { version: '${version}', talos });
new TalosPatch(app, 'talos', { talos, cilium, manifests: [chart] });
app.synth();
`,
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  return folder;
}
