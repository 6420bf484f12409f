import { talosRule } from '../parts/talos-rule';
import type { TalosRule } from '../parts/talos-rule';
import type { Level, Problem, Rule } from '../../rules/rule';
import type { ValuesExample } from '../values-rule';
import type { CiliumPods } from './workloads';

/** A rule about the pods that Cilium renders on Talos; its examples are values. */
export type PodRule<S = CiliumPods> = Rule<S, ValuesExample>;

/** As {@link talosRule}, over pods. */
export function podRule<S = CiliumPods>({
  id,
  level,
  find,
  docs,
  ...examples
}: Omit<TalosRule, 'level' | 'find'> & {
  readonly level: Level | ((pods: S) => Level);
  readonly find: (pods: S) => Problem | readonly Problem[] | false | undefined;
}): PodRule<S> {
  const { examples: shown } = talosRule({ id, level: 'warning', find: () => false, ...examples });
  return { id, level, find, docs, examples: shown };
}
