import type { Context } from '../../cilium/context';
import { deviceWords } from '../../cilium/parts/devices';
import { contextOf } from '../../cilium/reference';
import { isTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import type { ResourceExample } from '../../resource/kind';
import type { Finding } from '../../rules/finding';
import { problem, runRules } from '../../rules/rule';
import type { Rule } from '../../rules/rule';
import { quoted } from '../../rules/words';
import type { TalosFacts } from '../../talos/cluster/facts';
import { disagreements, withTalosFirewall } from './both-firewalls';
import { DOCS } from './policy-rule';
import type { HostFirewallProps } from './props';
import { EXAMPLE_CLUSTER } from '../../talos/cluster/example';

/** First part of the ids of a host firewall's findings; its two policies have their own. */
export const HOST_FIREWALL = 'host-policies';

/** A host firewall that rules look at. */
interface HostFirewallSubject {
  /** With what comes from Talos' ingress firewall. */
  readonly props: HostFirewallProps;
  readonly given: HostFirewallProps;
  readonly cilium: Context | undefined;
  readonly talos: TalosFacts | undefined;
  /** The entries of `apiFrom` and `nodeNetworks`; without a network where it is not a CIDR. */
  readonly cidrs: readonly { readonly at: string; readonly text: string; readonly network: Cidr | undefined }[];
  readonly hasExtraRules: boolean;
}

/** An input of a rule's examples. */
export type HostFirewallExample = Pick<ResourceExample<HostFirewallProps>, 'props' | 'version' | 'values' | 'talos'>;

const HOST_DOCS = 'https://docs.cilium.io/en/stable/security/host-firewall/';
const GATEWAYS = ['gatewayAPI', 'ingressController'] as const;

const ADMIN = { apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] } as const;
const FIREWALL = { hostFirewall: { enabled: true } } as const;
const AUDIT = { ...FIREWALL, policyAuditMode: true } as const;
const KUBE_SPAN = { ...EXAMPLE_CLUSTER, kubeSpan: { enabled: true } } as const;
const BOTH = { ...EXAMPLE_CLUSTER, ingressFirewall: ADMIN } as const;
const HOST_NETWORK = {
  ...FIREWALL,
  kubeProxyReplacement: true,
  gatewayAPI: { enabled: true, hostNetwork: { enabled: true } },
} as const;
const HTTP_RULE = { fromEntities: ['world'], toPorts: [{ ports: ['8080/TCP'] }] } as const;

/** Rules about a host firewall. */
export const HOST_FIREWALL_RULES: readonly Rule<HostFirewallSubject, HostFirewallExample>[] = [
  {
    id: 'host-policies/network',
    level: ({ cidrs }) => (cidrs.every(({ network }) => network !== undefined) ? 'warning' : 'error'),
    find: ({ cidrs }) =>
      cidrs.flatMap(({ at, text, network }) => {
        if (network === undefined)
          return problem(
            at,
            `${quoted(text)} is not a CIDR.`,
            'Write one such as 192.0.2.0/24, or 192.0.2.7/32 for one address.',
          );
        return network.aligned
          ? []
          : problem(
              at,
              `${text} has host bits set; it matches all of ${network.network}.`,
              `Write ${network.network}, or ${String(text.split('/')[0])}/${network.family === 4 ? '32' : '128'} for one address.`,
            );
      }),
    examples: {
      bad: { props: { ...ADMIN, apiFrom: ['192.0.2.7/24'] } },
      good: { props: { ...ADMIN, apiFrom: ['192.0.2.7/32'] } },
    },
  },
  {
    id: 'host-policies/nobody',
    level: 'warning',
    find: ({ props: { apiFrom } }) =>
      apiFrom?.length === 0 &&
      problem(
        'apiFrom',
        'No client outside the cluster could reach the Talos API.',
        'Add the CIDRs of the administrators.',
      ),
    examples: { bad: { props: { ...ADMIN, apiFrom: [] } }, good: { props: ADMIN } },
  },
  {
    id: 'host-policies/audit',
    level: 'warning',
    docs: HOST_DOCS,
    find: ({ props: { audit }, cilium }) =>
      audit === true &&
      cilium !== undefined &&
      !isTruthy(cilium.v.policyAuditMode) &&
      problem(
        ['audit', 'cilium.policyAuditMode'],
        'Cilium would drop what the policies do not allow: policy audit mode is off.',
        "Set `policyAuditMode: true` in Cilium's values, which applies to every policy, or leave `audit` out.",
      ),
    examples: {
      bad: { props: { ...ADMIN, audit: true }, values: FIREWALL },
      good: { props: { ...ADMIN, audit: true }, values: AUDIT },
    },
  },
  {
    id: 'host-policies/audit-only',
    level: 'warning',
    docs: HOST_DOCS,
    find: ({ props: { audit }, cilium }) =>
      audit !== true &&
      isTruthy(cilium?.v.policyAuditMode) &&
      problem(
        ['audit', 'cilium.policyAuditMode'],
        'In policy audit mode Cilium drops nothing, neither on nodes nor for pods.',
        "Leave `policyAuditMode` out of Cilium's values to enforce the policies, or set `audit: true`.",
      ),
    examples: {
      bad: { props: ADMIN, values: AUDIT },
      good: { props: { ...ADMIN, audit: true }, values: AUDIT },
    },
  },
  {
    id: 'host-policies/open-apis',
    level: 'warning',
    find: ({ props: { apiFrom } }) =>
      apiFrom === undefined &&
      problem(
        'apiFrom',
        'The Talos API and the Kubernetes API are open to everywhere, protected by keys and certificates only.',
        'Add the CIDRs of their clients.',
      ),
    examples: { bad: { props: {} }, good: { props: ADMIN } },
  },
  {
    id: 'host-policies/joining-nodes',
    level: 'warning',
    find: ({ props: { apiFrom = [], nodeNetworks } }) =>
      apiFrom.length > 0 &&
      nodeNetworks === undefined &&
      problem(
        ['apiFrom', 'nodeNetworks'],
        'Until Cilium runs on a joining node, the node has identity `world`, and reaches the Kubernetes API only from these CIDRs.',
        'Add the CIDRs of the nodes as `nodeNetworks`.',
      ),
    examples: { bad: { props: { apiFrom: ADMIN.apiFrom } }, good: { props: ADMIN } },
  },
  {
    id: 'host-policies/devices',
    level: 'warning',
    docs: DOCS.host,
    find: ({ cilium, talos }) =>
      talos?.kubeSpan?.enabled === true &&
      cilium !== undefined &&
      deviceWords(cilium.v.devices).length === 0 &&
      problem(
        ['cilium.devices', 'talos.kubeSpan.enabled'],
        'The agent detects devices by their routes, and may choose the link `kubespan`; host policies do not work on WireGuard.',
        "Set the NICs of the nodes in Cilium's values, `devices: ['eth+']`.",
      ),
    examples: {
      bad: { props: ADMIN, values: FIREWALL, talos: KUBE_SPAN },
      good: { props: ADMIN, values: { ...FIREWALL, devices: ['eth+'] }, talos: KUBE_SPAN },
    },
  },
  {
    id: 'host-policies/gateways',
    level: 'warning',
    docs: DOCS.host,
    find: ({ cilium, hasExtraRules }) =>
      !hasExtraRules &&
      GATEWAYS.filter((name) => isTruthy(cilium?.v[name].enabled) && isTruthy(cilium?.v[name].hostNetwork.enabled)).map(
        (name) =>
          problem(
            ['extra', `cilium.${name}.hostNetwork.enabled`],
            'Gateways listen on the nodes in host network mode, and no rule allows their ports.',
            "Add `extra: [{ fromEntities: ['world'], toPorts: [{ ports: ['80/TCP', '443/TCP'] }] }]` with the ports of their listeners.",
          ),
      ),
    examples: {
      bad: { props: ADMIN, values: HOST_NETWORK },
      good: { props: { ...ADMIN, extra: [HTTP_RULE] }, values: HOST_NETWORK },
    },
  },
  {
    id: 'host-policies/talos-firewall',
    level: 'warning',
    docs: 'https://docs.siderolabs.com/talos/v1.14/networking/ingress-firewall',
    find: ({ given }) => disagreements(given),
    examples: {
      bad: { props: { nodeNetworks: ['198.51.100.0/25'] }, values: FIREWALL, talos: BOTH },
      good: { props: {}, values: FIREWALL, talos: BOTH },
    },
  },
];

/** Findings about a host firewall besides those of its two policies; the props must have their shape. */
export function hostFirewallFindings(given: HostFirewallProps): readonly Finding[] {
  const props = withTalosFirewall(given);
  const cilium = contextOf(props);
  return runRules(HOST_FIREWALL_RULES, {
    props,
    given,
    cilium,
    talos: props.talos ?? cilium?.talos,
    cidrs: (['apiFrom', 'nodeNetworks'] as const).flatMap((field) =>
      (given[field] ?? []).map((text, i) => ({ at: `${field}[${String(i)}]`, text, network: networkOf(text) })),
    ),
    hasExtraRules: [props.extra, props.extraOnControlPlanes, props.extraOnWorkers].some(
      (rules = []) => rules.length > 0,
    ),
  });
}
