import { given } from '../../helm/truth';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { talosCheck } from '../parts/talos-check';
import { NODE_PORTS } from '../../talos/node-ports';
import type { NodePortOwner } from '../../talos/node-ports';

/** A port that pods of Cilium open in the network of their node. */
interface OwnPort {
  readonly at: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** It may be kept off control planes. */
  readonly chosenNodes?: boolean;
}

/** Ports of nodes that Talos, Kubernetes and Cilium would share. It says nothing to Cilium, it only looks. */
export const talosPorts: Feature = {
  name: 'talos-ports',
  contribute: () => ({}),
  checks: [
    talosCheck({
      id: 'talos/port-taken',
      level: 'error',
      when: (ctx) => clashes(ctx).length > 0,
      at: ['healthPort', 'prometheus.port', 'hubble.listenAddress', 'envoy', 'ingressController.hostNetwork', 'tunnelPort', 'talos'],
      says: (ctx) =>
        `${clashes(ctx)
          .map(([{ at, port, protocol }, { who }]) => `${at} is ${protocol} port ${String(port)}, on which ${who} listens`)
          .join('; ')}: whoever comes second does not start.`,
      fix: 'Leave these values out for the ports that Cilium has of its own, or choose numbers that are free on Talos nodes.',
      docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
      bad: { prometheus: { enabled: true, port: 50000 } },
      good: { prometheus: { enabled: true, port: 9962 } },
    }),
    talosCheck({
      id: 'talos/node-port-range',
      level: 'warning',
      when: (ctx) => ctx.facts.kubeProxyReplacement === 'true' && takenInRange(ctx).length > 0,
      at: ['nodePort.range'],
      says: (ctx) => `The range of NodePorts holds ${takenInRange(ctx).join(', ')}, which are ports of the nodes themselves.`,
      fix: 'Leave nodePort.range out for 30000 to 32767, which is what the API server of Talos hands out, or choose a range without them.',
      bad: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445, nodePort: { range: '30000,52000' } },
      good: { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445, nodePort: { range: '30000,32767' } },
    }),
  ],
};

function clashes(ctx: Context): readonly (readonly [OwnPort, NodePortOwner])[] {
  const taken = takenPorts(ctx);
  return ownPorts(ctx).flatMap((own) => {
    const owner = taken.find(
      ({ port, protocol, where }) => port === own.port && protocol === own.protocol && !(where === 'control planes' && own.chosenNodes),
    );
    return owner === undefined ? [] : [[own, owner] as const];
  });
}

/** What listens on nodes of this cluster. */
function takenPorts({ talos, facts }: Context): readonly NodePortOwner[] {
  const { kubePrism, kubeSpan } = talos ?? {};
  return [
    ...NODE_PORTS.filter(
      ({ who }) => (who !== 'KubeSpan' || kubeSpan?.enabled === true) && (who !== 'kube-proxy' || facts.kubeProxyReplacement === 'false'),
    ),
    ...(kubePrism?.enabled === true ? [{ who: 'KubePrism', port: kubePrism.port, protocol: 'TCP', where: 'all nodes' } as const] : []),
  ];
}

function takenInRange(ctx: Context): readonly string[] {
  const [, first, last] = /^(\d+)\s*[,-]\s*(\d+)$/.exec(String(ctx.v.nodePort.range ?? '')) ?? [];
  return takenPorts(ctx)
    .filter(({ port }) => port >= Number(first) && port <= Number(last))
    .map(({ who, port }) => `${String(port)} (${who})`);
}

function ownPorts(ctx: Context): readonly OwnPort[] {
  const { v, facts } = ctx;
  const tcp = (at: string, port: unknown, when: boolean, chosenNodes = false): readonly OwnPort[] =>
    when && given(port) ? [{ at, port: Number(port), protocol: 'TCP', chosenNodes }] : [];
  const operator = given(v.operator.enabled) && v.operator.hostNetwork !== false;
  return [
    ...tcp('healthPort', v.healthPort, given(v.agent)),
    ...tcp('prometheus.port', v.prometheus.port, given(v.prometheus.enabled)),
    ...tcp('pprof.port', v.pprof.port, given(v.pprof.enabled)),
    ...tcp('hubble.listenAddress', portOf(v.hubble.listenAddress), given(v.hubble.enabled)),
    ...tcp('hubble.metrics.port', v.hubble.metrics.port, facts.hubbleMetrics),
    ...tcp('operator.prometheus.port', v.operator.prometheus.port, operator && given(v.operator.prometheus.enabled)),
    ...tcp('operator.pprof.port', v.operator.pprof.port, operator && given(v.operator.pprof.enabled)),
    ...tcp('envoy.healthPort', v.envoy.healthPort, facts.envoyDaemonSet),
    ...tcp('envoy.prometheus.port', v.envoy.prometheus.port, given(v.l7Proxy) && given(v.envoy.prometheus.enabled)),
    ...tcp('envoy.debug.admin.port', v.envoy.debug.admin.port, given(v.envoy.debug.admin.enabled)),
    ...tcp('authentication.mutual.port', v.authentication.mutual.port, given(v.authentication.enabled)),
    ...tcp('kubeProxyReplacementHealthzBindAddr', portOf(v.kubeProxyReplacementHealthzBindAddr), facts.kubeProxyReplacement === 'true'),
    ...ingressPorts(ctx).flatMap(([at, port]) => tcp(at, port, true, chosen(v.ingressController.hostNetwork.nodes.matchLabels))),
    ...(facts.routingMode === 'tunnel' && given(v.tunnelPort)
      ? [{ at: 'tunnelPort', port: Number(v.tunnelPort), protocol: 'UDP' as const }]
      : []),
  ];
}

function ingressPorts({ v: { ingressController: values } }: Context): readonly (readonly [string, unknown])[] {
  if (!given(values.enabled) || !given(values.hostNetwork.enabled)) return [];
  const names = ['sharedListenerPort', 'httpPort', 'httpsPort', 'tlsPassthroughPort'] as const;
  return names.map((name) => [`ingressController.hostNetwork.${name}`, values.hostNetwork[name]]);
}

function chosen(labels: unknown): boolean {
  return given(labels);
}

/** `:4244`, `0.0.0.0:10256`, `[::]:10256`. */
function portOf(address: string | null | undefined): number | undefined {
  const port = /:(\d+)$/.exec(address ?? '')?.[1];
  return port === undefined ? undefined : Number(port);
}
