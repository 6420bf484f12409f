import type { Finding } from '../../rules/finding';
import { isLoadBalancer } from '../../resources/load-balancer/services';
import type { PatchWithCilium } from './cilium-checks';
import { talosHas, talosSince } from '../cluster/versions';

const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';
/** Settings by which traffic from outside comes to addresses that Cilium serves on nodes. */
const FROM_OUTSIDE: readonly string[] = ['enable-l2-announcements', 'enable-bgp-control-plane', 'enable-node-ipam'];

/** Native routing through KubeSpan without the routes that lead there. */
export function meshRouteFindings({ input: { talos }, placed, config }: PatchWithCilium): readonly Finding[] {
  if (talos.kubeSpan?.enabled !== true || config?.['routing-mode'] !== 'native' || hasRoutes(placed)) return [];
  const paths = ['manifests', 'routingMode', 'talos.kubeSpan', 'talos.talosVersion'];
  const finding = (message: string, hint: string): Finding => ({
    id: 'talos-patch/no-kubespan-routes',
    level: 'warning',
    paths,
    message,
    hint,
    docs: DOCS,
  });
  if (!talosHas(talos.talosVersion, 'kubespan-announces-node-pod-cidrs')) {
    const since = talosSince('kubespan-announces-node-pod-cidrs');
    return [
      finding(
        `Talos ${talos.talosVersion} announces pod ranges only where a link has an address of them, and nothing among the manifests sees to that: pods of other nodes are not reached.`,
        `Add KubeSpanRoutes to the manifests, or name the release you run if it is ${since} or newer.`,
      ),
    ];
  }
  const isBalanced = config['kube-proxy-replacement'] === 'true';
  const fromOutside =
    FROM_OUTSIDE.some((key) => config[key] === 'true') || placed.some(({ object }) => isLoadBalancer(object));
  if (!isBalanced || !fromOutside) return [];
  return [
    finding(
      'What comes in for a Service goes on to a pod of another node by the main routing table, in which no route leads into KubeSpan.',
      'Add KubeSpanRoutes to the manifests, unless you know that your nodes route pod subnets to each other.',
    ),
  ];
}

/** The DaemonSet of `KubeSpanRoutes`, or one that somebody wrote for the same. */
function hasRoutes(placed: PatchWithCilium['placed']): boolean {
  return placed.some(
    ({ object }) =>
      object.kind === 'DaemonSet' &&
      /kubespan|node-cidr/.test(JSON.stringify([object.metadata.name, object.metadata.labels])),
  );
}
