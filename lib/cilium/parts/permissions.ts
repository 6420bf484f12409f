import { compareText } from '../../kubernetes/order';
import type { PolicyRule } from '../../kubernetes/types';

/**
 * The fewest sorted rules that are equivalent to all of these: rules of one API group and one set of verbs (and of the
 * same resource names) become one rule. Permissions never widen: only equal verb sets are merged.
 */
export function unitedRules(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const verbsOf = new Map<string, Set<string>>();
  for (const { apiGroups, resources, verbs, resourceNames } of rules)
    for (const group of apiGroups)
      for (const resource of resources)
        for (const name of resourceNames === undefined || resourceNames.length === 0 ? [''] : resourceNames) {
          const key = JSON.stringify([group, name, resource]);
          const known = verbsOf.get(key) ?? new Set();
          verbs.forEach((verb) => known.add(verb));
          verbsOf.set(key, known);
        }
  const byShape = new Map<
    string,
    { readonly group: string; readonly name: string; readonly verbs: readonly string[]; resources: string[] }
  >();
  for (const [key, verbSet] of verbsOf) {
    const [group = '', name = '', resource = ''] = JSON.parse(key) as string[];
    const verbs = [...verbSet].sort(compareText);
    const shape = JSON.stringify([group, name, verbs]);
    const entry = byShape.get(shape) ?? { group, name, verbs, resources: [] };
    entry.resources.push(resource);
    byShape.set(shape, entry);
  }
  return [...byShape.entries()]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, { group, name, verbs, resources }]) => ({
      apiGroups: [group],
      resources: resources.sort(compareText),
      verbs,
      resourceNames: name === '' ? undefined : [name],
    }));
}
