import type { Context } from '../cilium/context';
import { deviceWords } from '../cilium/parts/devices';
import type { Finding } from '../findings';
import { given } from '../helm/truth';
import { networkOf } from '../kubernetes/cidr';
import { unknownProps } from '../kubernetes/known-props';
import { listOf } from './host-firewall';
import type { HostFirewallProps } from './host-firewall';
import { DOCS, problem } from './policy-check';

/** Ids of the findings of a host firewall start so; those of its two policies are theirs. */
export const HOST_FIREWALL = 'host-policies';

const KNOWN: Readonly<Record<keyof HostFirewallProps, true>> = {
  apiFrom: true,
  audit: true,
  cilium: true,
  ciliumVersion: true,
  extra: true,
  extraOnControlPlanes: true,
  extraOnWorkers: true,
  kubernetesApiPort: true,
  metadata: true,
  metrics: true,
  name: true,
  nodeNetworks: true,
  silence: true,
  talos: true,
};

const ELSEWHERE = {
  ingress: 'Write `extra: [ … ]`.',
  egress: 'What nodes send is free; write a ClusterwideNetworkPolicy of your own for it.',
  nodeSelector: 'Control planes and workers are told apart by their label; write a ClusterwideNetworkPolicy of your own for other nodes.',
  namespace: 'Leave it out: policies for nodes belong to no namespace.',
};

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
    rule: 'list',
    level: 'error',
    find: (props) =>
      (['apiFrom', 'nodeNetworks', 'extra', 'extraOnControlPlanes', 'extraOnWorkers'] as const)
        .filter((field) => props[field] !== undefined && !Array.isArray(props[field]))
        .map((field) => problem(field, 'It is no list.', `Write \`${field}: [ … ]\`.`)),
  },
  {
    rule: 'network',
    level: 'error',
    find: (props) =>
      (['apiFrom', 'nodeNetworks'] as const).flatMap((field) =>
        listOf(props[field]).flatMap((text, i) => {
          const at = `${field}[${String(i)}]`;
          const network = networkOf(String(text));
          if (network === undefined)
            return [problem(at, `'${text}' is no network.`, 'Write one such as 192.0.2.0/24, or 192.0.2.7/32 for one address.')];
          if (network.aligned) return [];
          const one = `${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'}`;
          return [problem(at, `${text} has host bits; all of ${network.network} would be meant.`, `Write ${network.network}, or ${one}.`)];
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
    rule: 'kubernetes-api-port',
    level: 'error',
    find: ({ kubernetesApiPort: port = 6443 }) =>
      Number.isInteger(port) && port > 0 && port <= 65535
        ? []
        : [problem('kubernetesApiPort', `${String(port)} is no port.`, 'Write a number from 1 to 65535.')],
  },
  {
    rule: 'audit',
    level: 'error',
    docs: 'https://docs.cilium.io/en/stable/security/host-firewall/',
    find: ({ audit }, cilium) =>
      audit === true && cilium !== undefined && !given(cilium.v.policyAuditMode)
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
      audit !== true && given(cilium?.v.policyAuditMode)
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
      (talos ?? cilium?.talos)?.kubeSpan?.enabled === true && cilium !== undefined && deviceWords(cilium.v.devices).length === 0
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
      [extra, extraOnControlPlanes, extraOnWorkers].some((rules) => listOf(rules).length > 0)
        ? []
        : GATEWAYS.filter((name) => given(cilium?.v[name].enabled) && given(cilium?.v[name].hostNetwork.enabled)).map((name) =>
            problem(
              ['extra', `cilium.${name}.hostNetwork.enabled`],
              'Gateways listen on the nodes themselves here, and nothing opens their ports.',
              "Add `extra: [{ fromEntities: ['world'], toPorts: [{ ports: ['80/TCP', '443/TCP'] }] }]` with the ports of their listeners.",
            ),
          ),
  },
];

/** Ids of these rules. */
export const HOST_FIREWALL_IDS: readonly string[] = CHECKS.map(({ rule }) => `${HOST_FIREWALL}/${rule}`);

/** What is wrong, or worth knowing, about a host firewall beside its two policies. */
export function hostFirewallFindings(props: HostFirewallProps): readonly Finding[] {
  const cilium = props.cilium?.rendered?.context;
  return [
    ...unknownProps(HOST_FIREWALL, props, Object.keys(KNOWN), ELSEWHERE),
    ...CHECKS.flatMap(({ rule, level, docs, find }) =>
      find(props, cilium).map((found) => ({ ...found, id: `${HOST_FIREWALL}/${rule}`, level, docs })),
    ),
  ];
}
