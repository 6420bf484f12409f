import type { CiliumValues } from '../../../imports/cilium-chart';
import { isTruthy } from '../../helm/truth';
import { contains, parseCidr } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { EXCLUDE_FROM_LOAD_BALANCERS } from '../../kubernetes/node-labels';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { TalosFacts } from '../../talos/cluster/facts';
import type { Feature } from '../feature';
import { layered, valuesWith } from '../layers';
import { clusterPools, poolsOutside } from '../parts/cluster-pools';
import { exampleTalos, TALOS_VALUES } from '../parts/example-talos';
import { installsSpire } from '../parts/spire';
import { talosRule } from '../parts/talos-rule';

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

/** Rules about Talos that belong to no other feature. Applies when the Talos cluster is known; it contributes nothing. */
export const talos: Feature = {
  name: 'talos',
  contribute: () => ({}),
  rules: [
    talosRule({
      id: 'talos/cgroup-mounted',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.agent) &&
        isTruthy(v.cgroup.autoMount.enabled) &&
        problem(
          'cgroup.autoMount.enabled',
          "Talos mounts cgroup v2, so Cilium's init container that mounts it again on the host is not needed.",
          'Set cgroup.autoMount.enabled to false and cgroup.hostRoot to /sys/fs/cgroup.',
        ),
      docs: GUIDE,
      bad: { cgroup: { autoMount: { enabled: true }, hostRoot: '/sys/fs/cgroup' } },
    }),
    talosRule({
      id: 'talos/cgroup-root',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.agent) &&
        v.cgroup.hostRoot !== '/sys/fs/cgroup' &&
        problem(
          'cgroup.hostRoot',
          'Talos mounts cgroup v2 at /sys/fs/cgroup; programs attached elsewhere do not see the sockets of pods.',
          'Set cgroup.hostRoot to /sys/fs/cgroup.',
        ),
      docs: GUIDE,
      bad: { cgroup: { autoMount: { enabled: false }, hostRoot: '/run/cilium/cgroupv2' } },
    }),
    talosRule({
      id: 'talos/cni-folders',
      level: 'warning',
      find: ({ v }) =>
        isTruthy(v.cni.install) &&
        (v.cni.binPath !== CNI_PROGRAMS || v.cni.confPath !== CNI_CONFIG) &&
        problem(
          ['cni.binPath', 'cni.confPath'],
          `The container runtime of Talos reads CNI plugins only from ${CNI_PROGRAMS} and their configuration only from ${CNI_CONFIG}.`,
          'Remove both values.',
        ),
      bad: { cni: { binPath: '/usr/libexec/cni' } },
    }),
    talosRule({
      id: 'talos/pod-family',
      level: 'error',
      find: (ctx) =>
        ctx.facts.ipamMode === 'kubernetes' &&
        familiesWithoutSubnet(ctx).length > 0 &&
        problem(
          ['ipv4.enabled', 'ipv6.enabled', 'talos.podSubnets'],
          `Nodes get no ${familiesWithoutSubnet(ctx).join(' and no ')} pod CIDR, because the Talos cluster has no such pod subnet, and agents never get ready.`,
          'Add a pod and a service subnet of that family to the Talos cluster, or disable the family in Cilium.',
        ),
      bad: { ipv6: { enabled: true } },
    }),
    talosRule({
      id: 'talos/pod-family-unused',
      level: 'warning',
      find: (ctx) =>
        familiesOfSubnets(ctx).some((family) => !familiesOfCilium(ctx).includes(family)) &&
        problem(
          ['ipv4.enabled', 'ipv6.enabled', 'talos.podSubnets'],
          'The Talos cluster has a pod subnet of an address family that is off in Cilium: pods get no address of it.',
          'Enable the family in Cilium (ipv4.enabled, ipv6.enabled), or remove the subnet.',
        ),
      bad: {},
      good: { ipv6: { enabled: true } },
      on: IPV4_AND_6,
    }),
    talosRule({
      id: 'talos/native-routing-network',
      level: 'warning',
      find: (ctx) =>
        podSubnetsOutside(ctx).length > 0 &&
        problem(
          ['ipv4NativeRoutingCIDR', 'ipv6NativeRoutingCIDR', 'talos.podSubnets'],
          `${podSubnetsOutside(ctx).join(' and ')} is not part of the native routing CIDR, so traffic to pods of other nodes is masqueraded.`,
          'Set the CIDR to the pod subnet of the Talos cluster, or to one that contains it.',
        ),
      bad: { routingMode: 'native', ipv4NativeRoutingCIDR: '10.42.0.0/16' },
      good: { routingMode: 'native', ipv4NativeRoutingCIDR: '10.244.0.0/16' },
    }),
    talosRule({
      id: 'talos/cluster-pool',
      level: 'warning',
      find: (ctx) =>
        poolsOutside(ctx, ctx.talos?.podSubnets).length > 0 &&
        problem(
          ['ipam.mode', 'ipam.operator', 'talos.podSubnets'],
          `Cilium allocates pod addresses from ${poolsOutside(ctx, ctx.talos?.podSubnets).join(' and ')}, outside the pod subnets: Talos takes them for node addresses, and may advertise them or bind the kubelet to them.`,
          'Set ipam.mode to kubernetes, or use a pool inside the pod subnets.',
        ),
      docs: GUIDE,
      bad: { ipam: { mode: 'cluster-pool' } },
      good: { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.244.0.0/16'] } } },
    }),
    talosRule({
      id: 'talos/pool-in-services',
      level: 'warning',
      find: (ctx) =>
        clusterPools(ctx).some((pool) => swallowed(pool, ctx.talos)) &&
        problem(
          ['ipam.operator', 'talos.serviceSubnets'],
          'The pod address pool overlaps a service subnet of the Talos cluster, so a pod and a Service can get the same address.',
          'Use a pool outside the service subnets.',
        ),
      bad: { ipam: { mode: 'cluster-pool', operator: { clusterPoolIPv4PodCIDRList: ['10.100.0.0/16'] } } },
    }),
    talosRule({
      id: 'talos/cluster-id-marks',
      level: 'warning',
      find: ({ v, talos: cluster }) =>
        cluster?.kubeSpan?.enabled === true &&
        (Number(v.cluster.id) & KUBESPAN_MARK) !== 0 &&
        problem(
          'cluster.id',
          'Cilium writes the cluster id into the packet mark, where this id sets bits that KubeSpan uses for its own packets: packets can be misrouted.',
          'Use an id from 1 to 31 or from 128 to 159.',
        ),
      bad: { cluster: { id: 32, name: 'home' } },
      good: { cluster: { id: 31, name: 'home' } },
      on: SPANNED,
    }),
    talosRule({
      id: 'talos/node-ipam-control-planes',
      level: 'warning',
      find: ({ v, talos: cluster }) =>
        isTruthy(v.nodeIPAM.enabled) &&
        cluster?.nodeLabels?.[EXCLUDE_FROM_LOAD_BALANCERS] === undefined &&
        !isSomeWorkerThere(cluster) &&
        problem(
          ['nodeIPAM.enabled', 'talos.nodeLabels'],
          `Talos labels control planes with ${EXCLUDE_FROM_LOAD_BALANCERS}, and node IPAM excludes such nodes: a cluster without workers gets no addresses.`,
          `Remove the label where control planes serve too: nodeLabels: { '${EXCLUDE_FROM_LOAD_BALANCERS}': null } of the Talos cluster; or set nodes.workers of the Talos cluster to their number.`,
        ),
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      bad: { nodeIPAM: { enabled: true } },
      goodOn: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: null } }),
      good: { nodeIPAM: { enabled: true } },
    }),
    talosRule({
      id: 'talos/node-ipam-all-excluded',
      level: 'error',
      find: ({ v, talos: cluster }) =>
        isTruthy(v.nodeIPAM.enabled) &&
        typeof cluster?.nodeLabels?.[EXCLUDE_FROM_LOAD_BALANCERS] === 'string' &&
        problem(
          ['nodeIPAM.enabled', 'talos.nodeLabels'],
          `All nodes have the label ${EXCLUDE_FROM_LOAD_BALANCERS}, and node IPAM excludes such nodes: no Service gets an address.`,
          'Remove the label from nodeLabels of the Talos cluster; Talos sets it on control planes.',
        ),
      docs: 'https://docs.cilium.io/en/stable/network/node-ipam/',
      bad: { nodeIPAM: { enabled: true } },
      on: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: '' } }),
      good: { nodeIPAM: { enabled: true } },
      goodOn: exampleTalos({ nodeLabels: { [EXCLUDE_FROM_LOAD_BALANCERS]: null } }),
    }),
    talosRule({
      id: 'talos/spire-namespace',
      level: 'warning',
      find: (ctx) =>
        installsSpire(ctx) &&
        !admitsSpire(ctx) &&
        problem(
          ['authentication.mutual.spire.install.namespace', 'authentication.mutual.spire.install.existingNamespace'],
          "Talos admits pods with hostNetwork, hostPID and hostPath volumes only in kube-system: SPIRE's server and SPIRE's agent are rejected in the Namespace that is rendered for them, and nothing authenticates.",
          'Create the Namespace yourself with the label pod-security.kubernetes.io/enforce: privileged, and set existingNamespace, also for kube-system; or add it to podSecurity.exemptNamespaces of the Talos cluster.',
        ),
      docs: 'https://docs.siderolabs.com/kubernetes-guides/security/pod-security',
      bad: SPIRE,
      good: layered([SPIRE, valuesWith('authentication.mutual.spire.install.existingNamespace', true)]),
    }),
    {
      id: 'talos/namespace',
      level: 'warning',
      find: (ctx) =>
        ctx.talos !== undefined &&
        ctx.namespace !== 'kube-system' &&
        problem(
          ['namespace', 'namespaceOverride'],
          `Talos admits privileged pods only in kube-system; '${ctx.namespace}' must have the label pod-security.kubernetes.io/enforce: privileged before the pods are created.`,
          'Add a Namespace with that label to the manifests (createNamespace of the Cilium construct does), or use kube-system.',
        ),
      docs: 'https://docs.siderolabs.com/kubernetes-guides/security/pod-security',
      examples: {
        bad: { values: TALOS_VALUES, talos: exampleTalos(), namespace: 'cilium' },
        good: { values: TALOS_VALUES, talos: exampleTalos() },
      },
    },
  ],
};

function isSomeWorkerThere(cluster: TalosFacts | undefined): boolean {
  return (cluster?.given?.nodes?.workers ?? 0) > 0;
}

/** A user's Namespace may have the label; the rendered one has only the common labels. */
function admitsSpire({ v, talos: cluster }: Context): boolean {
  const { existingNamespace, namespace = '' } = v.authentication.mutual.spire.install;
  const { enforce, exemptNamespaces = [] } = cluster?.given?.podSecurity ?? {};
  if (enforce === 'privileged' || exemptNamespaces.includes(namespace)) return true;
  return isTruthy(existingNamespace) || v.commonLabels?.['pod-security.kubernetes.io/enforce'] === 'privileged';
}

type Family = 4 | 6;

function familiesOfCilium({ v }: Context): readonly Family[] {
  return [...(isTruthy(v.ipv4.enabled) ? [4 as const] : []), ...(isTruthy(v.ipv6.enabled) ? [6 as const] : [])];
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

/** Pod subnets outside the native routing CIDRs; none where the user did not set these. */
function podSubnetsOutside(ctx: Context): readonly string[] {
  const { v, facts } = ctx;
  if (facts.routingMode !== 'native' || facts.ipamMode !== 'kubernetes') return [];
  const native = { 4: v.ipv4NativeRoutingCIDR, 6: v.ipv6NativeRoutingCIDR };
  return podSubnets(ctx)
    .filter((subnet) => networks([native[subnet.family]]).some((network) => !contains(network, subnet)))
    .map(({ network }) => network);
}

/** A pool that only overlaps a service subnet, as the chart's default does, reaches it after thousands of nodes; one inside conflicts at once. */
function swallowed(pool: Cidr, cluster: TalosFacts | undefined): boolean {
  return networks(cluster?.serviceSubnets).some((service) => contains(service, pool));
}

function networks(texts: readonly (string | undefined)[] | undefined): readonly Cidr[] {
  return (texts ?? []).flatMap((text) => parseCidr(text ?? '') ?? []);
}
