import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { mapOf, valueAt } from '../../lib/kubernetes/json';
import { identity } from '../../lib/kubernetes/order';
import { namespaceObject } from '../../lib/kubernetes/namespaces';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { recommendedGatewayApi } from '../../lib/resources/gateway-api/bundles';
import { conditionsOf } from './api';
import { standInForAgents } from './agents';
import type { Api } from './api';
import { certificateData } from './certificate';
import { judgeRun } from './judge-cluster';
import type { Shown } from './judge-rules';
import { logLines } from './log';
import { applyAll, applyGatewayApi, startOperator } from './operator';
import { program } from './programs';
import { objectsOfOperator } from './value-cases';
import type { ValueCase } from './value-cases';
import { settled } from './waiting';

/** The port of Talos' API on every node. */
const APID_PORT = 50000;

/**
 * Starts an operator for each example of a rule about values, one after the other, with the few objects that an operator needs.
 * The server is left as it was.
 */
export async function runValueCases(
  api: Api,
  cases: readonly ValueCase[],
  folder: string,
  use: (shown: Shown, seconds: number) => void,
): Promise<void> {
  const [first] = cases;
  if (first === undefined) return;
  const restore = await api.remember();
  const apid = createServer().listen(APID_PORT);
  try {
    const version = recommendedGatewayApi(first.ciliumVersion);
    if (version !== undefined) await applyGatewayApi(api, { version, channel: 'experimental' });
    const restoreCase = await api.remember(OF_CASES);
    for (const one of cases) {
      const start = Date.now();
      const own = join(folder, `${one.id.replace(/[^\w.]+/g, '_')}-${one.example}`);
      mkdirSync(own, { recursive: true });
      const shown = await runValueCase(api, one, own);
      await restoreCase();
      use(shown, (Date.now() - start) / 1000);
    }
  } finally {
    apid.close();
    await restore();
  }
}

/** Kinds that a case or its operator makes. */
const OF_CASES =
  /^(Cilium(Node|PodIPPool|LoadBalancerIPPool|Identity|GatewayClassConfig)|ConfigMap|Deployment|Gateway(Class)?|Lease|Namespace|Node|Pod|Secret|Service|ServiceAccount|(Cluster)?Role(Binding)?)$/;

async function runValueCase(api: Api, one: ValueCase, folder: string): Promise<Shown> {
  const objects = objectsOfOperator(one.objects);
  const cluster = {
    name: one.id,
    ciliumVersion: one.ciliumVersion,
    objects: [...namespacesOf(objects), ...objects],
    gatewayApi: undefined,
  };
  const troubles: string[] = [];
  let log = '';
  let made: readonly string[] = [];
  try {
    const operator = await startOperator(api, cluster, program('operator', one.ciliumVersion), folder, 20);
    try {
      troubles.push(...operator.faults);
      if (operator.isUp) {
        troubles.push(...(await standInForAgents(api, one.objects, operator)));
        troubles.push(
          ...(await applyAll(api, usersObjects())).map(({ object, message }) => `${identity(object)}: ${message}`),
        );
        made = await settled(async () => nodeLines(api), 2, 6);
      }
      troubles.push(...(await judgeRun(api, operator)));
    } finally {
      log = operator.container.log();
      await operator.stop();
    }
  } catch (error) {
    // A kubelet would not start the pod, or there is none.
    troubles.push(`the operator is not started: ${error instanceof Error ? error.message : String(error)}`);
  }
  const logged = logLines(log)
    .filter(({ level }) => /^(warn|warning|error|fatal)$/.test(level))
    .map(({ level, text }) => `${level} ${text}`);
  const distinct = [...new Set(logged)].slice(0, 20);
  return { id: one.id, example: one.example, refused: [], troubles, made, logged: distinct, unlike: [] };
}

/** The namespaces of objects, which users make where it is not one of Kubernetes. */
function namespacesOf(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  const made = new Set(objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  const named = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  return [...named]
    .filter((name) => !made.has(name) && !/^(default|kube-.*)$/.test(name))
    .map((name) => namespaceObject(name, 'privileged'));
}

/** What users have: a Gateway with a certificate. */
function usersObjects(): readonly KubernetesObject[] {
  const metadata = { name: 'judge', namespace: 'default' };
  const listener = { name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'judge' }] } };
  const gateway = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'Gateway',
    metadata,
    spec: { gatewayClassName: 'cilium', listeners: [listener] },
  };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, type: 'kubernetes.io/tls', data: certificateData() };
  const gatewayClass = {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: 'cilium' },
    spec: { controllerName: 'io.cilium/gateway-controller' },
  };
  return [gatewayClass, secret, gateway];
}

/** What the operator makes of nodes, pools and the Gateway. */
async function nodeLines(api: Api): Promise<readonly string[]> {
  const nodes = await api.list('v1', 'nodes');
  const own = await api.list('cilium.io/v2', 'ciliumnodes');
  const pools = await api.list('cilium.io/v2alpha1', 'ciliumpodippools');
  const gateways = await api.list('gateway.networking.k8s.io/v1', 'gateways');
  const services = await api.list('v1', 'services', 'default');
  return [
    ...nodes.map(({ metadata: { name }, spec }) => `made: node ${name} taints ${JSON.stringify(spec?.taints ?? [])}`),
    ...own.map(({ metadata: { name }, spec, status }) => {
      const state = JSON.stringify(mapOf(valueAt(status, 'ipam.operator-status')));
      return `made: CiliumNode ${name} podCIDRs ${JSON.stringify(valueAt(spec, 'ipam.podCIDRs') ?? [])} ${state}`;
    }),
    ...pools.map(({ metadata: { name }, spec }) => `made: CiliumPodIPPool ${name} ${JSON.stringify(spec)}`),
    ...gateways.map(({ metadata: { name }, status }) => `made: Gateway ${name} ${states(status?.conditions)}`),
    ...services
      .filter(({ metadata: { name } }) => name.startsWith('cilium-'))
      .map(({ metadata: { name }, spec }) => `made: Service ${name} ${JSON.stringify(withoutAddresses(spec))}`),
  ];
}

function states(conditions: unknown): string {
  return conditionsOf(conditions)
    .map(({ type, status, reason }) => `${type}=${status} ${reason ?? ''}`)
    .join(', ');
}

function withoutAddresses(spec: unknown): object {
  const { type, externalTrafficPolicy, loadBalancerClass } = mapOf(spec);
  return { type, externalTrafficPolicy, loadBalancerClass };
}
