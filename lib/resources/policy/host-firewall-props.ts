import { CILIUM_SHAPE, REFUSED_CILIUM, isCilium } from '../../cilium/reference';
import { TALOS_FACTS } from '../../talos/cluster/facts';
import { readProps } from '../../props/check';
import { anything, boolean, integer, listOf, mapOf, needed, props, ruled, text } from '../../props/shape';
import { shapeFindingsOf } from '../../resource/resource';
import type { Finding } from '../../rules/finding';
import type { Rule } from '../../rules/rule';
import { HOST_FIREWALL } from './host-firewall-rules';
import type { HostFirewallExample } from './host-firewall-rules';
import { clusterwideNetworkPolicy } from './network-policy';
import type { HostFirewallProps, IngressRule } from './props';

const ELSEWHERE = {
  ingress: 'Write `extra: [ … ]`.',
  egress: 'HostFirewall does not restrict egress; write your own CiliumClusterwideNetworkPolicy for it.',
  nodeSelector:
    'HostFirewall distinguishes control planes and workers by their label; write your own CiliumClusterwideNetworkPolicy for other nodes.',
  namespace: 'Leave it out: host policies are cluster-scoped.',
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

/** Findings about the shape of the props, and the props that are valid. */
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
    // The two policies do not report an invalid Cilium again.
    sound: { ...Object.fromEntries(kept), cilium: isCilium(sound.cilium) ? sound.cilium : REFUSED_CILIUM },
  };
}

/** What the schema of policies rejects in additional rules. */
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

const GOOD: HostFirewallExample = { props: { apiFrom: ['192.0.2.0/24'], nodeNetworks: ['198.51.100.0/24'] } };

/** Findings about the props, with examples. */
export const HOST_FIREWALL_PROP_FINDINGS: readonly Omit<Rule<never, HostFirewallExample>, 'find'>[] = Object.entries({
  missing: { cilium: undefined },
  'unknown-prop': { ingress: [] },
  type: { metrics: 'yes' },
  name: { name: 7 },
  label: { metadata: { labels: { team: 7 } } },
  annotation: { metadata: { annotations: { team: 7 } } },
  list: { apiFrom: '192.0.2.0/24' },
  'kubernetes-api-port': { kubernetesApiPort: 0 },
  'unknown-field': { extra: [{ fromEntity: ['world'] }] },
  word: { extra: [{ fromEntities: ['internet'] }] },
}).map(([rule, bad]) => ({
  id: `${HOST_FIREWALL}/${rule}`,
  level: 'error',
  examples: { bad: { props: { ...GOOD.props, ...bad } as HostFirewallExample['props'] }, good: GOOD },
}));
