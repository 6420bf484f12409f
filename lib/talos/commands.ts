import type { KubernetesObject } from '../kubernetes/types';
import { checkArguments } from '../props/check';
import { listOf, needed, props as propsOf, text } from '../props/shape';
import type { TalosCluster } from './cluster';
import { patchArgument } from './patch-files';
import type { RenderedTalosPatch } from './render';
import { OUTPUTS, areDocuments } from './setting';
import type { Output } from './setting';
import { inlineManifests } from './settings/inline-manifests';
import { minorOf, talosHas } from './versions';

/** One command, ready for a shell, and why it is next. */
export interface Command {
  readonly run: string;
  readonly why: string;
}

/** What the patch does not know of a cluster. What is not given stays a shell variable in the commands. */
export interface CommandsProps {
  /** @default $CLUSTER */
  readonly clusterName?: string;
  /** URL of the API server. @default - `https://<vip>:6443` of the cluster, otherwise $ENDPOINT */
  readonly endpoint?: string;
  /** Addresses of the control planes. @default - $CONTROL_PLANE, for one node */
  readonly controlPlanes?: readonly string[];
  /** Addresses of the workers. @default - $WORKER, for one node */
  readonly workers?: readonly string[];
}

/** The commands that bring a patch to a cluster, in order. */
export interface TalosCommands {
  /** From nothing to a cluster. */
  readonly create: readonly Command[];
  /** To a cluster that runs, when the patch has changed. */
  readonly change: readonly Command[];
}

/** What the commands are made from. */
export interface CommandsInput {
  readonly talos: TalosCluster;
  readonly rendered: RenderedTalosPatch;
  readonly objects: readonly KubernetesObject[];
  /** The legacy lists are emptied by the patch itself. */
  readonly replace: boolean;
  /** Where the files of the patch are, as the shell sees them. */
  readonly folder: string;
}

const PATCH_OPTIONS: Readonly<Record<Output, string>> = {
  all: '--config-patch',
  controlplane: '--config-patch-control-plane',
  worker: '--config-patch-worker',
};

/** The exact commands for a patch and its Talos release. */
export function talosCommands(input: CommandsInput, props: CommandsProps = {}): TalosCommands {
  return { create: createCommands(input, props), change: changeCommands(input, props) };
}

const ARGUMENTS = propsOf<{ readonly commands: readonly Command[] }>({
  commands: needed(listOf(propsOf<Command>({ run: needed(text), why: needed(text) }))),
});

/** Commands as a shell script with their reasons as comments. */
export function describeCommands(commands: readonly Command[]): string {
  checkArguments('describeCommands', { commands }, ARGUMENTS);
  return commands.map(({ run, why }) => `# ${why}\n${run}\n`).join('\n');
}

function createCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { talos, rendered, folder } = input;
  const { clusterName = '$CLUSTER', controlPlanes = ['$CONTROL_PLANE'], workers = ['$WORKER'] } = props;
  const address = talos.given.vip?.ip;
  const endpoint = props.endpoint ?? (address === undefined ? '$ENDPOINT' : urlOf(address));
  const patches = OUTPUTS.filter((output) => rendered[output] !== undefined).map(
    (output) => `${PATCH_OPTIONS[output]} ${patchArgument(folder, output)}`,
  );
  const [first = '$CONTROL_PLANE'] = controlPlanes;
  const generate = [
    `talosctl gen config ${clusterName} ${endpoint}`,
    `--talos-version v${minorOf(talos.generatedBy)} --kubernetes-version ${talos.kubernetesVersion}`,
    '--with-docs=false --with-examples=false',
    ...patches,
  ];
  return [
    { run: generate.join(' \\\n  '), why: 'The machine configs, patched. Keep the secrets in them out of the repository.' },
    ...['controlplane', 'worker'].map((kind) => ({
      run: `talosctl validate --config ${kind}.yaml --mode metal --strict`,
      why: 'What Talos says to the config before any node sees it.',
    })),
    ...controlPlanes.map((node) => applied(node, 'controlplane')),
    ...workers.map((node) => applied(node, 'worker')),
    {
      run: `talosctl --talosconfig talosconfig --endpoints ${first} --nodes ${first} bootstrap`,
      why: 'Once, on one control plane; the inline manifests follow by themselves as soon as etcd is up.',
    },
    {
      run: `talosctl --talosconfig talosconfig --endpoints ${first} --nodes ${first} kubeconfig`,
      why: 'Access to the cluster. Nodes become ready when Cilium runs.',
    },
    {
      run: `talosctl --talosconfig talosconfig config endpoint ${controlPlanes.join(' ')} && talosctl config merge talosconfig`,
      why: 'From here on talosctl knows the cluster, for the commands of later changes too.',
    },
  ];
}

function applied(node: string, kind: string): Command {
  return {
    run: `talosctl apply-config --insecure --nodes ${node} --file ${kind}.yaml`,
    why: 'A node in maintenance mode takes its config and installs itself.',
  };
}

function changeCommands({ talos, rendered, objects, replace, folder }: CommandsInput, props: CommandsProps): readonly Command[] {
  const { controlPlanes = ['$CONTROL_PLANE'], workers = ['$WORKER'] } = props;
  const [first = '$CONTROL_PLANE'] = controlPlanes;
  const files = (outputs: readonly Output[]): readonly string[] =>
    outputs.filter((output) => rendered[output] !== undefined).map((output) => `--patch ${patchArgument(folder, output)}`);
  const patched = (node: string, outputs: readonly Output[]): readonly Command[] => {
    const options = files(outputs);
    return options.length === 0
      ? []
      : [
          {
            run: `talosctl patch machineconfig --nodes ${node} ${options.join(' ')}`,
            why: [patchReason(talos, replace, outputs), ...stays(talos, rendered, outputs)].join(' '),
          },
        ];
  };
  return [
    ...controlPlanes.flatMap((node) => patched(node, ['all', 'controlplane'])),
    ...workers.flatMap((node) => patched(node, ['all', 'worker'])),
    ...(rendered.controlplane === undefined ? [] : syncCommands(talos, objects, first)),
  ];
}

function patchReason(talos: TalosCluster, replace: boolean, outputs: readonly Output[]): string {
  if (!outputs.includes('controlplane')) return 'The config of a worker; add --dry-run to see what changes.';
  const again =
    areDocuments(inlineManifests, talos) || replace
      ? 'The same manifests on every control plane, because upgrade-k8s reads those of one;'
      : 'Refused while the config holds manifests of these names: make the TalosPatch with replace: true first;';
  return `${again} add --dry-run to see what changes.`;
}

/** What a patch cannot say by itself of a config that an earlier one has changed. */
function stays(talos: TalosCluster, { appends, controlplane }: RenderedTalosPatch, outputs: readonly Output[]): readonly string[] {
  const lists = appends.filter((prop) => prop !== 'manifests');
  const documents = areDocuments(inlineManifests, talos) && outputs.includes('controlplane') && controlplane !== undefined;
  return [
    ...(lists.length === 0 ? [] : [`Lists append (${lists.join(', ')}): leave what the node has out of the file.`]),
    ...(documents ? ['A manifest that was renamed or left out stays in the config: delete its KubeInlineManifestConfig by name.'] : []),
  ];
}

function syncCommands(talos: TalosCluster, objects: readonly KubernetesObject[], node: string): readonly Command[] {
  const sync = `talosctl --nodes ${node} upgrade-k8s --to ${talos.kubernetesVersion}`;
  const prunes = talosHas(talos.talosVersion, 'manifest-pruning');
  const force = prunes && objects.some(({ kind }) => kind === 'Job') ? ' --manifests-force' : '';
  const gone = prunes ? 'Objects that left the manifests are deleted.' : 'Objects that left the manifests stay: delete them with kubectl.';
  const jobs = force === '' ? '' : ' Changed Jobs are made anew, because nothing can change them.';
  return [
    { run: `${sync} --dry-run`, why: 'What would change in the cluster.' },
    { run: `${sync}${force}`, why: `Talos only creates what is missing; this updates what is there. ${gone}${jobs}` },
  ];
}

function urlOf(address: string): string {
  return `https://${address.includes(':') ? `[${address}]` : address}:6443`;
}
