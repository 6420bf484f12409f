import type { Finding } from '../../rules/finding';
import type { JsonObject } from '../../kubernetes/json';
import { mapOf } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { PatchWithCilium } from './cilium-checks';

const DOCS = 'https://docs.cilium.io/en/stable/security/host-firewall/';

interface Door {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly what: string;
}

const API: Door = { port: 50000, protocol: 'TCP', what: "Talos' API (talosctl has no other way in)" };
const SPAN: Door = { port: 51820, protocol: 'UDP', what: 'KubeSpan (nodes have no other way to each other)' };

/** Policies of the host firewall that lock talosctl out, or KubeSpan: what no policy allows is dropped as soon as one selects a node. */
export function hostFirewallFindings({ input: { talos }, placed, config }: PatchWithCilium): readonly Finding[] {
  if (config?.['enable-host-firewall'] !== 'true' || config['policy-audit-mode'] === 'true') return [];
  const policies = placed
    .filter(({ object }) => object.kind === 'CiliumClusterwideNetworkPolicy')
    .map((one) => ({ ...one, specs: specsOf(one.object).filter(selectsNodes) }))
    .filter(({ specs }) => specs.some(deniesTheRest));
  if (policies.length === 0) return [];
  const rules = policies
    .flatMap(({ specs }) => specs)
    .flatMap((spec) => (Array.isArray(spec.ingress) ? spec.ingress.map(mapOf) : []));
  const shut = [API, ...(talos.kubeSpan?.enabled === true ? [SPAN] : [])].filter(
    (door) => !rules.some((rule) => allows(rule, door)),
  );
  if (shut.length === 0) return [];
  return [
    {
      id: 'talos-patch/host-firewall',
      level: 'warning',
      paths: [...policies.map(({ object, place }) => `${place}: ${identity(object)}`), 'hostFirewall.enabled'],
      message: `Policies select nodes, which then take nothing else, and none of them allows ${shut.map(({ port, protocol, what }) => `${protocol} port ${String(port)} of ${what}`).join(' nor ')}.`,
      hint: 'Allow them from where they are used, or make the policies by `HostFirewall`, which has them; try them with policyAuditMode: true first.',
      docs: DOCS,
    },
  ];
}

function specsOf(object: object): readonly JsonObject[] {
  const { spec, specs } = object as { readonly spec?: unknown; readonly specs?: unknown };
  return [...(spec === undefined ? [] : [spec]), ...(Array.isArray(specs) ? specs : [])].map(mapOf);
}

function selectsNodes({ nodeSelector }: JsonObject): boolean {
  return nodeSelector !== undefined && nodeSelector !== null;
}

/** A policy with ingress rules, an empty list among them, drops what they do not allow. */
function deniesTheRest({ ingress, ingressDeny, enableDefaultDeny }: JsonObject): boolean {
  return (Array.isArray(ingress) || Array.isArray(ingressDeny)) && mapOf(enableDefaultDeny).ingress !== false;
}

function allows({ toPorts, icmps }: JsonObject, { port, protocol }: Door): boolean {
  if (!Array.isArray(toPorts)) return icmps === undefined;
  return toPorts.map(mapOf).some(({ ports }) =>
    (Array.isArray(ports) ? ports.map(mapOf) : []).some((one) => {
      const [first, last] = [Number(one.port), Number(one.endPort ?? one.port)];
      return (
        [undefined, 'ANY', protocol].includes(one.protocol as string | undefined) &&
        (first === 0 || (port >= first && port <= last))
      );
    }),
  );
}
