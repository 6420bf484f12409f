import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { talosCommands } from '../../lib/talos/commands/describe';
import type { Command, CommandsInput } from '../../lib/talos/commands/describe';
import { migrationOf } from '../../lib/talos/commands/migration';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import { talosMinor } from '../../lib/talos/cluster/versions';
import { askMachinery } from './machinery';
import type { Job, NodeVerdict } from './machinery';
import { MANIFESTS } from './matrix';
import { TARGETS } from './targets';

/*
 * The commands of a patch's life, followed: what they do to machine configs is done with Talos' machinery, and every config in between is
 * validated. What they do to a cluster is not run here.
 */

const NODES = {
  clusterName: 'home',
  endpoint: 'https://10.5.0.2:6443',
  controlPlanes: [{ address: 'cp', hostname: 'cp-1' }],
  workers: [{ address: 'worker', hostname: 'w-1' }],
};

/** The required content of a config after a command. */
interface Wanted {
  readonly cni: 'none' | 'flannel';
  readonly kubeProxy: boolean;
  readonly manifests: number;
  readonly text?: string;
}

/** One config of a control plane and a worker on the way, with the command that led there. */
interface Stage {
  readonly id: string;
  readonly contract: string;
  readonly controlplane: readonly string[];
  readonly worker: readonly string[];
  readonly wanted: Wanted;
}

/** The problems of the configs of all commands; empty when every config is valid and as intended. */
export function lifeCycleProblems(): { readonly stages: number; readonly problems: readonly string[] } {
  const all = TARGETS.flatMap((target) =>
    [true, false].flatMap((replaces) => {
      const minor = talosMinor(target.talosVersion);
      return minor === undefined ? [] : stagesOf(target, replaces).map((stage) => ({ minor, stage }));
    }),
  );
  const minors = [...new Set(all.map(({ minor }) => minor))];
  const problems = minors.flatMap((minor) => {
    const stages = all.filter((one) => one.minor === minor).map(({ stage }) => stage);
    const verdicts = askMachinery(minor, stages.map(jobOf));
    return stages.flatMap((stage, i) => {
      const verdict = verdicts[i];
      if (verdict === undefined) return [`${stage.id}: no verdict`];
      return [
        ...nodeProblems(verdict.controlplane).map((text) => `${stage.id}: control plane: ${text}`),
        ...nodeProblems(verdict.worker).map((text) => `${stage.id}: worker: ${text}`),
        ...differences(stage.wanted, verdict.controlplane).map((text) => `${stage.id}: ${text}`),
      ];
    });
  });
  return { stages: all.length, problems };
}

function jobOf({ id, contract, controlplane, worker }: Stage): Job {
  return { id, contract, kubeSpan: false, all: [], controlplane, worker, twice: false };
}

function nodeProblems({ errors, strictErrors, warnings }: NodeVerdict): readonly string[] {
  return [...errors, ...strictErrors.map((text) => `strict: ${text}`), ...warnings.map((text) => `warning: ${text}`)];
}

function differences({ cni, kubeProxy, manifests, text }: Wanted, read: NodeVerdict): readonly string[] {
  return [
    ...(read.cni === cni ? [] : [`CNI is ${read.cni}, not ${cni}`]),
    ...(read.kubeProxy === kubeProxy ? [] : [`kube-proxy is ${String(read.kubeProxy)}`]),
    ...(read.manifests.length === manifests
      ? []
      : [`there are ${String(read.manifests.length)} manifests, not ${String(manifests)}`]),
    ...(text === undefined || read.config.includes(text) ? [] : [`'${text}' is missing`]),
  ];
}

function stagesOf(target: (typeof TARGETS)[number], replaces: boolean): readonly Stage[] {
  const { generatedBy, talosVersion } = target;
  const talos = new TalosCluster({
    talosVersion,
    generatedBy,
    podSubnets: ['10.244.0.0/16'],
    nameservers: ['192.168.1.1'],
  });
  const cilium = { kubeProxyReplacement: replaces };
  const rendered = renderTalosPatch({ talos, manifests: MANIFESTS, cilium });
  const objects = MANIFESTS.flatMap((manifest) => manifest.objects);
  const input: CommandsInput = { talos, rendered, objects, cilium, replace: false, fetches: false, folder: 'talos' };
  const name = `${talosVersion} on ${generatedBy}, kube-proxy ${replaces ? 'goes' : 'stays'}`;
  const { create, handOver } = talosCommands(input, NODES);
  const done: Wanted = { cni: 'none', kubeProxy: !replaces, manifests: MANIFESTS.length };
  const before: Wanted = { cni: 'flannel', kubeProxy: true, manifests: 0 };
  const follow = (
    what: string,
    commands: readonly Command[],
    wanted: (last: boolean) => Wanted,
    from?: Patches,
  ): readonly Stage[] =>
    followed(input, commands, from).map((patches, i, all) => ({
      id: `${name}: ${what}, command ${String(i + 1)}`,
      contract: generatedBy,
      ...patches,
      wanted: wanted(i === all.length - 1),
    }));
  const flannel = migrationOf(input, { from: 'flannel', ...NODES }).steps.flatMap((step) => step.commands);
  const migrated = follow('migration from flannel', flannel, (last) => (last ? done : before));
  const created = follow('create', create, (last) => (last ? { ...done, text: 'hostname: cp-1' } : done));
  const handed = follow('hand-over', handOver, () => ({ ...done, manifests: 0 }), followed(input, create).at(-1));
  return [...migrated, ...(replaces ? takenOver(input, generatedBy, name) : []), ...created, ...handed];
}

/** From a cluster whose Cilium leaves the services to kube-proxy. */
function takenOver(input: CommandsInput, contract: string, name: string): readonly Stage[] {
  const { talos } = input;
  const patches = { talos, manifests: MANIFESTS, replace: true };
  const start = renderTalosPatch({ ...patches, cilium: { kubeProxyReplacement: false } });
  const next = { ...input, replace: true, rendered: renderTalosPatch({ ...patches, cilium: input.cilium }) };
  const commands = migrationOf(next, { from: 'kube-proxy', ...NODES }).steps.flatMap((step) => step.commands);
  const given = (...texts: readonly (string | undefined)[]): readonly string[] =>
    texts.filter((text) => text !== undefined);
  const from = { controlplane: given(start.all, start.controlplane), worker: given(start.all, start.worker) };
  return followed(next, commands, from).map((at, i, all) => ({
    id: `${name}: migration from kube-proxy, command ${String(i + 1)}`,
    contract,
    ...at,
    wanted: { cni: 'none', kubeProxy: i < all.length - 1, manifests: MANIFESTS.length },
  }));
}

type Patches = Pick<Stage, 'controlplane' | 'worker'>;

/** The patches on both kinds of nodes after each command that changes a config. */
function followed(
  input: CommandsInput,
  commands: readonly Command[],
  from: Patches = { controlplane: [], worker: [] },
): readonly Patches[] {
  let now = from;
  return commands.flatMap(({ run }) => {
    const said = patchesIn(input, run);
    if (said.controlplane.length + said.worker.length === 0) return [];
    now = { controlplane: [...now.controlplane, ...said.controlplane], worker: [...now.worker, ...said.worker] };
    return [now];
  });
}

const OPTION = /--(config-patch-control-plane|config-patch-worker|config-patch|patch) (?:@(\S+)|'([^']*)')/g;

/** The patches of a call of talosctl, by the nodes that it is for. */
function patchesIn({ rendered, folder }: CommandsInput, run: string): Patches {
  const texts = new Map(rendered.report.map(({ file, output }) => [`${folder}/${file}`, rendered[output]]));
  const found = [...run.matchAll(OPTION)].map(([, option = '', file, inline]) => {
    const text = file === undefined ? inline : texts.get(file);
    if (text === undefined) throw new Error(`'${run}' names a file that is not written`);
    return { option, text };
  });
  const node = /--nodes (\S+)/.exec(run)?.[1];
  const of = (address: string, kind: string): readonly string[] =>
    found
      .filter(({ option }) => (node === undefined ? ['config-patch', kind].includes(option) : node === address))
      .map(({ text }) => text);
  return { controlplane: of('cp', 'config-patch-control-plane'), worker: of('worker', 'config-patch-worker') };
}
