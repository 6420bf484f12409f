import type { CiliumNetworkPolicyHttp } from '../../../imports/cilium.io';
import type { ResourceRule, Subject } from '../../resource/kind';
import type { PolicyModel } from './model';
import type { AnyPolicyProps } from './props';

/** A policy that rules look at. */
export type PolicySubject = Subject<AnyPolicyProps, PolicyModel>;

/** A rule about network policies. */
export type PolicyRule = ResourceRule<AnyPolicyProps, PolicyModel>;

/** Rules of namespaced policies with the ids of clusterwide ones. */
export function asClusterwide(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return rules.map((rule) => ({ ...rule, id: `clusterwide-${rule.id}` }));
}

/** Pages of Cilium's documentation. */
export const DOCS = {
  caveats: 'https://docs.cilium.io/en/stable/security/policy/caveats/',
  deny: 'https://docs.cilium.io/en/stable/security/policy/deny/',
  host: 'https://docs.cilium.io/en/stable/security/policy/host/',
  intro: 'https://docs.cilium.io/en/stable/security/policy/intro/',
  kubernetes: 'https://docs.cilium.io/en/stable/security/policy/kubernetes/',
  layer3: 'https://docs.cilium.io/en/stable/security/policy/layer3/',
  layer4: 'https://docs.cilium.io/en/stable/security/policy/layer4/',
  layer7: 'https://docs.cilium.io/en/stable/security/policy/layer7/',
} as const;

/** The pods that the examples select. */
export const WEB = { endpointSelector: { matchLabels: { app: 'web' } } } as const;

/** An HTTP rule on a port of these pods, for examples. */
export function httpRule(rule: CiliumNetworkPolicyHttp): object {
  return { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [rule] } }] }] };
}
