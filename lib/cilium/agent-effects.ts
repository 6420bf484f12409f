/**
 * Values that the chart writes into `cilium-config` and that the agent reads only under others. Checked in the sources of Cilium 1.18.11,
 * 1.19.6 and 1.20.0; `source` is the place in those of 1.20.0 where no other release is named.
 */
import { isTruthy } from '../helm/truth';
import type { Context } from './context';
import type { Switch } from './obstacles';

/** Values that count under a condition. */
export interface AgentEffect {
  /** The paths, each with all that is below it. */
  readonly paths: readonly string[];
  readonly counts: (ctx: Context) => boolean;
  /** What makes them count. */
  readonly needs: Switch;
  /** Keys of `cilium-config` that `extraConfig` may set, so that they count after all. */
  readonly keys: readonly string[];
  /** Where the agent decides. */
  readonly source: string;
}

export const AGENT_EFFECTS: readonly AgentEffect[] = [
  {
    paths: ['strictMode.enabled', 'strictMode.cidr', 'strictMode.allowRemoteNodeIdentities', 'strictMode.egress'].map(
      (path) => `encryption.${path}`,
    ),
    counts: ({ v }) => isTruthy(v.encryption.enabled),
    needs: { path: ['encryption', 'enabled'], value: true },
    keys: ['enable-wireguard', 'enable-ipsec'],
    source: 'bpf/bpf_host.c: ENCRYPTION_STRICT_MODE_EGRESS inside ENABLE_IPSEC or ENABLE_WIREGUARD',
  },
  {
    paths: ['tunnelProtocol', 'tunnelPort', 'tunnelSourcePortRange'],
    counts: (ctx) =>
      ctx.facts.routingMode === 'tunnel' ||
      isTruthy(ctx.v.egressGateway.enabled) ||
      isTruthy(ctx.v.vtep.enabled) ||
      (returnsDirectly(ctx) && ctx.v.loadBalancer.dsrDispatch === 'geneve'),
    needs: { path: ['routingMode'], value: 'tunnel' },
    keys: [
      'routing-mode',
      'bpf-lb-dsr-dispatch',
      'bpf-lb-mode',
      'enable-egress-gateway',
      'enable-ipv4-egress-gateway',
      'enable-vtep',
    ],
    source: 'pkg/datapath/tunnel/tunnel.go: newConfig, request-enable-tunneling',
  },
  {
    paths: ['maglev.tableSize', 'maglev.hashSeed'],
    counts: ({ v, has }) =>
      v.loadBalancer.algorithm === 'maglev' ||
      isTruthy(v.bpf.lbAlgorithmAnnotation) ||
      (isTruthy(v.gatewayAPI.enabled) && has('gateway-weights')),
    needs: { path: ['loadBalancer', 'algorithm'], value: 'maglev' },
    keys: ['bpf-lb-algorithm', 'node-port-algorithm', 'bpf-lb-algorithm-annotation'],
    source: 'pkg/loadbalancer/reconciler/bpf_reconciler.go: useMaglev',
  },
  {
    paths: ['loadBalancer.dsrDispatch'],
    counts: returnsDirectly,
    needs: { path: ['loadBalancer', 'mode'], value: 'dsr' },
    keys: ['bpf-lb-mode', 'node-port-mode', 'bpf-lb-mode-annotation'],
    source: 'pkg/loadbalancer/config.go: LoadBalancerUsesDSR',
  },
  {
    paths: ['ipv4NativeRoutingCIDR'],
    counts: ({ v, facts }) =>
      facts.routingMode !== 'tunnel' ||
      facts.masqueradesIPv4 ||
      !['kubernetes', 'cluster-pool'].includes(facts.ipamMode) ||
      isTruthy(v.ipMasqAgent.enabled),
    needs: { path: ['routingMode'], value: 'native' },
    keys: ['routing-mode', 'enable-ipv4-masquerade', 'ipam', 'enable-ip-masq-agent'],
    source: 'pkg/datapath/linux/config/config.go, pkg/datapath/iptables: only masquerading reads the CIDR',
  },
  {
    paths: ['nodePort.enabled'],
    counts: ({ facts }) => facts.kubeProxyReplacement !== 'true',
    needs: { path: ['kubeProxyReplacement'], value: false },
    keys: ['kube-proxy-replacement'],
    source: 'pkg/kpr/kpr.go of 1.18.11: NewKPRConfig',
  },
  {
    paths: ['dnsProxy'],
    counts: ({ v }) => isTruthy(v.l7Proxy) || isTruthy(v.standaloneDnsProxy?.enabled),
    needs: { path: ['l7Proxy'], value: true },
    keys: ['enable-l7-proxy'],
    source: 'pkg/fqdn/bootstrap: fqdn_bootstrapper.go, dns_proxy.go',
  },
];

/** The load balancer may answer clients directly. */
function returnsDirectly({ v }: Context): boolean {
  return ['dsr', 'hybrid', 'annotation'].includes(String(v.loadBalancer.mode)) || isTruthy(v.bpf.lbModeAnnotation);
}

/** What the agent needs to read a value, where it does not. */
export function agentNeeds(path: string, ctx: Context): Switch | undefined {
  const effect = AGENT_EFFECTS.find(({ paths }) => paths.some((one) => path === one || path.startsWith(`${one}.`)));
  if (effect === undefined || effect.counts(ctx)) return undefined;
  const overlay = ctx.v.extraConfig as Readonly<Record<string, unknown>> | undefined;
  return effect.keys.some((key) => overlay?.[key] !== undefined) ? undefined : effect.needs;
}
