import type { Finding } from '../../rules/finding';
import { propFindings } from '../../props/check';
import { either, like, listOf, needed, oneOf, props, ruled } from '../../props/shape';
import type { CommandNode, CommandsProps } from './command';
import type { MigrationProps } from './migration';
import { nodeFindings } from './rules';

const PLAIN = ruled(
  'commands',
  like<string>(
    'text without shell quoting',
    (value) => typeof value === 'string' && /^(?!-)(?:[\w.:/[\]@-]|\$\w+|\$\{\w+\})+$/.test(value),
    'Use letters, digits, dots, colons and dashes.',
  ),
);

const HOSTNAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/;

const NODE = props<CommandNode>(
  {
    address: needed(PLAIN),
    hostname: ruled(
      'commands',
      like<string>(
        'a valid Kubernetes host name',
        (value) => typeof value === 'string' && HOSTNAME.test(value),
        'Use lower-case letters, digits and dashes, at most 63 between two dots.',
      ),
    ),
  },
  { elsewhere: { name: 'Write `hostname`.', ip: 'Write `address`.' } },
);

const NODES = ruled('commands', listOf(ruled('commands', either(PLAIN, NODE))));
const COMMON = { clusterName: PLAIN, endpoint: PLAIN, controlPlanes: NODES, workers: NODES } as const;
const ELSEWHERE = { elsewhere: { nodes: 'Write `controlPlanes` and `workers`.' } };
const COMMANDS = props<CommandsProps>(COMMON, ELSEWHERE);
const MIGRATION = props<MigrationProps>(
  { ...COMMON, from: needed(ruled('migration', oneOf('flannel', 'kube-proxy'))) },
  ELSEWHERE,
);

/** Unknown and mistyped props of commands, and values that need shell quoting. */
export function commandsPropFindings(given: unknown): readonly Finding[] {
  return [...propFindings('talos-patch', given, COMMANDS, 'commands'), ...nodeFindings(given, 'commands')];
}

/** The same of a migration. */
export function migrationPropFindings(given: unknown): readonly Finding[] {
  return [...propFindings('talos-patch', given, MIGRATION, 'migration'), ...nodeFindings(given, 'migration')];
}
