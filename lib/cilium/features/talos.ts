import type { CiliumValues } from '../../../imports/cilium-chart';
import { given } from '../../helm/truth';
import { contains, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import type { Context, TalosFacts } from '../context';
import type { Feature } from '../feature';
import { layered, valuesWith } from '../layers';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';
import { installsSpire } from '../parts/spire';
import { talosCheck } from '../parts/talos-check';

const GUIDE = 'https://docs.siderolabs.com/kubernetes-guides/cni/deploying-cilium';
const CNI_PROGRAMS = '/opt/cni/bin';
const CNI_CONFIG = '/etc/cni/net.d';
/** Bits of the packet mark that KubeSpan uses. */
const KUBESPAN_MARK = 0x60;
const IPV4_AND_6 = exampleTalos({
  podSubnets: ['10.244.0.0/16', 'fd00:10:244::/56'],
  serviceSubnets: ['10.96.0.0/12', 'fd00:10:96::/112'],
});
const SPIRE: CiliumValues = { authentication: { enabled: true, mutual: { spire: { enabled: true } } } };
const SPANNED = exampleTalos({ kubeSpan: { enabled: true, advertiseKubernetesNetworks: true, mtu: 1420 } });

/** What is peculiar to Talos and belongs to no other feature: it says nothing to Cilium, it only looks. Applies when the Talos cluster is known. */
export const talos: Feature = {
  name: 'talos',
  contribute: () => ({}),
  checks: [
    talosCheck({
      id: 'talos/cgroup-mounted',
      level: 'warning',
      when: ({ v }) => given(v.agent) && given(v.cgroup.autoMount.enabled),
      at: ['cgroup.autoMount.enabled'],
      says: 'Talos mounts cgroup v2 itself; a container that enters the host to mount it again is one more thing that can fail.',
      fix: 'Set cgroup.autoMount.enabled to false and cgroup.hostRoot to /sys/fs/cgroup.',
      docs: GUIDE,
      bad: { cgroup: { autoMount: { enabled: true }, hostRoot: '/sys/fs/cgroup' } },
    }),
    talosCheck({
      id: 'talos/cgroup-root',
      level: 'warning',
      when: ({ v }) => given(v.agent) && v.cgroup.hostRoot !== '/sys/fs/cgroup',
      at: ['cgroup.hostRoot'],
      says: 'Talos has cgroup v2 at /sys/fs/cgroup; programs that are attached elsewhere do not see the sockets of pods.',
      fix: 'Set cgroup.hostRoot to /sys/fs/cgroup.',
      docs: GUIDE,
      bad: { cgroup: { autoMount: { enabled: false }, hostRoot: '/run/cilium/cgroupv2' } },
    }),
    talosCheck({
      id: 'talos/cni-folders',
      level: 'warning',
      when: ({ v }) => given(v.cni.install) && (v.cni.binPath !== CNI_PROGRAMS || v.cni.confPath !== CNI_CONFIG),
      at: ['cni.binPath', 'cni.confPath'],
      says: `The container runtime of Talos looks for CNI plugins in ${CNI_PROGRAMS} and for their configuration in ${CNI_CONFIG}, nowhere else.`,
      fix: 'Leave both values out.',
      bad: { cni: { binPath: '/usr/libexec/cni' } },
    }),
    talosCheck({
      id: 'talos/pod-family',
      level: 'error',
      when: (ctx) => ctx.facts.ipamMode === 'kubernetes' && familiesWithoutSubnet(ctx).length > 0,
      at: ['ipv4.enabled', 'ipv6.enabled', 'talos.podSubnets'],
      says: (ctx) =>
        `Nodes get no ${familiesWithoutSubnet(ctx).join(' and no ')} pod range, since the Talos cluster has no such pod subnet, and the agent waits for one before it is ready.`,
      fix: 'Give the Talos cluster a pod and a service subnet of that family, or switch the family off in Cilium.',
      bad: { ipv6: { enabled: true } },
    }),
    talosCheck({
      id: 'talos/pod-family-unused',
      level: 'warning',
      when: (ctx) => familiesOfSubnets(ctx).some((family) => !familiesOfCilium(ctx).includes(family)),
      at: ['ipv4.enabled', 'ipv6.enabled', 'talos.podSubnets'],
      says: 'The Talos cluster has a pod subnet of a family that is off in Cilium: pods get no address of it.',
      fix: 'Switch the family on in Cilium (ipv4.enabled, ipv6.enabled), or take the subnet away.',
      bad: {},
      good: { ipv6: { enabled: true } },
      on: IPV4_AND_6,
    }),
    talosCheck({
      id: 'talos/native-routing-network',
      level: 'warning',
      when: (ctx) => podSubnetsOutside(ctx).length > 0,
      at: ['ipv4NativeRoutingCIDR', 'ipv6NativeRoutingCIDR', 'talos.podSubnets'],
      says: (ctx) =>
        `${podSubnetsOutside(ctx).join(' and ')} is not part of the natively routed network, so pods of other nodes are spoken to with the node's address.`,
      fix: 'Set the network to the pod subnet of the Talos cluster, or to one that holds it.',
      bad: { routingMode: 'native', ipv4NativeRoutingCIDR: '10.42.0.0/16' },
      good: { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' },
    }),
    talosCheck({
      id: 'talos/cluster-pool',
      level: 'warning',
      when: (ctx) => poolsOutside(ctx).length > 0,
      at: ['ipam.mode', 'ipam.operator', 'talos.podSubnets'],
      says: (ctx) =>
        `Cilium hands out pod addresses from ${poolsOutside(ctx).join(' and ')}, which is not in the pod subnets: Talos takes addresses from there for those of nodes, and may announce them or bind the kubelet to them.`,
      fix: 'Set ipam.mode to kubernetes, or name a part of the pod subnets as the pool.',
      docs: GUIDE,
      bad: { ipam: { mode: 'cluster-pool' } },
      good: { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'] } } },
    }),
    talosCheck({
      id: 'talos/pool-in-services',
      level: 'error',
      when: (ctx) => ctx.facts.ipamMode === 'cluster-pool' && pools(ctx).some((pool) => swallowed(pool, ctx.talos)),
      at: ['ipam.operator', 'talos.serviceSubnets'],
      says: 'The pool of pod addresses lies in a service subnet of the Talos cluster, so pods and services get the same addresses.',
      fix: 'Name a pool outside the service subnets.',
      bad: { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.100.0.0/16'] } } },
    }),
    talosCheck({
      id: 'talos/cluster-id-marks',
      level: 'warning',
      when: ({ v, talos: cluster }) =>
        cluster?.kubeSpan?.enabled === true && (Number(v.cluster.id) & KUBESPAN_MARK) !== 0,
      at: ['cluster.id'],
      says: 'Cilium writes the cluster id into the mark of packets, where this one sets bits by which KubeSpan knows its own: packets can go astray.',
      fix: 'Use an id from 1 to 31 or from 128 to 159.',
      bad: { cluster: { id: 32, name: 'home' } },
      good: { cluster: { id: 31, name: 'home' } },
      on: SPANNED,
    }),
    talosCheck({
      id: 'talos/node-ipam-control-planes',
      level: 'warning',
      when: ({ v, talos: cluster }) =>
        given(v.nodeIPAM.enabled) && cluster?.nodeLabels?.[EXCLUDE_FROM_LOAD_BALANCERS] === undefined,
      at: ['nodeIPAM.enabled', 'talos.nodeLabels'],
      says: `Talos labels control planes with ${EXCLUDE_FROM_LOAD_BALANCERS}, and node IPAM leaves such nodes out: a cluster without workers gets no addresses.`,
      fix: `If control planes are to serve too, take the label away: nodeLabels: { '${EXCLUDE_FROM_LOAD_BALANCERS}': null } of the Talos cluster.`,
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      bad: { nodeIPAM: { enabled: true } },
      goodOn: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: null } }),
      good: { nodeIPAM: { enabled: true } },
    }),
    talosCheck({
      id: 'talos/node-ipam-all-excluded',
      level: 'error',
      when: ({ v, talos: cluster }) =>
        given(v.nodeIPAM.enabled) && typeof cluster?.nodeLabels?.[EXCLUDE_FROM_LOAD_BALANCERS] === 'string',
      at: ['nodeIPAM.enabled', 'talos.nodeLabels'],
      says: `All nodes get the label ${EXCLUDE_FROM_LOAD_BALANCERS}, and node IPAM leaves such nodes out: no Service gets an address.`,
      fix: 'Take the label out of nodeLabels of the Talos cluster; that of control planes comes by itself.',
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      bad: { nodeIPAM: { enabled: true } },
      on: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: '' } }),
      good: { nodeIPAM: { enabled: true } },
      goodOn: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: null } }),
    }),
    talosCheck({
      id: 'talos/spire-namespace',
      level: 'warning',
      when: (ctx) => installsSpire(ctx) && !admitsSpire(ctx),
      at: ['authentication.mutual.spire.install.namespace', 'authentication.mutual.spire.install.existingNamespace'],
      says: 'Talos admits pods on the network and among the processes of the host only in kube-system: the agents of SPIRE are refused in the Namespace that comes with them.',
      fix: 'Make the Namespace yourself, labelled pod-security.kubernetes.io/enforce: privileged, and set existingNamespace, also for kube-system.',
      docs: 'https://docs.siderolabs.com/kubernetes-guides/security/pod-security',
      bad: SPIRE,
      good: layered([SPIRE, valuesWith('authentication.mutual.spire.install.existingNamespace', true)]),
    }),
    {
      id: 'talos/namespace',
      level: 'warning',
      when: (ctx) => ctx.talos !== undefined && ctx.namespace !== 'kube-system',
      at: ['namespace', 'namespaceOverride'],
      says: ({ namespace }) =>
        `Talos admits pods like Cilium's only in kube-system; '${namespace}' has to be labelled pod-security.kubernetes.io/enforce: privileged before they come.`,
      fix: 'Make the Namespace with that label part of the manifests (the Cilium construct does, createNamespace), or use kube-system.',
      docs: 'https://docs.siderolabs.com/kubernetes-guides/security/pod-security',
      examples: {
        bad: { values: TALOS_VALUES, talos: exampleTalos(), namespace: 'cilium' },
        good: { values: TALOS_VALUES, talos: exampleTalos() },
      },
    },
  ],
};

/** A Namespace of the user's may be labelled; ours is only by the common labels. */
function admitsSpire({ v }: Context): boolean {
  const { existingNamespace } = v.authentication.mutual.spire.install;
  return given(existingNamespace) || v.commonLabels?.['pod-security.kubernetes.io/enforce'] === 'privileged';
}

type Family = 4 | 6;

function familiesOfCilium({ v }: Context): readonly Family[] {
  return [...(given(v.ipv4.enabled) ? [4 as const] : []), ...(given(v.ipv6.enabled) ? [6 as const] : [])];
}

function familiesOfSubnets(ctx: Context): readonly Family[] {
  return podSubnets(ctx).map(({ family }) => family);
}

function familiesWithoutSubnet(ctx: Context): readonly string[] {
  const served = familiesOfSubnets(ctx);
  return familiesOfCilium(ctx)
    .filter((family) => !served.includes(family))
    .map((family) => `IPv${String(family)}`);
}

function podSubnets({ talos: cluster }: Context): readonly Cidr[] {
  return networks(cluster?.podSubnets);
}

/** Pod subnets that the natively routed networks do not hold; none where the user did not say which these are. */
function podSubnetsOutside(ctx: Context): readonly string[] {
  const { v, facts } = ctx;
  if (facts.routingMode !== 'native' || facts.ipamMode !== 'kubernetes') return [];
  const native = { 4: v.ipv4NativeRoutingCIDR, 6: v.ipv6NativeRoutingCIDR };
  return podSubnets(ctx)
    .filter((subnet) => networks([native[subnet.family]]).some((network) => !contains(network, subnet)))
    .map(({ network }) => network);
}

/** The pools of the families in use. */
function pools({ v }: Context): readonly Cidr[] {
  const { clusterPoolIPv4PodCIDRList: ipv4, clusterPoolIPv6PodCIDRList: ipv6 } = v.ipam.operator;
  return [
    ...(given(v.ipv4.enabled) ? networks([ipv4].flat()) : []),
    ...(given(v.ipv6.enabled) ? networks([ipv6].flat()) : []),
  ];
}

function poolsOutside(ctx: Context): readonly string[] {
  if (ctx.facts.ipamMode !== 'cluster-pool') return [];
  const subnets = podSubnets(ctx);
  return pools(ctx)
    .filter((pool) => !subnets.some((subnet) => contains(subnet, pool)))
    .map(({ network }) => network);
}

/** A pool that only touches a service subnet, as the chart's default does, gets there after thousands of nodes; one inside is there at once. */
function swallowed(pool: Cidr, cluster: TalosFacts | undefined): boolean {
  return networks(cluster?.serviceSubnets).some((service) => contains(service, pool));
}

function networks(texts: readonly (string | undefined)[] | undefined): readonly Cidr[] {
  return (texts ?? []).flatMap((text) => parseCidr(text ?? '') ?? []);
}
