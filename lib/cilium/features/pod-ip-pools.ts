import { parseCidr } from '../../kubernetes/cidr';
import { isTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { errorOnTalos } from '../values-rule';
import type { ValuesRule, ValuesExample } from '../values-rule';
import { alwaysText, wordList } from '../parts/config-text';
import { cidrsIn, poolsOf, sharedNetworks } from '../parts/pod-pools';
import type { Pool, PoolFamily } from '../parts/pod-pools';
import { POD_POOL_SIZE_RULES } from '../parts/pod-pool-rules';

/** The most bits by which the operator splits an IPv6 CIDR. */
const LONGEST_CUT = 16;

/** The address pools from which the operator allocates pod CIDRs: one for the whole cluster, or several by name. */
export const podIPPools: Feature = {
  name: 'pod-ip-pools',
  contribute: (ctx) => ({ config: { ...clusterPool(ctx), ...namedPools(ctx) } }),
  rules: [
    {
      id: 'pod-ip-pools/unusable',
      level: errorOnTalos,
      find: (ctx) =>
        ctx.facts.hasConfigMap &&
        troubles(ctx).length > 0 &&
        problem(
          'ipam.operator',
          `The operator cannot allocate pod CIDRs from the pools: ${troubles(ctx).join('; ')}.`,
          `Give every pool CIDRs of its family that share no addresses, and a mask size not shorter than their prefixes; for IPv6 at most ${String(LONGEST_CUT)} bits longer.`,
        ),
      examples: {
        bad: {
          values: { ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/26'], clusterPoolIPv4MaskSize: 24 } } },
        },
        good: {
          values: { ipam: { operator: { clusterPoolIPv4PodCIDRList: ['10.0.0.0/16'], clusterPoolIPv4MaskSize: 24 } } },
        },
      },
    },
    onePoolRule('IPv4'),
    onePoolRule('IPv6'),
    ...POD_POOL_SIZE_RULES,
  ],
};

/** A pool can be the native routing CIDR only when it is the only one of its family. */
function onePoolRule(family: 'IPv4' | 'IPv6'): ValuesRule {
  const list = `ipam.operator.clusterPool${family}PodCIDRList`;
  const pools = (cidrs: readonly string[]): ValuesExample => ({
    version: '1.20.0',
    values: {
      nativeRoutingCIDRFromClusterPool: true,
      ...(family === 'IPv6' ? { ipv6: { enabled: true } } : {}),
      ipam: { operator: { [`clusterPool${family}PodCIDRList`]: cidrs } },
    },
  });
  const cidr = family === 'IPv4' ? '10.0.0.0/16' : 'fd00::/104';
  return {
    id: `pod-ip-pools/one-${family.toLowerCase()}-pool`,
    level: 'error',
    find: ({ v, facts }) => {
      const { clusterPoolIPv4PodCIDRList, clusterPoolIPv6PodCIDRList } = v.ipam.operator;
      const [on, own, cidrs] =
        family === 'IPv4'
          ? [v.ipv4.enabled, v.ipv4NativeRoutingCIDR, clusterPoolIPv4PodCIDRList]
          : [v.ipv6.enabled, v.ipv6NativeRoutingCIDR, clusterPoolIPv6PodCIDRList];
      const asked =
        facts.hasConfigMap && facts.ipamMode === 'cluster-pool' && isTruthy(v.nativeRoutingCIDRFromClusterPool);
      return (
        asked &&
        isTruthy(on) &&
        !isTruthy(own) &&
        cidrsOf(cidrs).length !== 1 &&
        problem(
          ['nativeRoutingCIDRFromClusterPool', list],
          `nativeRoutingCIDRFromClusterPool needs exactly one ${family} pool.`,
          `Set ${family === 'IPv4' ? 'ipv4' : 'ipv6'}NativeRoutingCIDR to a CIDR that contains all pools, or remove nativeRoutingCIDRFromClusterPool.`,
        )
      );
    },
    chart: 'cilium-configmap.yaml',
    examples: { bad: pools([cidr, family === 'IPv4' ? '10.1.0.0/16' : 'fd01::/104']), good: pools([cidr]) },
  };
}

type Config = Readonly<Record<string, ConfigValue>>;
type Cidrs = string | readonly string[] | undefined;

function clusterPool({ v, facts }: Context): Config {
  if (facts.ipamMode !== 'cluster-pool') return {};
  const { operator } = v.ipam;
  return {
    ...(isTruthy(v.ipv4.enabled) && {
      'cluster-pool-ipv4-cidr': alwaysText(wordList(operator.clusterPoolIPv4PodCIDRList)),
      'cluster-pool-ipv4-mask-size': operator.clusterPoolIPv4MaskSize,
      'ipv4-native-routing-cidr': poolAsNativeRoutingCidr(
        v,
        v.ipv4NativeRoutingCIDR,
        operator.clusterPoolIPv4PodCIDRList,
      ),
    }),
    ...(isTruthy(v.ipv6.enabled) && {
      'cluster-pool-ipv6-cidr': alwaysText(wordList(operator.clusterPoolIPv6PodCIDRList)),
      'cluster-pool-ipv6-mask-size': operator.clusterPoolIPv6MaskSize,
      'ipv6-native-routing-cidr': poolAsNativeRoutingCidr(
        v,
        v.ipv6NativeRoutingCIDR,
        operator.clusterPoolIPv6PodCIDRList,
      ),
    }),
  };
}

/** The pool's only CIDR, when nativeRoutingCIDRFromClusterPool is on and no CIDR is set. */
function poolAsNativeRoutingCidr(v: Context['v'], own: string | undefined, pool: Cidrs): string | undefined {
  return isTruthy(v.nativeRoutingCIDRFromClusterPool) && !isTruthy(own) ? cidrsOf(pool)[0] : undefined;
}

function cidrsOf(cidrs: Cidrs): readonly string[] {
  return typeof cidrs === 'string' ? cidrs.split(' ') : (cidrs ?? []);
}

/** `name=ipv4-cidrs:a,b;ipv4-mask-size:24;…`, pools separated by commas; written even when there are none. */
function namedPools(ctx: Context): Config {
  if (ctx.facts.ipamMode !== 'multi-pool') return {};
  const pools = poolsOf(ctx).map(([name, pool]) => `${name}=${attributes(ctx, pool).join(';')}`);
  return { 'auto-create-cilium-pod-ip-pools': pools.join(',') };
}

function attributes({ has }: Context, { ipv4, ipv6, allowFirstIP, allowLastIP }: Pool): readonly string[] {
  const edge = (name: string, allowed: boolean | null | undefined): readonly string[] =>
    has('pod-pool-edge-addresses') && allowed !== undefined ? [`${name}:${String(allowed)}`] : [];
  return [
    ...familyAttributes('ipv4', ipv4),
    ...familyAttributes('ipv6', ipv6),
    ...edge('allow-first-ip', allowFirstIP),
    ...edge('allow-last-ip', allowLastIP),
  ];
}

function familyAttributes(family: string, pool: PoolFamily | undefined): readonly string[] {
  if (pool === undefined) return [];
  return [`${family}-cidrs:${wordList(pool.cidrs, ',') ?? ''}`, `${family}-mask-size:${String(pool.maskSize)}`];
}

/** The errors of the pools in use, each a short text with its place. */
function troubles(ctx: Context): readonly string[] {
  const { v, facts } = ctx;
  const { operator } = v.ipam;
  if (facts.ipamMode === 'multi-pool') {
    return poolsOf(ctx).flatMap(([name, { ipv4, ipv6 }]) => [
      ...(ipv4 === undefined ? [] : troublesOf(`${name}.ipv4`, 4, ipv4)),
      ...(ipv6 === undefined ? [] : troublesOf(`${name}.ipv6`, 6, ipv6)),
    ]);
  }
  if (facts.ipamMode !== 'cluster-pool') return [];
  const v4 = { cidrs: cidrsOf(operator.clusterPoolIPv4PodCIDRList), maskSize: operator.clusterPoolIPv4MaskSize };
  const v6 = { cidrs: cidrsOf(operator.clusterPoolIPv6PodCIDRList), maskSize: operator.clusterPoolIPv6MaskSize };
  return [
    ...(isTruthy(v.ipv4.enabled) ? troublesOf('clusterPoolIPv4PodCIDRList', 4, v4) : []),
    ...(isTruthy(v.ipv6.enabled) ? troublesOf('clusterPoolIPv6PodCIDRList', 6, v6) : []),
  ];
}

function troublesOf(place: string, family: 4 | 6, { cidrs, maskSize }: PoolFamily): readonly string[] {
  const list = cidrsIn(cidrs);
  if (list.length === 0) return [`${place} is empty`];
  const networks = list.flatMap((text) => {
    const cidr = parseCidr(text);
    return cidr === undefined ? [] : [{ text, cidr }];
  });
  const collisions = sharedNetworks(networks).map(([a, b]) => `${a.text} and ${b.text} in ${place} collide`);
  const unfit = list.flatMap((text) => {
    const cidr = parseCidr(text);
    if (cidr?.family !== family) return [`${text} in ${place} is not a valid IPv${String(family)} CIDR`];
    const cut = Number(maskSize) - cidr.prefix;
    const fits =
      Number.isInteger(cut) &&
      cut >= 0 &&
      Number(maskSize) <= (family === 4 ? 32 : 128) &&
      (family === 4 || cut <= LONGEST_CUT);
    return fits ? [] : [`${text} in ${place} cannot be split into /${String(maskSize)}`];
  });
  return [...unfit, ...collisions];
}
