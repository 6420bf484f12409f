import { isLoadBalancer } from '../../resources/load-balancer/services';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { talosHas, talosSince } from '../cluster/versions';
import type { TalosPatchRule } from './rule';
import type { PatchObject, PatchSubject } from './subject';

const DOCS = 'https://docs.siderolabs.com/talos/latest/networking/kubespan';
/** Settings that bring traffic from outside to addresses that Cilium serves on nodes. */
const FROM_OUTSIDE: readonly string[] = ['enable-l2-announcements', 'enable-bgp-control-plane', 'enable-node-ipam'];

const TALOS = { talosVersion: '1.12.0', kubeSpan: { enabled: true, advertiseKubernetesNetworks: true } } as const;
const VALUES = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16', ipam: { mode: 'kubernetes' } } as const;
const ROUTES: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'kubespan-routes', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: 'routes' } },
    template: {
      metadata: { labels: { app: 'routes' } },
      spec: { containers: [{ name: 'routes', image: 'example.org/routes:1.0.0' }] },
    },
  },
};

/** Native routing through KubeSpan without the routes that lead there. */
export const KUBESPAN_ROUTE_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/no-kubespan-routes',
    level: 'warning',
    docs: DOCS,
    find: missingRoutes,
    examples: {
      bad: { talos: TALOS, values: VALUES },
      good: { talos: TALOS, values: VALUES, objects: [ROUTES] },
    },
  },
];

function missingRoutes({ talos, objects, config }: PatchSubject): Problem | undefined {
  if (talos.kubeSpan?.enabled !== true || config?.['routing-mode'] !== 'native' || objects.some(setsRoutes))
    return undefined;
  const paths = ['manifests', 'routingMode', 'talos.kubeSpan', 'talos.talosVersion'];
  if (!talosHas(talos.talosVersion, 'kubespan-announces-node-pod-cidrs'))
    return problem(
      paths,
      `Talos ${talos.talosVersion} announces pod ranges only where a link has an address of them, and none of the manifests adds one: pods of other nodes are unreachable.`,
      `Add KubeSpanRoutes to the manifests, or set talosVersion to the exact release if it is ${talosSince('kubespan-announces-node-pod-cidrs')} or newer.`,
    );
  const fromOutside =
    FROM_OUTSIDE.some((key) => config[key] === 'true') || objects.some(({ object }) => isLoadBalancer(object));
  if (config['kube-proxy-replacement'] !== 'true' || !fromOutside) return undefined;
  return problem(
    paths,
    'Traffic from outside for a Service is forwarded to a pod of another node by the main routing table, in which no route leads into KubeSpan.',
    'Add KubeSpanRoutes to the manifests, unless your nodes route pod subnets to each other.',
  );
}

/** The DaemonSet of `KubeSpanRoutes`, or another for the same purpose. */
function setsRoutes({ object: { kind, metadata } }: PatchObject): boolean {
  return kind === 'DaemonSet' && /kubespan|node-cidr/.test(JSON.stringify([metadata.name, metadata.labels]));
}
