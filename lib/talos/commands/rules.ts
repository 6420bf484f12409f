import { isList } from '../../rules/proxies';
import type { Context } from '../../cilium/context';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import { isMap } from '../../kubernetes/json';
import type { KubernetesObject } from '../../kubernetes/types';
import { dropsOtherPorts } from '../../resources/load-balancer/node-addresses';
import { isPool, readPoolObject } from '../../resources/load-balancer/pool-model';
import { indexPools } from '../../resources/load-balancer/pool-supply';
import { ofNode } from '../../resources/load-balancer/service-supply-rules';
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
  /** Objects of the patch of Cilium 1.19.6, which replaces kube-proxy. @default - none */
  readonly objects?: readonly KubernetesObject[];
}

/** Addresses and host names of nodes, in their order, and the prop that they are in. */
export interface NamedNodes {
  readonly at: 'commands' | 'migration';
  readonly names: readonly string[];
}

const NODE_POOL: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLoadBalancerIPPool',
  metadata: { name: 'home' },
  spec: { blocks: [{ cidr: '192.0.2.0/28' }] },
};

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

/** The nodes of commands, with the Cilium and the objects of the patch. */
interface PatchNodes extends NamedNodes {
  readonly cilium: Context | undefined;
  readonly objects: readonly KubernetesObject[];
}

/** Rules about the nodes of commands with the objects of the patch. */
export const PATCH_NODE_RULES: readonly Rule<PatchNodes, CommandsExample>[] = [
  {
    id: 'talos-patch/node-address',
    level: 'error',
    docs: 'https://github.com/cilium/cilium/issues/44901',
    find: nodesInPools,
    examples: {
      bad: { commands: { controlPlanes: ['192.0.2.10'] }, objects: [NODE_POOL] },
      good: { commands: { controlPlanes: ['192.0.2.20'] }, objects: [NODE_POOL] },
    },
  },
];

function nodesInPools({ at, names, cilium, objects }: PatchNodes): readonly Problem[] {
  if (cilium === undefined || !dropsOtherPorts(cilium)) return [];
  const { holding } = indexPools(objects.filter(isPool).map(readPoolObject));
  return [...new Set(names)].flatMap((name) => {
    const address = addressFamily(name) === undefined ? undefined : parseCidr(name);
    const pool = address && holding(address).find(({ isDisabled }) => !isDisabled);
    return pool === undefined ? [] : problem(at, ...ofNode(name, pool.name, cilium));
  });
}

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
  return runRules(COMMANDS_RULES, { at, names: namesIn(given) });
}

/** Findings about these nodes with the Cilium and the objects of the patch. */
export function patchNodeFindings(
  given: unknown,
  at: NamedNodes['at'],
  cilium: Context | undefined,
  objects: readonly KubernetesObject[],
): readonly Finding[] {
  return runRules(PATCH_NODE_RULES, { at, names: namesIn(given), cilium, objects });
}

function namesIn(given: unknown): readonly string[] {
  const { controlPlanes, workers } = isMap(given) ? given : {};
  const nodes = [controlPlanes, workers].flatMap((list): readonly unknown[] => (isList(list) ? list : []));
  return nodes
    .flatMap((node) => (isMap(node) ? [node.address, node.hostname] : [node]))
    .filter((name) => typeof name === 'string');
}

/** Findings about a migration that the patch does not lead to. */
export function migrationFindings(
  from: MigrationProps['from'],
  cilium: MigrationSubject['cilium'],
): readonly Finding[] {
  return runRules(MIGRATION_RULES, { from, cilium });
}
