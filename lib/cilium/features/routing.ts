import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { given, or, whenGiven } from '../../helm/truth';

/** How packets get from node to node: through tunnels, or by routes of the network. */
export const routing: Feature = {
  name: 'routing',
  contribute: (ctx) => ({
    config: {
      'auto-direct-node-routes': ctx.v.autoDirectNodeRoutes,
      'direct-routing-skip-unreachable': ctx.v.directRoutingSkipUnreachable,
      'enable-endpoint-routes': endpointRoutes(ctx),
      'install-uplink-routes-for-delegated-ipam': whenGiven(ctx.v.ipam.installUplinkRoutesForDelegatedIPAM),
      'ipv4-native-routing-cidr': whenGiven(ctx.v.ipv4NativeRoutingCIDR) ?? poolAsRoute(ctx, 'IPv4'),
      'ipv6-native-routing-cidr': whenGiven(ctx.v.ipv6NativeRoutingCIDR) ?? poolAsRoute(ctx, 'IPv6'),
      'routing-mode': or(ctx.v.routingMode, routesInCloud(ctx) ? 'native' : 'tunnel'),
      'tunnel-port': whenGiven(ctx.v.tunnelPort),
      'tunnel-protocol': or(ctx.v.tunnelProtocol, 'vxlan'),
      'tunnel-source-port-range': whenGiven(ctx.v.tunnelSourcePortRange),
      'underlay-protocol': whenGiven(ctx.v.underlayProtocol),
    },
  }),
};

/** Clouds bring one route per pod; what the user says goes first. */
function endpointRoutes({ v }: Context): ConfigValue {
  const cloud = [v.gke, v.eni, v.azure, v.alibabacloud].some(({ enabled }) => given(enabled));
  return whenGiven(v.endpointRoutes.enabled) ?? (cloud ? true : undefined);
}

function routesInCloud({ v, has }: Context): boolean {
  return given(v.gke.enabled) || (given(v.eni.enabled) && has('eni-routes-natively'));
}

/** The single pool of a family as what is routed natively, where the user asks for that. */
function poolAsRoute({ v, facts }: Context, family: 'IPv4' | 'IPv6'): string | undefined {
  const on = given(family === 'IPv4' ? v.ipv4.enabled : v.ipv6.enabled);
  if (!given(v.nativeRoutingCIDRFromClusterPool) || facts.ipamMode !== 'cluster-pool' || !on) return undefined;
  return poolsOf(v, family)[0];
}

function poolsOf({ ipam: { operator } }: Context['v'], family: 'IPv4' | 'IPv6'): readonly string[] {
  const pools = family === 'IPv4' ? operator.clusterPoolIPv4PodCIDRList : operator.clusterPoolIPv6PodCIDRList;
  return typeof pools === 'string' ? pools.split(' ') : (pools ?? []);
}
