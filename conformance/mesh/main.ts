import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CiliumValues } from '../../imports/cilium-chart';
import { clusterFindings } from '../../lib/cilium/clusters';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { forwardToApi } from '../control-plane/forward';
import { callGrpc, fieldsOf, message, serveGrpc } from '../control-plane/grpc';
import type { Pod } from '../control-plane/pod';
import { measurePatience, until } from '../control-plane/waiting';
import { runMain } from '../run-main';
import { HERE, applyShared, forbidden, makeNode, releases, startCluster } from './cluster';
import type { MeshCluster, MeshNode } from './cluster';

/* Hubble Relay, and two clusters in a mesh: main.ts [--all]. See run. */

async function main(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mesh-'));
  let [passed, failed] = [0, 0];
  const report = async (name: string, judge: () => Promise<readonly string[]>): Promise<void> => {
    const begin = Date.now();
    const faults = await judge().catch((error: unknown) => [String(error)]);
    console.log(`${faults.length === 0 ? 'ok' : 'not ok'} ${name}, ${((Date.now() - begin) / 1000).toFixed(0)}s`);
    for (const fault of faults) console.log(`    ${fault.slice(0, 600)}`);
    if (faults.length === 0) passed += 1;
    else failed += 1;
  };
  // Each container is ended with the judge.
  process.setMaxListeners(100);
  const two = makeNode();
  try {
    for (const version of releases(process.argv.includes('--all'))) {
      await report(`Hubble Relay ${version}`, async () => judgeRelay(version, join(folder, version, 'relay')));
      for (const mesh of MESHES)
        await report(`${mesh.name}, Cilium ${version}`, async () =>
          judgeMesh(version, two, mesh, join(folder, version, mesh.name.replace(/\W+/g, '-'))),
        );
    }
  } finally {
    two.close();
    if (process.env.KEEP === undefined) rmSync(folder, { recursive: true, force: true });
  }
  console.log(`conformance/mesh: ${String(passed)} passed, ${String(failed)} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

const HUBBLE: CiliumValues = { hubble: { relay: { enabled: true }, tls: { auto: { method: 'cronJob' } } } };

/** A cluster whose relay finds one peer, which the judge is: its certificate is the one that agents mount. */
async function judgeRelay(version: string, folder: string): Promise<readonly string[]> {
  const begin = Date.now();
  const cluster = await startCluster({ version, name: 'one', id: 1, values: HUBBLE, node: HERE, folder });
  measurePatience((Date.now() - begin) / 1000);
  const close = await forwardToApi(cluster.api.port);
  const tls = message([1, 'node-1.one.hubble-grpc.cilium.io']);
  const notice = message([1, 'one/node-1'], [2, `${HERE.ip}:4244`], [3, 1], [4, tls]);
  const methods = {
    'peer.Peer/Notify': { answers: () => [notice], isStream: true },
    'observer.Observer/ServerStatus': { answers: () => [message([1, 7], [2, 4095])] },
    'grpc.health.v1.Health/Check': { answers: () => [message([1, 1])] },
  };
  const certificates = await cluster.credentials('hubble-server-certs');
  // The Service leads port 443 to 4244 of the node.
  const peers = [
    await serveGrpc({ host: HERE.ip, port: 4244 }, certificates, methods),
    await serveGrpc({ host: HERE.ip, port: 443 }, certificates, methods),
  ];
  const relay = await cluster.start('hubble-relay', [
    `${HERE.ip} hubble-peer.kube-system.svc.cluster.local hubble-peer.kube-system.svc.cluster.local.`,
  ]);
  try {
    const failing = await ready(relay, 40);
    if (failing.length > 0) return [...failing, ...relay.faults()];
    const status = await callGrpc({ host: HERE.ip, port: 4245 }, 'observer.Observer/ServerStatus', Buffer.alloc(0));
    const [, nodes] = fieldsOf(status).find(([field]) => field === 5) ?? [];
    const connected = Buffer.isBuffer(nodes) ? fieldsOf(nodes)[0]?.[1] : undefined;
    return [
      ...(connected === 1 ? [] : [`the relay is connected to ${String(connected ?? 0)} nodes instead of 1`]),
      ...relay.faults(),
      ...forbidden(cluster),
    ];
  } finally {
    await relay.stop();
    for (const peer of peers) peer.close();
    close();
    await cluster.api.stop();
  }
}

/** Waits until all probes of a pod answer; returns those that do not. */
async function ready(pod: Pod, seconds: number): Promise<readonly string[]> {
  let failing: readonly string[] = [];
  await until(async () => {
    failing = await pod.failingProbes();
    return failing.length === 0 ? true : undefined;
  }, seconds);
  return failing;
}

interface Mesh {
  readonly name: string;
  /** Of the second cluster. Default: two. */
  readonly second?: string;
  /** Default: 2. */
  readonly id?: number;
  readonly hasOwnAuthority?: boolean;
  /** Whether objects of each cluster are in the other one. Where they are not, KVStoreMesh logs no error. */
  readonly isShared: boolean;
  /** The rule that finds it, where both clusters are in one app. */
  readonly rule?: string;
}

const MESHES: readonly Mesh[] = [
  { name: 'a mesh of two clusters', isShared: true },
  // KVStoreMesh copies what it finds; agents refuse the other cluster.
  { name: 'a mesh with one id for two clusters', id: 1, isShared: true, rule: 'cluster/mesh-same-id' },
  {
    name: 'a mesh whose second cluster has another name',
    second: 'three',
    isShared: false,
    rule: 'cluster/mesh-one-sided',
  },
  {
    name: 'a mesh with two authorities',
    hasOwnAuthority: true,
    isShared: false,
    rule: 'cluster/mesh-generated-authorities',
  },
];

function meshValues(other: string, ip: string): CiliumValues {
  return {
    hubble: { enabled: false },
    clustermesh: {
      useAPIServer: true,
      config: { enabled: true, clusters: [{ name: other, port: 2379, ips: [ip] }] },
      apiserver: { tls: { auto: { method: 'cronJob' } } },
    },
  } as CiliumValues;
}

async function judgeMesh(
  version: string,
  two: MeshNode,
  { second = 'two', id = 2, hasOwnAuthority = false, isShared, rule }: Mesh,
  folder: string,
): Promise<readonly string[]> {
  const one = { version, node: HERE, folder: join(folder, 'one') };
  const a = await startCluster({ ...one, name: 'one', id: 1, values: meshValues('two', two.ip) });
  const authority = hasOwnAuthority ? undefined : await authorityOf(a);
  const other = { version, node: two, folder: join(folder, 'two'), authority };
  const b = await startCluster({ ...other, name: second, id, values: meshValues('one', HERE.ip) });
  const close = await forwardToApi((from) => (from.includes('10.0.20.') ? b.api.port : a.api.port));
  const pods: Pod[] = [];
  try {
    for (const cluster of [a, b]) {
      await applyShared(cluster);
      pods.push(await cluster.start('clustermesh-apiserver'));
    }
    const stated = clusterFindings(b.context, [{ path: 'one', context: a.context }]);
    const own =
      rule === undefined
        ? stated.flatMap(({ level, id: found }) => (level === 'error' ? [`${found} finds something`] : []))
        : stated.some(({ id: found }) => found === rule)
          ? []
          : [`${rule} finds nothing`];
    if (!isShared) {
      const missing = await missingKeys(a, b, 15);
      return [...own, ...(missing.length === 0 ? ['the clusters share their objects'] : [])];
    }
    for (const [i, pod] of pods.entries())
      own.push(...(await ready(pod, 60)).map((probe) => `cluster ${String(i + 1)}: ${probe}`));
    own.push(...(await missingKeys(a, b, 30)));
    return [...own, ...pods.flatMap((pod) => pod.faults()), ...[a, b].flatMap(forbidden)];
  } finally {
    for (const pod of pods) await pod.stop();
    close();
    for (const { api } of [a, b]) await api.stop();
  }
}

/** The Secret of the CA, without what the server added. */
async function authorityOf({ api }: MeshCluster): Promise<KubernetesObject> {
  const metadata = { name: 'cilium-ca', namespace: 'kube-system' };
  const found = await api.find({ apiVersion: 'v1', kind: 'Secret', metadata });
  return { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data: found?.data } as KubernetesObject;
}

/** What of each cluster the etcd of the other one does not have. */
async function missingKeys(a: MeshCluster, b: MeshCluster, seconds: number): Promise<readonly string[]> {
  let missing: readonly string[] = [];
  await until(async () => {
    const pairs = await Promise.all(
      [
        [a, b],
        [b, a],
      ].map(async ([from, to]) => {
        if (from === undefined || to === undefined) return [];
        const keys = await to.keys('cilium/cache/').catch((error: unknown) => [String(error)]);
        const expected = [`services/v1/${from.name}/default/web-${from.name}`, `identities/v1/${from.name}/id/65700`];
        return expected
          .filter((key) => !keys.some((one) => one.includes(key)))
          .map((key) => `${to.name} does not have cilium/cache/${key}: ${keys.slice(0, 5).join(' ')}`);
      }),
    );
    missing = pairs.flat();
    return missing.length === 0 ? true : undefined;
  }, seconds);
  return missing;
}

runMain(main);
