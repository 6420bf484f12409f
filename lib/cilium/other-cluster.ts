import type { Finding } from '../rules/finding';
import type { TalosFacts } from '../talos/cluster/facts';

/** Runs the rules of a rendering, for every copy of this library. */
export const RULES_ON = Symbol.for('cdk8s-talos-cilium.rulesOn');

/** The part of a rendering that rules over a Talos patch need. */
export interface WithRules {
  readonly [RULES_ON]: (talos: TalosFacts) => readonly Finding[];
}

/** Whether a rendering has its rules. */
export function hasRules(rendered: object): rendered is WithRules {
  return RULES_ON in rendered;
}

/** All findings of the same values on a Talos cluster, errors included, where Cilium was rendered without one, or for another. */
export function findingsOn(talos: TalosFacts, rendered: object): readonly Finding[] {
  return hasRules(rendered) ? rendered[RULES_ON](talos) : [];
}
