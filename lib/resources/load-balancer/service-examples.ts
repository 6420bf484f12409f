import type { CiliumValues } from '../../../imports/cilium-chart';
import type { KubernetesObject } from '../../kubernetes/types';
import { listIn } from './pool-supply';
import type { Rule } from '../../rules/rule';
import type { LoadBalancerService, ServiceSubject } from './service-model';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';

/** An input of the examples of rules about Services. */
export interface ServiceExample {
  /** The objects of a cluster. */
  readonly objects: readonly KubernetesObject[];
  readonly values: CiliumValues;
  /** A Cilium release. @default 1.18.4 */
  readonly version?: string;
}

/** A rule about the Services of a cluster. */
export type ServiceRule = Rule<ServiceSubject, ServiceExample>;

/** `find` of a rule that looks at each Service on its own; the same problem of several Services is one. */
export function eachService(
  find: (service: LoadBalancerService, all: ServiceSubject) => Problem | readonly Problem[] | undefined,
): ServiceRule['find'] {
  return (all) => {
    const found = new Map<string, Problem[]>();
    for (const one of all.services.flatMap((service) => find(service, all) ?? []))
      listIn(found, JSON.stringify([one.message, one.hint])).push(one);
    return [...found.values()].flatMap(([first, ...more]) =>
      first === undefined ? [] : { ...first, paths: [first, ...more].flatMap(({ paths }) => paths) },
    );
  };
}

/** `find` of a rule that reports all Services with the same problem at once. */
export function together(
  concerns: (service: LoadBalancerService, all: ServiceSubject) => boolean,
  paths: readonly string[],
  message: string,
  hint: string,
): ServiceRule['find'] {
  return (all) => {
    const concerned = all.services.filter((service) => concerns(service, all));
    return concerned.length > 0 && problem([...concerned.map(({ at }) => at()), ...paths], message, hint);
  };
}

/** Names in a sentence: the first three of many. */
export function listed(names: readonly string[]): string {
  const distinct = [...new Set(names)];
  return distinct.length <= 4
    ? distinct.join(', ')
    : `${distinct.slice(0, 3).join(', ')} and ${String(distinct.length - 3)} more`;
}

/** Values of a Cilium that announces Services by L2. */
export const L2_ON = { l2announcements: { enabled: true }, kubeProxyReplacement: true } as const;

/** A Service of type LoadBalancer. */
export function web({
  name = 'web',
  labels,
  annotations,
  ...spec
}: {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
} = {}): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default', labels, annotations },
    spec: { type: 'LoadBalancer', ports: [{ port: 80 }], ...spec },
  };
}

/** The same with the addresses that it requests. */
export function webAt(ips: string, more: Parameters<typeof web>[0] = {}): KubernetesObject {
  return web({ ...more, annotations: { 'lbipam.cilium.io/ips': ips, ...more.annotations } });
}

/** A pool for Services, and what announces their addresses. */
export function poolOf(spec: object = {}): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLoadBalancerIPPool',
    metadata: { name: 'home' },
    spec: { blocks: [{ cidr: '192.168.1.200/29' }], ...spec },
  };
}

/** The policy that announces all Services. */
export const L2_POLICY: KubernetesObject = {
  apiVersion: 'cilium.io/v2alpha1',
  kind: 'CiliumL2AnnouncementPolicy',
  metadata: { name: 'home' },
  spec: { loadBalancerIPs: true },
};

/** A cluster whose Services get addresses from a pool, announced by L2. */
export function servedBy(...services: readonly KubernetesObject[]): ServiceExample {
  return { objects: [...services, poolOf(), L2_POLICY], values: L2_ON };
}
