import { isMap } from '../../kubernetes/json';
import { mapsOf } from '../../resource/each';
import { othersOf } from '../../resource/kind';
import type { Others, ReadResource } from '../../resource/kind';
import { nearest } from '../../rules/nearest';
import type { AnyEnvoyProps, EnvoyBackendService, EnvoyService, EnvoyType } from './props';

/** The types of resources that Cilium passes to Envoy, each with the fields that may name one. */
const NAME_FIELDS: Readonly<Record<EnvoyType, readonly [string, ...string[]]>> = {
  'type.googleapis.com/envoy.config.listener.v3.Listener': ['name'],
  'type.googleapis.com/envoy.config.route.v3.RouteConfiguration': ['name'],
  'type.googleapis.com/envoy.config.cluster.v3.Cluster': ['name'],
  'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment': ['cluster_name', 'clusterName'],
  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret': ['name'],
};

const KNOWN = Object.keys(NAME_FIELDS) as readonly EnvoyType[];

/** A short type: `Listener`. */
export type ShortType = 'Listener' | 'RouteConfiguration' | 'Cluster' | 'ClusterLoadAssignment' | 'Secret';

/** A resource of Envoy, read. */
export interface ReadEnvoyResource {
  /** `resources[0]`. */
  readonly at: string;
  /** `@type` as written; `undefined` when there is none. */
  readonly written: unknown;
  /** `undefined` for a type that Cilium does not support. */
  readonly type: ShortType | undefined;
  /** The type that may be meant. */
  readonly meant: EnvoyType | undefined;
  /** The field that names it; '' without a type. */
  readonly nameField: string;
  readonly name: string | undefined;
  /** The name under which a cluster requests endpoints from Cilium. */
  readonly endpoints: string | undefined;
}

/** A name that one Envoy resource has for another. */
export interface EnvoyReference {
  readonly to: 'RouteConfiguration' | 'Cluster';
  readonly name: string;
  readonly at: string;
}

/** An Envoy config, read. */
export interface EnvoyModel {
  readonly resources: readonly ReadEnvoyResource[];
  /** Routes that a listener fetches; clusters that a route or a TCP proxy sends to. */
  readonly references: readonly EnvoyReference[];
  readonly services: readonly EnvoyService[];
  readonly backendServices: readonly EnvoyBackendService[];
}

/** Reads an Envoy config. */
export function readEnvoy({ resources, services, backendServices }: AnyEnvoyProps): EnvoyModel {
  const list = Array.isArray(resources) ? (resources as readonly unknown[]) : [];
  return {
    resources: list.map((resource, i) => readResource(resource, `resources[${String(i)}]`)),
    references: list.flatMap((resource, i) => referencesIn(resource, `resources[${String(i)}]`)),
    services: mapsOf(services),
    backendServices: mapsOf(backendServices),
  };
}

/** The names of the resources of a type. */
export function namesOf({ resources }: EnvoyModel, type: ShortType): readonly string[] {
  return resources.flatMap((resource) => (resource.type === type ? (resource.name ?? []) : []));
}

/** A Service as `namespace/name`; '' for an unknown namespace. */
export function serviceKey({ name, namespace }: EnvoyService, ofObject: string | undefined): string {
  return `${namespace ?? ofObject ?? ''}/${name}`;
}

/** The subjects of both kinds. */
export const ENVOY_SUBJECTS = ['envoy-config', 'clusterwide-envoy-config'] as const;

/** The Envoy configs of either kind among resources. */
export function envoyConfigsOf(resources: Others): readonly ReadResource<AnyEnvoyProps, EnvoyModel>[] {
  return ENVOY_SUBJECTS.flatMap((subject) => othersOf<AnyEnvoyProps, EnvoyModel>(resources, subject));
}

function shortOf(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

function readResource(resource: unknown, at: string): ReadEnvoyResource {
  const written: unknown = isMap(resource) ? resource['@type'] : undefined;
  const type = KNOWN.find((known) => known === written);
  const fields = type === undefined ? [] : NAME_FIELDS[type];
  const name = fields
    .map((field): unknown => (isMap(resource) ? resource[field] : undefined))
    .find((value): value is string => typeof value === 'string' && value !== '');
  return {
    at,
    written,
    type: type && (shortOf(type) as ShortType),
    meant: type === undefined ? meantType(written) : undefined,
    nameField: fields[0] ?? '',
    name,
    endpoints: type !== undefined && shortOf(type) === 'Cluster' ? endpointsOf(resource, name) : undefined,
  };
}

/** The type that a short name, a message of an older API or a misspelling may mean. */
function meantType(written: unknown): EnvoyType | undefined {
  if (typeof written !== 'string') return undefined;
  const near = nearest(shortOf(written), KNOWN.map(shortOf));
  return KNOWN.find((known) => shortOf(known) === near);
}

function endpointsOf(cluster: unknown, name: string | undefined): string | undefined {
  if (!isMap(cluster) || cluster.type !== 'EDS') return undefined;
  const config = cluster.eds_cluster_config ?? cluster.edsClusterConfig;
  const named = isMap(config) ? (config.service_name ?? config.serviceName) : undefined;
  const requested = typeof named === 'string' && named !== '' ? named : name;
  return requested?.includes('/') === true ? requested : undefined;
}

/** The references in a resource, at any depth. */
function referencesIn(value: unknown, at: string): readonly EnvoyReference[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown, i) => referencesIn(item, `${at}[${String(i)}]`));
  if (!isMap(value)) return [];
  const type = value['@type'];
  const isProxy = typeof type === 'string' && type.endsWith('.TcpProxy');
  return [
    ...(isProxy ? clustersOf(value, at) : []),
    ...Object.entries(value).flatMap(([field, inner]) => {
      const place = `${at}.${field}`;
      if (field === 'rds' && isMap(inner)) return fetchedRoutes(inner, place);
      return [...(field === 'route' && isMap(inner) ? clustersOf(inner, place) : []), ...referencesIn(inner, place)];
    }),
  ];
}

/** Routes that Cilium serves: unless another source is named. */
function fetchedRoutes(rds: Readonly<Record<string, unknown>>, at: string): readonly EnvoyReference[] {
  if ('config_source' in rds || 'configSource' in rds) return [];
  return (['route_config_name', 'routeConfigName'] as const).flatMap((field): EnvoyReference[] => {
    const name = rds[field];
    return typeof name === 'string' ? [{ to: 'RouteConfiguration', name, at: `${at}.${field}` }] : [];
  });
}

function clustersOf(action: Readonly<Record<string, unknown>>, at: string): readonly EnvoyReference[] {
  const weighted = (['weighted_clusters', 'weightedClusters'] as const).flatMap((field) => {
    const { clusters } = isMap(action[field]) ? action[field] : {};
    return (Array.isArray(clusters) ? clusters : []).map((one: unknown, i) => ({
      name: isMap(one) ? one.name : undefined,
      at: `${at}.${field}.clusters[${String(i)}].name`,
    }));
  });
  return [{ name: action.cluster, at: `${at}.cluster` }, ...weighted].flatMap(
    ({ name, at: place }): EnvoyReference[] => (typeof name === 'string' ? [{ to: 'Cluster', name, at: place }] : []),
  );
}
