/** Rules between the clusters that one app describes. */
import type { Finding } from '../rules/finding';
import { problem, runRule } from '../rules/rule';
import type { Rule } from '../rules/rule';
import { toInt } from '../helm/numbers';
import { isTruthy } from '../helm/truth';
import { overlaps, parseCidr } from '../kubernetes/cidr';
import type { Context } from './context';
import type { ValuesExample } from './values-rule';
import { exampleTalos, TALOS_VALUES } from './parts/example-talos';
import { remoteClusters } from './parts/remote-clusters';

/** Cilium in one of the clusters, and where the app has it. */
export interface NamedCluster {
  /** Path of the construct: `home/cilium`. */
  readonly path: string;
  readonly context: Context;
}

/** Two clusters of one app. A rule finds the same whichever of them comes first. */
export interface ClusterPair {
  readonly one: Context;
  readonly other: Context;
  /** Path of the other one's construct. */
  readonly place: string;
}

const MESH_DOCS = 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/#prerequisites';

/** Every rule between clusters, in the order in which they are told. */
export const CLUSTER_RULES: readonly Rule<ClusterPair, readonly [ValuesExample, ValuesExample]>[] = [
  {
    id: 'cluster/mesh-same-name',
    level: 'error',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      one.v.cluster.name === other.v.cluster.name &&
      problem(
        'cluster.name',
        `The cluster of ${place} is called '${String(one.v.cluster.name)}' too, and both belong to a mesh: neither would be told from the other.`,
        'Give each cluster a name of its own.',
      ),
    docs: MESH_DOCS,
    examples: { bad: [member('north', 1), member('north', 2)], good: [member('north', 1), member('south', 2)] },
  },
  {
    id: 'cluster/mesh-same-id',
    level: 'error',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      idOf(one) !== 0 &&
      idOf(one) === idOf(other) &&
      problem(
        'cluster.id',
        `The cluster of ${place} has the id ${String(idOf(one))} too, and both belong to a mesh: agents refuse to connect to it.`,
        'Give each cluster an id of its own, from 1 on.',
      ),
    docs: MESH_DOCS,
    examples: { bad: [member('north', 1), member('south', 1)], good: [member('north', 1), member('south', 2)] },
  },
  {
    id: 'cluster/mesh-limits',
    level: 'error',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      mostClusters(one) !== mostClusters(other) &&
      problem(
        'clustermesh.maxConnectedClusters',
        `The mesh has room for ${String(mostClusters(one))} clusters here and for another number at ${place}: the identities of one mean nothing to the other, and it refuses to connect.`,
        'Set it alike in all clusters of the mesh, before they are installed.',
      ),
    docs: MESH_DOCS,
    examples: {
      bad: [member('north', 1), member('south', 2, { clustermesh: { useAPIServer: true, maxConnectedClusters: 511 } })],
      good: [member('north', 1), member('south', 2)],
    },
  },
  {
    id: 'cluster/mesh-pod-networks',
    level: 'error',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      podNetworksMeet(one, other) &&
      problem(
        'talos.podSubnets',
        `Pods here and in the cluster of ${place} get addresses of the same range, and both belong to a mesh: they cannot reach each other.`,
        'Give each cluster a pod subnet of its own.',
      ),
    docs: MESH_DOCS,
    examples: {
      bad: [onTalos('north', 1, '10.244.0.0/16'), onTalos('south', 2, '10.244.128.0/17')],
      good: [onTalos('north', 1, '10.244.0.0/16'), onTalos('south', 2, '10.245.0.0/16')],
    },
  },
  {
    id: 'cluster/mesh-routing',
    level: 'warning',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      one.facts.routingMode !== other.facts.routingMode &&
      problem(
        'routingMode',
        `Packets go by ${one.facts.routingMode} here and otherwise in the cluster of ${place}, and a mesh works only where all clusters do the same.`,
        'Set routingMode alike in all clusters of the mesh.',
      ),
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
    find: ({ one, other, place }) =>
      !meshed(one, other) &&
      named(one) &&
      one.v.cluster.name === other.v.cluster.name &&
      problem(
        'cluster.name',
        `The cluster of ${place} is called '${String(one.v.cluster.name)}' too: Hubble and metrics do not tell the two apart.`,
        'Give each cluster a name of its own.',
      ),
    examples: { bad: [alone('north', 1), alone('north', 2)], good: [alone('north', 1), alone('south', 2)] },
  },
  {
    id: 'cluster/same-id',
    level: 'warning',
    find: ({ one, other, place }) =>
      !meshed(one, other) &&
      idOf(one) !== 0 &&
      idOf(one) === idOf(other) &&
      problem(
        'cluster.id',
        `The cluster of ${place} has the id ${String(idOf(one))} too, and an id cannot be changed once the two are to be one mesh.`,
        'Give each cluster an id of its own, or leave it at 0 in clusters that stay alone.',
      ),
    examples: { bad: [alone('north', 1), alone('south', 1)], good: [alone('north', 1), alone('south', 2)] },
  },
];

/** The findings between a cluster and those that come before it in the app; each pair is reported once. */
export function clusterFindings(own: Context, earlier: readonly NamedCluster[]): readonly Finding[] {
  return CLUSTER_RULES.flatMap((rule) =>
    earlier.flatMap(({ path, context }) => runRule(rule, { one: own, other: context, place: path })),
  );
}

/** For each cluster of an app the earlier ones that a rule can find something with: of the same name or id, or in a mesh too. */
export function relatedClusters(clusters: readonly NamedCluster[]): ReadonlyMap<Context, readonly NamedCluster[]> {
  const byTrait = new Map<string, number[]>();
  return new Map(
    clusters.map(({ context }, i) => {
      const traits = traitsOf(context);
      const related = new Set(traits.flatMap((trait) => byTrait.get(trait) ?? []));
      for (const trait of traits) {
        const places = byTrait.get(trait) ?? [];
        byTrait.set(trait, places);
        places.push(i);
      }
      return [context, [...related].sort((a, b) => a - b).flatMap((place) => clusters[place] ?? [])];
    }),
  );
}

function traitsOf(ctx: Context): readonly string[] {
  return [
    ...(named(ctx) ? [`name ${String(ctx.v.cluster.name)}`] : []),
    ...(idOf(ctx) === 0 ? [] : [`id ${String(idOf(ctx))}`]),
    ...(isInMesh(ctx) ? ['mesh'] : []),
  ];
}

function isInMesh({ v: { clustermesh } }: Context): boolean {
  return isTruthy(clustermesh.useAPIServer) || isTruthy(clustermesh.config.enabled);
}

/** Both take part in a mesh, and nothing says that it is not the same one: lists of remote clusters that leave each other out would. */
function meshed(one: Context, other: Context): boolean {
  if (!isInMesh(one) || !isInMesh(other)) return false;
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
  more: ValuesExample['values'] = { clustermesh: { useAPIServer: true } },
): ValuesExample {
  return { values: { cluster: { name, id }, ...more } };
}

function alone(name: string, id: number): ValuesExample {
  return member(name, id, {});
}

function onTalos(name: string, id: number, podSubnet: string): ValuesExample {
  const { values } = member(name, id);
  return { values: { ...TALOS_VALUES, ...values }, talos: exampleTalos({ podSubnets: [podSubnet] }) };
}
