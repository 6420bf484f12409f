import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { contains, fixedNetworks, networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { isMap } from '../../kubernetes/json';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { TalosFacts } from '../../talos/cluster/facts';
import { nodeKindsOf } from '../../talos/cluster/node-kinds';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { exampleTalos } from '../parts/example-talos';
import { clusterPools } from '../parts/pod-pools';
import { talosRule } from '../parts/talos-rule';

/** The longest prefix of a network that is never routed as a whole. */
const WIDEST = 7;
/** Private address ranges. */
const PRIVATE = fixedNetworks('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7');
const NATIVE = { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' } as const satisfies CiliumValues;
const POOLS = (cidr: string): CiliumValues => ({
  ipam: {
    mode: 'multi-pool',
    operator: { autoCreateCiliumPodIPPools: { default: { ipv4: { cidrs: [cidr], maskSize: 27 } } } },
  },
});

/** Pod addresses, of the Talos cluster and of Cilium. It contributes nothing and only has rules. */
export const talosAddresses: Feature = {
  name: 'talos-addresses',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/native-routing-too-wide',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.routingMode === 'native' &&
        tooWide(ctx).length > 0 &&
        problem(
          ['ipv4NativeRoutingCIDR', 'ipv6NativeRoutingCIDR', 'talos.podSubnets'],
          `Packets of pods to ${tooWide(ctx).join(' and ')} are not masqueraded, the Internet included, which cannot reply.`,
          'Set the CIDR to the pod subnet of the Talos cluster, or to the private network that contains it.',
        ),
      bad: { routingMode: 'native', ipv4NativeRoutingCIDR: '0.0.0.0/0' },
      good: NATIVE,
    }),
    talosRule({
      id: 'talos/no-node-routes',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.routingMode === 'native' &&
        ctx.facts.ipamMode === 'kubernetes' &&
        // The other plugin routes.
        ctx.facts.chainingMode === 'none' &&
        !hasNodeRoutes(ctx) &&
        problem(
          ['routingMode', 'autoDirectNodeRoutes', 'talos.kubeSpan'],
          'Packets of pods are routed natively, but nothing adds routes to the pods of other nodes: the router of the network must have them.',
          'Set autoDirectNodeRoutes to true where nodes share an L2 segment, or remove routingMode; acknowledge this where routers or the cloud have the routes.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/concepts/routing/#native-routing',
      bad: NATIVE,
      good: { ...NATIVE, autoDirectNodeRoutes: true },
    }),
    talosRule({
      id: 'talos/strict-network',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.ipamMode === 'kubernetes' &&
        unguarded(ctx).length > 0 &&
        problem(
          ['encryption.strictMode', 'talos.podSubnets'],
          `Strict encryption does not cover ${unguarded(ctx).join(' and ')}: pods there may send unencrypted traffic.`,
          'Set its cidr to the pod subnet of the Talos cluster.',
        ),
      bad: { encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.0.0.0/16' } } },
      good: { encryption: { enabled: true, type: 'wireguard', strictMode: { enabled: true, cidr: '10.244.0.0/16' } } },
    }),
    talosRule({
      id: 'talos/unroutable-pods',
      level: 'warning',
      find: (ctx) =>
        !isTruthy(ctx.v.bgpControlPlane.enabled) &&
        // The other plugin masquerades.
        ctx.facts.chainingMode === 'none' &&
        bareFamilies(ctx).length > 0 &&
        problem(
          ['enableIPv4Masquerade', 'enableIPv6Masquerade', 'talos.podSubnets'],
          `${bareFamilies(ctx).join(' and ')} traffic of pods leaves the cluster with pod addresses, to which no host outside can reply unless routers have a route back.`,
          'Enable masquerading, or let routers learn the pod subnets (bgpControlPlane, or static routes).',
        ),
      bad: { enableIPv4Masquerade: false },
      good: { enableIPv4Masquerade: false, bgpControlPlane: { enabled: true } },
    }),
    talosRule({
      id: 'talos/required-family',
      level: 'error',
      find: (ctx) =>
        requiredInVain(ctx).length > 0 &&
        problem(
          ['k8s.requireIPv4PodCIDR', 'k8s.requireIPv6PodCIDR', 'talos.podSubnets'],
          `Agents wait for an ${requiredInVain(ctx).join(' and an ')} pod CIDR of their node, but the Talos cluster has no such pod subnet.`,
          'Add a pod and a service subnet of that family to the Talos cluster, or remove the requirement.',
        ),
      bad: { k8s: { requireIPv6PodCIDR: true } },
      good: { k8s: { requireIPv4PodCIDR: true } },
    }),
    talosRule({
      id: 'talos/node-range',
      level: 'warning',
      find: (ctx) => crowdedNodes(ctx),
      docs: 'https://docs.cilium.io/en/stable/network/concepts/ipam/',
      bad: {},
      on: exampleTalos({ nodeCIDRMaskSizeIPv4: 26 }),
      goodOn: exampleTalos({ nodeCIDRMaskSizeIPv4: 26, given: { maxPods: 60 } }),
    }),
    talosRule({
      id: 'talos/multi-pool',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.ipamMode === 'multi-pool' &&
        namedPools(ctx).some((pool) => !isWithin(pool, ctx.talos?.podSubnets)) &&
        problem(
          ['ipam.mode', 'ipam.operator.autoCreateCiliumPodIPPools', 'talos.podSubnets'],
          'Cilium allocates pod addresses outside the pod subnets: Talos takes them for node addresses, and may advertise them or bind the kubelet to them.',
          'Use pools inside the pod subnets, or widen these.',
        ),
      bad: POOLS('10.10.0.0/16'),
      good: POOLS('10.244.0.0/17'),
    }),
    talosRule({
      id: 'talos/multi-pool-in-services',
      level: 'warning',
      find: (ctx) =>
        ctx.facts.ipamMode === 'multi-pool' &&
        namedPools(ctx).some((pool) => isWithin(pool, ctx.talos?.serviceSubnets)) &&
        problem(
          ['ipam.operator.autoCreateCiliumPodIPPools', 'talos.serviceSubnets'],
          'A pod address pool overlaps a service subnet of the Talos cluster, so a pod and a Service can get the same address.',
          'Use a CIDR outside the service subnets.',
        ),
      bad: POOLS('10.96.0.0/16'),
      good: POOLS('10.244.0.0/17'),
    }),
  ],
};

/** IPv4 pod subnets outside the CIDR of strict encryption; none where it is off or the CIDR is not valid. */
function unguarded({ v, talos }: Context): readonly string[] {
  const { enabled, cidr, egress } = v.encryption.strictMode;
  const text = isTruthy(egress?.enabled) ? egress?.cidr : isTruthy(enabled) ? cidr : undefined;
  const guarded = isTruthy(v.encryption.enabled) ? networkOf(text ?? '') : undefined;
  const subnets = (talos?.podSubnets ?? []).flatMap((subnet) => networkOf(subnet) ?? []);
  return guarded === undefined
    ? []
    : subnets
        .filter(({ family }) => family === guarded.family)
        .filter((subnet) => !contains(guarded, subnet))
        .map(({ network }) => network);
}

/** Whether a component adds routes to pods of other nodes: the agents, KubeSpan, or routers by BGP. */
function hasNodeRoutes({ v, talos }: Context): boolean {
  return (
    String(v.autoDirectNodeRoutes) === 'true' ||
    talos?.kubeSpan?.enabled === true ||
    isTruthy(v.bgpControlPlane.enabled)
  );
}

function tooWide({ v }: Context): readonly string[] {
  return [v.ipv4NativeRoutingCIDR, v.ipv6NativeRoutingCIDR].flatMap((text) => {
    const network = networkOf(text ?? '');
    const least = network?.family === 6 ? 3 : WIDEST;
    return network !== undefined && network.prefix < least ? [network.network] : [];
  });
}

/** Private pod subnets that are not masqueraded. */
function bareFamilies({ v, facts, talos }: Context): readonly string[] {
  const bare = {
    4: isTruthy(v.ipv4.enabled) && !facts.masqueradesIPv4,
    6: isTruthy(v.ipv6.enabled) && !isTruthy(v.enableIPv6Masquerade),
  };
  return networks(talos?.podSubnets)
    .filter((subnet) => bare[subnet.family] && PRIVATE().some((network) => contains(network, subnet)))
    .map(({ network }) => network);
}

function requiredInVain({ v, facts, talos }: Context): readonly string[] {
  if (facts.ipamMode !== 'kubernetes') return [];
  const families = networks(talos?.podSubnets).map(({ family }) => family);
  return [
    ...(isTruthy(v.k8s.requireIPv4PodCIDR) && !families.includes(4) ? ['IPv4'] : []),
    ...(isTruthy(v.k8s.requireIPv6PodCIDR) && !families.includes(6) ? ['IPv6'] : []),
  ];
}

/** The pod addresses that each node gets, of one family. */
interface NodeRange {
  readonly paths: readonly string[];
  readonly family: 4 | 6;
  readonly mask: number;
}

/** In multi-pool mode a node gets further addresses as it needs them. */
function nodeRanges(ctx: Context): readonly NodeRange[] {
  const pools = clusterPools(ctx).map(({ mask, family, maskSize }) => ({ paths: [mask], family, mask: maskSize }));
  if (ctx.facts.ipamMode !== 'kubernetes') return pools;
  const { nodeCIDRMaskSizeIPv4: four, nodeCIDRMaskSizeIPv6: six } = ctx.talos ?? {};
  return ([4, 6] as const).flatMap((family) => {
    const mask = family === 4 ? four : six;
    if (mask === undefined || !isTruthy(ctx.v[family === 4 ? 'ipv4' : 'ipv6'].enabled)) return [];
    return [{ paths: ['ipam.mode', `talos.nodeCIDRMaskSizeIPv${String(family)}`], family, mask }];
  });
}

/** Addresses of a node's range that no pod gets: the first and the last, the agent's router and health endpoint, and that of Envoy's listeners. */
function ownAddresses({ v }: Context): number {
  const hasIngress = [v.ingressController, v.gatewayAPI, v.envoyConfig].some(({ enabled }) => isTruthy(enabled));
  return hasIngress ? 5 : 4;
}

/** Nodes whose kubelets run more pods than there are addresses, at most one problem for each family. */
function crowdedNodes(ctx: Context): readonly Problem[] {
  if (ctx.talos === undefined) return [];
  const own = ownAddresses(ctx);
  const { maxPods = 0, path = 'talos.maxPods' } = fullestNodes(ctx.talos);
  return nodeRanges(ctx).flatMap(({ paths, family, mask }) => {
    const bits = family === 4 ? 32 : 128;
    const left = 2 ** (bits - mask) - own;
    if (!Number.isFinite(left) || left >= maxPods) return [];
    const longest = bits - Math.ceil(Math.log2(maxPods + own));
    return problem(
      [...paths, path],
      `A node has ${String(Math.max(left, 0))} IPv${String(family)} addresses for pods, and the kubelet starts up to ${String(maxPods)} pods: the others stay pending, reported in their events only.`,
      `Use a mask size of ${String(longest)} or less, or a maxPods of ${String(Math.max(left, 1))} on the Talos cluster.`,
    );
  });
}

/** The nodes with the most pods, and where that is set. */
function fullestNodes(talos: TalosFacts): { readonly maxPods?: number; readonly path?: string } {
  const kinds = nodeKindsOf(talos).map(({ name, maxPods }) => {
    const role = name === 'workers' ? 'workers' : 'controlPlanes';
    const isOwn = talos.given?.[role]?.maxPods !== undefined;
    return { maxPods, path: `talos.${isOwn ? `${role}.` : ''}maxPods` };
  });
  return kinds.reduce((most, kind) => (kind.maxPods > most.maxPods ? kind : most), { maxPods: 0, path: '' });
}

/** The CIDRs of `ipam.operator.autoCreateCiliumPodIPPools`, of both families. */
function namedPools({ v }: Context): readonly Cidr[] {
  const pools = Object.values(v.ipam.operator.autoCreateCiliumPodIPPools ?? {}).filter(isMap);
  const families = pools.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]).filter(isMap);
  return families.flatMap(({ cidrs }) =>
    networks([cidrs].flat().filter((text): text is string => typeof text === 'string')),
  );
}

function isWithin(pool: Cidr, subnets: readonly string[] | undefined): boolean {
  return networks(subnets).some((subnet) => contains(subnet, pool));
}

function networks(texts: readonly string[] | undefined): readonly Cidr[] {
  return (texts ?? []).flatMap((text) => networkOf(text) ?? []);
}
