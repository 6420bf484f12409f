import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { servesNodePorts } from '../parts/envoy-listeners';
import { versionFeatures } from '../version-features';
import type { VersionFeature } from '../version-features';

/** The settings of a Cilium that decide which Services its operator makes. */
export interface ServiceMaker {
  readonly has: (feature: VersionFeature) => boolean;
  /** `undefined` when the controller of gateways does not run. */
  readonly gateways:
    | {
        /** Whether the chart makes the GatewayClass `cilium`. */
        readonly makesClass: boolean;
        readonly onHostNetwork: boolean;
        readonly externalTrafficPolicy: string | undefined;
      }
    | undefined;
  /** `undefined` when the controller of Ingresses does not run. */
  readonly ingresses:
    | {
        readonly isDefaultClass: boolean;
        readonly onHostNetwork: boolean;
        readonly isDedicated: boolean;
        /** Labels and annotations of an Ingress that begin like this are copied to its Service. */
        readonly prefixes: readonly string[];
      }
    | undefined;
  /** The address families of the cluster. */
  readonly families: readonly ('IPv4' | 'IPv6')[];
}

/** Settings where only the release is known: gateways are served, and an Ingress has a Service only when it states so. */
function defaultMaker(version: string): ServiceMaker {
  return {
    has: versionFeatures(version),
    gateways: { makesClass: true, onHostNetwork: false, externalTrafficPolicy: 'Cluster' },
    ingresses: { isDefaultClass: false, onHostNetwork: false, isDedicated: false, prefixes: ['lbipam.cilium.io'] },
    families: ['IPv4'],
  };
}

/** Reads the settings of a Cilium; its values may be unknown. */
export function serviceMaker(cilium: Context | undefined, version: string): ServiceMaker {
  if (cilium === undefined) return defaultMaker(version);
  const { gatewayAPI, ingressController, ipv4, ipv6 } = cilium.v;
  const isServed = servesNodePorts(cilium);
  return {
    has: versionFeatures(version),
    gateways:
      isServed && isTruthy(gatewayAPI.enabled)
        ? {
            makesClass: ['auto', 'true'].includes(String(gatewayAPI.gatewayClass.create)),
            onHostNetwork: isTruthy(gatewayAPI.hostNetwork.enabled),
            externalTrafficPolicy: gatewayAPI.externalTrafficPolicy ?? undefined,
          }
        : undefined,
    ingresses:
      isServed && isTruthy(ingressController.enabled)
        ? {
            isDefaultClass: isTruthy(ingressController.default),
            onHostNetwork: isTruthy(ingressController.hostNetwork.enabled),
            isDedicated: ingressController.loadbalancerMode === 'dedicated',
            prefixes: prefixesOf(ingressController.ingressLBAnnotationPrefixes),
          }
        : undefined,
    families: [
      ...(isTruthy(ipv4.enabled) ? (['IPv4'] as const) : []),
      ...(isTruthy(ipv6.enabled) ? (['IPv6'] as const) : []),
    ],
  };
}

/** The list as the operator reads it: separated by blanks. */
function prefixesOf(prefixes: unknown): readonly string[] {
  return [prefixes ?? []].flat().flatMap((text) => String(text).split(/\s+/).filter(Boolean));
}
