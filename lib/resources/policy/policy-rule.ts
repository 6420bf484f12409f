import type { AnyPolicyProps, PolicyBody } from './props';
import type { CiliumNetworkPolicyHttp } from '../../../imports/cilium.io';
import type { Problem } from '../../rules/rule';
import type { ResourceRule, ResourceExample, Subject, ResourceProps } from '../../resource/kind';

/** A policy that a check looks at. */
export type PolicySubject = Subject<AnyPolicyProps>;

/** An input of a check's test; its props are the rules. */
export type PolicyExample = ResourceExample<PolicyBody & ResourceProps>;

/** A rule about network policies as data; it holds for both kinds, each of which has it under its own name. */
export interface PolicyCheck {
  /** Last part of the id. */
  readonly rule: string;
  readonly level: 'error' | 'warning';
  readonly docs?: string;
  /** Every place with the problem. */
  find(subject: PolicySubject): readonly Problem[];
  readonly examples: { readonly bad: PolicyExample; readonly good: PolicyExample };
}

/** The checks under the name of one kind. */
export function asChecks<P extends AnyPolicyProps>(
  subject: string,
  checks: readonly PolicyCheck[],
): readonly ResourceRule<P>[] {
  return checks.map(({ rule, ...check }) => ({
    ...check,
    id: `${subject}/${rule}`,
  })) as unknown as readonly ResourceRule<P>[];
}

/** One problem at one place. */
export function problem(paths: string | readonly string[], message: string, hint: string): Problem {
  return { paths: typeof paths === 'string' ? [paths] : paths, message, hint };
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

/** The pods that examples are for. */
export const WEB = { endpointSelector: { matchLabels: { app: 'web' } } } as const;

/** Rules about HTTP on a port of these pods, for examples. */
export function httpRule(rule: CiliumNetworkPolicyHttp): object {
  return { ...WEB, ingress: [{ toPorts: [{ ports: ['80/TCP'], rules: { http: [rule] } }] }] };
}
