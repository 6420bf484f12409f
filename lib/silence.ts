import { allChecks } from './cilium/checks';
import { CLUSTER_CHECKS } from './cilium/clusters';
import { RESOURCE_KINDS } from './custom-resource/kinds';
import type { Finding } from './findings';
import { nearest } from './kubernetes/known-props';
import { KUBESPAN_ROUTES_IDS } from './kubespan/checks';
import { SERVICE_IDS } from './load-balancer/service-checks';
import { HOST_FIREWALL_IDS } from './policy/host-firewall-checks';

/** Warnings that are no rules as data, by the subject that begins their ids. A test looks for others in the sources. */
const WRITTEN_WHERE_THEY_ARISE: Readonly<Record<string, readonly string[]>> = {
  values: ['image-incomplete', 'image-tag', 'other-version', 'removed', 'unknown', 'unknown-patch', 'word'],
  'load-values': ['surprising-scalar'],
  'helm-release': ['beyond-values', 'private-key'],
  'talos-cluster': [
    'kernel-module-built-in',
    'kube-prism-port',
    'kubespan-filter-order',
    'node-restriction',
    'one-node',
    'server-in-cluster',
    'server-is-vip',
    'sysctl-breaks',
    'sysctl-hardening',
    'vip-dhcp',
  ],
  'talos-patch': [
    'cilium-elsewhere',
    'cilium-left-out',
    'cilium-not-said',
    'cluster-address',
    'host-firewall',
    'host-port-unserved',
    'idle-objects',
    'job',
    'kube-proxy-beside',
    'label-removal',
    'no-gateway-api',
    'no-kubespan-routes',
    'node-port',
    'nothing-to-chain',
    'pod-security',
    'pool-addresses',
    'two-networks',
    'user-data-16-kib',
    'user-data-32-kib',
    'worker-role',
  ],
};

let known: ReadonlySet<string> | undefined;

/** The ids of every rule of the library that may be told as a warning. */
export function silenceableIds(): ReadonlySet<string> {
  known ??= new Set([
    ...allChecks().map(({ id }) => id),
    ...CLUSTER_CHECKS.map(({ id }) => id),
    ...RESOURCE_KINDS.flatMap(({ checks }) => checks.map(({ id }) => id)),
    ...KUBESPAN_ROUTES_IDS,
    ...SERVICE_IDS,
    ...HOST_FIREWALL_IDS,
    ...Object.entries(WRITTEN_WHERE_THEY_ARISE).flatMap(([subject, rules]) => rules.map((rule) => `${subject}/${rule}`)),
  ]);
  return known;
}

/**
 * What is wrong with a list of ids of warnings that are accepted, under the id `<subject>/silence`: an id that no rule has would
 * do nothing without a word. Ids of other constructs are taken, so that an app may have one list for all.
 * @param own ids of rules that are the user's.
 */
export function silenceFindings(subject: string, silence: unknown, own: readonly string[] = []): readonly Finding[] {
  if (silence === undefined) return [];
  const problem = (at: string, says: string, fix: string): Finding => ({ id: `${subject}/silence`, level: 'error', at: [at], says, fix });
  if (!Array.isArray(silence)) return [problem('silence', 'It is no list.', "Write the ids of warnings: silence: ['…'].")];
  const ids = [...silenceableIds(), ...own];
  return silence.flatMap((id: unknown, i) => {
    if (typeof id === 'string' && ids.includes(id)) return [];
    const match = typeof id === 'string' ? nearest(id, ids) : undefined;
    const fix = match === undefined ? 'Write the id as it stands in brackets behind the warning.' : `Did you mean '${match}'?`;
    return [problem(`silence[${String(i)}]`, `${JSON.stringify(id)} is the id of no warning.`, fix)];
  });
}
