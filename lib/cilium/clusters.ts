/** Rules between the clusters that one app describes. */
import type { Finding } from '../rules/finding';
import { problem, runRule } from '../rules/rule';
import type { Rule } from '../rules/rule';
import { someOf } from '../rules/words';
import { toInt } from '../helm/numbers';
import { isTruthy } from '../helm/truth';
import { overlaps, parseCidr } from '../kubernetes/cidr';
import { groupedBy } from '../kubernetes/groups';
import { isMap } from '../kubernetes/json';
import type { Context } from './context';
import type { ValuesExample } from './values-rule';
import { exampleTalos, TALOS_VALUES } from './parts/example-talos';
import { authorityOf, bringsAuthority, isSameAuthority } from './parts/authority';
import { EXAMPLE_CA, EXAMPLE_CA_KEY, OTHER_CA, OTHER_CA_KEY } from './parts/example-authority';
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

const TRUST_DOCS = 'https://docs.cilium.io/en/stable/network/clustermesh/setup/#shared-certificate-authority';
const EXAMPLE_AUTHORITY = { cert: EXAMPLE_CA, key: EXAMPLE_CA_KEY };
const OTHER_AUTHORITY = { cert: OTHER_CA, key: OTHER_CA_KEY };

/** Every rule between clusters, in the order in which they run. */
export const CLUSTER_RULES: readonly Rule<ClusterPair, readonly [ValuesExample, ValuesExample]>[] = [
  {
    id: 'cluster/mesh-same-name',
    level: 'error',
    find: ({ one, other, place }) =>
      meshed(one, other) &&
      one.v.cluster.name === other.v.cluster.name &&
      problem(
        'cluster.name',
        `The cluster of ${place} is also named '${String(one.v.cluster.name)}', and both belong to one mesh, which identifies clusters by name.`,
        'Give each cluster a unique name.',
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
        `The cluster of ${place} also has the id ${String(idOf(one))}, and both belong to one mesh: agents refuse to connect to it.`,
        'Give each cluster a unique id, 1 or higher.',
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
        `maxConnectedClusters is ${String(mostClusters(one))} here and different at ${place}: identities are encoded differently, and agents refuse to connect.`,
        'Set the same number in all clusters of the mesh, before they are installed.',
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
        `Pods here and in the cluster of ${place} get addresses from overlapping CIDRs, and both belong to one mesh: they cannot reach each other.`,
        'Give each cluster a pod subnet that does not overlap.',
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
        `The routing mode is ${one.facts.routingMode} here and different in the cluster of ${place}; a mesh needs the same mode in all clusters.`,
        'Set the same routingMode in all clusters of the mesh.',
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
    id: 'cluster/mesh-authorities',
    level: 'error',
    find: ({ one, other, place }) =>
      trustMissing(one, other) &&
      [one, other].every((ctx) => signedBy(ctx) === 'given') &&
      !sameRoot(one, other) &&
      problem(
        'tls.ca.cert',
        `This certificate authority is not that of ${place}: the clusters connect to each other and reject each other's certificates.`,
        'Use one certificate authority in both, or put both certificates into tls.caBundle of both.',
      ),
    docs: TRUST_DOCS,
    examples: {
      bad: [linked('north', 1, 'south', EXAMPLE_AUTHORITY), linked('south', 2, 'north', OTHER_AUTHORITY)],
      good: [linked('north', 1, 'south', EXAMPLE_AUTHORITY), linked('south', 2, 'north', EXAMPLE_AUTHORITY)],
    },
  },
  {
    id: 'cluster/mesh-generated-authorities',
    level: 'warning',
    find: ({ one, other, place }) =>
      trustMissing(one, other) &&
      [one, other].some((ctx) => signedBy(ctx) === 'generated') &&
      problem(
        ['tls.ca.cert', 'certgen.generateCA'],
        `Certgen generates a certificate authority in its cluster, so this one and ${place} reject each other's certificates unless the Secret cilium-ca is copied first.`,
        'Copy the Secret cilium-ca from one cluster to the other and acknowledge this, or let cert-manager issue the certificates of both from one authority.',
      ),
    docs: TRUST_DOCS,
    examples: {
      bad: [linked('north', 1, 'south'), linked('south', 2, 'north')],
      good: [linked('north', 1, 'south', EXAMPLE_AUTHORITY), linked('south', 2, 'north', EXAMPLE_AUTHORITY)],
    },
  },
  {
    id: 'cluster/mesh-one-sided',
    level: 'warning',
    find: ({ one, other, place }) =>
      [one, other].every((ctx) => isInMesh(ctx) && namesOfRemotes(ctx).length > 0) &&
      namesOther(one, other) !== namesOther(other, one) &&
      problem(
        ['clustermesh.config.clusters', 'cluster.name'],
        `Of this cluster and that of ${place} only one lists the other by its name: Services and identities of the other one never arrive there, and no program reports it.`,
        'List each cluster in the other one by its cluster.name.',
      ),
    docs: MESH_DOCS,
    examples: {
      bad: [linked('north', 1, 'south', EXAMPLE_AUTHORITY), linked('south', 2, 'east', EXAMPLE_AUTHORITY)],
      good: [linked('north', 1, 'south', EXAMPLE_AUTHORITY), linked('south', 2, 'north', EXAMPLE_AUTHORITY)],
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
        `The cluster of ${place} is also named '${String(one.v.cluster.name)}': Hubble and metrics cannot distinguish the two.`,
        'Give each cluster a unique name.',
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
        `The cluster of ${place} also has the id ${String(idOf(one))}, and an id cannot be changed later to connect the two in a mesh.`,
        'Give each cluster a unique id, or leave it at 0 in clusters that never join a mesh.',
      ),
    examples: { bad: [alone('north', 1), alone('south', 1)], good: [alone('north', 1), alone('south', 2)] },
  },
];

/** The findings between a cluster and earlier ones of the app: one of each rule, whatever the number of clusters it is about. */
export function clusterFindings(own: Context, earlier: readonly NamedCluster[]): readonly Finding[] {
  return CLUSTER_RULES.flatMap((rule) => {
    const found = (context: Context, place: string): readonly Finding[] =>
      runRule(rule, { one: own, other: context, place });
    const concerned = earlier.filter(({ path, context }) => found(context, path).length > 0);
    const [first] = concerned;
    return first === undefined ? [] : found(first.context, someOf(concerned.map(({ path }) => path)));
  });
}

/**
 * For each cluster of an app the earlier ones that a rule can find something with: those that are in a mesh, too, and for the last cluster
 * of a name or an id all others that have it.
 */
export function relatedClusters(clusters: readonly NamedCluster[]): ReadonlyMap<Context, readonly NamedCluster[]> {
  const related = new Map(clusters.map(({ context }) => [context, new Set<NamedCluster>()]));
  const add = (cluster: NamedCluster | undefined, others: readonly NamedCluster[]): void => {
    for (const other of others) if (cluster !== undefined) related.get(cluster.context)?.add(other);
  };
  const mesh = clusters.filter(({ context }) => isInMesh(context));
  for (const [i, cluster] of mesh.entries()) add(cluster, mesh.slice(0, i));
  const byName = groupedBy(
    clusters.filter(({ context }) => named(context)),
    ({ context }) => String(context.v.cluster.name),
  );
  const byId = groupedBy(
    clusters.filter(({ context }) => idOf(context) !== 0),
    ({ context }) => idOf(context),
  );
  for (const group of [...byName.values(), ...byId.values()]) add(group.at(-1), group.slice(0, -1));
  const places = new Map(clusters.map((cluster, i) => [cluster, i]));
  return new Map(
    [...related].map(([context, others]) => [
      context,
      [...others].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0)),
    ]),
  );
}

function isInMesh({ v: { clustermesh } }: Context): boolean {
  return isTruthy(clustermesh.useAPIServer) || isTruthy(clustermesh.config.enabled);
}

/** Both are in a mesh, and it may be the same one: only lists of remote clusters without each other mean two meshes. */
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

/** One of the two connects to the other, and both trust one authority only: their own. */
function trustMissing(one: Context, other: Context): boolean {
  const known = [one, other].every((ctx) => signedBy(ctx) !== undefined);
  return known && (connects(one, other) || connects(other, one));
}

/** The values list the other cluster, without a certificate for this connection. */
function connects(from: Context, { v }: Context): boolean {
  if (!isTruthy(from.v.clustermesh.config.enabled)) return false;
  return remoteClusters(from).some(
    ({ name, tls }) =>
      String(name) === String(v.cluster.name) && !(isMap(tls) && isTruthy(tls.cert) && isTruthy(tls.key)),
  );
}

/** Where the one authority of a cluster comes from; `undefined` where it trusts others too, or that is not known. */
function signedBy(ctx: Context): 'given' | 'generated' | 'issued' | undefined {
  const { clustermesh, certgen, tls } = ctx.v;
  const { enabled, method } = clustermesh.apiserver.tls.auto;
  if (!isTruthy(clustermesh.useAPIServer) || !isTruthy(enabled) || isTruthy(tls.caBundle.enabled)) return undefined;
  if (method === 'certmanager') return 'issued';
  if (method !== 'cronJob') return undefined;
  if (bringsAuthority(ctx)) return 'given';
  return certgen.generateCA === false ? undefined : 'generated';
}

function sameRoot(one: Context, other: Context): boolean {
  const [own, others] = [one, other].map((ctx) => authorityOf(ctx)?.root);
  // What cannot be read is an error already.
  if (own === undefined || others === undefined) return true;
  return isSameAuthority(own, others);
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

/** A cluster whose values list another one. */
function linked(
  name: string,
  id: number,
  remote: string,
  ca?: { readonly cert: string; readonly key: string },
): ValuesExample {
  const config = { enabled: true, clusters: [{ name: remote, ips: ['192.0.2.1'], port: 2379 }] };
  const apiserver = { tls: { auto: { method: 'cronJob', schedule: '0 0 1 */4 *' } } } as const;
  return member(name, id, {
    ...(ca === undefined ? {} : { tls: { ca } }),
    clustermesh: { useAPIServer: true, apiserver, config },
  });
}

function alone(name: string, id: number): ValuesExample {
  return member(name, id, {});
}

function onTalos(name: string, id: number, podSubnet: string): ValuesExample {
  const { values } = member(name, id);
  return { values: { ...TALOS_VALUES, ...values }, talos: exampleTalos({ podSubnets: [podSubnet] }) };
}
