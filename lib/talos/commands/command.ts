import type { KubernetesObject } from '../../kubernetes/types';
import type { PatchedCilium } from '../patch/patched-cilium';
import type { TalosCluster } from '../cluster/cluster';
import { patchArgument, shellWord } from '../patch/files';
import type { RenderedTalosPatch } from '../patch/render';
import type { Output } from '../cluster/setting';

/** One command, ready for a shell, and why it is next. */
export interface Command {
  readonly run: string;
  readonly why: string;
}

/** A node of the commands. */
export interface CommandNode {
  /** IP address or DNS name that talosctl reaches the node by. */
  readonly address: string;
  /**
   * Host name that the node gets with its first config; Kubernetes calls the node by it.
   * @default - derived by Talos from the machine, or from DHCP
   */
  readonly hostname?: string;
}

/** Facts of a cluster that the patch does not contain. Those left out stay shell variables in the commands. */
export interface CommandsProps {
  /** @default $CLUSTER */
  readonly clusterName?: string;
  /** URL of the API server. @default - `https://<vip>:6443` of the cluster, otherwise $ENDPOINT */
  readonly endpoint?: string;
  /** Addresses of the control planes, or addresses with host names. @default - $CONTROL_PLANE, for one node */
  readonly controlPlanes?: readonly (string | CommandNode)[];
  /** Addresses of the workers, or addresses with host names. @default - $WORKER, for one node */
  readonly workers?: readonly (string | CommandNode)[];
}

/** Input of the commands. */
export interface CommandsInput {
  readonly talos: TalosCluster;
  readonly rendered: RenderedTalosPatch;
  /** The objects of all manifests. */
  readonly objects: readonly KubernetesObject[];
  /** Cilium, when the patch contains it or refers to it. */
  readonly cilium?: PatchedCilium | undefined;
  /** The patch empties the legacy lists. */
  readonly replace: boolean;
  /** Talos fetches manifests from URLs. */
  readonly fetches: boolean;
  /** Where the files of the patch are, as the shell sees them. */
  readonly folder: string;
}

/** The nodes of a cluster; unknown ones are shell variables. */
export interface Nodes {
  readonly controlPlanes: readonly CommandNode[];
  readonly workers: readonly CommandNode[];
  /** Control planes first. */
  readonly all: readonly CommandNode[];
  /** Address of the control plane that answers for the cluster. */
  readonly first: string;
}

/** The nodes that the props name. */
export function nodesOf({ controlPlanes = ['$CONTROL_PLANE'], workers = ['$WORKER'] }: CommandsProps): Nodes {
  const named = (nodes: readonly (string | CommandNode)[]): readonly CommandNode[] =>
    nodes
      .map((node) => (typeof node === 'string' ? { address: node } : node))
      .map((node) => ({ ...node, address: shellWord(node.address, true) }));
  const both = { controlPlanes: named(controlPlanes), workers: named(workers) };
  return {
    ...both,
    all: [...both.controlPlanes, ...both.workers],
    first: both.controlPlanes[0]?.address ?? '$CONTROL_PLANE',
  };
}

/** The file of an output as an argument of talosctl, `@talos/all.patch.yaml`; `undefined` where nothing is written. */
export function fileArgument({ rendered, folder }: CommandsInput, output: Output): string | undefined {
  return rendered[output] === undefined ? undefined : patchArgument(folder, output);
}

/** A patch as a quoted shell argument: `'{"kind":…}'`. */
export function inlinePatch(patch: object): string {
  return shellWord(JSON.stringify(patch));
}

/** Cilium's namespace; `undefined` when the patch has no Cilium. */
export function ciliumNamespace({ objects, cilium }: CommandsInput): string | undefined {
  const agent = objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'cilium');
  const namespace =
    agent?.metadata.namespace ??
    cilium?.rendered?.context.namespace ??
    (cilium === undefined ? undefined : 'kube-system');
  return namespace === undefined ? undefined : shellWord(namespace);
}
