import type { LabelSelector } from '../../kubernetes/selector';
import { NAMESPACE_LABEL } from '../../resource/ignored-labels';
import { problem } from '../../rules/rule';
import type { ClusterDns } from '../../talos/cluster/core-dns';
import { clusterDns } from './core-dns';
import { selectsNamespace } from './endpoint-rules';
import { conditions, contradict } from '../../resource/label-conditions';
import { DIRECTIONS, includesPort, within } from './model';
import type { PlacedPort, PlacedSelector, TrafficRule } from './model';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule, PolicySubject } from './policy-rule';
import { setsForSameEndpoints } from './same-endpoints';

const CLUSTER_DNS: LabelSelector = { matchLabels: { 'k8s-app': 'kube-dns', [NAMESPACE_LABEL]: 'kube-system' } };
const DNS_PORT = 53;

/** Rules about traffic that default deny drops together with the other policies of the app. */
export const DEFAULT_DENY_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/deny-only',
    level: 'warning',
    docs: DOCS.deny,
    find: (subject) =>
      subject.model.sets.flatMap((set) =>
        DIRECTIONS.filter(
          (direction) =>
            set.defaultDeny.includes(direction) &&
            (set.spec[`${direction}Deny`] ?? []).length > 0 &&
            !setsForSameEndpoints(subject, set).some(({ spec }) => (spec[direction] ?? []).length > 0),
        ).map((direction) =>
          problem(
            [within(set.at, `${direction}Deny`), within(set.at, 'enableDefaultDeny')],
            `A policy with deny rules also drops all other ${direction}, and no policy of this app allows any.`,
            `Set \`enableDefaultDeny: { ${direction}: false }\` to drop only what it denies.`,
          ),
        ),
      ),
    examples: {
      bad: { props: { ...WEB, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }] } },
      good: {
        props: { ...WEB, egressDeny: [{ toCIDR: ['169.254.169.254/32'] }], enableDefaultDeny: { egress: false } },
      },
    },
  },
  {
    id: 'network-policy/no-dns',
    level: 'warning',
    docs: DOCS.kubernetes,
    find: (subject) =>
      subject.model.sets
        .filter(({ endpoints, defaultDeny }) => endpoints !== undefined && defaultDeny.includes('egress'))
        // A policy that allows nothing is meant to; one with names has its own rule.
        .filter(({ spec }) => (spec.egress ?? []).some((rule) => Object.keys(rule).length > 0))
        .filter(({ rules }) => !rules.some(({ names }) => names.length > 0))
        .filter(
          (set) =>
            !setsForSameEndpoints(subject, set).some(({ rules }) => rules.some((rule) => reachesDns(rule, subject))),
        )
        .map(({ at }) =>
          problem(
            within(at, 'egress'),
            "No policy of this app allows these pods to reach the cluster's DNS, so no lookup succeeds.",
            `Add a rule to ${podsOf(clusterDns(subject.cilium))} on the ports '53/UDP' and '53/TCP'.`,
          ),
        ),
    examples: {
      bad: {
        props: {
          ...WEB,
          egress: [{ toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] }],
        },
      },
      good: {
        props: {
          ...WEB,
          egress: [
            { toEndpoints: [{ matchLabels: { app: 'db' } }], toPorts: [{ ports: ['5432/TCP'] }] },
            { toEndpoints: [CLUSTER_DNS], toPorts: [{ ports: ['53/UDP', '53/TCP'] }] },
          ],
        },
      },
    },
  },
];

/** Whether a rule may allow lookups at the cluster's DNS. */
function reachesDns(
  { direction, deny, fields, toPorts, selectors, services }: TrafficRule,
  { namespace, cilium }: PolicySubject,
): boolean {
  if (direction !== 'egress' || deny || fields.icmps !== undefined) return false;
  const dns = clusterDns(cilium);
  if (fields.toPorts !== undefined) {
    const ports = toPorts.flatMap((item) => item.ports);
    if (!ports.some(isDnsPort)) return false;
    // A rule for port 53 is for DNS, wherever that is.
    if (ports.some(({ port }) => port !== '0')) return true;
  }
  return (
    fields.toEntities?.some((entity) => ['all', 'cluster'].includes(entity)) === true ||
    services.length > 0 ||
    selectors.some((selector) => !selector.nodes && (dns === undefined || mayBeDns(selector, namespace, dns)))
  );
}

function isDnsPort(port: PlacedPort): boolean {
  if (!['ANY', 'UDP'].includes(port.protocol ?? 'ANY')) return false;
  return port.range === undefined ? /^dns/.test(port.port) : includesPort(port, DNS_PORT);
}

function podsOf(dns: ClusterDns | undefined): string {
  if (dns === undefined) return "the pods of the cluster's DNS";
  const labels = Object.entries(dns.labels).map(([key, value]) => `\`${key}: ${value}\``);
  return `${labels.join(', ')} in ${dns.namespace}`;
}

function mayBeDns(selector: PlacedSelector, namespace: string | undefined, dns: ClusterDns): boolean {
  const foreign = namespace !== undefined && namespace !== dns.namespace;
  if (foreign && !selectsNamespace(selector.conditions)) return false;
  const matchLabels = { ...dns.labels, [NAMESPACE_LABEL]: dns.namespace };
  return !contradict([...selector.conditions, ...conditions({ matchLabels })]);
}
