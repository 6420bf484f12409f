import type { Finding } from '../../rules/finding';
import { isMap } from '../../kubernetes/json';
import { propFindings } from '../../props/check';
import { either, like, listOf, needed, oneOf, props, ruled } from '../../props/shape';
import { finding } from '../patch/finding';
import type { CommandNode, CommandsProps } from './command';
import type { MigrationProps } from './migration';

const WORD = ruled(
  'commands',
  like<string>(
    'one word to a shell',
    (value) => typeof value === 'string' && /^[\w$.:/[\]{}@-]+$/.test(value),
    'Use letters, digits, dots, colons and dashes.',
  ),
);

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

const NODE = props<CommandNode>(
  {
    address: needed(WORD),
    hostname: ruled(
      'commands',
      like<string>(
        'a host name that Kubernetes takes',
        (value) => typeof value === 'string' && HOSTNAME.test(value),
        'Use small letters, digits and dashes, up to 63 between two dots.',
      ),
    ),
  },
  { elsewhere: { name: 'Write `hostname`.', ip: 'Write `address`.' } },
);

const NODES = ruled('commands', listOf(ruled('commands', either(WORD, NODE))));
const COMMON = { clusterName: WORD, endpoint: WORD, controlPlanes: NODES, workers: NODES } as const;
const ELSEWHERE = { elsewhere: { nodes: 'Write `controlPlanes` and `workers`.' } };
const COMMANDS = props<CommandsProps>(COMMON, ELSEWHERE);
const MIGRATION = props<MigrationProps>(
  { ...COMMON, from: needed(ruled('migration', oneOf('flannel', 'kube-proxy'))) },
  ELSEWHERE,
);

/** Props of commands that do not exist, or that a shell would not take for one word. */
export function commandsPropFindings(given: unknown): readonly Finding[] {
  return [...propFindings('talos-patch', given, COMMANDS, 'commands'), ...twice(given, 'commands')];
}

/** The same of a migration. */
export function migrationPropFindings(given: unknown): readonly Finding[] {
  return [...propFindings('talos-patch', given, MIGRATION, 'migration'), ...twice(given, 'migration')];
}

/** A migration that the patch does not lead to. */
export function migrationFindings(
  from: MigrationProps['from'],
  cilium: { readonly kubeProxyReplacement: boolean } | undefined,
): readonly Finding[] {
  if (cilium === undefined) {
    const hint = 'Add the chart with Cilium to `manifests`, or say `cilium`.';
    return [finding('migration', 'cilium', 'The patch knows of no Cilium to migrate to.', hint)];
  }
  if (from === 'flannel' || cilium.kubeProxyReplacement) return [];
  const message = 'Cilium leaves the services to kube-proxy here, so there is nothing to migrate.';
  return [finding('migration', 'migration.from', message, 'Set `kubeProxyReplacement: true` in the values of Cilium.')];
}

/** An address or a host name stands for one node. */
function twice(given: unknown, path: string): readonly Finding[] {
  const { controlPlanes, workers } = isMap(given) ? given : {};
  const nodes = [controlPlanes, workers].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
  const words = nodes
    .flatMap((node) => (isMap(node) ? [node.address, node.hostname] : [node]))
    .filter((word) => typeof word === 'string');
  const again = [...new Set(words.filter((word, i) => words.indexOf(word) !== i))];
  return again.map((word) =>
    finding(
      'commands',
      path,
      `Two nodes are called ${word}.`,
      'Name each node once, as a control plane or as a worker.',
    ),
  );
}
