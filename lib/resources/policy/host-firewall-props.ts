import { CHOICE, choiceFindings } from '../../cilium/reference';
import { TALOS_FACTS } from '../../cilium/talos-facts';
import { readProps } from '../../props/check';
import type { ReadProps } from '../../props/check';
import { anything, boolean, integer, listOf, mapOf, props, ruled, text } from '../../props/shape';
import { shapeFindingsOf } from '../../resource/resource';
import type { Finding } from '../../rules/finding';
import { HOST_FIREWALL } from './host-firewall-rules';
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
    ...CHOICE,
    name: ruled('name', text),
    metadata: props<NonNullable<HostFirewallProps['metadata']>>({
      labels: mapOf(ruled('label', text)),
      annotations: mapOf(ruled('annotation', text)),
    }),
    silence: anything,
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

/** Replaces a Cilium that was rejected already, so that the two policies do not report it again. */
const REFUSED_CILIUM = { version: '', rendered: undefined, kubeProxyReplacement: false };

/** Findings about the shape of the props, and the props that are valid. */
export function readHostFirewall(given: unknown): ReadProps<HostFirewallProps> {
  const { findings, sound } = readProps<HostFirewallProps>(HOST_FIREWALL, given, SHAPE);
  const choice = findings.length > 0 && Object.keys(sound).length === 0 ? [] : choiceFindings(HOST_FIREWALL, sound);
  const isMisread = findings.some(
    ({ paths: [place] }) => place === 'cilium' || place === 'ciliumVersion' || place === 'props',
  );
  const rules = (['extra', 'extraOnControlPlanes', 'extraOnWorkers'] as const).map(
    (name) => [name, ruleFindings(name, sound)] as const,
  );
  const wrong = new Set<string>(rules.filter(([, found]) => found.length > 0).map(([name]) => name));
  const kept = Object.entries(sound).filter(([name]) => !wrong.has(name));
  const refused = isMisread || choice.length > 0;
  return {
    findings: [...(isMisread ? [] : choice), ...findings, ...rules.flatMap(([, found]) => found)],
    sound: {
      ...Object.fromEntries(kept),
      ...(refused ? { cilium: REFUSED_CILIUM, ciliumVersion: undefined } : {}),
    } as Partial<HostFirewallProps>,
  };
}

/** What the schema of policies rejects in additional rules. */
function ruleFindings(
  name: 'extra' | 'extraOnControlPlanes' | 'extraOnWorkers',
  sound: Partial<HostFirewallProps>,
): readonly Finding[] {
  const { [name]: ingress, cilium, ciliumVersion } = sound;
  if (ingress === undefined) return [];
  const found = shapeFindingsOf({
    of: clusterwideNetworkPolicy,
    name: 'extra',
    props: { cilium, ciliumVersion, nodeSelector: {}, ingress },
  });
  return found.map(({ id, paths, ...words }) => ({
    ...words,
    id: `${HOST_FIREWALL}/${id.slice(id.indexOf('/') + 1)}`,
    paths: paths.map((place) => place.replace(/^ingress\b/, name)),
  }));
}
