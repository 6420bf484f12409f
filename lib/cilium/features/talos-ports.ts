import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { NODE_PORTS } from '../../talos/cluster/node-ports';
import type { NodePortOwner } from '../../talos/cluster/node-ports';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';
import { exampleTalos } from '../parts/example-talos';
import { talosRule } from '../parts/talos-rule';

/** A value that is a port of the node. */
interface PortValue {
  readonly path: string;
  /** Its port when the listener is enabled. */
  readonly port: (ctx: Context) => unknown;
  /** Values that enable the listener. */
  readonly on?: CiliumValues;
  /** How the port is written. Default: as a number. */
  readonly written?: (port: number) => unknown;
  /** Default: TCP. */
  readonly protocol?: 'TCP' | 'UDP';
  /** Whether node selectors restrict it to chosen nodes. */
  readonly isOnChosenNodes?: (ctx: Context) => boolean;
  /** The release of the examples. */
  readonly version?: string;
}

const REPLACED = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } as const;

const VALUES: readonly PortValue[] = [
  { path: 'healthPort', port: ({ v }) => isTruthy(v.agent) && v.healthPort },
  {
    path: 'prometheus.port',
    port: ({ v }) => isTruthy(v.prometheus.enabled) && v.prometheus.port,
    on: { prometheus: { enabled: true } },
  },
  { path: 'pprof.port', port: ({ v }) => isTruthy(v.pprof.enabled) && v.pprof.port, on: { pprof: { enabled: true } } },
  {
    path: 'hubble.listenAddress',
    port: ({ v }) => isTruthy(v.hubble.enabled) && portOf(v.hubble.listenAddress),
    written: (port) => `:${String(port)}`,
  },
  {
    path: 'hubble.metrics.port',
    port: ({ v, facts }) => facts.hubbleMetrics && v.hubble.metrics.port,
    on: { hubble: { metrics: { enabled: ['drop'] } } },
  },
  {
    path: 'operator.prometheus.port',
    port: (ctx) =>
      operatorListens(ctx) && isTruthy(ctx.v.operator.prometheus.enabled) && ctx.v.operator.prometheus.port,
    on: { operator: { prometheus: { enabled: true } } },
  },
  {
    path: 'operator.pprof.port',
    port: (ctx) => operatorListens(ctx) && isTruthy(ctx.v.operator.pprof.enabled) && ctx.v.operator.pprof.port,
    on: { operator: { pprof: { enabled: true } } },
  },
  { path: 'envoy.healthPort', port: ({ v, facts }) => facts.envoyDaemonSet && v.envoy.healthPort },
  {
    path: 'envoy.prometheus.port',
    port: ({ v }) => isTruthy(v.l7Proxy) && isTruthy(v.envoy.prometheus.enabled) && v.envoy.prometheus.port,
    on: { envoy: { prometheus: { enabled: true } } },
    written: String,
  },
  {
    path: 'envoy.debug.admin.port',
    port: ({ v }) => isTruthy(v.envoy.debug.admin.enabled) && v.envoy.debug.admin.port,
    on: { envoy: { debug: { admin: { enabled: true } } } },
  },
  {
    path: 'authentication.mutual.port',
    port: ({ v }) => isTruthy(v.authentication.enabled) && v.authentication.mutual.port,
    on: { authentication: { enabled: true } },
  },
  {
    path: 'kubeProxyReplacementHealthzBindAddr',
    port: ({ v, facts }) => facts.kubeProxyReplacement === 'true' && portOf(v.kubeProxyReplacementHealthzBindAddr),
    on: REPLACED,
    written: (port) => `0.0.0.0:${String(port)}`,
  },
  ...(['sharedListenerPort', 'httpPort', 'httpsPort', 'tlsPassthroughPort'] as const).map((name): PortValue => ({
    path: `ingressController.hostNetwork.${name}`,
    port: ({ v: { ingressController: values } }) =>
      isTruthy(values.enabled) && isTruthy(values.hostNetwork.enabled) && values.hostNetwork[name],
    on: { ...REPLACED, ingressController: { enabled: true, hostNetwork: { enabled: true } } },
    isOnChosenNodes: ({ v }) => isTruthy(v.ingressController.hostNetwork.nodes.matchLabels),
    version: name === 'sharedListenerPort' ? undefined : '1.20.0',
  })),
  { path: 'tunnelPort', port: ({ v, facts }) => facts.routingMode === 'tunnel' && v.tunnelPort, protocol: 'UDP' },
];

/** Port conflicts on nodes between Talos, Kubernetes and Cilium. It contributes nothing and only has rules. */
export const talosPorts: Feature = {
  name: 'talos-ports',
  contribute: () => ({}),
  rules: [
    ...VALUES.map(portRule),
    talosRule({
      id: 'talos/node-port-range',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.kubeProxyReplacement === 'true' &&
        takenInRange(ctx).length > 0 &&
        problem(
          'nodePort.range',
          `The NodePort range contains ${takenInRange(ctx).join(', ')}, which are ports of the nodes.`,
          'Remove nodePort.range for 30000 to 32767, the range of the API server on Talos, or use a range without them.',
        ),
      bad: { ...REPLACED, nodePort: { range: '30000,52000' } },
      good: { ...REPLACED, nodePort: { range: '30000,32767' } },
    }),
  ],
};

function portRule(value: PortValue): ValuesRule {
  const { path, on = {}, written = (port) => port, protocol = 'TCP', version } = value;
  return talosRule({
    id: `talos-port/${path}`,
    level: 'error',
    find: (ctx) => {
      const owner = ownerOf(ctx, value);
      return (
        owner !== undefined &&
        problem(
          path,
          `${owner.who} listens on ${protocol} port ${String(owner.port)} of ${owner.where}; the process that starts second fails.`,
          `Remove ${path} for Cilium's default, or use a port that is free on Talos nodes.`,
        )
      );
    },
    docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
    on: exampleTalos({ kubeSpan: { enabled: true, advertiseKubernetesNetworks: false, mtu: 1420 } }),
    bad: layered([on, valuesWith(path, written(protocol === 'UDP' ? 51820 : 50000))]),
    good: on,
    version,
  });
}

/** The program that already listens on the port of a value. */
function ownerOf(ctx: Context, { port, protocol = 'TCP', isOnChosenNodes }: PortValue): NodePortOwner | undefined {
  const own = port(ctx);
  if (!isTruthy(own)) return undefined;
  return takenPorts(ctx).find(
    (one) =>
      one.port === Number(own) &&
      one.protocol === protocol &&
      (one.where === 'all nodes' || isOnChosenNodes?.(ctx) !== true),
  );
}

/** The ports in use on nodes of this cluster. */
function takenPorts({ talos, facts }: Context): readonly NodePortOwner[] {
  const { kubePrism, kubeSpan } = talos ?? {};
  const absent = [
    ...(kubeSpan?.enabled === true ? [] : ['KubeSpan']),
    ...(facts.kubeProxyReplacement === 'false' ? [] : ['kube-proxy']),
  ];
  return [
    ...NODE_PORTS.filter(({ who }) => !absent.includes(who)),
    ...(kubePrism?.enabled === true
      ? [{ who: 'KubePrism', port: kubePrism.port, protocol: 'TCP', where: 'all nodes' } as const]
      : []),
  ];
}

function takenInRange(ctx: Context): readonly string[] {
  const [, first, last] = /^(\d+)\s*[,-]\s*(\d+)$/.exec(String(ctx.v.nodePort.range ?? '')) ?? [];
  return takenPorts(ctx)
    .filter(({ port }) => port >= Number(first) && port <= Number(last))
    .map(({ who, port }) => `${String(port)} (${who})`);
}

function operatorListens({ v: { operator } }: Context): boolean {
  return isTruthy(operator.enabled) && operator.hostNetwork !== false;
}

/** `:4244`, `0.0.0.0:10256`, `[::]:10256`. */
function portOf(address: string | null | undefined): string | undefined {
  return /:(\d+)$/.exec(address ?? '')?.[1];
}
