import { ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { kubeSpanRoutesObjects } from '../../lib/kubespan/objects';
import type { KubeSpanRoutesProps } from '../../lib/kubespan/settings';
import type { Node, Running } from './node';
import { released } from '../../upstream/rules/released';

/** Where the pod has its state volume; here a folder per node lies there. */
const STATE = '/run/kubespan-routes';

const TALOS = {
  talosVersion: '1.11.5',
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
  kubePrism: { enabled: true, port: 7445 },
  hostDNS: { enabled: true, forwardKubeDNSToHost: false },
  kubeSpan: { enabled: true, advertiseKubernetesNetworks: true, mtu: 1420 },
} as const;

/** What a kubelet runs in a node for the DaemonSet. */
export interface Pod {
  readonly command: readonly string[];
  readonly alive: readonly string[];
  readonly finished: readonly string[];
}

interface Container {
  readonly command: readonly string[];
  readonly livenessProbe: { readonly exec: { readonly command: readonly string[] } };
  readonly readinessProbe: { readonly exec: { readonly command: readonly string[] } };
  readonly securityContext: {
    readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  };
}

/** The pod of the DaemonSet that the library makes; it looks every second. */
export function podOf(props: Partial<KubeSpanRoutesProps> = {}): Pod {
  const [daemonSet] = kubeSpanRoutesObjects({
    talos: TALOS,
    image: 'example.test/tools:1',
    cilium: released('1.18.4'),
    intervalSeconds: 1,
    ...props,
  });
  const { spec } = daemonSet as unknown as {
    readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } };
  };
  const container = spec.template.spec.containers[0];
  ok(container?.securityContext.capabilities.add.join() === 'NET_ADMIN', 'the lab gives the script NET_ADMIN alone');
  return {
    command: container.command,
    alive: container.livenessProbe.exec.command,
    finished: container.readinessProbe.exec.command,
  };
}

/** Starts the script as its pod does: with no capability but NET_ADMIN, on a file system that is read-only but for its state. */
export function startPod(node: Node, pod: Pod, state: string): Running {
  const setUp = [
    `mkdir -p ${STATE} ${folderOf(node, state)}`,
    `mount --bind ${folderOf(node, state)} ${STATE}`,
    'mount -o remount,ro,bind /',
    'exec setpriv --no-new-privs --bounding-set -all,+net_admin --inh-caps -all -- "$@"',
  ];
  return node.start('unshare', '--mount', '--', 'bash', '-c', setUp.join(' && '), 'pod', ...pod.command);
}

/** Whether a probe of the pod passes. */
export function probe(node: Node, command: readonly string[], state: string): boolean {
  const [program = '', ...args] = command.map((part) => part.replaceAll(STATE, folderOf(node, state)));
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function folderOf(node: Node, state: string): string {
  return `${state}/${String(node.index)}`;
}
