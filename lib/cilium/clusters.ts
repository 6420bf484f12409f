/** Rules between the clusters that one app describes. */
import type { Finding } from '../rules/finding';
import { toInt } from '../helm/numbers';
import { isTruthy } from '../helm/truth';
import { overlaps, parseCidr } from '../kubernetes/cidr';
import type { CheckExample } from './check';
import type { Context } from './context';
import { exampleTalos, TALOS_VALUES } from './parts/example-talos';
import { remoteClusters } from './parts/remote-clusters';

/** Cilium in one of the clusters, and where the app has it. */
export interface NamedCluster {
  /** Path of the construct: `home/cilium`. */
  readonly path: string;
  readonly context: Context;
}

/** A rule between two clusters as data. */
export interface ClusterCheck {
  /** `<subject>/<rule>`, unique among all checks. */
  readonly id: string;
  readonly level: Finding['level'];
  /** True means: there is a problem. Does not depend on the order of the two. */
  readonly when: (one: Context, other: Context) => boolean;
  /** The values concerned. */
  readonly paths: readonly string[];
  /** The fact, one sentence; `place` is the path of the other cluster. */
  readonly message: (own: Context, place: string) => string;
  /** The way out, one sentence. */
  readonly hint: string;
  readonly docs?: string;
  /** `bad` trips this check and no other between clusters; `good` trips none. One test runs them all. */
  readonly examples: {
    readonly bad: readonly [CheckExample, CheckExample];
    readonly good: readonly [CheckExample, CheckExample];
  };
}

const MESH_DOCS = 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/#prerequisites';

/** Every rule between clusters, in the order in which they are told. */
export const CLUSTER_CHECKS: readonly ClusterCheck[] = [
  {
    id: 'cluster/mesh-same-name',
    level: 'error',
    when: (one, other) => meshed(one, other) && one.v.cluster.name === other.v.cluster.name,
    paths: ['cluster.name'],
    message: ({ v }, place) =>
      `The cluster of ${place} is called '${String(v.cluster.name)}' too, and both belong to a mesh: neither would be told from the other.`,
    hint: 'Give each cluster a name of its own.',
    docs: MESH_DOCS,
    examples: { bad: [member('north', 1), member('north', 2)], good: [member('north', 1), member('south', 2)] },
  },
  {
    id: 'cluster/mesh-same-id',
    level: 'error',
    when: (one, other) => meshed(one, other) && idOf(one) !== 0 && idOf(one) === idOf(other),
    paths: ['cluster.id'],
    message: (own, place) =>
      `The cluster of ${place} has the id ${String(idOf(own))} too, and both belong to a mesh: agents refuse to connect to it.`,
    hint: 'Give each cluster an id of its own, from 1 on.',
    docs: MESH_DOCS,
    examples: { bad: [member('north', 1), member('south', 1)], good: [member('north', 1), member('south', 2)] },
  },
  {
    id: 'cluster/mesh-limits',
    level: 'error',
    when: (one, other) => meshed(one, other) && mostClusters(one) !== mostClusters(other),
    paths: ['clustermesh.maxConnectedClusters'],
    message: (own, place) =>
      `The mesh has room for ${String(mostClusters(own))} clusters here and for another number at ${place}: the identities of one mean nothing to the other, and it refuses to connect.`,
    hint: 'Set it alike in all clusters of the mesh, before they are installed.',
    docs: MESH_DOCS,
    examples: {
      bad: [member('north', 1), member('south', 2, { clustermesh: { useAPIServer: true, maxConnectedClusters: 511 } })],
      good: [member('north', 1), member('south', 2)],
    },
  },
  {
    id: 'cluster/mesh-pod-networks',
    level: 'error',
    when: (one, other) => meshed(one, other) && podNetworksMeet(one, other),
    paths: ['talos.podSubnets'],
    message: (_, place) =>
      `Pods here and in the cluster of ${place} get addresses of the same range, and both belong to a mesh: they cannot reach each other.`,
    hint: 'Give each cluster a pod subnet of its own.',
    docs: MESH_DOCS,
    examples: {
      bad: [onTalos('north', 1, '10.244.0.0/16'), onTalos('south', 2, '10.244.128.0/17')],
      good: [onTalos('north', 1, '10.244.0.0/16'), onTalos('south', 2, '10.245.0.0/16')],
    },
  },
  {
    id: 'cluster/mesh-routing',
    level: 'warning',
    when: (one, other) => meshed(one, other) && one.facts.routingMode !== other.facts.routingMode,
    paths: ['routingMode'],
    message: ({ facts }, place) =>
      `Packets go by ${facts.routingMode} here and otherwise in the cluster of ${place}, and a mesh works only where all clusters do the same.`,
    hint: 'Set routingMode alike in all clusters of the mesh.',
    docs: MESH_DOCS,
    examples: {
      bad: [
        member('north', 1),
        member('south', 2, {
          clustermesh: { useAPIServer: true },
          routingMode: 'native',
          ipv4NativeRoutingCIDR: '10.0.0.0/8',
        }),
      ],
      good: [member('north', 1), member('south', 2)],
    },
  },
  {
    id: 'cluster/same-name',
    level: 'warning',
    when: (one, other) => !meshed(one, other) && named(one) && one.v.cluster.name === other.v.cluster.name,
    paths: ['cluster.name'],
    message: ({ v }, place) =>
      `The cluster of ${place} is called '${String(v.cluster.name)}' too: Hubble and metrics do not tell the two apart.`,
    hint: 'Give each cluster a name of its own.',
    examples: { bad: [alone('north', 1), alone('north', 2)], good: [alone('north', 1), alone('south', 2)] },
  },
  {
    id: 'cluster/same-id',
    level: 'warning',
    when: (one, other) => !meshed(one, other) && idOf(one) !== 0 && idOf(one) === idOf(other),
    paths: ['cluster.id'],
    message: (own, place) =>
      `The cluster of ${place} has the id ${String(idOf(own))} too, and an id cannot be changed once the two are to be one mesh.`,
    hint: 'Give each cluster an id of its own, or leave it at 0 in clusters that stay alone.',
    examples: { bad: [alone('north', 1), alone('south', 1)], good: [alone('north', 1), alone('south', 2)] },
  },
];

/** What is wrong between a cluster and those that the app has before it; each pair is told of once. */
export function clusterFindings(own: Context, earlier: readonly NamedCluster[]): readonly Finding[] {
  return CLUSTER_CHECKS.flatMap(({ id, level, paths, message, hint, docs, when }) =>
    earlier
      .filter(({ context }) => when(own, context))
      .map(({ path }) => ({ id, level, paths, message: message(own, path), hint, docs })),
  );
}

/** Both take part in a mesh, and nothing says that it is not the same one: lists of remote clusters that leave each other out would. */
function meshed(one: Context, other: Context): boolean {
  if (
    ![one, other].every(
      ({ v: { clustermesh } }) => isTruthy(clustermesh.useAPIServer) || isTruthy(clustermesh.config.enabled),
    )
  )
    return false;
  const lists = [one, other].map((ctx) => namesOfRemotes(ctx));
  return lists.some((names) => names.length === 0) || namesOther(one, other) || namesOther(other, one);
}

function namesOther(one: Context, { v }: Context): boolean {
  return namesOfRemotes(one).includes(String(v.cluster.name));
}

function namesOfRemotes(ctx: Context): readonly string[] {
  return isTruthy(ctx.v.clustermesh.config.enabled) ? remoteClusters(ctx).map(({ name }) => String(name)) : [];
}

function idOf({ v }: Context): number {
  return toInt(v.cluster.id);
}

function named({ v }: Context): boolean {
  return v.cluster.name !== 'default';
}

function mostClusters({ v }: Context): number {
  return toInt(v.clustermesh.maxConnectedClusters);
}

function podNetworksMeet(one: Context, other: Context): boolean {
  const [own, others] = [one, other].map(({ facts, talos }) =>
    facts.ipamMode === 'kubernetes' ? (talos?.podSubnets ?? []).flatMap((subnet) => parseCidr(subnet) ?? []) : [],
  );
  return (own ?? []).some((a) => (others ?? []).some((b) => overlaps(a, b)));
}

/** A cluster of a mesh, for the examples. */
function member(
  name: string,
  id: number,
  more: CheckExample['values'] = { clustermesh: { useAPIServer: true } },
): CheckExample {
  return { values: { cluster: { name, id }, ...more } };
}

function alone(name: string, id: number): CheckExample {
  return member(name, id, {});
}

function onTalos(name: string, id: number, podSubnet: string): CheckExample {
  const { values } = member(name, id);
  return { values: { ...TALOS_VALUES, ...values }, talos: exampleTalos({ podSubnets: [podSubnet] }) };
}
