import { areDocuments } from '../cluster/setting';
import type { Output } from '../cluster/setting';
import { inlineManifests } from '../cluster/inline-manifests';
import { nodesOf, fileArgument } from './command';
import type { Command, CommandNode, CommandsInput, CommandsProps } from './command';
import { syncCommands } from './sync';

/** Commands for a running cluster, when the patch has changed. */
export function changeCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { controlPlanes, workers, all } = nodesOf(props);
  const patches = [
    ...controlPlanes.flatMap((node) => patchCommands(input, node, ['all', 'controlplane'])),
    ...workers.flatMap((node) => patchCommands(input, node, ['all', 'worker'])),
  ];
  if (patches.length === 0) return [];
  return [
    ...all.map(saved),
    ...patches,
    ...(input.rendered.controlplane === undefined ? [] : syncCommands(input, props)),
  ];
}

/** The file with a node's config from before a change. */
export function savedFile({ address }: CommandNode): string {
  const name = address.replaceAll(/["']/g, '').replace(/\$\{(\w+)\}/g, '$$$1');
  return `before-${name.replace(/[^\w$.-]/g, '-')}.yaml`;
}

/** Saves the config of a node, for a rollback. */
export function saved(node: CommandNode): Command {
  return {
    run: `talosctl --nodes ${node.address} get machineconfig v1alpha1 -o jsonpath='{.spec}' > ${savedFile(node)}`,
    why: 'The config as it is now, for the way back. It holds secrets: keep it out of the repository.',
  };
}

/** Patches the config of a running node with the files of the outputs, where there are any. */
export function patchCommands(input: CommandsInput, node: CommandNode, outputs: readonly Output[]): readonly Command[] {
  const files = outputs.flatMap((output) => fileArgument(input, output) ?? []);
  if (files.length === 0) return [];
  const run = `talosctl --nodes ${node.address} patch machineconfig ${files.map((file) => `--patch ${file}`).join(' ')}`;
  return [{ run, why: [patchReason(input, outputs), ...stays(input, outputs)].join(' ') }];
}

function patchReason({ rendered, fetches }: CommandsInput, outputs: readonly Output[]): string {
  const preview = 'Add --dry-run to see what changes.';
  const written = outputs.includes('controlplane') && rendered.controlplane !== undefined;
  if (!written) return `The config of a ${outputs.includes('worker') ? 'worker' : 'node'}. ${preview}`;
  const manifests = fetches || rendered.report.some((output) => output.manifests.length > 0);
  const what = manifests
    ? 'The same on every control plane: upgrade-k8s reads the manifests of one.'
    : 'The config of a control plane.';
  return [what, ...refusals(rendered.appends), preview].join(' ');
}

/** Lists of manifests append: a second time they contain everything twice. */
function refusals(appends: readonly string[]): readonly string[] {
  if (appends.includes('manifests')) {
    return [
      'Talos refuses it while the config holds manifests of these names: make the TalosPatch with replace: true first.',
    ];
  }
  if (!appends.includes('externalManifests')) return [];
  return ['Each time the URLs are added to the list once more: make the TalosPatch with replace: true first.'];
}

/** What a patch does not undo in a config that an earlier one has changed. */
function stays({ talos, rendered }: CommandsInput, outputs: readonly Output[]): readonly string[] {
  const lists = rendered.appends.filter((prop) => outputs.includes(outputOf(prop)) && !MANIFESTS.includes(prop));
  const documents =
    areDocuments(inlineManifests, talos) && outputs.includes('controlplane') && rendered.controlplane !== undefined;
  const replaced = rendered.report.filter(({ output }) => outputs.includes(output)).flatMap(({ replaces }) => replaces);
  return [
    ...(replaced.length === 0
      ? []
      : [`Replaced as a whole, with what other patches put there: ${replaced.join(', ')}.`]),
    ...(lists.length === 0 ? [] : [`Lists append (${lists.join(', ')}): leave what the node has out of the file.`]),
    ...(documents
      ? ['A manifest that was renamed or left out stays in the config: delete its KubeInlineManifestConfig by name.']
      : []),
  ];
}

const MANIFESTS: readonly string[] = ['manifests', 'externalManifests'];

/** The output that a prop belongs to: `workers.kernelModules` to that of workers. */
function outputOf(prop: string): Output {
  if (prop.startsWith('controlPlanes.')) return 'controlplane';
  return prop.startsWith('workers.') ? 'worker' : 'all';
}
