import type { CiliumNetworkPolicyPort } from '../../../imports/cilium.io';
import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import { setsMeeting } from './same-endpoints';
import { nodeServices } from './node-services';
import type { NodeService } from './node-services';
import { problem } from './policy-rule';
import type { PolicyCheck, PolicySubject } from './policy-rule';
import { conditions, contradict } from './label-conditions';
import { deniesByDefault, portsOfRule, ruleSets, rulesOfSet, within } from './model';
import type { Rule, RuleSet } from './model';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';

const FIREWALL = { hostFirewall: { enabled: true } } as const;
const WORKERS = { matchExpressions: [{ key: CONTROL_PLANE_LABEL, operator: 'DoesNotExist' }] } as const;

/** Rules about policies for nodes. */
export const HOST_CHECKS: readonly PolicyCheck[] = [
  {
    rule: 'host-lockout',
    level: 'warning',
    docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
    find: (subject) =>
      ruleSets(subject.props)
        .filter((set) => set.rules.nodeSelector !== undefined && deniesByDefault(set, 'ingress'))
        .flatMap((set) => {
          const closed = vitalServices(subject, set).filter(
            ({ ports }) => !ports.every((port) => isOpen(setsMeeting(subject, set), port)),
          );
          if (closed.length === 0) return [];
          const names = [...new Set(closed.map(({ what, ports }) => `${what} (${ports.join(', ')})`))].join(', ');
          const message = `No policy here lets anybody reach ${names} on these nodes.`;
          return [
            problem(
              within(set.at, 'ingress'),
              message,
              'Add rules for them, or make the policies by `HostFirewall`, which has them.',
            ),
          ];
        }),
    examples: {
      bad: {
        props: { nodeSelector: WORKERS, ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: ['10250/TCP'] }] }] },
        values: FIREWALL,
        talos: EXAMPLE_CLUSTER,
      },
      good: {
        props: {
          nodeSelector: WORKERS,
          ingress: [
            { fromEntities: ['cluster'], toPorts: [{ ports: ['10250/TCP'] }] },
            { fromEntities: ['remote-node'], toPorts: [{ ports: ['8472/UDP'] }] },
            { fromCIDR: ['192.0.2.0/24'], toPorts: [{ ports: ['50000/TCP'] }] },
          ],
        },
        values: FIREWALL,
        talos: EXAMPLE_CLUSTER,
      },
    },
  },
];

/** What nobody can do without on the nodes of a set, when it is known that they are Talos'. */
function vitalServices({ cilium }: PolicySubject, set: RuleSet): readonly NodeService[] {
  if (cilium?.talos === undefined) return [];
  const selector = set.rules.nodeSelector ?? {};
  const workersOnly = contradict([...conditions(selector), { key: CONTROL_PLANE_LABEL, operator: 'Exists' }]);
  return nodeServices({ cilium, kubeSpan: cilium.talos.kubeSpan?.enabled === true }).filter(
    ({ vital, where }) => vital && (where === 'all nodes' || !workersOnly),
  );
}

/** Whether every port of `2379-2380/TCP` is open to somebody. */
function isOpen(sets: readonly RuleSet[], ports: string): boolean {
  const [, first, last, protocol = ''] = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(ports) ?? [];
  const rules = sets.flatMap(rulesOfSet).filter(({ direction, deny }) => direction === 'ingress' && !deny);
  const count = Number(last ?? first) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => Number(first) + i).every((port) =>
    rules.some((rule) => opens(rule, port, protocol)),
  );
}

function opens(rule: Rule, wanted: number, protocol: string): boolean {
  const { toPorts, icmps, ...peers } = rule.rule;
  if (icmps !== undefined) return false;
  // A rule without peers and ports opens nothing.
  if (toPorts === undefined) return Object.keys(peers).length > 0;
  const holds = ({ port = '', endPort = 0, protocol: own = 'ANY' }: CiliumNetworkPolicyPort): boolean =>
    ['ANY', protocol].includes(own) &&
    (port === '0' || (Number(port) <= wanted && Math.max(Number(port), endPort) >= wanted));
  return portsOfRule(rule).some(({ item }) => (item.ports ?? []).some(holds));
}
