import { allChecks } from '../lib/cilium/checks';
import { CLUSTER_CHECKS } from '../lib/cilium/clusters';
import { RESOURCE_KINDS } from '../lib/custom-resource/kinds';
import { KUBESPAN_ROUTES_IDS } from '../lib/kubespan/checks';
import { SERVICE_IDS } from '../lib/load-balancer/service-checks';
import { HOST_FIREWALL_IDS } from '../lib/policy/host-firewall-checks';

/** Warnings that are no rules as data, by the subject that begins their ids. A test looks for others in the sources. */
const WRITTEN_WHERE_THEY_ARISE: Readonly<Record<string, readonly string[]>> = {
  values: ['image-incomplete', 'image-tag', 'other-version', 'removed', 'unknown', 'unknown-patch', 'word'],
  'load-values': ['surprising-scalar'],
  'helm-release': ['beyond-values', 'private-key', 'uninstall'],
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

/** `lib/silenceable-ids.ts`: the ids as data, because a list made of the rules would load the rules of every room with it. */
export function silenceableIdsModule(): string {
  const ids = new Set([
    ...allChecks().map(({ id }) => id),
    ...CLUSTER_CHECKS.map(({ id }) => id),
    ...RESOURCE_KINDS.flatMap(({ checks }) => checks.map(({ id }) => id)),
    ...KUBESPAN_ROUTES_IDS,
    ...SERVICE_IDS,
    ...HOST_FIREWALL_IDS,
    ...Object.entries(WRITTEN_WHERE_THEY_ARISE).flatMap(([subject, rules]) => rules.map((rule) => `${subject}/${rule}`)),
  ]);
  const lines = [...ids].sort().map((id) => `  '${id}',`);
  return [
    '// Written by `npm run docs`, from the rules themselves.',
    '',
    '/** The ids of the rules of the library, those of errors among them. */',
    'export const SILENCEABLE_IDS: readonly string[] = [',
    ...lines,
    '];',
    '',
  ].join('\n');
}
