import type { KubernetesObject } from '../../kubernetes/types';
import type { Finding } from '../../rules/finding';
import { runRules } from '../../rules/rule';
import type { Context } from '../context';
import { FIRST_BOOT_RULES } from './first-boot-rules';
import { MISSING_RULES } from './missing-rules';
import { PLACEMENT_RULES } from './placement-rules';
import type { PodRule } from './pod-rule';
import { ROLLOUT_RULES } from './rollout-rules';
import { readPods } from './workloads';

const ALONE: readonly PodRule[] = [...PLACEMENT_RULES, ...FIRST_BOOT_RULES, ...ROLLOUT_RULES];

/** Every rule about the pods that Cilium renders. */
export const POD_RULES: readonly PodRule<never>[] = [...ALONE, ...MISSING_RULES];

/** The ids of findings that other objects of the cluster can settle. */
export const MISSING_IDS: readonly string[] = MISSING_RULES.map(({ id }) => id);

/** Findings about the pods among the objects of Cilium, and about what they need; none without a Talos cluster. */
export function podFindings(ctx: Context, objects: readonly KubernetesObject[]): readonly Finding[] {
  if (ctx.talos === undefined) return [];
  const pods = readPods(ctx, objects);
  return [...runRules(ALONE, pods), ...runRules(MISSING_RULES, { pods, objects })];
}

/** Findings about the pods alone: other objects of the cluster may bring what they need. */
export function podFindingsAlone(ctx: Context, objects: readonly KubernetesObject[]): readonly Finding[] {
  return ctx.talos === undefined ? [] : runRules(ALONE, readPods(ctx, objects));
}

/**
 * Findings about what the pods need and no object makes; none without a Talos cluster.
 * @param others the other objects of the cluster.
 */
export function missingFindings(
  ctx: Context,
  objects: readonly KubernetesObject[],
  others: readonly KubernetesObject[],
): readonly Finding[] {
  if (ctx.talos === undefined) return [];
  return runRules(MISSING_RULES, { pods: readPods(ctx, objects), objects: [...objects, ...others] });
}
