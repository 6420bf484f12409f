import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER_RULES } from '../lib/cilium/clusters';
import { VALUE_RULES } from '../lib/cilium/rules';
import { RESOURCE_KINDS } from '../lib/resources/kinds';
import type { Finding } from '../lib/rules/finding';
import { EXAMPLE_WORKLOAD_PROP_IDS, EXAMPLE_WORKLOAD_RULES } from '../lib/demo/rules';
import { HELM_RELEASE_PROP_IDS, HELM_RELEASE_RULES } from '../lib/gitops/rules';
import { KUBERNETES_FINDINGS } from '../lib/kubernetes-schema/rules';
import { KUBESPAN_ROUTES_PROP_IDS, KUBESPAN_ROUTES_RULES } from '../lib/kubespan/rules';
import { SERVICE_RULES } from '../lib/resources/load-balancer/service-rules';
import { TALOS_CLUSTER_FINDINGS, TALOS_CLUSTER_RULES } from '../lib/talos/cluster/cluster';
import { HOST_FIREWALL_RULES } from '../lib/resources/policy/host-firewall-rules';
import { COMMANDS_RULES, MIGRATION_RULES } from '../lib/talos/commands/rules';
import { TALOS_PATCH_RULES } from '../lib/talos/patch/rules';
import { PATCH_PROP_IDS } from '../lib/talos/patch/shape';

/** Warnings that are no rules as data, by the subject that begins their ids. A test looks for others in the sources. */
const WRITTEN_WHERE_THEY_ARISE: Readonly<Record<string, readonly string[]>> = {
  values: ['image-incomplete', 'image-tag', 'other-version', 'removed', 'unknown', 'unknown-patch', 'word'],
  app: ['unused-acknowledgement'],
  'load-values': ['surprising-scalar'],
};

/** Errors that every custom resource may have, beside those of its rules. */
const OF_EVERY_RESOURCE: readonly string[] = [];

/** Forms in which sources write errors that are no rules as data, and the subject of those that name only the rule. */
const FORMS: readonly { readonly form: RegExp; readonly room: RegExp; readonly subject?: string }[] = [
  { form: /\bid: '([a-z0-9-]+\/[a-z0-9-]+)',\s*level: 'error'/g, room: /./ },
  { form: /\bfinding\(\s*'([a-z0-9-]+)'/g, room: /^kubernetes.guard/, subject: 'object' },
];

/** Every rule as data. */
function rules(): readonly Pick<Finding, 'id' | 'level'>[] {
  return [
    ...[
      ...VALUE_RULES,
      ...CLUSTER_RULES,
      ...TALOS_CLUSTER_FINDINGS,
      ...TALOS_CLUSTER_RULES,
      ...TALOS_PATCH_RULES,
      ...PATCH_PROP_IDS,
      ...COMMANDS_RULES,
      ...MIGRATION_RULES,
      ...KUBESPAN_ROUTES_RULES,
      ...KUBESPAN_ROUTES_PROP_IDS,
      ...HELM_RELEASE_RULES,
      ...HELM_RELEASE_PROP_IDS,
      ...EXAMPLE_WORKLOAD_RULES,
      ...EXAMPLE_WORKLOAD_PROP_IDS,
      ...KUBERNETES_FINDINGS,
    ].map(({ id, level }) => ({
      id,
      level: level === 'error' ? level : ('warning' as const),
    })),
    ...[...RESOURCE_KINDS.flatMap((kind) => kind.rules), ...SERVICE_RULES, ...HOST_FIREWALL_RULES].map(
      ({ id, level }) => ({
        id,
        level: level === 'error' ? level : ('warning' as const),
      }),
    ),
  ];
}

function warnings(): ReadonlySet<string> {
  return new Set([
    ...rules()
      .filter(({ level }) => level === 'warning')
      .map(({ id }) => id),
    ...Object.entries(WRITTEN_WHERE_THEY_ARISE).flatMap(([subject, names]) =>
      names.map((rule) => `${subject}/${rule}`),
    ),
  ]);
}

/** The ids of errors, those that may also be warnings left out. */
function errors(): readonly string[] {
  const lib = join(__dirname, '..', 'lib');
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const written = sources.flatMap((file) => {
    const text = readFileSync(join(lib, file), 'utf8');
    return FORMS.filter(({ room }) => room.test(file)).flatMap(({ form, subject }) =>
      [...text.matchAll(form)].map(({ 1: name = '' }) => (subject === undefined ? name : `${subject}/${name}`)),
    );
  });
  const ofResources = RESOURCE_KINDS.flatMap(({ subject }) => OF_EVERY_RESOURCE.map((rule) => `${subject}/${rule}`));
  const known = warnings();
  return [...rules().map(({ id }) => id), ...written, ...ofResources].filter((id) => !known.has(id));
}

/** Ids that no list of rules declares yet: what is left of the lists above. */
export function undeclaredIds(
  declared: ReadonlySet<string>,
): readonly { readonly id: string; readonly isWarning: boolean }[] {
  const known = warnings();
  return [...new Set([...known, ...errors()])]
    .filter((id) => !declared.has(id))
    .map((id) => ({ id, isWarning: known.has(id) }));
}
