import type { HostFirewallProps, IngressRule } from './props';
import type { Context } from '../../cilium/context';
import { deviceWords } from '../../cilium/parts/devices';
import { CILIUM_SHAPE, REFUSED_CILIUM, contextOf, isCilium } from '../../cilium/reference';
import { TALOS_FACTS } from '../../talos/cluster/facts';
import { shapeFindingsOf } from '../../resource/resource';
import type { Finding } from '../../rules/finding';
import { isTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import { readProps } from '../../props/check';
import { anything, boolean, integer, listOf, mapOf, needed, props, ruled, text } from '../../props/shape';
import { quoted } from '../../rules/words';
import { clusterwideNetworkPolicy } from './network-policy';
import { DOCS, problem } from './policy-rule';

/** Ids of the findings of a host firewall start so; those of its two policies are theirs. */
export const HOST_FIREWALL = 'host-policies';

const ELSEWHERE = {
  ingress: 'Write `extra: [ … ]`.',
  egress: 'What nodes send is free; write a CiliumClusterwideNetworkPolicy of your own for it.',
  nodeSelector:
    'Control planes and workers are told apart by their label; write a CiliumClusterwideNetworkPolicy of your own for other nodes.',
  namespace: 'Leave it out: policies for nodes belong to no namespace.',
};

const RULES = listOf<IngressRule>(anything);

const SHAPE = props<HostFirewallProps>(
  {
    cilium: needed(CILIUM_SHAPE),
    name: ruled('name', text),
    metadata: props<NonNullable<HostFirewallProps['metadata']>>({
      labels: mapOf(ruled('label', text)),
      annotations: mapOf(ruled('annotation', text)),
    }),
    acknowledge: anything,
    talos: TALOS_FACTS,
    apiFrom: ruled('list', listOf(text)),
    nodeNetworks: ruled('list', listOf(text)),
    kubernetesApiPort: ruled('kubernetes-api-port', integer(1, 65535)),
    metrics: boolean,
    audit: boolean,
    extra: ruled('list', RULES),
    extraOnControlPlanes: ruled('list', RULES),
    extraOnWorkers: ruled('list', RULES),
  },
  { elsewhere: ELSEWHERE },
);

/** What is wrong with the props of a host firewall, and what its policies can be made from. */
export function readHostFirewall(given: unknown): {
  readonly findings: readonly Finding[];
  readonly sound: HostFirewallProps;
} {
  const { findings, sound } = readProps<HostFirewallProps>(HOST_FIREWALL, given, SHAPE);
  const rules = (['extra', 'extraOnControlPlanes', 'extraOnWorkers'] as const).map(
    (name) => [name, ruleFindings(name, sound)] as const,
  );
  const wrong = new Set<string>(rules.filter(([, found]) => found.length > 0).map(([name]) => name));
  const kept = Object.entries(sound).filter(([name]) => !wrong.has(name));
  return {
    findings: [...findings, ...rules.flatMap(([, found]) => found)],
    // The two policies say nothing of a Cilium that was refused here.
    sound: { ...Object.fromEntries(kept), cilium: isCilium(sound.cilium) ? sound.cilium : REFUSED_CILIUM },
  };
}

/** What the schema of policies does not take of rules that are let in besides. */
function ruleFindings(
  name: 'extra' | 'extraOnControlPlanes' | 'extraOnWorkers',
  sound: Partial<HostFirewallProps>,
): readonly Finding[] {
  const { [name]: ingress, cilium } = sound;
  if (ingress === undefined || cilium === undefined) return [];
  const found = shapeFindingsOf({
    of: clusterwideNetworkPolicy,
    name: 'extra',
    props: { cilium, nodeSelector: {}, ingress },
  });
  return found.map(({ id, paths, ...words }) => ({
    ...words,
    id: `${HOST_FIREWALL}/${id.slice(id.indexOf('/') + 1)}`,
    paths: paths.map((place) => place.replace(/^ingress\b/, name)),
  }));
}

/** A rule about a host firewall as data. */
interface HostFirewallCheck {
  readonly rule: string;
  readonly level: Finding['level'];
  readonly docs?: string;
  find(props: HostFirewallProps, cilium: Context | undefined): readonly Omit<Finding, 'id' | 'level'>[];
}

const GATEWAYS = ['gatewayAPI', 'ingressController'] as const;

/** Rules about a host firewall. */
const CHECKS: readonly HostFirewallCheck[] = [
  {
    rule: 'network',
    level: 'error',
    find: (props) =>
      (['apiFrom', 'nodeNetworks'] as const).flatMap((field) =>
        (props[field] ?? []).flatMap((cidr, i) => {
          const at = `${field}[${String(i)}]`;
          const network = networkOf(cidr);
          if (network === undefined)
            return [
              problem(
                at,
                `${quoted(cidr)} is not a CIDR.`,
                'Write one such as 192.0.2.0/24, or 192.0.2.7/32 for one address.',
              ),
            ];
          if (network.aligned) return [];
          const one = `${String(cidr.split('/')[0])}/${network.family === 4 ? '32' : '128'}`;
          return [
            problem(
              at,
              `${cidr} has host bits; all of ${network.network} would be meant.`,
              `Write ${network.network}, or ${one}.`,
            ),
          ];
        }),
      ),
  },
  {
    rule: 'nobody',
    level: 'error',
    find: ({ apiFrom }) =>
      apiFrom?.length === 0
        ? [
            problem(
              'apiFrom',
              "Nobody outside of the cluster could reach Talos' API any more.",
              'Name the networks of those who look after the cluster.',
            ),
          ]
        : [],
  },
  {
    rule: 'audit',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/security/host-firewall/',
    find: ({ audit }, cilium) =>
      audit === true && cilium !== undefined && !isTruthy(cilium.v.policyAuditMode)
        ? [
            problem(
              ['audit', 'cilium.policyAuditMode'],
              'Cilium would drop what the policies do not let in: it is not told to report only.',
              "Set `policyAuditMode: true` in Cilium's values, which holds for every policy, or leave `audit` out.",
            ),
          ]
        : [],
  },
  {
    rule: 'audit-only',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/security/host-firewall/',
    find: ({ audit }, cilium) =>
      audit !== true && isTruthy(cilium?.v.policyAuditMode)
        ? [
            problem(
              ['audit', 'cilium.policyAuditMode'],
              'Cilium drops nothing, it reports only, and not for nodes alone.',
              "Leave `policyAuditMode` out of Cilium's values to close the nodes, or say `audit: true` that it is meant.",
            ),
          ]
        : [],
  },
  {
    rule: 'open-apis',
    level: 'warning',
    find: ({ apiFrom }) =>
      apiFrom === undefined
        ? [
            problem(
              'apiFrom',
              "Talos' API and the Kubernetes API are open to everywhere; keys and certificates guard them alone.",
              'Name the networks of those who use them.',
            ),
          ]
        : [],
  },
  {
    rule: 'joining-nodes',
    level: 'warning',
    find: ({ apiFrom, nodeNetworks }) =>
      apiFrom !== undefined && apiFrom.length > 0 && nodeNetworks === undefined
        ? [
            problem(
              ['apiFrom', 'nodeNetworks'],
              'Until Cilium runs on a node that joins, it is a stranger, and reaches the Kubernetes API from these networks only.',
              'Name the networks of the nodes as `nodeNetworks`.',
            ),
          ]
        : [],
  },
  {
    rule: 'devices',
    level: 'warning',
    docs: DOCS.host,
    find: ({ talos }, cilium) =>
      (talos ?? cilium?.talos)?.kubeSpan?.enabled === true &&
      cilium !== undefined &&
      deviceWords(cilium.v.devices).length === 0
        ? [
            problem(
              ['cilium.devices', 'talos.kubeSpan.enabled'],
              'The agent chooses devices by their routes, and so may choose the link `kubespan`; policies for nodes do not work on WireGuard.',
              "Name the nodes' own devices in Cilium's values, `devices: ['eth+']`.",
            ),
          ]
        : [],
  },
  {
    rule: 'gateways',
    level: 'warning',
    docs: DOCS.host,
    find: ({ extra, extraOnControlPlanes, extraOnWorkers }, cilium) =>
      [extra, extraOnControlPlanes, extraOnWorkers].some((rules = []) => rules.length > 0)
        ? []
        : GATEWAYS.filter(
            (name) => isTruthy(cilium?.v[name].enabled) && isTruthy(cilium?.v[name].hostNetwork.enabled),
          ).map((name) =>
            problem(
              ['extra', `cilium.${name}.hostNetwork.enabled`],
              'Gateways listen on the nodes themselves here, and nothing opens their ports.',
              "Add `extra: [{ fromEntities: ['world'], toPorts: [{ ports: ['80/TCP', '443/TCP'] }] }]` with the ports of their listeners.",
            ),
          ),
  },
];

/** Ids and levels of these rules. */
export const HOST_FIREWALL_LEVELS: readonly Pick<Finding, 'id' | 'level'>[] = CHECKS.map(({ rule, level }) => ({
  id: `${HOST_FIREWALL}/${rule}`,
  level,
}));

/** What is wrong, or worth knowing, about a host firewall beside its two policies; of props that have their shape. */
export function hostFirewallFindings(given: HostFirewallProps): readonly Finding[] {
  const cilium = contextOf(given);
  return CHECKS.flatMap(({ rule, level, docs, find }) =>
    find(given, cilium).map((found) => ({ ...found, id: `${HOST_FIREWALL}/${rule}`, level, docs })),
  );
}
