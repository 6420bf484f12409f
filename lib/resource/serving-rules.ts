import { unservedProblem, unservedByAllProblem } from '../kubernetes/cilium-api';
import { unreadProblem } from '../kubernetes/gateway-api';
import type { KubernetesObject } from '../kubernetes/types';
import type { Rule } from '../rules/rule';

/** An object with the release of its Cilium. */
export interface ServedSubject {
  readonly object: KubernetesObject;
  /** `undefined` when it is unknown. */
  readonly ciliumVersion: string | undefined;
  /** For objects of the Gateway API: Cilium is to read it, as far as the app shows. */
  readonly isForCilium: boolean;
}

/** An input of their examples. */
export interface ServedExample {
  readonly object: KubernetesObject;
  /** @default 1.19.6 */
  readonly version?: string;
}

const object = (apiVersion: string, kind: string, spec: object): { readonly object: KubernetesObject } => ({
  object: { apiVersion, kind, metadata: { name: 'example', namespace: 'default' }, spec },
});
const policy = (apiVersion: string): { readonly object: KubernetesObject } =>
  object(apiVersion, 'CiliumL2AnnouncementPolicy', { loadBalancerIPs: true });
const TLS_ROUTE = { hostnames: ['shop.example.test'], rules: [{ backendRefs: [{ name: 'shop', port: 443 }] }] };

/** Whether API server and Cilium have the kind and the version of an object. */
export const SERVING_RULES: readonly Rule<ServedSubject, ServedExample>[] = [
  {
    id: 'custom-resource/not-served',
    level: 'error',
    find: ({ object: one, ciliumVersion }) =>
      ciliumVersion === undefined ? unservedByAllProblem(one) : unservedProblem(one, ciliumVersion),
    examples: { bad: policy('cilium.io/v2'), good: policy('cilium.io/v2alpha1') },
  },
  {
    id: 'custom-resource/not-read',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/network/servicemesh/gateway-api/gateway-api/',
    find: (subject) => {
      const { object: one, ciliumVersion } = subject;
      const found = ciliumVersion === undefined ? undefined : unreadProblem(one, ciliumVersion);
      return found !== undefined && subject.isForCilium && found;
    },
    examples: {
      bad: { ...object('gateway.networking.k8s.io/v1alpha3', 'TLSRoute', TLS_ROUTE), version: '1.20.0' },
      good: { ...object('gateway.networking.k8s.io/v1', 'TLSRoute', TLS_ROUTE), version: '1.20.0' },
    },
  },
];
