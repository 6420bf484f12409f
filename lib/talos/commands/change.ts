import type { TalosCluster } from '../cluster';
import { isMultidoc } from '../setting';
import type { Output } from '../setting';
import { nodesOf, patchFile } from './command';
import type { Command, CommandNode, CommandsInput, CommandsProps } from './command';
import { syncCommands } from './sync';

/** To a cluster that runs, when the patch has changed. */
export function changeCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { controlPlanes, workers, all } = nodesOf(props);
  const patches = [
    ...controlPlanes.flatMap((node) => patchCommands(input, node, ['all', 'controlplane'])),
    ...workers.flatMap((node) => patchCommands(input, node, ['all', 'worker'])),
  ];
  if (patches.length === 0) return [];
  return [...all.map(saved), ...patches, ...(input.rendered.controlplane === undefined ? [] : syncCommands(input, props))];
}

/** The file that keeps a node's config from before a change. */
export function savedFile({ address }: CommandNode): string {
  return `before-${address.replace(/[^\w$.-]/g, '-')}.yaml`;
}

/** Keeps the config of a node, for the way back. */
export function saved(node: CommandNode): Command {
  return {
    run: `talosctl --nodes ${node.address} get machineconfig v1alpha1 -o jsonpath='{.spec}' > ${savedFile(node)}`,
    why: 'The config as it is now, for the way back. It holds secrets: keep it out of the repository.',
  };
}

/** Patches the config of a running node with the files of the outputs, where there are any. */
export function patchCommands(input: CommandsInput, node: CommandNode, outputs: readonly Output[]): readonly Command[] {
  const files = outputs.flatMap((output) => patchFile(input, output) ?? []);
  if (files.length === 0) return [];
  const run = `talosctl --nodes ${node.address} patch machineconfig ${files.map((file) => `--patch ${file}`).join(' ')}`;
  return [{ run, why: [patchReason(input, outputs), ...stays(input, outputs)].join(' ') }];
}

function patchReason({ talos, rendered, replace, fetches }: CommandsInput, outputs: readonly Output[]): string {
  const preview = 'Add --dry-run to see what changes.';
  const written = outputs.includes('controlplane') && rendered.controlplane !== undefined;
  if (!written) return `The config of a ${outputs.includes('worker') ? 'worker' : 'node'}. ${preview}`;
  const has = rendered.report.some(({ manifests }) => manifests.length > 0);
  const again = isMultidoc(talos) || replace ? [] : refusals(has, fetches);
  return [
    has || fetches ? 'The same on every control plane: upgrade-k8s reads the manifests of one.' : 'The config of a control plane.',
    ...again,
    preview,
  ].join(' ');
}

/** Lists in sections append, so that a second time they hold everything twice. */
function refusals(inline: boolean, fetches: boolean): readonly string[] {
  if (inline) return ['Talos refuses it while the config holds manifests of these names: make the TalosPatch with replace: true first.'];
  if (fetches) return ['Each time the URLs are added to the list once more: make the TalosPatch with replace: true first.'];
  return [];
}

/** What a patch cannot say by itself of a config that an earlier one has changed. */
function stays({ talos, rendered }: CommandsInput, outputs: readonly Output[]): readonly string[] {
  const lists = outputs.includes('all') ? appendingLists(talos) : [];
  const documents = isMultidoc(talos) && outputs.includes('controlplane') && rendered.controlplane !== undefined;
  return [
    ...(lists.length === 0 ? [] : [`Lists append (${lists.join(', ')}): leave what the node has out of the file.`]),
    ...(documents ? ['A manifest that was renamed or left out stays in the config: delete its KubeInlineManifestConfig by name.'] : []),
  ];
}

function appendingLists(talos: TalosCluster): readonly string[] {
  const { nameservers = [], timeServers = [], kubeSpan, kernelModules = [] } = talos.given;
  const { endpoints = [], excludeAdvertisedNetworks = [] } = kubeSpan?.filters ?? {};
  return [
    ...(nameservers.length > 0 ? ['nameservers'] : []),
    ...(timeServers.length > 0 ? ['timeServers'] : []),
    ...(endpoints.length + excludeAdvertisedNetworks.length > 0 ? ['filters of kubeSpan'] : []),
    ...(kernelModules.length > 0 && !isMultidoc(talos) ? ['kernelModules'] : []),
  ];
}
