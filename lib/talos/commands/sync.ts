import { changingInPlace } from '../../kubernetes/jobs';
import type { TalosCluster } from '../cluster/cluster';
import { talosHas } from '../cluster/versions';
import { nodesOf } from './command';
import type { Command, CommandsInput, CommandsProps } from './command';

/** How long `upgrade-k8s` waits for the objects: agents are replaced two at a time. Talos' default is five minutes. */
const RECONCILE_TIMEOUT = '30m';

/** A Kubernetes version with all its three numbers, as images have it; `undefined` for a minor, which means any release of it. */
export function wholeVersion(version: string | undefined): string | undefined {
  return version !== undefined && /^\d+\.\d+\.\d+$/.test(version) ? version : undefined;
}

/** `--to` of `upgrade-k8s`: only the user's version, since any other would change Kubernetes along with the manifests. */
function target(talos: TalosCluster): string {
  return wholeVersion(talos.given.kubernetesVersion) ?? '$KUBERNETES_VERSION';
}

/** Sets the shell variable for `upgrade-k8s`, where the user named no Kubernetes version. */
export function readKubernetesVersion(talos: TalosCluster): readonly Command[] {
  if (wholeVersion(talos.given.kubernetesVersion) !== undefined) return [];
  return [
    {
      run: "KUBERNETES_VERSION=$(kubectl get nodes -o jsonpath='{.items[0].status.nodeInfo.kubeletVersion}' | tr -d v)",
      why: 'The Kubernetes version that the cluster runs now: with any other, upgrade-k8s would upgrade or downgrade Kubernetes as well.',
    },
  ];
}

/** `talosctl upgrade-k8s` that keeps the Kubernetes version and applies the manifests of a control plane. */
export function upgradeK8s(talos: TalosCluster, node: string, ...options: readonly string[]): string {
  const waits = talosHas(talos.talosVersion, 'manifest-pruning')
    ? [`--manifests-reconcile-timeout=${RECONCILE_TIMEOUT}`]
    : [];
  return [
    `talosctl --nodes ${node} upgrade-k8s --to ${target(talos)}`,
    // Both are on by default, and would fill the configs of all nodes with comments.
    '--with-docs=false --with-examples=false',
    ...waits,
    ...options,
  ].join(' ');
}

/** Applies changed manifests to the cluster, after the configs have them. */
export function syncCommands(input: CommandsInput, props: CommandsProps): readonly Command[] {
  const { talos } = input;
  const { first } = nodesOf(props);
  const jobs = jobCommands(input);
  const given = wholeVersion(talos.given.kubernetesVersion) !== undefined;
  const expected =
    jobs.length === 0 ? '' : ' For a changed Job it reports an immutable field; the next command sees to that.';
  const same = given ? ' The version must be the one that the cluster runs: any other changes Kubernetes as well.' : '';
  return [
    ...readKubernetesVersion(talos),
    { run: upgradeK8s(talos, first, '--dry-run'), why: `What would change in the cluster.${same}${expected}` },
    ...jobs,
    { run: upgradeK8s(talos, first), why: syncReason(talos) },
  ];
}

function syncReason(talos: TalosCluster): string {
  const overwrites = 'What Flux, Helm or kubectl changed in these objects is overwritten.';
  if (talosHas(talos.talosVersion, 'manifest-pruning')) {
    return `Talos creates objects by itself, but updates them only here. ${overwrites} Objects that left the manifests are deleted. One that was deleted by hand comes back here, and not at a reboot: Talos has it in its inventory.`;
  }
  return `Talos creates what is missing at boot and after each change of the config, also what was deleted by hand, but updates objects only here. ${overwrites} Objects that left the manifests stay: delete them with kubectl. Talos waits three minutes for each Deployment and five for each DaemonSet; all is applied by then, so run it again or watch kubectl rollout status.`;
}

/** Jobs whose pods change under the same name: the API server rejects that. */
export function jobCommands({ talos, objects }: CommandsInput): readonly Command[] {
  const force =
    ' --manifests-force would do so too, and would delete and create every other object with an immutable change, DaemonSets with their pods among them.';
  return changingInPlace(objects).map(({ metadata: { name, namespace = 'default' } }) => ({
    run: `kubectl --namespace ${namespace} delete job ${name} --ignore-not-found`,
    why: `A Job cannot be changed: when its pods have changed it must go first, and the next command creates it.${talosHas(talos.talosVersion, 'manifest-pruning') ? force : ''}`,
  }));
}
