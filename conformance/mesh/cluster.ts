import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CiliumValues } from '../../imports/cilium-chart';
import type { Context } from '../../lib/cilium/context';
import { exampleTalos, TALOS_VALUES } from '../../lib/cilium/parts/example-talos';
import { layered } from '../../lib/cilium/layers';
import { renderCilium } from '../../lib/cilium/render';
import { mapOf } from '../../lib/kubernetes/json';
import { identity } from '../../lib/kubernetes/order';
import { podSpecOf } from '../../lib/kubernetes/pods';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { environment } from '../apiserver/definitions';
import { taken } from '../apiserver/server';
import { startApi } from '../control-plane/api';
import type { Api } from '../control-plane/api';
import { runCertgen } from '../control-plane/certgen';
import { callGrpc, fieldsOf, message } from '../control-plane/grpc';
import type { Credentials } from '../control-plane/grpc';
import { applyAll } from '../control-plane/operator';
import { startPod } from '../control-plane/pod';
import type { Pod } from '../control-plane/pod';
import { moduleFolder, program } from '../control-plane/programs';
import { JUDGES } from '../control-plane/rule-cases';
import { VERSIONS } from '../first-boot/cases';
import { definitionsOf } from '../first-boot/definitions';

/** The releases whose programs are judged. */
export function releases(isAll: boolean): readonly string[] {
  return isAll ? Object.values(JUDGES) : [VERSIONS['1.20']];
}

/** A node with a network of its own. */
export interface MeshNode {
  readonly name: string;
  readonly ip: string;
  /** A process in its network; `undefined` for that of the judge. */
  readonly network: number | undefined;
}

/** The node whose network is that of the judge. */
export const HERE: MeshNode = { name: 'node-1', ip: '10.0.10.10', network: undefined };

/** Makes the network of a second node, which reaches the first one and nothing else. */
export function makeNode(): MeshNode & { readonly close: () => void } {
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
  const network = holder.pid ?? 0;
  const close = (): void => {
    holder.kill('SIGKILL');
  };
  process.once('exit', close);
  const sh = (text: string): void => {
    execFileSync('sh', ['-ec', text]);
  };
  const inside = `nsenter --net=/proc/${String(network)}/ns/net`;
  // unshare needs a moment for its namespace.
  sh(`while [ "$(readlink /proc/${String(network)}/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.05; done
    ip link add to-two type veth peer name eth0 netns ${String(network)}
    ip address add 10.0.20.1/24 dev to-two
    ip link set to-two up
    ${inside} ip link set lo up
    ${inside} ip address add 10.0.20.10/24 dev eth0
    ${inside} ip link set eth0 up
    ${inside} ip route add default via 10.0.20.1`);
  return { name: 'node-2', ip: '10.0.20.10', network, close };
}

/** A cluster whose control plane runs. */
export interface MeshCluster {
  readonly api: Api;
  readonly name: string;
  readonly version: string;
  readonly objects: readonly KubernetesObject[];
  readonly node: MeshNode;
  /** What rules between clusters read. */
  readonly context: Context;
  /** Starts the pod of one of its Deployments. */
  readonly start: (deployment: string, hosts?: readonly string[]) => Promise<Pod>;
  /** The certificate, key and CA in a Secret. */
  readonly credentials: (secret: string) => Promise<Credentials>;
  /** The keys of the etcd of its clustermesh-apiserver below a prefix. */
  readonly keys: (prefix: string) => Promise<readonly string[]>;
}

/** What a cluster is made of. */
export interface MeshInput {
  readonly version: string;
  readonly name: string;
  readonly id: number;
  readonly values: CiliumValues;
  readonly node: MeshNode;
  readonly folder: string;
  /** The Secret with the CA of another cluster, which its users copied. */
  readonly authority?: KubernetesObject | undefined;
}

/** Starts an API server, applies a cluster's objects, and makes its certificates. */
export async function startCluster(input: MeshInput): Promise<MeshCluster> {
  const { version, name, id, node, folder, authority } = input;
  const values = layered([TALOS_VALUES, { cluster: { name, id } }, input.values]);
  // Pod networks of a mesh must not overlap.
  const talos = exampleTalos({ podSubnets: [node === HERE ? '10.244.0.0/16' : '10.245.0.0/16'] });
  const { objects, context } = renderCilium({ version, talos, values });
  const api = await startApi(environment('SERVER'));
  for (const definition of definitionsOf(version)) await api.define(definition);
  const all = [
    { apiVersion: 'v1', kind: 'Node', metadata: { name: node.name } },
    ...(authority === undefined ? [] : [authority]),
    ...objects,
  ];
  for (const { object, message: why } of await applyAll(api, all))
    throw new Error(`${identity(object)} is refused: ${why}`);
  for (const job of objects.filter(({ kind }) => kind === 'Job')) {
    const refused = await runCertgen(api, podSpecOf(job) ?? {}, job.metadata.namespace ?? 'default');
    if (refused !== undefined) throw new Error(`${identity(job)}: ${refused}`);
  }
  const credentials: MeshCluster['credentials'] = async (secret) => {
    const found = await api.find({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: secret, namespace: 'kube-system' },
    });
    const read = (key: string): string => Buffer.from(String(mapOf(found?.data)[key] ?? ''), 'base64').toString();
    return { cert: read('tls.crt'), key: read('tls.key'), ca: read('ca.crt') };
  };
  return {
    api,
    name,
    version,
    objects,
    node,
    context,
    credentials,
    start: async (deployment, hosts = []) => {
      const workload = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === deployment);
      if (workload === undefined) throw new Error(`There is no Deployment ${deployment}.`);
      const programs = {
        etcd: environment('ETCD'),
        'clustermesh-apiserver': program('clustermesh-apiserver', version).path,
        'hubble-relay': program('hubble-relay', version).path,
      };
      return startPod(api, workload, {
        programs,
        imageFiles: deployment === 'hubble-relay' ? {} : { '/var/lib/cilium/etcd-config.yaml': etcdConfig(version) },
        // As in images/NAME/Dockerfile of Cilium.
        imageEnv: { GOPS_CONFIG_DIR: deployment === 'hubble-relay' ? '/tmp' : '/tmp/gops' },
        folder: join(folder, deployment),
        node,
        hosts,
        ...(node.network === undefined ? {} : { network: node.network }),
      });
    },
    keys: async (prefix) => {
      const admin = await credentials('clustermesh-apiserver-admin-cert');
      const end = `${prefix.slice(0, -1)}${String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)}`;
      const target = {
        host: node.ip,
        port: 2379,
        credentials: admin,
        serverName: 'clustermesh-apiserver.kube-system.svc',
      };
      const answer = await callGrpc(target, 'etcdserverpb.KV/Range', message([1, prefix], [2, end]));
      return fieldsOf(answer).flatMap(([field, pair]) =>
        field === 2 && typeof pair !== 'number'
          ? fieldsOf(pair).flatMap(([part, key]) => (part === 1 ? [key.toString()] : []))
          : [],
      );
    },
  };
}

/** The file with the address of etcd in the image of clustermesh-apiserver. */
function etcdConfig(version: string): string {
  const module = moduleFolder(`github.com/cilium/cilium@v${program('clustermesh-apiserver', version).version}`);
  return readFileSync(join(module, 'clustermesh-apiserver/etcd-config.yaml'), 'utf8');
}

/** What RBAC forbade since the start. */
export function forbidden({ api }: MeshCluster): readonly string[] {
  return [
    ...new Set(
      api
        .decisions()
        .filter(({ isForbidden }) => isForbidden)
        .map(({ user, verb, resource }) => `RBAC forbids ${user} to ${verb} ${resource}`),
    ),
  ];
}

/** A global Service and an identity, as a cluster has them. */
export function sharedObjects(name: string): readonly KubernetesObject[] {
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `web-${name}`, namespace: 'default', annotations: { 'service.cilium.io/global': 'true' } },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumIdentity',
      metadata: { name: '65700', labels: { 'io.kubernetes.pod.namespace': 'default' } },
      'security-labels': { 'k8s:app': `web-${name}`, 'k8s:io.kubernetes.pod.namespace': 'default' },
    } as KubernetesObject,
  ];
}

/** Applies objects, all of which must be accepted. */
export async function applyShared({ api, name }: MeshCluster): Promise<void> {
  for (const object of sharedObjects(name)) {
    const answer = await api.apply(object);
    if (!taken(answer)) throw new Error(`${identity(object)} is refused: ${answer.message}`);
  }
}
