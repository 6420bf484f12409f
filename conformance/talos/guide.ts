import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { TALOS_MINORS } from '../../lib/talos/cluster/versions';
import type { TalosMinor } from '../../lib/talos/cluster/versions';
import { askMachinery } from './machinery';
import type { Configs, NodeVerdict, Verdict } from './machinery';

/*
 * docs/upgrading-talos.md, followed with Talos' machinery: its programs write the patches, each is applied to the config that the step before
 * left, and once more; the messages of its table are what Talos says.
 */

const root = join(__dirname, '..', '..');
const PAGE = join(root, 'docs', 'upgrading-talos.md');

interface Patches {
  readonly all: readonly string[];
  readonly controlplane: readonly string[];
  readonly worker: readonly string[];
}

/** The deviations from the page. */
export function guideProblems(): readonly string[] {
  const page = readFileSync(PAGE, 'utf8');
  const out = mkdtempSync(join(tmpdir(), 'upgrading-'));
  try {
    return [...stepProblems(page, out), ...messageProblems(page)];
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function stepProblems(page: string, out: string): readonly string[] {
  for (const [i, program] of blocksOf(page, 'ts').entries()) run(program, join(out, `program-${String(i)}.ts`), out);
  const problems: string[] = [];
  let configs: Configs | undefined;
  const step = (name: string, minor: TalosMinor, patches: Patches, appends: boolean): void => {
    const verdict = asked(minor, '1.11', configs, patches);
    problems.push(...nodesOf(verdict).flatMap((node) => nodeProblems(node, appends).map((text) => `${name}: ${text}`)));
    if (verdict.controlplane.cni !== 'none') problems.push(`${name}: Talos runs the CNI ${verdict.controlplane.cni}`);
    configs = { controlplane: verdict.controlplane.config, worker: verdict.worker.config };
  };
  for (const minor of TALOS_MINORS) step(minor, minor, patchesIn(join(out, minor)), minor !== '1.14');
  step('sections moved', '1.14', movesOf(page), false);
  step('after the move', '1.14', patchesIn(join(out, 'moved')), false);
  return problems;
}

/** The patches of users on the page, by the file that they begin with. */
function movesOf(page: string): Patches {
  const text = (file: string): readonly string[] =>
    blocksOf(page, 'yaml').filter((block) => block.startsWith(`# move/${file}\n`));
  return { all: [], controlplane: text('controlplane.yaml'), worker: text('worker.yaml') };
}

function nodeProblems(
  { errors, strictErrors, warnings, twiceErrors, twiceSame }: NodeVerdict,
  appends: boolean,
): readonly string[] {
  return [
    ...[...errors, ...strictErrors, ...warnings, ...twiceErrors],
    ...(twiceSame || appends ? [] : ['applied again, it is not the same']),
  ];
}

interface Message {
  readonly message: string;
  readonly on: TalosMinor;
  /** A patch of the user that the config has already. */
  readonly has?: object;
  readonly contract: TalosMinor;
  readonly cluster: TalosClusterProps;
}

const lists = { nameservers: ['1.1.1.1'] };
const MESSAGES: readonly Message[] = [
  {
    message: 'cluster network config is already set in the v1alpha1 config',
    on: '1.14',
    contract: '1.13',
    cluster: { talosVersion: '1.14' },
  },
  {
    message: "failed to delete path 'cluster.network.cni'",
    on: '1.14',
    contract: '1.14',
    cluster: { talosVersion: '1.14', generatedBy: '1.13' },
  },
  {
    message: '.machine.network.nameservers is already set in v1alpha1 config',
    on: '1.13',
    contract: '1.13',
    has: { machine: { network: { nameservers: ['9.9.9.9'] } } },
    cluster: { talosVersion: '1.13', ...lists },
  },
  {
    message: 'kubespan is already configured in v1alpha1 machine.network.kubespan',
    on: '1.13',
    contract: '1.13',
    has: { machine: { network: { kubespan: { enabled: true } } } },
    cluster: { talosVersion: '1.13', kubeSpan: {} },
  },
  {
    message: '.machine.network.searchDomains is already set in v1alpha1 config',
    on: '1.12',
    contract: '1.12',
    has: { machine: { network: { searchDomains: ['example.org'] } } },
    cluster: { talosVersion: '1.12', ...lists },
  },
  {
    message: 'kube-controller-manager image cannot be empty',
    on: '1.14',
    contract: '1.13',
    has: { cluster: { controllerManager: { $patch: 'delete' } } },
    cluster: {
      talosVersion: '1.14',
      generatedBy: '1.13',
      sections: ['cluster.network', 'cluster.proxy'],
      nodeCIDRMaskSizeIPv4: 25,
    },
  },
  {
    message: 'lookup failed',
    on: '1.13',
    contract: '1.13',
    cluster: { talosVersion: '1.13', sections: ['machine.network.nameservers'], ...lists },
  },
];

function messageProblems(page: string): readonly string[] {
  return MESSAGES.flatMap(({ message, on, contract, has, cluster }) => {
    const patch = patchesOf(cluster);
    const before = has === undefined ? [] : [`${JSON.stringify(has)}\n`];
    const errors = nodesOf(asked(on, contract, undefined, { ...patch, all: [...before, ...patch.all] })).flatMap(
      (node) => node.errors,
    );
    return [
      ...(page.includes(`\`${message}\``) ? [] : [`the page does not have: ${message}`]),
      ...(errors.some((error) => error.includes(message))
        ? []
        : [`wanted "${message}", heard ${JSON.stringify(errors)}`]),
    ];
  });
}

function patchesOf(cluster: TalosClusterProps): Patches {
  const { all, controlplane, worker } = renderTalosPatch({
    talos: new TalosCluster(cluster),
    manifests: [],
    cilium: { kubeProxyReplacement: true },
  });
  const list = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);
  return { all: list(all), controlplane: list(controlplane), worker: list(worker) };
}

function asked(minor: TalosMinor, contract: TalosMinor, base: Configs | undefined, patches: Patches): Verdict {
  const [verdict] = askMachinery(minor, [{ id: 'guide', contract, kubeSpan: false, base, ...patches, twice: true }]);
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

const nodesOf = ({ controlplane, worker }: Verdict): readonly NodeVerdict[] => [controlplane, worker];

function patchesIn(folder: string): Patches {
  const read = (output: string): readonly string[] => {
    const file = join(folder, `${output}.patch.yaml`);
    return existsSync(file) ? [readFileSync(file, 'utf8')] : [];
  };
  const patches = { all: read('all'), controlplane: read('controlplane'), worker: read('worker') };
  if (Object.values(patches).flat().length === 0)
    throw new Error(`The programs of ${PAGE} wrote nothing to ${folder}.`);
  return patches;
}

function blocksOf(page: string, language: string): readonly string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text);
}

function run(program: string, file: string, out: string): void {
  writeFileSync(file, program);
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: out, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') },
  });
  if (status !== 0) throw new Error(`A program of ${PAGE} fails:\n${stderr}`);
}
