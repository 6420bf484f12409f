import { isMap, mapOf, mapsIn } from '../../lib/kubernetes/json';
import { conditionsOf } from './api';
import type { Api, StoredObject } from './api';
import { addressesOf } from './outcomes';

/** Something that the operator made, as a line of text. */
export interface MadeLine {
  /** That of the object; `undefined` for objects of the whole cluster. */
  readonly namespace: string | undefined;
  readonly text: string;
}

/** What the operator made of BGP configs, Gateways, Ingresses, routes, Services and pools. */
export async function readMade(api: Api): Promise<readonly MadeLine[]> {
  const lists = await Promise.all([
    of(api, 'cilium.io/v2', 'ciliumbgpnodeconfigs', bgpLines),
    of(api, 'cilium.io/v2', 'ciliumenvoyconfigs', envoyLines),
    of(api, 'cilium.io/v2', 'ciliumloadbalancerippools', poolLines),
    of(api, 'v1', 'services', serviceLines),
    of(api, 'gateway.networking.k8s.io/v1', 'gateways', listenerLines),
    of(api, 'gateway.networking.k8s.io/v1', 'listenersets', listenerLines),
    ...['httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes', 'udproutes'].map(async (resource) =>
      of(api, ROUTE_VERSIONS.get(resource) ?? 'gateway.networking.k8s.io/v1', resource, routeLines),
    ),
    of(api, 'cilium.io/v2', 'ciliumnodes', nodeLines),
    secretsOf(api),
  ]);
  return lists.flat();
}

const ROUTE_VERSIONS = new Map([
  ['tcproutes', 'gateway.networking.k8s.io/v1alpha2'],
  ['udproutes', 'gateway.networking.k8s.io/v1alpha2'],
]);

async function of(
  api: Api,
  apiVersion: string,
  resource: string,
  lines: (object: StoredObject) => readonly string[],
): Promise<readonly MadeLine[]> {
  return (await api.list(apiVersion, resource)).flatMap((object) =>
    lines(object).map((text) => ({ namespace: object.metadata.namespace, text: `made: ${text}` })),
  );
}

/** Copies of TLS Secrets for Envoy; their names begin with the namespace of the original. */
async function secretsOf(api: Api): Promise<readonly MadeLine[]> {
  return (await api.list('v1', 'secrets', 'cilium-secrets')).map(({ metadata: { name } }) => ({
    namespace: name,
    text: `made: Secret cilium-secrets/${name}`,
  }));
}

function bgpLines({ metadata: { name }, spec }: StoredObject): readonly string[] {
  return mapsIn(spec?.bgpInstances).flatMap(({ name: instance, localASN, localPort, routerID, peers }) => [
    `${name} instance ${String(instance)} AS ${text(localASN)} port ${text(localPort)} router ${text(routerID)}`,
    ...mapsIn(peers).map(
      (peer) =>
        `${name} peer ${String(peer.name)} ${text(peer.peerAddress)} AS ${text(peer.peerASN)} from ${text(peer.localAddress)}`,
    ),
  ]);
}

/** The parts of an Envoy config that users decide: domains, routes, names of servers, certificates, ports. */
function envoyLines({ metadata: { name, ownerReferences = [] }, spec }: StoredObject): readonly string[] {
  if (ownerReferences.length === 0) return [];
  return mapsIn(spec?.resources).flatMap((resource) => {
    const hosts = mapsIn(resource.virtualHosts ?? resource.virtual_hosts);
    return hosts.length > 0
      ? hosts.flatMap(({ domains, routes }) => [
          `Envoy ${name} domains ${JSON.stringify(domains)}`,
          ...mapsIn(routes).map((route) => `Envoy ${name} route ${JSON.stringify(sorted(route))}`),
        ])
      : [`Envoy ${name} ${JSON.stringify(sorted(resource))}`];
  });
}

/** With sorted keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/** The parts of pools of pods that a node gets. */
function nodeLines({ metadata: { name }, spec, status }: StoredObject): readonly string[] {
  const pools = mapOf(mapOf(spec?.ipam).pools);
  if (pools.requested === undefined) return [];
  const error = mapOf(mapOf(mapOf(status?.ipam)['operator-status'])).error;
  return [`CiliumNode ${name} pools ${JSON.stringify(pools.allocated ?? [])} error ${text(error)}`];
}

function poolLines({ metadata: { name }, status }: StoredObject): readonly string[] {
  return conditionsOf(status?.conditions)
    .filter(({ type }) => type.startsWith('cilium.io/IPs'))
    .map(({ type, message }) => `pool ${name} ${type} ${message ?? ''}`);
}

function serviceLines(object: StoredObject): readonly string[] {
  const { metadata, spec } = object;
  if (spec?.type !== 'LoadBalancer' && (metadata.ownerReferences ?? []).length === 0) return [];
  const ports = mapsIn(spec?.ports).map(({ port, protocol }) => `${text(port)}/${text(protocol)}`);
  return [
    `Service ${metadata.name} ${text(spec?.type)} class ${text(spec?.loadBalancerClass)} ports ${ports.join()} addresses ${addressesOf(object).join() || 'none'}`,
  ];
}

function listenerLines({ kind, metadata: { name }, status }: StoredObject): readonly string[] {
  return mapsIn(status?.listeners).map(
    (listener) =>
      `${kind ?? ''} ${name} listener ${text(listener.name)} routes ${text(listener.attachedRoutes)} kinds ${mapsIn(
        listener.supportedKinds,
      )
        .map(({ kind }) => text(kind))
        .join()}`,
  );
}

function routeLines({ kind, metadata: { name }, status }: StoredObject): readonly string[] {
  return mapsIn(status?.parents).map(({ parentRef, conditions }) => {
    const parent = mapOf(parentRef);
    const states = conditionsOf(conditions).map(({ type, status: is }) => `${type}=${is}`);
    return `${kind} ${name} parent ${text(parent.name)}/${text(parent.sectionName)} ${states.join(' ')}`;
  });
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}
