import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import type { ValuesRule } from '../values-rule';
import { isTruthy, defaultTo, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';

const CLOUD_RULES: readonly ValuesRule[] = [
  {
    id: 'routing/gke-tunnels',
    level: 'error',
    find: ({ v, facts }) =>
      facts.hasConfigMap &&
      isTruthy(v.gke.enabled) &&
      defaultTo(v.routingMode, 'native') !== 'native' &&
      problem(
        ['routingMode', 'gke.enabled'],
        'On GKE the network routes pods, so tunnels are not used.',
        'Remove routingMode, or set it to native.',
      ),
    chart: 'cilium-configmap.yaml',
    examples: {
      bad: { values: { gke: { enabled: true }, routingMode: 'tunnel' } },
      good: { values: { gke: { enabled: true } } },
    },
  },
  {
    id: 'routing/aks-routes',
    level: 'error',
    find: ({ v, facts }) =>
      facts.hasConfigMap &&
      isTruthy(v.aksbyocni.enabled) &&
      !isTruthy(v.gke.enabled) &&
      defaultTo(v.routingMode, 'tunnel') !== 'tunnel' &&
      problem(
        ['routingMode', 'aksbyocni.enabled'],
        'On AKS with BYOCNI the network does not route pods, so their packets must be tunnelled.',
        'Remove routingMode, or set it to tunnel.',
      ),
    chart: 'cilium-configmap.yaml',
    examples: {
      bad: { values: { aksbyocni: { enabled: true }, routingMode: 'native', enableIPv4Masquerade: false } },
      good: { values: { aksbyocni: { enabled: true } } },
    },
  },
];

const IPV6_ONLY = { ipv4: { enabled: false }, ipv6: { enabled: true } } as const;

const UNDERLAY_CHECK: ValuesRule = {
  id: 'routing/underlay',
  level: 'warning',
  find: (ctx) => {
    const family = underlay(ctx);
    return (
      ctx.facts.routingMode === 'tunnel' &&
      isFamily(family) &&
      !isTruthy(ctx.v[family].enabled) &&
      isTruthy(ctx.v[other(family)].enabled) &&
      problem(
        ['underlayProtocol', 'ipv4.enabled', 'ipv6.enabled'],
        `The underlay protocol is ${underlay(ctx)}, which is off: packets exceed the MTU of the tunnels and are lost, and newer agents refuse to start.`,
        'Set underlayProtocol to the address family of the nodes.',
      )
    );
  },
  docs: 'https://docs.cilium.io/en/stable/network/concepts/routing/#encapsulation',
  examples: { bad: { values: IPV6_ONLY }, good: { values: { ...IPV6_ONLY, underlayProtocol: 'ipv6' } } },
};

/** The chart accepts any text here, and the agent only some. */
function isFamily(word: string): word is 'ipv4' | 'ipv6' {
  return word === 'ipv4' || word === 'ipv6';
}

/** The address family of tunnels. */
function underlay({ v, has }: Context): 'ipv4' | 'ipv6' | 'auto' {
  return defaultTo(v.underlayProtocol, has('underlay-by-family') ? 'auto' : 'ipv4') as 'ipv4' | 'ipv6' | 'auto';
}

function other(family: 'ipv4' | 'ipv6'): 'ipv4' | 'ipv6' {
  return family === 'ipv4' ? 'ipv6' : 'ipv4';
}

/** Routing between nodes: tunnels or native routing. */
export const routing: Feature = {
  name: 'routing',
  contribute: (ctx) => ({
    config: {
      'enable-endpoint-routes': endpointRoutes(ctx),
      'install-uplink-routes-for-delegated-ipam': whenTruthy(ctx.v.ipam.installUplinkRoutesForDelegatedIPAM),
      'routing-mode': ctx.facts.routingMode,
      'tunnel-port': whenTruthy(ctx.v.tunnelPort),
      'tunnel-protocol': defaultTo(ctx.v.tunnelProtocol, 'vxlan'),
      'tunnel-source-port-range': whenTruthy(ctx.v.tunnelSourcePortRange),
      'underlay-protocol': whenTruthy(ctx.v.underlayProtocol),
    },
  }),
  rules: [...CLOUD_RULES, UNDERLAY_CHECK],
};

/** Clouds add one route per pod; the user's value wins. */
function endpointRoutes({ v }: Context): ConfigValue {
  const cloud = [v.gke, v.eni, v.azure, v.alibabacloud].some(({ enabled }) => isTruthy(enabled));
  return whenTruthy(v.endpointRoutes.enabled) ?? (cloud ? true : undefined);
}
