import { CONTROL_PLANE_LABEL } from '../../kubernetes/node-labels';
import { problem } from '../../rules/rule';
import { contradict } from '../../resource/label-conditions';
import { includesPort, within } from './model';
import type { PlacedPort, RuleSet, TrafficRule } from './model';
import { nodeServices } from '../../cilium/parts/node-services';
import type { NodeService } from '../../talos/cluster/node-services';
import type { PolicyRule, PolicySubject } from './policy-rule';
import { setsForSameEndpoints } from './same-endpoints';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';

const FIREWALL = { hostFirewall: { enabled: true } } as const;
const WORKERS = { matchExpressions: [{ key: CONTROL_PLANE_LABEL, operator: 'DoesNotExist' }] } as const;

/** Rules about host policies. */
export const HOST_RULES: readonly PolicyRule[] = [
  {
    id: 'clusterwide-network-policy/host-lockout',
    level: 'warning',
    docs: 'https://docs.siderolabs.com/talos/latest/learn-more/talos-network-connectivity',
    find: (subject) =>
      subject.model.sets
        .filter(({ spec, defaultDeny }) => spec.nodeSelector !== undefined && defaultDeny.includes('ingress'))
        .flatMap((set) => {
          const sets = setsForSameEndpoints(subject, set);
          const closed = vitalServices(subject, set).filter(({ ports }) => !ports.every((port) => isOpen(sets, port)));
          if (closed.length === 0) return [];
          const names = [...new Set(closed.map(({ what, ports }) => `${what} (${ports.join(', ')})`))].join(', ');
          return problem(
            within(set.at, 'ingress'),
            `No policy of this app allows traffic to ${names} on these nodes.`,
            'Add rules for them, or use `HostFirewall`, which includes them.',
          );
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

/** The services that the nodes of a set need, where they are known to run Talos. */
function vitalServices({ cilium }: PolicySubject, { nodes }: RuleSet): readonly NodeService[] {
  if (cilium?.talos === undefined) return [];
  const workersOnly = contradict([...(nodes?.conditions ?? []), { key: CONTROL_PLANE_LABEL, operator: 'Exists' }]);
  return nodeServices({ cilium, kubeSpan: cilium.talos.kubeSpan?.enabled === true }).filter(
    ({ vital, where }) => vital && (where === 'all nodes' || !workersOnly),
  );
}

/** Whether some peer may reach every port of `2379-2380/TCP`. */
function isOpen(sets: readonly RuleSet[], ports: string): boolean {
  const [, first, last, protocol = ''] = /^(\d+)(?:-(\d+))?\/(\w+)$/.exec(ports) ?? [];
  const rules = sets.flatMap((set) => set.rules).filter(({ direction, deny }) => direction === 'ingress' && !deny);
  const count = Number(last ?? first) - Number(first) + 1;
  return Array.from({ length: count }, (_, i) => Number(first) + i).every((port) =>
    rules.some((rule) => opens(rule, port, protocol)),
  );
}

function opens(
  { fields: { toPorts: written, icmps, ...peers }, toPorts }: TrafficRule,
  wanted: number,
  protocol: string,
): boolean {
  if (icmps !== undefined) return false;
  // A rule without peers and ports allows nothing.
  if (written === undefined) return Object.keys(peers).length > 0;
  const holds = (one: PlacedPort): boolean =>
    ['ANY', protocol].includes(one.protocol ?? 'ANY') &&
    one.port !== '' &&
    one.range !== undefined &&
    includesPort(one, wanted);
  return toPorts.some(({ ports }) => ports.some(holds));
}
