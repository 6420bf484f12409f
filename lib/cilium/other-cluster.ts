import type { KubernetesObject } from '../kubernetes/types';
import type { Finding } from '../rules/finding';
import type { TalosFacts } from '../talos/cluster/facts';

/** Runs the rules of a rendering, for every copy of this library. */
export const RULES_ON = Symbol.for('cdk8s-talos-cilium.rulesOn');

/** Looks for what the pods of a rendering need, for every copy of this library. */
export const NEEDS = Symbol.for('cdk8s-talos-cilium.needs');

/** The part of a rendering that rules over an app and a Talos patch need. */
export interface WithRules {
  readonly [RULES_ON]: (talos: TalosFacts) => readonly Finding[];
  /** What the pods need and neither Cilium nor these objects bring. */
  readonly [NEEDS]?: (others: readonly KubernetesObject[]) => readonly Finding[];
}

/** Whether a rendering has its rules. */
export function hasRules(rendered: object): rendered is WithRules {
  return RULES_ON in rendered;
}

/** The findings of a rendering among the other objects of its cluster. */
export function findingsAmong(
  rendered: { readonly findings: readonly Finding[] },
  others: () => readonly KubernetesObject[],
): readonly Finding[] {
  const needs = hasRules(rendered) ? rendered[NEEDS] : undefined;
  if (needs === undefined) return rendered.findings;
  const alone = new Set(needs([]).map(({ id }) => id));
  return [...rendered.findings.filter(({ id }) => !alone.has(id)), ...(alone.size === 0 ? [] : needs(others()))];
}

/** All findings of the same values on a Talos cluster, errors included, where Cilium was rendered without one, or for another. */
export function findingsOn(talos: TalosFacts, rendered: object): readonly Finding[] {
  return hasRules(rendered) ? rendered[RULES_ON](talos) : [];
}
