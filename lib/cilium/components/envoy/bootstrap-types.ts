import type { JsonObject } from '../../../kubernetes/json';

/*
 * The few messages of Envoy's bootstrap that Cilium uses, in their JSON form: names in camel case unless a field is written
 * otherwise, durations as text in seconds (`2s`), 64-bit numbers as text. `@type` names the message inside an `Any`.
 * https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/bootstrap/v3/bootstrap.proto
 */

/** Text for a duration: seconds with their unit, `2s`. */
export type Seconds = `${string}s`;

/** A message of any type, named by `@type`. */
export interface Typed extends JsonObject {
  readonly '@type': `type.googleapis.com/${string}`;
}

/** An extension by name, with its configuration. */
export interface Extension {
  readonly name: string;
  readonly typedConfig: Typed;
}

/** Where to listen or connect: a port of an address, or a Unix socket. */
export type Address =
  | { readonly socketAddress: { readonly address: string; readonly portValue: number | undefined } }
  | { readonly pipe: { readonly path: string; readonly mode?: number | undefined } };

export interface Listener {
  readonly name: string;
  readonly address: Address;
  readonly additionalAddresses?: readonly { readonly address: Address }[] | undefined;
  readonly filterChains: readonly { readonly filters: readonly Extension[] }[];
}

/** Limits per cluster of upstreams. */
export interface CircuitBreakers {
  readonly thresholds: readonly {
    readonly maxRetries: number | undefined;
    readonly maxConnections?: number | undefined;
    readonly maxRequests?: number | undefined;
  }[];
}

/** A cluster of upstreams: the original destination, static ones, or those from the agent. */
export interface Cluster {
  readonly name: string;
  readonly type: 'ORIGINAL_DST' | 'STATIC' | 'EDS';
  readonly connectTimeout: Seconds;
  readonly circuitBreakers?: CircuitBreakers | undefined;
  readonly lbPolicy?: 'CLUSTER_PROVIDED' | 'ROUND_ROBIN';
  readonly cleanupInterval?: Seconds;
  readonly loadAssignment?: JsonObject;
  readonly edsClusterConfig?: { readonly edsConfig: ConfigSource; readonly serviceName: string };
  readonly typedExtensionProtocolOptions?: Readonly<Record<string, Typed>>;
  readonly transportSocket?: Extension;
}

/** A gRPC stream over which Envoy gets its configuration. */
export interface ApiConfigSource {
  readonly apiType: 'GRPC';
  readonly transportApiVersion: 'V3';
  readonly grpcServices: readonly { readonly envoyGrpc: { readonly clusterName: string } }[];
  readonly setNodeOnFirstMessageOnly: boolean;
}

/** The source of one kind of configuration: a separate stream, or the one that all kinds share (ADS). */
export interface ConfigSource {
  readonly initialFetchTimeout?: Seconds;
  readonly apiConfigSource?: ApiConfigSource;
  readonly ads?: Readonly<Record<string, never>>;
  readonly resourceApiVersion: 'V3';
}

export interface DynamicResources {
  readonly adsConfig?: ApiConfigSource;
  readonly ldsConfig: ConfigSource;
  readonly cdsConfig: ConfigSource;
}

/** Envoy's bootstrap configuration. */
export interface Bootstrap {
  readonly node: { readonly id: string; readonly cluster: string };
  readonly clusterManager?: { readonly localClusterName: string } | undefined;
  readonly staticResources: { readonly listeners: readonly Listener[]; readonly clusters: readonly Cluster[] };
  readonly dynamicResources: DynamicResources;
  readonly bootstrapExtensions: readonly Extension[];
  readonly overloadManager: { readonly resourceMonitors: readonly Extension[] };
  readonly applicationLogConfig: {
    readonly logFormat: { readonly jsonFormat: JsonObject } | { readonly textFormat: string };
  };
  readonly admin: { readonly address: Address };
}
