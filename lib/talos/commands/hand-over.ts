import { areDocuments } from '../cluster/setting';
import { inlineManifests } from '../cluster/inline-manifests';
import { talosHas } from '../cluster/versions';
import { inlinePatch, nodesOf } from './command';
import type { Command, CommandsInput, CommandsProps } from './command';
import { readKubernetesVersion, upgradeK8s } from './sync';

/** Talos' inventory of the objects that it created: a ConfigMap in kube-system, and an annotation on each. */
export const INVENTORY = 'talos-bootstrap-manifests-inventory';
const ANNOTATION = 'config.k8s.io/owning-inventory';

/** Transfers the objects of the inline manifests to Flux, Argo CD or Helm, so that Talos no longer changes or deletes them. */
export function handOverCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { talos, rendered } = input;
  const names = rendered.report.flatMap(({ manifests }) => manifests.map(({ name }) => name));
  if (names.length === 0) return [];
  const { controlPlanes, first } = nodesOf(props);
  const taken = controlPlanes.map(({ address }) => ({
    run: `talosctl --nodes ${address} patch machineconfig ${withoutManifests(input, names)}`,
    why: 'Take the manifests out of the config, on every control plane. From now on make the TalosPatch with `cilium` and `manifests: []`.',
  }));
  const own = {
    run: 'kubectl apply --server-side --force-conflicts --filename "$MANIFESTS"',
    why: 'The same objects from their new owner: here kubectl with the files that cdk8s wrote, otherwise what commits them for Flux or Argo CD. A cluster that is built anew has no network until the new owner brings it.',
  };
  if (!talosHas(talos.talosVersion, 'manifest-pruning')) return [...taken, own];
  return [
    ...taken,
    ...readKubernetesVersion(talos),
    {
      run: upgradeK8s(talos, first, '--dry-run'),
      why: 'Lists the objects as to be deleted: until the next two steps are done, upgrade-k8s is only safe with --manifests-no-prune.',
    },
    {
      run: `kubectl --namespace kube-system edit configmap ${INVENTORY}`,
      why: 'Take the lines of these objects out of `data`, so that Talos forgets them.',
    },
    {
      run: `kubectl annotate --filename "$MANIFESTS" ${ANNOTATION}-`,
      why: 'MANIFESTS is the folder with their files, as cdk8s wrote them. The annotation names Talos as the owner.',
    },
    own,
    { run: upgradeK8s(talos, first, '--dry-run'), why: 'Lists none of the objects now.' },
  ];
}

/** Documents are deleted by name one by one; items of a list too, which Talos refuses when one is not there. */
function withoutManifests({ talos }: CommandsInput, names: readonly string[]): string {
  const patches = areDocuments(inlineManifests, talos)
    ? names.map((name) => ({ apiVersion: 'v1alpha1', kind: 'KubeInlineManifestConfig', name, $patch: 'delete' }))
    : [{ cluster: { inlineManifests: names.map((name) => ({ name, $patch: 'delete' })) } }];
  return patches.map((patch) => `--patch ${inlinePatch(patch)}`).join(' ');
}
