import type { Check } from '../check';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { given, or, whenGiven } from '../../helm/truth';

const CLOUD_CHECKS: readonly Check[] = [
  {
    id: 'routing/gke-tunnels',
    level: 'error',
    when: ({ v, facts }) => facts.hasConfigMap && given(v.gke.enabled) && or(v.routingMode, 'native') !== 'native',
    at: ['routingMode', 'gke.enabled'],
    says: 'On GKE the network routes pods itself, so there is nothing to tunnel.',
    fix: 'Leave routingMode out, or set it to native.',
    chart: 'cilium-configmap.yaml',
    examples: {
      bad: { values: { gke: { enabled: true }, routingMode: 'tunnel' } },
      good: { values: { gke: { enabled: true } } },
    },
  },
  {
    id: 'routing/aks-routes',
    level: 'error',
    when: ({ v, facts }) =>
      facts.hasConfigMap && given(v.aksbyocni.enabled) && !given(v.gke.enabled) && or(v.routingMode, 'tunnel') !== 'tunnel',
    at: ['routingMode', 'aksbyocni.enabled'],
    says: 'On AKS with a CNI of your own the network does not know pods, so their packets must be tunnelled.',
    fix: 'Leave routingMode out, or set it to tunnel.',
    chart: 'cilium-configmap.yaml',
    examples: {
      bad: { values: { aksbyocni: { enabled: true }, routingMode: 'native', enableIPv4Masquerade: false } },
      good: { values: { aksbyocni: { enabled: true } } },
    },
  },
];

/** How packets get from node to node: through tunnels, or by routes of the network. */
export const routing: Feature = {
  name: 'routing',
  contribute: (ctx) => ({
    config: {
      'enable-endpoint-routes': endpointRoutes(ctx),
      'install-uplink-routes-for-delegated-ipam': whenGiven(ctx.v.ipam.installUplinkRoutesForDelegatedIPAM),
      'routing-mode': ctx.facts.routingMode,
      'tunnel-port': whenGiven(ctx.v.tunnelPort),
      'tunnel-protocol': or(ctx.v.tunnelProtocol, 'vxlan'),
      'tunnel-source-port-range': whenGiven(ctx.v.tunnelSourcePortRange),
      'underlay-protocol': whenGiven(ctx.v.underlayProtocol),
    },
  }),
  checks: CLOUD_CHECKS,
};

/** Clouds bring one route per pod; what the user says goes first. */
function endpointRoutes({ v }: Context): ConfigValue {
  const cloud = [v.gke, v.eni, v.azure, v.alibabacloud].some(({ enabled }) => given(enabled));
  return whenGiven(v.endpointRoutes.enabled) ?? (cloud ? true : undefined);
}
