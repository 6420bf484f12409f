import { isMap } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import { nearest } from '../../rules/nearest';

/** The kinds of resources that Cilium hands to Envoy, each with the field that names one. */
const TYPES = {
  'type.googleapis.com/envoy.config.listener.v3.Listener': ['name'],
  'type.googleapis.com/envoy.config.route.v3.RouteConfiguration': ['name'],
  'type.googleapis.com/envoy.config.cluster.v3.Cluster': ['name'],
  'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment': ['cluster_name', 'clusterName'],
  'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret': ['name'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;

/** The kind of an Envoy resource. */
export type EnvoyType = keyof typeof TYPES;

/** A resource of Envoy in its own words, which are not judged. */
export interface EnvoyResource {
  readonly '@type': EnvoyType;
  /** Needed; of a ClusterLoadAssignment it is `cluster_name`. Other resources of the same object refer to it. */
  readonly name?: string;
  readonly [field: string]: Json | undefined;
}

const KNOWN = Object.keys(TYPES) as readonly EnvoyType[];
const LISTENER: EnvoyType = 'type.googleapis.com/envoy.config.listener.v3.Listener';

/** Routes that listeners fetch. */
export const ROUTES_TYPE: EnvoyType = 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration';

/** Where requests are sent. */
export const CLUSTER_TYPE: EnvoyType = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';

/** The addresses of a cluster. */
export const ENDPOINTS_TYPE: EnvoyType = 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment';

/** The kind of a resource as far as it can be read; `undefined` for none that Cilium takes. */
export function typeOf(resource: unknown): EnvoyType | undefined {
  const type = isMap(resource) ? resource['@type'] : undefined;
  return KNOWN.find((known) => known === type);
}

/** The kind that somebody meant who wrote another word: the short name, a message of an older API, a misspelling. */
export function meantType(word: unknown): EnvoyType | undefined {
  if (typeof word !== 'string') return undefined;
  const short = (type: string): string => type.slice(type.lastIndexOf('.') + 1);
  const near = nearest(
    short(word),
    KNOWN.map((known) => short(known)),
  );
  return KNOWN.find((known) => short(known) === near);
}

/** The kind in a word: `Listener`. */
export function shortType(type: EnvoyType): string {
  return type.slice(type.lastIndexOf('.') + 1);
}

/** The field that names a resource of a kind. */
export function nameField(type: EnvoyType): string {
  return TYPES[type][0];
}

/** The name of a resource; `undefined` when it has none. */
export function nameOf(resource: unknown): string | undefined {
  const type = typeOf(resource);
  if (type === undefined || !isMap(resource)) return undefined;
  const name = TYPES[type]
    .map((field: string) => resource[field])
    .find((value) => typeof value === 'string' && value !== '');
  return name as string | undefined;
}

/** The names of the listeners among resources. */
export function listenersOf(resources: readonly unknown[]): readonly string[] {
  return resources.flatMap((resource) => (typeOf(resource) === LISTENER ? (nameOf(resource) ?? []) : []));
}
