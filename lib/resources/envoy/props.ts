import type {
  CiliumEnvoyConfigBackendService,
  CiliumEnvoyConfigService,
  CiliumEnvoyConfigSpec,
} from '../../../imports/cilium.io';
import type { Json } from '../../kubernetes/json';
import type { ClusterResourceProps, ResourceProps } from '../../resource/kind';

/** The type of an Envoy resource. */
export type EnvoyType =
  | 'type.googleapis.com/envoy.config.listener.v3.Listener'
  | 'type.googleapis.com/envoy.config.route.v3.RouteConfiguration'
  | 'type.googleapis.com/envoy.config.cluster.v3.Cluster'
  | 'type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment'
  | 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';

/** A resource of Envoy in Envoy's own format, which is not validated. */
export interface EnvoyResource {
  readonly '@type': EnvoyType;
  /** Required; of a ClusterLoadAssignment it is `cluster_name`. Other resources of the same object refer to it. */
  readonly name?: string;
  readonly [field: string]: Json | undefined;
}

/** A Service whose traffic goes through a listener of Envoy. */
export interface EnvoyService extends CiliumEnvoyConfigService {
  /**
   * The namespace of the Service: for a namespaced object, its own.
   * @default - that of the object; ClusterwideEnvoyConfig has none, so it is required there
   */
  readonly namespace?: string;
  /** Ports of the Service. @default - all */
  readonly ports?: readonly number[];
  /** Name of a listener among `resources`. @default - the first one */
  readonly listener?: string;
}

/** A Service whose backends Envoy knows as the cluster `<namespace>/<name>`. */
export interface EnvoyBackendService extends Omit<CiliumEnvoyConfigBackendService, 'number'> {
  /**
   * The namespace of the Service.
   * @default - that of the object; ClusterwideEnvoyConfig has none, so it is required there
   */
  readonly namespace?: string;
  /** Numbers or names of ports. @default - all */
  readonly number?: readonly (string | number)[];
}

/** Fields of both kinds. */
interface EnvoyFields extends Omit<CiliumEnvoyConfigSpec, 'resources' | 'services' | 'backendServices'> {
  /** Listeners, routes, clusters, endpoints and secrets, in Envoy's own format. Cilium ignores all of them when it cannot read one. */
  readonly resources: readonly EnvoyResource[];
  /** Services whose traffic goes through a listener. @default - none */
  readonly services?: readonly EnvoyService[];
  /** Services whose backends Envoy gets, without their traffic. @default - none */
  readonly backendServices?: readonly EnvoyBackendService[];
}

/** Props of `EnvoyConfig`. */
export interface EnvoyConfigProps extends ResourceProps, EnvoyFields {}

/** Props of `ClusterwideEnvoyConfig`. */
export interface ClusterwideEnvoyConfigProps extends ClusterResourceProps, EnvoyFields {}

/** Props of either kind. */
export type AnyEnvoyProps = EnvoyConfigProps | ClusterwideEnvoyConfigProps;
