import { mapOf, valueAt } from '../../lib/kubernetes/json';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { taken } from '../apiserver/server';
import { conditionsOf } from './api';
import type { Api } from './api';
import { NODES, labelsOf } from './nodes';
import type { RunningOperator } from './operator';
import { until } from './waiting';

/** What the agents of a cluster register when they are up, which no kernel lets them be here: their CiliumNodes and ready pods. */
export async function standInForAgents(
  api: Api,
  objects: readonly KubernetesObject[],
  { config }: RunningOperator,
): Promise<readonly string[]> {
  const agent = objects.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === 'cilium');
  if (agent === undefined) return [];
  const faults: string[] = [];
  const template = mapOf(valueAt(agent, 'spec.template'));
  for (const node of NODES) {
    const { name, ip, podCidr } = node;
    const made = [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNode',
        metadata: { name, labels: labelsOf(node) },
        spec: {
          addresses: [{ type: 'InternalIP', ip }],
          ipam: ipamOf(config.ipam, podCidr),
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...mapOf(template.metadata), name: `cilium-${name}`, namespace: agent.metadata.namespace },
        spec: { ...mapOf(template.spec), nodeName: name },
      },
    ];
    for (const object of made) {
      const answer = await api.apply(object);
      if (!taken(answer)) faults.push(`${object.kind} of an agent is refused: ${answer.message}`);
    }
    const conditions = [{ type: 'Ready', status: 'True' }];
    await api.setStatus(made[1] as KubernetesObject, { phase: 'Running', hostIP: ip, podIP: ip, conditions });
  }
  return faults;
}

/** Pools from which pods of a node request addresses where the mode is multi-pool. */
const REQUESTED: readonly string[] = ['blue', 'default', 'example'];

function ipamOf(mode: string | undefined, podCidr: string): object {
  if (mode === 'kubernetes') return { podCIDRs: [podCidr] };
  if (mode !== 'multi-pool') return {};
  return { pools: { requested: REQUESTED.map((pool) => ({ pool, needed: { 'ipv4-addrs': 8 } })) } };
}

/** What the operator does when agents are up: it takes the taint away, states that the network is there, and gives pod CIDRs. */
export async function judgeNodes(api: Api, { config }: RunningOperator): Promise<readonly string[]> {
  const faults: string[] = [];
  const taint = config['agent-not-ready-taint-key'] ?? 'node.cilium.io/agent-not-ready';
  const nodes = async (): Promise<readonly { spec?: object; status?: object }[]> => api.list('v1', 'nodes');
  if (config['remove-cilium-node-taints'] !== 'false') {
    const isGone = await until(async () => {
      const tainted = (await nodes()).filter(({ spec }) => JSON.stringify(spec).includes(`"${taint}"`));
      return tainted.length === 0 ? true : undefined;
    }, 15);
    if (isGone === undefined) faults.push(`the operator does not remove the taint ${taint}`);
  }
  if (config['set-cilium-is-up-condition'] !== 'false') {
    const isUp = await until(async () => {
      const conditions = (await nodes()).map(({ status }) => conditionsOf(valueAt(status, 'conditions')));
      return conditions.every((list) => list.some(({ reason }) => reason === 'CiliumIsUp')) ? true : undefined;
    }, 15);
    if (isUp === undefined) faults.push('the operator does not set the condition CiliumIsUp of nodes');
  }
  if (config.ipam === 'cluster-pool') faults.push(...(await judgePodCidrs(api, config)));
  return faults;
}

async function judgePodCidrs(api: Api, config: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const families = [
    ...(config['enable-ipv4'] === 'true'
      ? [{ size: config['cluster-pool-ipv4-mask-size'], has: (cidr: string) => !cidr.includes(':') }]
      : []),
    ...(config['enable-ipv6'] === 'true'
      ? [{ size: config['cluster-pool-ipv6-mask-size'], has: (cidr: string) => cidr.includes(':') }]
      : []),
  ];
  let missing: readonly string[] = [];
  await until(async () => {
    missing = (await api.list('cilium.io/v2', 'ciliumnodes')).flatMap(({ metadata: { name }, spec }) => {
      const cidrs = valueAt(spec, 'ipam.podCIDRs');
      const given: readonly string[] = Array.isArray(cidrs) ? cidrs.map(String) : [];
      const isComplete = families.every(({ size, has }) =>
        given.some((cidr) => has(cidr) && cidr.endsWith(`/${String(size)}`)),
      );
      return isComplete ? [] : [`${name} gets the pod CIDRs ${given.join(', ') || '(none)'}`];
    });
    return missing.length === 0 ? true : undefined;
  }, 15);
  return missing;
}
