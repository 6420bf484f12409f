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
  readonly [NEEDS]?: {
    /** The ids of such findings. */
    readonly ids: readonly string[];
    /** What the pods need and neither Cilium nor these objects bring. */
    readonly among: (others: readonly KubernetesObject[]) => readonly Finding[];
  };
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
  const known = rendered.findings.filter(({ id }) => needs?.ids.includes(id) !== true);
  // Other objects can only settle what is missing without them.
  if (needs === undefined || known.length === rendered.findings.length) return rendered.findings;
  return [...known, ...needs.among(others())];
}

/** All findings of the same values on a Talos cluster, errors included, where Cilium was rendered without one, or for another. */
export function findingsOn(talos: TalosFacts, rendered: object): readonly Finding[] {
  return hasRules(rendered) ? rendered[RULES_ON](talos) : [];
}
