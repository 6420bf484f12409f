import { isTruthy } from '../../helm/truth';
import { groupedBy } from '../../kubernetes/groups';
import { GATEWAY_GROUP } from '../../kubernetes/gateway-api';
import { groupOf } from '../../kubernetes/order';
import { isMap, mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { tidy } from '../../kubernetes/tidy';
import type { KubernetesObject } from '../../kubernetes/types';
import type { MadeService, WrittenField } from './made-service';
import type { ServiceMaker } from './service-maker';
import { shortenedName } from './shortened-name';

const CONTROLLER = 'io.cilium/gateway-controller';
const DEFAULT_CLASS = 'cilium';
/** What `addresses` of a Gateway become on its Service. */
const IPS_KEY = 'io.cilium/lb-ipam-ips';

/** A GatewayClass that Cilium serves. */
interface ServedClass {
  /** The CiliumGatewayClassConfig that it refers to, if that is among the objects. */
  readonly config: KubernetesObject | undefined;
}

/**
 * The Services of the Gateways that Cilium serves, as its operator translates them (`operator/pkg/model/translation/gateway-api`), but
 * for the annotation that weights of TCP and UDP routes add. A class that no object defines counts as another controller's.
 */
export function gatewayServices(objects: readonly KubernetesObject[], maker: ServiceMaker): readonly MadeService[] {
  if (maker.gateways === undefined) return [];
  const classes = servedClasses(objects, maker.gateways.makesClass);
  const sets = maker.has('gateway-listener-sets') ? listenerSets(objects) : new Map<string, KubernetesObject[]>();
  return objects
    .filter((object) => isGatewayApi(object, 'Gateway'))
    .flatMap((gateway) => {
      const served = classes.get(String(mapOf(gateway.spec).gatewayClassName));
      const ports = served === undefined ? [] : portsOf(gateway, sets.get(keyOf(gateway)) ?? [], maker);
      return served === undefined || ports.length === 0 ? [] : [madeOf(gateway, served, ports, maker)];
    });
}

function isGatewayApi({ kind, apiVersion }: KubernetesObject, wanted: string): boolean {
  return kind === wanted && groupOf({ apiVersion }) === GATEWAY_GROUP;
}

function keyOf({ metadata: { name, namespace } }: KubernetesObject): string {
  return `${namespace ?? 'default'}/${name}`;
}

/** The classes that Cilium serves, by name. */
function servedClasses(objects: readonly KubernetesObject[], makesClass: boolean): ReadonlyMap<string, ServedClass> {
  const configs = new Map(
    objects.filter(({ kind }) => kind === 'CiliumGatewayClassConfig').map((config) => [keyOf(config), config]),
  );
  const classes = new Map<string, ServedClass>(makesClass ? [[DEFAULT_CLASS, { config: undefined }]] : []);
  for (const { metadata, spec } of objects.filter((object) => isGatewayApi(object, 'GatewayClass'))) {
    const { controllerName, parametersRef } = mapOf(spec);
    const { group, kind, name, namespace } = mapOf(parametersRef);
    const isConfig = group === 'cilium.io' && kind === 'CiliumGatewayClassConfig';
    const config = isConfig ? configs.get(`${String(namespace)}/${String(name)}`) : undefined;
    if (controllerName === CONTROLLER) classes.set(metadata.name, { config });
    else classes.delete(metadata.name);
  }
  return classes;
}

/** ListenerSets by the Gateway that they add listeners to. */
function listenerSets(objects: readonly KubernetesObject[]): Map<string, KubernetesObject[]> {
  const sets = objects.filter((object) => isGatewayApi(object, 'ListenerSet'));
  return groupedBy(sets, ({ metadata, spec }) => {
    const { name, namespace = metadata.namespace ?? 'default' } = mapOf(mapOf(spec).parentRef);
    return `${String(namespace)}/${String(name)}`;
  });
}

/** Whether a Gateway accepts the listeners of a set; one that selects namespaces by their labels counts as accepting. */
function accepts({ metadata, spec }: KubernetesObject, set: KubernetesObject): boolean {
  const { from = 'None' } = mapOf(mapOf(mapOf(spec).allowedListeners).namespaces);
  if (from === 'Same') return (metadata.namespace ?? 'default') === (set.metadata.namespace ?? 'default');
  return from === 'All' || from === 'Selector';
}

/** A port per number and protocol of the listeners that the release supports. */
function portsOf(
  gateway: KubernetesObject,
  sets: readonly KubernetesObject[],
  { has, gateways }: ServiceMaker,
): readonly JsonObject[] {
  const known = ['HTTP', 'HTTPS', 'TLS'];
  const routed = has('gateway-listener-sets') && gateways?.onHostNetwork !== true ? ['TCP', 'UDP'] : [];
  const ports = new Map<string, JsonObject & { readonly port: number; readonly protocol: string }>();
  for (const object of [gateway, ...sets.filter((set) => accepts(gateway, set))]) {
    for (const { port, protocol: of } of mapsIn(mapOf(object.spec).listeners)) {
      if (typeof port !== 'number' || ![...known, ...routed].includes(String(of))) continue;
      const name = `port-${String(port)}${of === 'UDP' ? '-udp' : ''}`;
      ports.set(name, { name, port, protocol: of === 'UDP' ? 'UDP' : 'TCP' });
    }
  }
  return [...ports.values()].sort((a, b) => a.port - b.port || (a.protocol < b.protocol ? -1 : 1));
}

function madeOf(
  gateway: KubernetesObject,
  { config }: ServedClass,
  ports: readonly JsonObject[],
  maker: ServiceMaker,
): MadeService {
  const { name, namespace } = gateway.metadata;
  const { infrastructure, addresses } = mapOf(gateway.spec);
  const { labels, annotations } = mapOf(infrastructure);
  const service = isMap(mapOf(config?.spec).service) ? mapOf(mapOf(config?.spec).service) : undefined;
  const ips = mapsIn(addresses).filter(({ type = 'IPAddress' }) => type === 'IPAddress');
  const requests = ips.length > 0 && !isTruthy(mapOf(annotations)[IPS_KEY]);
  const label = shortenedName(name);
  return {
    source: gateway,
    written: (field) => writtenField(field, { gateway, config, service, requests }),
    object: tidy({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: shortenedName(`cilium-gateway-${name}`),
        namespace,
        labels: {
          'io.cilium.gateway/owning-gateway': label,
          'gateway.networking.k8s.io/gateway-name': label,
          ...mapOf(labels),
        },
        annotations: {
          ...mapOf(annotations),
          ...(requests ? { [IPS_KEY]: ips.map(({ value }) => String(value)).join(',') } : {}),
          ...(service === undefined
            ? {}
            : { 'service.cilium.io/src-ranges-policy': service.loadBalancerSourceRangesPolicy ?? 'Allow' }),
        },
      },
      spec: { ports, ...specOf(service, maker) },
    }),
  };
}

/** The spec by the class: without a CiliumGatewayClassConfig, or one without `service`, by the values. */
function specOf(service: JsonObject | undefined, { gateways, families, has }: ServiceMaker): JsonObject {
  const byFamilies = families.length > 1 ? 'PreferDualStack' : undefined;
  const onHost = gateways?.onHostNetwork === true;
  const { type = 'LoadBalancer', ipFamilies, ipFamilyPolicy, trafficDistribution } = service ?? {};
  const external =
    service === undefined ? gateways?.externalTrafficPolicy : (service.externalTrafficPolicy ?? 'Cluster');
  const isLoadBalancer = !onHost && type === 'LoadBalancer';
  return {
    type: onHost ? (has('gateway-node-addresses') ? 'NodePort' : 'ClusterIP') : type,
    externalTrafficPolicy: onHost ? undefined : external,
    ...(isLoadBalancer
      ? {
          loadBalancerClass: service?.loadBalancerClass,
          loadBalancerSourceRanges: service?.loadBalancerSourceRanges,
          allocateLoadBalancerNodePorts: service?.allocateLoadBalancerNodePorts,
        }
      : {}),
    ipFamilies: service === undefined ? families : ipFamilies,
    ipFamilyPolicy: ipFamilyPolicy ?? byFamilies,
    trafficDistribution,
  };
}

/** Where a field of the Service of a Gateway comes from. */
function writtenField(
  field: string,
  {
    gateway,
    config,
    service,
    requests,
  }: {
    readonly gateway: KubernetesObject;
    readonly config: KubernetesObject | undefined;
    readonly service: JsonObject | undefined;
    readonly requests: boolean;
  },
): WrittenField | undefined {
  if (requests && field.includes(IPS_KEY)) return { of: gateway, path: 'spec.addresses' };
  if (field.startsWith('metadata.')) return { of: gateway, path: field.replace(/^metadata/, 'spec.infrastructure') };
  if (field.startsWith('spec.ports')) return { of: gateway, path: 'spec.listeners' };
  if (config !== undefined) return { of: config, path: field.replace(/^spec/, 'spec.service') };
  if (field === 'spec.externalTrafficPolicy' && service === undefined)
    return { of: 'cilium', path: 'gatewayAPI.externalTrafficPolicy' };
  return undefined;
}
