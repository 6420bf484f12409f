import { isTruthy } from '../../helm/truth';
import { addressFamily } from '../../kubernetes/cidr';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import { untolerated } from '../../kubernetes/scheduling';
import { problem } from '../../rules/rule';
import { listed } from '../../rules/words';
import type { Context } from '../context';
import { podRule } from './pod-rule';
import type { PodRule } from './pod-rule';
import type { CiliumPods, Workload } from './workloads';

const NOT_READY = 'node.kubernetes.io/not-ready';

/** Why agents and operator never start where nothing runs yet; nothing for other pods. */
export function deadlockOf({ ctx, workloads }: CiliumPods, one: Workload): readonly string[] {
  const reasons: string[] = [];
  if (isFirst(one) && lacksNotReady(one))
    reasons.push(`At a first boot all nodes have the taint ${NOT_READY}:NoSchedule.`);
  if (one.role === 'operator' && isOperatorBehindAgents(ctx, workloads))
    reasons.push('At a first boot they wait for the pod network, which agents set up, and agents wait for their CRDs.');
  return reasons;
}

function lacksNotReady({ pod }: Workload): boolean {
  return untolerated(pod, [{ key: NOT_READY, value: '', effect: 'NoSchedule' }], true).length > 0;
}

function isOperatorBehindAgents({ facts }: Context, workloads: readonly Workload[]): boolean {
  return (
    facts.chainingMode === 'none' &&
    workloads.some(({ role }) => role === 'agent') &&
    workloads.some(({ role, pod }) => role === 'operator' && pod.hostNetwork !== true)
  );
}

/** Agent and operator wait for something that waits for them. These bite where nothing runs yet: at a first boot, and when all nodes restart. */
export const FIRST_BOOT_RULES: readonly PodRule[] = [
  podRule({
    id: 'talos/not-ready-nodes',
    level: 'warning',
    find: ({ workloads }) => {
      const stuck = workloads.filter((one) => isFirst(one) && lacksNotReady(one));
      return (
        stuck.length > 0 &&
        problem(
          stuck.map(({ path }) => `${path}tolerations`),
          `Nodes have the taint ${NOT_READY}:NoSchedule until Cilium sets up their network, and ${listed(stuck.map(({ name }) => name))} does not tolerate it: at a first boot both wait for each other.`,
          `Remove the tolerations, or add { key: ${NOT_READY}, operator: Exists }.`,
        )
      );
    },
    bad: { tolerations: [{ key: CONTROL_PLANE_LABEL, operator: 'Exists' }] },
    good: { tolerations: [{ operator: 'Exists' }] },
  }),
  podRule({
    id: 'talos/operator-on-pod-network',
    level: 'warning',
    find: ({ ctx, workloads }) =>
      isOperatorBehindAgents(ctx, workloads) &&
      problem(
        'operator.hostNetwork',
        'The operator is on the pod network, which agents set up, and agents wait for the CRDs that the operator registers: at a first boot both wait for each other.',
        'Remove operator.hostNetwork: the default is true.',
      ),
    bad: { operator: { hostNetwork: false }, extraConfig: { 'operator-api-serve-addr': ':9234' } },
  }),
  podRule({
    id: 'talos/cluster-dns',
    level: 'warning',
    find: (pods) => {
      const waiting = pods.workloads.filter((one) => isFirst(one) && usesClusterDns(one));
      const names = namedHosts(pods.ctx);
      if (waiting.length === 0 || names.length === 0) return false;
      return problem(
        [...waiting.map(({ path }) => `${path}dnsPolicy`), ...names.map(({ path }) => path)],
        `${listed(names.map(({ host }) => host))} is looked up in the cluster's DNS (dnsPolicy), whose pods need the network that ${listed(waiting.map(({ name }) => name))} sets up: at a first boot both wait for each other.`,
        "Remove dnsPolicy: pods on the host network then use the node's DNS servers; or write an address instead of the name.",
      );
    },
    docs: 'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy',
    bad: { dnsPolicy: 'ClusterFirstWithHostNet', k8sServiceHost: 'k8s.example.org', k8sServicePort: 6443 },
    good: { k8sServiceHost: 'k8s.example.org', k8sServicePort: 6443 },
  }),
];

function isFirst({ role }: Workload): boolean {
  return role === 'agent' || role === 'operator';
}

function usesClusterDns({ pod }: CiliumPods['workloads'][number]): boolean {
  return pod.hostNetwork === true && pod.dnsPolicy === 'ClusterFirstWithHostNet';
}

/** Hosts that agent and operator need at their start and know by name. The agent finds Services of etcd without DNS. */
function namedHosts({ v }: Context): readonly { readonly path: string; readonly host: string }[] {
  const endpoints = isTruthy(v.etcd.enabled) ? (v.etcd.endpoints ?? []) : [];
  const all = [
    { path: 'k8sServiceHost', host: String(v.k8sServiceHost ?? '') },
    ...[endpoints].flat().map((url) => ({ path: 'etcd.endpoints', host: hostOf(String(url)) })),
  ];
  return all.filter(
    ({ path, host }) =>
      !['', 'auto', 'localhost'].includes(host) &&
      addressFamily(host) === undefined &&
      (path === 'k8sServiceHost' || !/\.svc(\.|$)/.test(host)),
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}
