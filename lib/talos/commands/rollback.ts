import { talosHas } from '../cluster/versions';
import { savedFile } from './change';
import { nodesOf } from './command';
import type { Command, CommandNode, CommandsInput, CommandsProps } from './command';
import { jobCommands, readKubernetesVersion, upgradeK8s } from './sync';

/** Back to the configs that were saved before a change. */
export function rollbackCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { talos, rendered } = input;
  const { controlPlanes, workers, first } = nodesOf(props);
  const prunes = talosHas(talos.talosVersion, 'manifest-pruning');
  const nodes = [
    ...(rendered.all === undefined && rendered.controlplane === undefined ? [] : controlPlanes),
    ...(rendered.all === undefined && rendered.worker === undefined ? [] : workers),
  ];
  const gone = prunes
    ? 'Objects that only the newer manifests have are deleted.'
    : 'Objects that only the newer manifests have stay: delete them with kubectl.';
  return [
    ...nodes.map(restored),
    ...(rendered.controlplane === undefined
      ? []
      : [
          ...readKubernetesVersion(talos),
          ...jobCommands(input),
          {
            run: upgradeK8s(talos, first),
            why: `The manifests of the older configs, over those in the cluster. ${gone} What Cilium’s operator and agents made stays: definitions, identities, endpoints. Cilium itself goes back by one minor only.`,
          },
        ]),
  ];
}

/** Restores the config of a node that `change` saved. */
export function restored(node: CommandNode): Command {
  return {
    run: `talosctl --nodes ${node.address} apply-config --file ${savedFile(node)}`,
    why: 'The config from before the change, whole. Only while Talos and Kubernetes are those of then: it names their versions too.',
  };
}
