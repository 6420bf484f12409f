import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { installsSpire } from './spire';

/** Where a program listens: on all addresses of its node, on its loopback addresses, on its own addresses only. */
type Reach = 'all' | 'loopback' | 'node';

/** The programs of Cilium in the network of nodes. The operator is on some nodes, all others on each. */
type Program = 'the agent' | 'the operator' | 'Envoy' | "SPIRE's agent" | 'ztunnel';

/** A port on which a program of Cilium listens in the network of its nodes. */
export interface HostListener {
  readonly program: Program;
  /** What for: `metrics`. */
  readonly purpose: string;
  /** The value that it comes from; `undefined` for one that no value changes. */
  readonly path: string | undefined;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly reach: Reach;
  readonly isOnEachNode: boolean;
}

/** How a listener follows from the values. */
export interface ListenerValue {
  readonly program: Program | ((ctx: Context) => Program);
  readonly purpose: string;
  readonly path?: string;
  /** Its port when the listener is enabled. */
  readonly port: (ctx: Context) => unknown;
  /** Default: `all`. */
  readonly reach?: Reach | ((ctx: Context) => Reach);
  /** Default: TCP. */
  readonly protocol?: 'TCP' | 'UDP';
  /** Whether node selectors restrict it to chosen nodes. */
  readonly isOnChosenNodes?: (ctx: Context) => boolean;
  /** For examples: values that enable it. */
  readonly on?: CiliumValues;
  /** For examples: how the port is written. Default: as a number. */
  readonly written?: (port: number) => unknown;
  /** The release of the examples. */
  readonly version?: string;
}

const REPLACED = { kubeProxyReplacement: true, k8sServiceHost: 'localhost', k8sServicePort: 7445 } as const;

const AGENT: readonly ListenerValue[] = [
  {
    program: 'the agent',
    purpose: 'health',
    path: 'healthPort',
    port: onAgent((ctx) => ctx.v.healthPort),
    reach: 'loopback',
  },
  {
    program: 'the agent',
    purpose: 'metrics',
    path: 'prometheus.port',
    port: onAgent(({ v }) => isTruthy(v.prometheus.enabled) && v.prometheus.port),
    on: { prometheus: { enabled: true } },
  },
  {
    program: 'the agent',
    purpose: 'pprof',
    path: 'pprof.port',
    port: onAgent(({ v }) => isTruthy(v.pprof.enabled) && v.pprof.port),
    reach: ({ v }) => reachOf(v.pprof.address),
    on: { pprof: { enabled: true } },
  },
  {
    program: 'the agent',
    purpose: 'Hubble',
    path: 'hubble.listenAddress',
    port: onAgent(({ v }) => isTruthy(v.hubble.enabled) && portOf(v.hubble.listenAddress)),
    reach: ({ v }) => reachOf(hostOf(v.hubble.listenAddress)),
    written: (port) => `:${String(port)}`,
  },
  {
    program: 'the agent',
    purpose: 'Hubble metrics',
    path: 'hubble.metrics.port',
    port: onAgent(({ v, facts }) => facts.hubbleMetrics && v.hubble.metrics.port),
    on: { hubble: { metrics: { enabled: ['drop'] } } },
  },
  {
    program: 'the agent',
    purpose: 'mutual authentication',
    path: 'authentication.mutual.port',
    port: onAgent(({ v }) => isTruthy(v.authentication.enabled) && v.authentication.mutual.port),
    on: { authentication: { enabled: true } },
  },
  {
    program: 'the agent',
    purpose: 'health of kube-proxy replacement',
    path: 'kubeProxyReplacementHealthzBindAddr',
    port: onAgent(
      ({ v, facts }) => facts.kubeProxyReplacement === 'true' && portOf(v.kubeProxyReplacementHealthzBindAddr),
    ),
    reach: ({ v }) => reachOf(hostOf(v.kubeProxyReplacementHealthzBindAddr)),
    on: REPLACED,
    written: (port) => `0.0.0.0:${String(port)}`,
  },
  {
    program: 'the agent',
    purpose: 'tunnels',
    path: 'tunnelPort',
    port: onAgent(({ v, facts }) => facts.routingMode === 'tunnel' && v.tunnelPort),
    protocol: 'UDP',
  },
  {
    program: 'the agent',
    purpose: 'node health',
    port: onAgent(({ v }) => isTruthy(v.healthChecking) && 4240),
    reach: 'node',
  },
  { program: 'the agent', purpose: 'gops', port: onAgent(() => 9890), reach: 'loopback' },
  {
    program: 'the agent',
    purpose: 'xDS of ztunnel',
    port: onAgent(({ v }) => isZtunnel(v) && 15012),
    reach: 'loopback',
  },
];

const OPERATOR: readonly ListenerValue[] = [
  {
    program: 'the operator',
    purpose: 'metrics',
    path: 'operator.prometheus.port',
    port: onOperator(({ v: { operator } }) => isTruthy(operator.prometheus.enabled) && operator.prometheus.port),
    on: { operator: { prometheus: { enabled: true } } },
  },
  {
    program: 'the operator',
    purpose: 'pprof',
    path: 'operator.pprof.port',
    port: onOperator(({ v: { operator } }) => isTruthy(operator.pprof.enabled) && operator.pprof.port),
    reach: ({ v }) => reachOf(v.operator.pprof.address),
    on: { operator: { pprof: { enabled: true } } },
  },
  { program: 'the operator', purpose: 'health', port: onOperator(() => 9234), reach: 'loopback' },
  { program: 'the operator', purpose: 'gops', port: onOperator(() => 9891), reach: 'loopback' },
];

const ENVOY: readonly ListenerValue[] = [
  {
    program: 'Envoy',
    purpose: 'health',
    path: 'envoy.healthPort',
    port: ({ v, facts }) => facts.envoyDaemonSet && v.envoy.healthPort,
    reach: 'loopback',
  },
  {
    program: envoyOrAgent,
    purpose: 'Envoy metrics',
    path: 'envoy.prometheus.port',
    port: ({ v }) => isTruthy(v.l7Proxy) && isTruthy(v.envoy.prometheus.enabled) && v.envoy.prometheus.port,
    on: { envoy: { prometheus: { enabled: true } } },
    written: String,
  },
  {
    program: envoyOrAgent,
    purpose: 'Envoy administration',
    path: 'envoy.debug.admin.port',
    port: ({ v }) => isTruthy(v.envoy.debug.admin.enabled) && v.envoy.debug.admin.port,
    reach: 'loopback',
    on: { envoy: { debug: { admin: { enabled: true } } } },
  },
  ...(['sharedListenerPort', 'httpPort', 'httpsPort', 'tlsPassthroughPort'] as const).map((name): ListenerValue => ({
    program: envoyOrAgent,
    purpose: 'Ingresses',
    path: `ingressController.hostNetwork.${name}`,
    port: ({ v: { ingressController: values } }) =>
      isTruthy(values.enabled) && isTruthy(values.hostNetwork.enabled) && values.hostNetwork[name],
    on: { ...REPLACED, ingressController: { enabled: true, hostNetwork: { enabled: true } } },
    isOnChosenNodes: ({ v }) => isTruthy(v.ingressController.hostNetwork.nodes.matchLabels),
    version: name === 'sharedListenerPort' ? undefined : '1.20.0',
  })),
];

const OTHERS: readonly ListenerValue[] = [
  { program: "SPIRE's agent", purpose: 'health', port: (ctx) => installsSpire(ctx) && 4251 },
  {
    program: 'ztunnel',
    purpose: 'health',
    path: 'encryption.ztunnel.healthPort',
    port: ({ v }) => isZtunnel(v) && v.encryption.ztunnel?.healthPort,
    on: { encryption: { enabled: true, type: 'ztunnel' } },
    version: '1.19.6',
  },
];

/** The agent's container has the port under which Relay finds Hubble; Hubble listens on `hubble.listenAddress`. */
const PEER_SERVICE: ListenerValue = {
  program: 'the agent',
  purpose: 'Hubble',
  path: 'hubble.peerService.targetPort',
  port: onAgent(({ v }) => isTruthy(v.hubble.enabled) && v.hubble.peerService.targetPort),
};

/** Every port on which Cilium can listen in the network of nodes. */
export const LISTENER_VALUES: readonly ListenerValue[] = [...AGENT, ...OPERATOR, ...ENVOY, ...OTHERS];

/** The ports on which Cilium listens in the network of nodes. */
export function hostListeners(ctx: Context): readonly HostListener[] {
  return [...LISTENER_VALUES, PEER_SERVICE].flatMap(({ program: of, purpose, path, port: portIn, ...more }) => {
    const given = portIn(ctx);
    const port = isTruthy(given) ? Number(given) : Number.NaN;
    if (!Number.isInteger(port)) return [];
    const { reach = 'all', protocol = 'TCP', isOnChosenNodes } = more;
    const program = typeof of === 'function' ? of(ctx) : of;
    return {
      program,
      purpose,
      path,
      port,
      protocol,
      reach: typeof reach === 'function' ? reach(ctx) : reach,
      isOnEachNode: program !== 'the operator' && isOnChosenNodes?.(ctx) !== true,
    };
  });
}

/** Whether two programs cannot listen on one port: nothing else is on the loopback addresses than what listens there or everywhere. */
export function areReached(one: Reach, other: Reach): boolean {
  return one === 'all' || other === 'all' || one === other;
}

function onAgent(port: (ctx: Context) => unknown): (ctx: Context) => unknown {
  return (ctx) => isTruthy(ctx.v.agent) && !ctx.facts.preflight && port(ctx);
}

function onOperator(port: (ctx: Context) => unknown): (ctx: Context) => unknown {
  return (ctx) => isTruthy(ctx.v.operator.enabled) && ctx.v.operator.hostNetwork !== false && port(ctx);
}

function envoyOrAgent({ facts }: Context): Program {
  return facts.envoyDaemonSet ? 'Envoy' : 'the agent';
}

function isZtunnel({ encryption }: Context['v']): boolean {
  return isTruthy(encryption.enabled) && encryption.type === 'ztunnel';
}

/** `:4244`, `0.0.0.0:10256`, `[::]:10256`. */
function portOf(address: string | null | undefined): string | undefined {
  return /:(\d+)$/.exec(address ?? '')?.[1];
}

function hostOf(address: string | null | undefined): string {
  return (address ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

function reachOf(host: string | null | undefined): Reach {
  return /^(localhost|127\..*|::1)$/.test(host ?? '') ? 'loopback' : 'all';
}
