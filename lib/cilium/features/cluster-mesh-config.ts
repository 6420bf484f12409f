import type { CiliumValues } from '../../../imports/cilium-chart';
import type { Json, JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { writeYaml } from '../../kubernetes/yaml';
import { printScalar } from '../../helm/numbers';
import { isSet, isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { Feature } from '../feature';
import { layered, valuesWith } from '../layers';
import type { ValuesRule } from '../values-rule';
import { joined, namespaced } from '../parts/metadata';
import { ETCD_PORT, MESH_SERVICE, hasKvstoreMesh, keepsOwnStore } from '../parts/mesh-store';
import { neededValues } from '../parts/needed-values';
import { remoteClusters } from '../parts/remote-clusters';
import type { RemoteCluster } from '../parts/remote-clusters';

const FOLDER = '/var/lib/cilium/clustermesh';
const MESHED: CiliumValues = { cluster: { name: 'home', id: 1 }, clustermesh: { config: { enabled: true } } };
const ETCD_SECRETS = '/var/lib/etcd-secrets';

/** The addresses of the other clusters of the mesh, for agents, operator and KVStoreMesh. */
export const clusterMeshConfig: Feature = {
  name: 'cluster-mesh-config',
  contribute: (ctx) => {
    if (!isTruthy(ctx.v.clustermesh.config.enabled)) return {};
    const between = hasKvstoreMesh(ctx);
    return {
      objects: [
        secret(ctx, 'cilium-clustermesh', between ? throughKvstoreMesh(ctx) : directly(ctx)),
        ...(between ? [secret(ctx, 'cilium-kvstoremesh', directly(ctx))] : []),
      ],
    };
  },
  rules: [
    clusterRule({
      id: 'no-name',
      when: ({ name }) => !isTruthy(name),
      message: 'A remote cluster has no name.',
      hint: 'Set the name of each to the cluster.name of that cluster.',
      bad: [{ address: '192.0.2.1', port: 2379 }],
    }),
    clusterRule({
      id: 'no-address',
      when: ({ ips, address }) => !isTruthy(ips) && !isTruthy(address),
      message: 'A remote cluster has neither an address nor a list of IP addresses.',
      hint: 'Set its address or its ips.',
      bad: [{ name: 'away', port: 2379 }],
    }),
    {
      ...clusterRule({
        id: 'no-port',
        when: ({ port }) => !isTruthy(port),
        message: 'A remote cluster has no port: the rendered address is not valid.',
        hint: 'Set its port: 2379 behind a load balancer, or the NodePort, 32379 by default.',
        bad: [{ name: 'away', address: '192.0.2.1' }],
      }),
      level: 'warning',
      chart: undefined,
    },
    ...neededValues([
      {
        path: 'clustermesh.config.domain',
        value: ({ v }) => v.clustermesh.config.domain,
        when: (ctx) =>
          isTruthy(ctx.v.clustermesh.config.enabled) && remoteClusters(ctx).some(({ ips }) => isTruthy(ips)),
        on: layered([
          MESHED,
          valuesWith('clustermesh.config.clusters', [{ name: 'away', ips: ['192.0.2.1'], port: 2379 }]),
        ]),
        good: 'mesh.cilium.io',
      },
    ]),
    {
      id: 'cluster-mesh-config/no-list',
      level: 'error',
      find: ({ v: { clustermesh }, has }) =>
        has('clusters-by-name') &&
        isTruthy(clustermesh.config.enabled) &&
        !isSet(clustermesh.config.clusters) &&
        problem(
          'clustermesh.config.clusters',
          'The remote clusters are neither a list nor a map by name.',
          'Remove clustermesh.config.clusters for none, or list them.',
        ),
      chart: 'clustermesh-config/_helpers.tpl',
      examples: {
        bad: { values: layered([MESHED, valuesWith('clustermesh.config.clusters', null)]), version: '1.20.0' },
        good: { values: layered([MESHED, valuesWith('clustermesh.config.clusters', [])]), version: '1.20.0' },
      },
    },
  ],
};

interface ClusterRule {
  readonly id: string;
  readonly when: (cluster: RemoteCluster) => boolean;
  readonly message: string;
  readonly hint: string;
  readonly bad: readonly JsonObject[];
}

/** A rule about every enabled remote cluster. */
function clusterRule({ id, when, message, hint, bad }: ClusterRule): ValuesRule {
  return {
    id: `cluster-mesh-config/${id}`,
    level: 'error',
    find: (ctx) =>
      isTruthy(ctx.v.clustermesh.config.enabled) &&
      remoteClusters(ctx).some(when) &&
      problem('clustermesh.config.clusters', message, hint),
    docs: 'https://docs.cilium.io/en/stable/network/clustermesh/clustermesh/',
    chart: 'clustermesh-config/_helpers.tpl',
    examples: {
      bad: { values: layered([MESHED, valuesWith('clustermesh.config.clusters', bad)]) },
      good: {
        values: layered([
          MESHED,
          valuesWith('clustermesh.config.clusters', [{ name: 'away', address: '192.0.2.1', port: 2379 }]),
        ]),
      },
    },
  };
}

function secret(ctx: Context, name: string, texts: Readonly<Record<string, string>>): KubernetesObject {
  const { commonLabels, clustermesh } = ctx.v;
  const metadata = namespaced(ctx, name, {
    labels: joined(commonLabels),
    annotations: joined(clustermesh.annotations),
  });
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: whenTruthy(texts) };
}

/** Key -> base64: one client configuration per cluster, and its certificate if it has one. */
function directly(ctx: Context): Readonly<Record<string, string>> {
  return Object.assign(
    {},
    ...remoteClusters(ctx).map((cluster) => ({
      [nameOf(cluster)]: base64(remoteClient(ctx, cluster)),
      ...files(cluster),
    })),
  );
}

/** With KVStoreMesh all clusters are in one kvstore. */
function throughKvstoreMesh(ctx: Context): Readonly<Record<string, string>> {
  const client = base64(keepsOwnStore(ctx) ? localClient(ctx) : etcdClient(ctx));
  return Object.fromEntries(remoteClusters(ctx).map((cluster) => [nameOf(cluster), client]));
}

/** The etcd of another cluster. A cluster with IP addresses gets a host name, so that its certificate matches. */
function remoteClient({ v, has }: Context, cluster: RemoteCluster): JsonObject {
  const host = `${nameOf(cluster)}.${v.clustermesh.config.domain ?? ''}`;
  const { ips, address, port } = cluster;
  const tls = tlsOf(cluster);
  const own = isTruthy(tls.cert) && isTruthy(tls.key) ? `${nameOf(cluster)}.` : 'common-';
  return {
    // What a template prints for a missing name; Helm removes it from its text, but not inside base64.
    endpoints: [`https://${isTruthy(ips) ? host : text(address)}:${port === undefined ? '<no value>' : text(port)}`],
    // A cluster's CA is used only together with its certificate.
    ...clientFiles(own, isTruthy(tls.caCert) ? own : 'common-'),
    ...(has('mesh-aliases-in-config') && isTruthy(ips) ? { 'cilium-host-aliases': [{ hostname: host, ips }] } : {}),
  };
}

/** The mesh's own etcd, into which KVStoreMesh writes. */
function localClient({ namespace }: Context): JsonObject {
  return {
    endpoints: [`https://${MESH_SERVICE}.${namespace}.svc:${String(ETCD_PORT)}`],
    ...clientFiles('local-', 'local-'),
  };
}

/** The etcd that Cilium's own state is in. */
function etcdClient({ v: { etcd } }: Context): JsonObject {
  return {
    endpoints: etcd.endpoints ?? null,
    ...(isTruthy(etcd.ssl)
      ? {
          'trusted-ca-file': `${ETCD_SECRETS}/etcd-client-ca.crt`,
          'key-file': `${ETCD_SECRETS}/etcd-client.key`,
          'cert-file': `${ETCD_SECRETS}/etcd-client.crt`,
        }
      : {}),
  };
}

function clientFiles(own: string, authority: string): JsonObject {
  return {
    'trusted-ca-file': `${FOLDER}/${authority}etcd-client-ca.crt`,
    'key-file': `${FOLDER}/${own}etcd-client.key`,
    'cert-file': `${FOLDER}/${own}etcd-client.crt`,
  };
}

/** The client certificate for one remote cluster, if it has its own. */
function files(cluster: RemoteCluster): JsonObject {
  const { cert, key, caCert } = tlsOf(cluster);
  if (!isTruthy(cert) || !isTruthy(key)) return {};
  const name = nameOf(cluster);
  return {
    [`${name}.etcd-client-ca.crt`]: whenTruthy(caCert),
    [`${name}.etcd-client.key`]: key,
    [`${name}.etcd-client.crt`]: cert,
  };
}

function tlsOf({ tls }: RemoteCluster): JsonObject {
  return (tls ?? {}) as JsonObject;
}

function nameOf({ name }: RemoteCluster): string {
  return text(name);
}

function text(value: Json | undefined): string {
  return printScalar(value as string | number | boolean | null | undefined);
}

function base64(client: JsonObject): string {
  return Buffer.from(writeYaml(client), 'utf8').toString('base64');
}
