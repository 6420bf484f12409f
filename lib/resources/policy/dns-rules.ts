import { problem } from '../../rules/rule';
import { DOCS, WEB } from './policy-rule';
import type { PolicyRule } from './policy-rule';

/** Rules about `dns` rules. */
export const DNS_RULES: readonly PolicyRule[] = [
  {
    id: 'network-policy/dns-on-ingress',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(
          ({ dns, rule: { direction, set } }) => dns.length > 0 && direction === 'ingress' && set.nodes === undefined,
        )
        .map(({ at }) =>
          problem(
            `${at}.rules.dns`,
            'Cilium supports DNS rules on egress only, and rejects the policy.',
            'Write it under `egress` of the pods that look names up.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, ingress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53/UDP'], rules: { dns: ['*'] } }] }] } },
    },
  },
  {
    id: 'network-policy/dns-range',
    level: 'error',
    docs: DOCS.layer7,
    find: ({ model }) =>
      model.toPorts
        .filter(({ dns }) => dns.length > 0)
        .flatMap(({ ports }) => ports)
        .filter(({ range }) => range !== undefined && range.last > range.first)
        .map(({ at }) =>
          problem(
            `${at}.endPort`,
            'DNS rules do not support port ranges; Cilium rejects the policy.',
            'Name each port.',
          ),
        ),
    examples: {
      bad: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53-54/UDP'], rules: { dns: ['*'] } }] }] } },
      good: { props: { ...WEB, egress: [{ toPorts: [{ ports: ['53/UDP', '54/UDP'], rules: { dns: ['*'] } }] }] } },
    },
  },
];
