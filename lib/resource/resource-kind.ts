import { familyRules, rangeRules } from './addresses';
import type { KindDefinition, ResourceKind, ResourceProps, ResourceRule } from './kind';
import { needRules } from './needs';
import { selectorRules } from './selectors';

/** A kind of custom resource, with the rules that its fields give. */
export function resourceKind<P extends ResourceProps, M = undefined>(
  definition: KindDefinition<P, M>,
): ResourceKind<P> {
  const rules = [
    ...definition.rules.map((rule) => ({ docs: definition.docs, ...rule })),
    ...selectorRules(definition),
    ...rangeRules(definition),
    ...familyRules(definition),
    ...needRules(definition),
  ];
  return { ...definition, rules: rules as unknown as readonly ResourceRule[] };
}
