import { isMap } from '../../kubernetes/json';
import type { Finding } from '../../rules/finding';
import { problem, runRules } from '../../rules/rule';
import type { Problem, Rule } from '../../rules/rule';
import type { CommandsProps } from './command';
import type { MigrationProps } from './migration';

/** Input of an example: props of commands or of a migration, and the Cilium of the patch. */
export interface CommandsExample {
  readonly commands?: CommandsProps;
  readonly migration?: MigrationProps;
  /** @default - the patch has no Cilium */
  readonly cilium?: { readonly kubeProxyReplacement: boolean };
}

/** Addresses and host names of nodes, in their order, and the prop that they are in. */
export interface NamedNodes {
  readonly at: 'commands' | 'migration';
  readonly names: readonly string[];
}

/** Rules about the nodes of commands. */
export const COMMANDS_RULES: readonly Rule<NamedNodes, CommandsExample>[] = [
  {
    id: 'talos-patch/commands',
    level: 'error',
    find: ({ at, names }) =>
      [...new Set(names.filter((name, i) => names.indexOf(name) !== i))].map((name) =>
        problem(at, `Two nodes are called ${name}.`, 'Name each node once, as a control plane or as a worker.'),
      ),
    examples: {
      bad: { commands: { controlPlanes: ['192.0.2.10'], workers: ['192.0.2.10'] } },
      good: { commands: { controlPlanes: ['192.0.2.10'], workers: ['192.0.2.11'] } },
    },
  },
];

interface MigrationSubject {
  readonly from: MigrationProps['from'];
  readonly cilium: { readonly kubeProxyReplacement: boolean } | undefined;
}

/** Rules about a migration. */
export const MIGRATION_RULES: readonly Rule<MigrationSubject, CommandsExample>[] = [
  {
    id: 'talos-patch/migration',
    level: 'error',
    find: wrongStart,
    examples: {
      bad: { migration: { from: 'kube-proxy' }, cilium: { kubeProxyReplacement: false } },
      good: { migration: { from: 'kube-proxy' }, cilium: { kubeProxyReplacement: true } },
    },
  },
];

function wrongStart({ from, cilium }: MigrationSubject): Problem | undefined {
  if (cilium === undefined)
    return problem(
      'cilium',
      'The patch has no Cilium to migrate to.',
      'Add the chart with Cilium to `manifests`, or set `cilium`.',
    );
  if (from === 'flannel' || cilium.kubeProxyReplacement) return undefined;
  return problem(
    'migration.from',
    'Cilium leaves the Services to kube-proxy, so there is nothing to migrate.',
    'Set `kubeProxyReplacement: true` in the values of Cilium.',
  );
}

/** Findings about the nodes that props of commands or of a migration name. */
export function nodeFindings(given: unknown, at: NamedNodes['at']): readonly Finding[] {
  const { controlPlanes, workers } = isMap(given) ? given : {};
  const nodes = [controlPlanes, workers].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  const names = nodes
    .flatMap((node) => (isMap(node) ? [node.address, node.hostname] : [node]))
    .filter((name) => typeof name === 'string');
  return runRules(COMMANDS_RULES, { at, names });
}

/** Findings about a migration that the patch does not lead to. */
export function migrationFindings(
  from: MigrationProps['from'],
  cilium: MigrationSubject['cilium'],
): readonly Finding[] {
  return runRules(MIGRATION_RULES, { from, cilium });
}
