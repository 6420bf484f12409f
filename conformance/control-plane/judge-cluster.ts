import { mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { judgeNodes, standInForAgents } from './agents';
import type { Api } from './api';
import { certificateData } from './certificate';
import type { ClusterManifests } from './clusters';
import { configFaults } from './config-faults';
import { errorLines, repeatedErrors } from './log';
import { NODES } from './nodes';
import { applyAll, startOperator } from './operator';
import type { RunningOperator } from './operator';
import { readTroubles } from './outcomes';
import { judgeServices } from './predicted-services';
import type { Program } from './programs';
import { settled } from './waiting';

/** What a judgement of a cluster looks at beyond what every cluster is judged by. */
export type Comparison = (api: Api, operator: RunningOperator) => Promise<readonly string[]>;

/** Runs the operator of a cluster on its objects; returns what is wrong. The server is left as it was. */
export async function judgeCluster(
  api: Api,
  cluster: ClusterManifests,
  program: Program,
  folder: string,
  compare?: Comparison,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const { objects } = cluster;
  const restore = await api.remember();
  const operator = await startOperator(api, cluster, program, folder);
  try {
    faults.push(...configFaults(objects, cluster.ciliumVersion, program));
    faults.push(...operator.faults);
    if (!operator.isUp) return faults;
    faults.push(...(await applyAll(api, secretsOfUsers(objects))).map(({ message }) => message));
    faults.push(...(await standInForAgents(api, objects, operator)));
    faults.push(...(await judgeNodes(api, operator)));
    for (const slice of endpointSlices(objects)) await api.apply(slice);
    faults.push(...(await settled(async () => readTroubles(api, objects), 2, 15)));
    if (cluster.services !== undefined) faults.push(...(await judgeServices(api, cluster.services)));
    if (compare !== undefined) faults.push(...(await compare(api, operator)));
    faults.push(...(await judgeRun(api, operator)));
  } finally {
    await operator.stop();
    await restore();
  }
  return faults;
}

/** What a program did while it ran: it lives, its probes answer, RBAC forbade nothing, and no error is fatal or repeats. */
export async function judgeRun(api: Api, operator: RunningOperator): Promise<readonly string[]> {
  const { container } = operator;
  const log = container.log();
  const code = container.exitCode();
  const forbidden = api.decisions().filter(({ isForbidden }) => isForbidden);
  return [
    ...(code === undefined ? [] : [`the operator ended with ${String(code)}`]),
    ...(await operator.failingProbes()),
    ...new Set(
      forbidden.map(
        ({ user, verb, resource, namespace }) =>
          `RBAC forbids ${user.replace('system:serviceaccount:', '')} to ${verb} ${resource}${namespace === '' ? '' : ` in ${namespace}`}`,
      ),
    ),
    ...errorLines(log).flatMap(({ level, text }) => (level === 'error' ? [] : [`${level}: ${text}`])),
    ...repeatedErrors(log, 4),
  ];
}

/** The Secrets that users make by hand: passwords of BGP sessions, and certificates of listeners. */
export function secretsOfUsers(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const has = ({ metadata: { name, namespace } }: KubernetesObject): boolean =>
    objects.some((one) => one.kind === 'Secret' && one.metadata.name === name && one.metadata.namespace === namespace);
  const made = objects.flatMap((object): readonly KubernetesObject[] => {
    const password = valueAt(object, 'spec.authSecretRef');
    if (object.kind === 'CiliumBGPPeerConfig' && password !== undefined)
      return [secret(String(password), 'kube-system', { password: 'c2VjcmV0' })];
    if (object.kind !== 'Gateway') return [];
    return mapsIn(valueAt(object, 'spec.listeners')).flatMap((listener) =>
      mapsIn(valueAt(listener, 'tls.certificateRefs')).map(({ name, namespace = object.metadata.namespace }) =>
        secret(String(name), String(namespace ?? 'default'), certificateData(), 'kubernetes.io/tls'),
      ),
    );
  });
  return made.filter((one) => !has(one));
}

function secret(
  name: string,
  namespace: string,
  data: Readonly<Record<string, string>>,
  type = 'Opaque',
): KubernetesObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, data };
}

/** Endpoints of Services that get the addresses of nodes: one pod on the first worker. */
export function endpointSlices(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects
    .filter((object) => object.kind === 'Service' && valueAt(object, 'spec.type') === 'LoadBalancer')
    .map(({ metadata: { name, namespace } }) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: `${name}-judge`, namespace, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.244.1.7'], nodeName: NODES[1].name, conditions: { ready: true } }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    }));
}
