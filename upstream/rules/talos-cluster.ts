import {
  TALOS_CLUSTER_FINDINGS,
  TALOS_CLUSTER_RULES,
  TalosCluster,
  clusterWarnings,
} from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { book, findingsOf, listed, plain } from './book';
import type { RuleBook } from './book';

const VERSION = { talosVersion: '1.13' } as const;

export const talosCluster: RuleBook = book<Partial<TalosClusterProps>>({
  name: 'TalosCluster',
  over: 'The props of one TalosCluster.',
  rules: listed<Partial<TalosClusterProps>>([...TALOS_CLUSTER_FINDINGS, ...TALOS_CLUSTER_RULES]),
  judge: (example) => findingsOf(() => clusterWarnings(new TalosCluster({ ...VERSION, ...example }))),
  input: (example) => plain({ ...VERSION, ...example }),
});
