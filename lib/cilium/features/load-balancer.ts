import type { Context } from '../context';
import type { Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule } from '../values-rule';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

/** Primes near powers of two, the sizes that the agent accepts. */
const MAGLEV_SIZES: readonly number[] = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071];
const MAGLEV_SEED_BYTES = 12;

const NATIVE = { kubeProxyReplacement: true, routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const;

const MODE_RULES: readonly ValuesRule[] = [
  {
    id: 'load-balancer/without-replacement',
    level: 'warning',
    find: ({ v, facts }) =>
      facts.kubeProxyReplacement === 'false' &&
      !isTruthy(v.nodePort.enabled) &&
      (isTruthy(v.loadBalancer.mode) || isTruthy(v.loadBalancer.algorithm)) &&
      problem(
        ['loadBalancer', 'kubeProxyReplacement'],
        "kube-proxy balances Services, so Cilium's load balancer settings have no effect.",
        'Set kubeProxyReplacement to true, or remove loadBalancer.',
      ),
    examples: {
      bad: { values: { loadBalancer: { algorithm: 'maglev' } } },
      good: { values: { loadBalancer: { algorithm: 'maglev' }, kubeProxyReplacement: true } },
    },
  },
  {
    id: 'load-balancer/direct-return-in-tunnel',
    level: errorOnTalos,
    find: (ctx) =>
      ctx.facts.kubeProxyReplacement === 'true' &&
      returnsDirectly(ctx) &&
      ctx.facts.routingMode === 'tunnel' &&
      !inGeneve(ctx) &&
      problem(
        ['loadBalancer.mode', 'routingMode', 'tunnelProtocol', 'loadBalancer.dsrDispatch'],
        'DSR in tunnel mode needs Geneve as tunnel protocol and as DSR dispatch; otherwise the agent refuses to start.',
        'Set routingMode to native, or both tunnelProtocol and loadBalancer.dsrDispatch to geneve, or loadBalancer.mode to snat.',
      ),
    examples: {
      bad: { values: { kubeProxyReplacement: true, loadBalancer: { mode: 'dsr' } } },
      good: {
        values: {
          kubeProxyReplacement: true,
          loadBalancer: { mode: 'dsr', dsrDispatch: 'geneve' },
          tunnelProtocol: 'geneve',
        },
      },
    },
  },
  {
    id: 'load-balancer/geneve-dispatch',
    level: errorOnTalos,
    find: (ctx) =>
      ctx.facts.kubeProxyReplacement === 'true' &&
      returnsDirectly(ctx) &&
      ctx.facts.routingMode === 'native' &&
      ctx.v.loadBalancer.dsrDispatch === 'geneve' &&
      ctx.v.tunnelProtocol !== 'geneve' &&
      problem(
        ['loadBalancer.dsrDispatch', 'tunnelProtocol'],
        'DSR dispatch is geneve, but Geneve is not the tunnel protocol; the agent refuses to start.',
        'Set tunnelProtocol to geneve; with native routing only DSR uses it.',
      ),
    examples: {
      bad: { values: { ...NATIVE, loadBalancer: { mode: 'dsr', dsrDispatch: 'geneve' } } },
      good: { values: { ...NATIVE, loadBalancer: { mode: 'dsr', dsrDispatch: 'geneve' }, tunnelProtocol: 'geneve' } },
    },
  },
];

const MAGLEV_RULES: readonly ValuesRule[] = [
  {
    id: 'load-balancer/maglev-table-size',
    level: errorOnTalos,
    find: ({ v }) =>
      isTruthy(v.maglev.tableSize) &&
      !MAGLEV_SIZES.includes(Number(v.maglev.tableSize)) &&
      problem(
        'maglev.tableSize',
        `${String(v.maglev.tableSize)} is not a valid Maglev table size, and the agent refuses to start.`,
        `Use one of ${MAGLEV_SIZES.join(', ')}: about a hundred times the backends of the largest Service.`,
      ),
    examples: { bad: { values: { maglev: { tableSize: 1000 } } }, good: { values: { maglev: { tableSize: 16381 } } } },
  },
  {
    id: 'load-balancer/maglev-hash-seed',
    level: errorOnTalos,
    find: ({ v }) =>
      isTruthy(v.maglev.hashSeed) &&
      bytesOf(v.maglev.hashSeed) !== MAGLEV_SEED_BYTES &&
      problem(
        'maglev.hashSeed',
        `The Maglev seed is not ${String(MAGLEV_SEED_BYTES)} bytes in base64, and the agent refuses to start.`,
        'Generate one with `head -c 12 /dev/urandom | base64 -w0`, the same for all clusters that share addresses.',
      ),
    examples: {
      bad: { values: { maglev: { hashSeed: 'seed' } } },
      good: { values: { maglev: { hashSeed: 'JLfvgnHc2kaSUFaI' } } },
    },
  },
];

function inGeneve({ v }: Context): boolean {
  return v.tunnelProtocol === 'geneve' && v.loadBalancer.dsrDispatch === 'geneve';
}

/** Service load balancing: algorithm, mode, acceleration, which traffic. */
export const loadBalancer: Feature = {
  name: 'load-balancer',
  contribute: ({ v, has }) => ({
    config: {
      'bpf-lb-acceleration': v.loadBalancer.acceleration,
      'bpf-lb-algorithm': v.loadBalancer.algorithm,
      // Weights of TCP and UDP routes use the annotation, so Gateway API needs it.
      'bpf-lb-algorithm-annotation':
        isTruthy(v.gatewayAPI.enabled) && has('gateway-weights') ? true : v.bpf.lbAlgorithmAnnotation,
      'bpf-lb-dsr-dispatch': v.loadBalancer.dsrDispatch,
      'bpf-lb-external-clusterip': v.bpf.lbExternalClusterIP,
      'bpf-lb-maglev-hash-seed': v.maglev.hashSeed,
      'bpf-lb-maglev-table-size': v.maglev.tableSize,
      'bpf-lb-mode': v.loadBalancer.mode,
      'bpf-lb-mode-annotation': v.bpf.lbModeAnnotation,
      'bpf-lb-only': whenTruthy(v.loadBalancer.standalone),
      'bpf-lb-proto-diff': v.loadBalancer.protocolDifferentiation?.enabled,
      'bpf-lb-source-range-all-types': v.bpf.lbSourceRangeAllTypes,
      'enable-internal-traffic-policy': has('internal-traffic-policy-switch')
        ? v.enableInternalTrafficPolicy
        : undefined,
      'enable-no-service-endpoints-routable': v.enableNoServiceEndpointsRoutable,
      'enable-service-topology': v.loadBalancer.serviceTopology,
      'enable-session-affinity': whenTruthy(v.sessionAffinity),
      'enable-svc-source-range-check': whenTruthy(v.svcSourceRangeCheck),
      'lb-reflector-wait-time': v.loadBalancer.reflectorWaitTime,
      'service-no-backend-response': whenTruthy(v.serviceNoBackendResponse),
    },
  }),
  rules: [...MODE_RULES, ...MAGLEV_RULES],
};

function returnsDirectly({ v }: Context): boolean {
  return v.loadBalancer.mode === 'dsr' || v.loadBalancer.mode === 'hybrid';
}

/** The length of base64 data in bytes; `undefined` when it is not valid. */
function bytesOf(base64: string): number | undefined {
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes.length : undefined;
}
