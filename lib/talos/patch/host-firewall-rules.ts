import { mapOf } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { mapsOf } from '../../kubernetes/pods';
import type { TalosPatchRule } from './rule';
import type { PatchSubject } from './subject';

interface RequiredPort {
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  readonly what: string;
}

const API: RequiredPort = { port: 50000, protocol: 'TCP', what: 'the Talos API, the only way in for talosctl' };
const SPAN: RequiredPort = { port: 51820, protocol: 'UDP', what: 'KubeSpan, the only way between the nodes' };

const VALUES = { hostFirewall: { enabled: true } };
const policy = (...ports: readonly string[]): KubernetesObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: 'nodes' },
  spec: {
    nodeSelector: {},
    ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: ports.map((port) => ({ port, protocol: 'TCP' })) }] }],
  },
});

/** Policies of the host firewall that block talosctl or KubeSpan: as soon as one selects a node, what no policy allows is dropped. */
export const HOST_FIREWALL_RULES: readonly TalosPatchRule[] = [
  {
    id: 'talos-patch/host-firewall',
    level: 'warning',
    docs: 'https://docs.cilium.io/en/stable/security/host-firewall/',
    find: blockedPorts,
    examples: {
      bad: { values: VALUES, objects: [policy('22')] },
      good: { values: VALUES, objects: [policy('22', '50000')] },
    },
  },
];

function blockedPorts({ talos, objects, config }: PatchSubject): Problem | undefined {
  if (config?.['enable-host-firewall'] !== 'true' || config['policy-audit-mode'] === 'true') return undefined;
  const policies = objects
    .filter(({ object }) => object.kind === 'CiliumClusterwideNetworkPolicy')
    .map(({ at, object }) => ({ at, specs: specsOf(object).filter(selectsNodes) }))
    .filter(({ specs }) => specs.some(deniesByDefault));
  if (policies.length === 0) return undefined;
  const ingress = policies.flatMap(({ specs }) => specs.flatMap((spec) => mapsOf(spec.ingress)));
  const blocked = [API, ...(talos.kubeSpan?.enabled === true ? [SPAN] : [])].filter(
    (required) => !ingress.some((rule) => allows(rule, required)),
  );
  if (blocked.length === 0) return undefined;
  const ports = blocked.map(({ port, protocol, what }) => `${protocol} port ${String(port)} (${what})`);
  return problem(
    [...policies.map(({ at }) => at), 'hostFirewall.enabled'],
    `Policies that select nodes drop all other traffic, and none of them allows ${ports.join(' or ')}.`,
    'Allow it from where it is used, or make the policies with `HostFirewall`, which allows it; try them with policyAuditMode: true first.',
  );
}

function specsOf(object: KubernetesObject): readonly JsonObject[] {
  const { spec, specs } = object;
  return [...(spec === undefined ? [] : [mapOf(spec)]), ...mapsOf(specs)];
}

function selectsNodes({ nodeSelector }: JsonObject): boolean {
  return nodeSelector !== undefined && nodeSelector !== null;
}

/** A policy with ingress rules, even an empty list, drops what they do not allow. */
function deniesByDefault({ ingress, ingressDeny, enableDefaultDeny }: JsonObject): boolean {
  return (Array.isArray(ingress) || Array.isArray(ingressDeny)) && mapOf(enableDefaultDeny).ingress !== false;
}

function allows({ toPorts, icmps }: JsonObject, { port, protocol }: RequiredPort): boolean {
  if (!Array.isArray(toPorts)) return icmps === undefined;
  return mapsOf(toPorts).some(({ ports }) =>
    mapsOf(ports).some((one) => {
      const [first, last] = [Number(one.port), Number(one.endPort ?? one.port)];
      return (
        [undefined, 'ANY', protocol].includes(one.protocol as string | undefined) &&
        (first === 0 || (port >= first && port <= last))
      );
    }),
  );
}
