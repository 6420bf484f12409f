import { mapOf, mapsIn, valueAt } from '../../lib/kubernetes/json';
import type { JsonObject } from '../../lib/kubernetes/json';
import { identity } from '../../lib/kubernetes/order';
import type { KubernetesObject } from '../../lib/kubernetes/types';
import { conditionsOf } from './api';
import type { Api, Condition, StoredObject } from './api';

/** What the operator made of an object: a line for each thing that is not well. */
export type Troubles = readonly string[];

/** Conditions that are bad when they are true. */
const BAD_WHEN_TRUE = /Conflict|Missing|NoMatching|Overlapping/;

/** Kinds that the operator reports on, with the conditions that it always sets. */
const REPORTED: Readonly<Record<string, readonly string[]>> = {
  CiliumNetworkPolicy: ['Valid'],
  CiliumClusterwideNetworkPolicy: ['Valid'],
  CiliumLoadBalancerIPPool: ['cilium.io/PoolConflict'],
  GatewayClass: ['Accepted'],
  Gateway: ['Accepted', 'Programmed'],
};

/** What is not well with an object, as its status states it. */
export function troublesOf(object: StoredObject | undefined): Troubles {
  if (object === undefined) return ['the server does not have it'];
  const { kind, spec, status } = object;
  const conditions = conditionsOf(status?.conditions);
  const missing = (REPORTED[kind] ?? []).filter(
    (type) => !conditions.some((one) => one.type === type && one.reason !== 'Pending'),
  );
  return [
    ...missing.map((type) => `no ${type}`),
    ...badConditions('', conditions),
    ...mapsIn(status?.listeners).flatMap(({ name, conditions: own }) =>
      badConditions(`listener ${String(name)}: `, conditionsOf(own)),
    ),
    ...mapsIn(status?.parents).flatMap(({ parentRef, conditions: own }) =>
      badConditions(`parent ${parentText(mapOf(parentRef))}: `, conditionsOf(own)),
    ),
    ...mapsIn(status?.ancestors).flatMap(({ ancestorRef, conditions: own }) =>
      badConditions(`ancestor ${parentText(mapOf(ancestorRef))}: `, conditionsOf(own)),
    ),
    ...(/Route$/.test(kind) && mapsIn(status?.parents).length === 0 ? ['no parent'] : []),
    ...(isLoadBalancer(kind, spec) && addressesOf(object).length === 0 ? ['no address'] : []),
    ...(kind === 'Ingress' && addressesOf(object).length === 0 ? ['no address'] : []),
  ];
}

/** Whether an object is a Service of type LoadBalancer. */
export function isLoadBalancer(kind: string, spec: JsonObject | undefined): boolean {
  return kind === 'Service' && spec?.type === 'LoadBalancer';
}

/** The addresses in the status of a Service or an Ingress, sorted. */
export function addressesOf({ status }: StoredObject): readonly string[] {
  return mapsIn(valueAt(status, 'loadBalancer.ingress'))
    .map(({ ip, hostname }) => String(ip ?? hostname))
    .sort();
}

function parentText({ name, sectionName }: JsonObject): string {
  return sectionName === undefined ? String(name) : `${String(name)}/${String(sectionName)}`;
}

function badConditions(where: string, conditions: readonly Condition[]): Troubles {
  return conditions
    .filter(({ type, status }) => status === (BAD_WHEN_TRUE.test(type) ? 'True' : 'False'))
    .map(({ type, status, reason, message }) => `${where}${type}=${status} ${reason ?? ''}: ${message ?? ''}`);
}

/** Kinds of which the operator makes something. */
const LOOKED_AT =
  /^(BackendTLSPolicy|Cilium(BGP(ClusterConfig|PeerConfig|NodeConfigOverride)|(Clusterwide)?NetworkPolicy|GatewayClassConfig|LoadBalancerIPPool)|Gateway(Class)?|ListenerSet|(HTTP|GRPC|TLS|TCP|UDP)Route|Ingress|Service)$/;

/** The troubles of each object that the operator reports on. */
export async function readTroubles(api: Api, objects: readonly KubernetesObject[]): Promise<readonly string[]> {
  const looked = objects.filter(({ kind }) => LOOKED_AT.test(kind));
  const found = await Promise.all(looked.map(async (object) => [object, await api.find(object)] as const));
  return found.flatMap(([object, now]) => troublesOf(now).map((trouble) => `${identity(object)}: ${trouble}`));
}
