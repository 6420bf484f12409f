import type { Context } from '../cilium/context';
import { layered, valuesWith } from '../cilium/layers';
import { isTruthy } from '../helm/truth';
import { valueAt } from '../kubernetes/json';
import { problem } from '../rules/rule';
import type { Problem } from '../rules/rule';
import type { KindDefinition, Need, ResourceProps, ResourceRule, Subject } from './kind';

/**
 * The problem of a switch of Cilium that is off, for what only some resources of a kind need; `needs` of the kind is for the others.
 * @param path of the value: `sctp.enabled`.
 */
export function switchedOff({ cilium }: Pick<Subject, 'cilium'>, path: string, message: string): readonly Problem[] {
  if (cilium === undefined || isTruthy(valueAt(cilium.v, path))) return [];
  return [problem(`cilium.${path}`, message, setTrue(path))];
}

/** The rules of a kind's `needs`. */
export function needRules<P extends ResourceProps, M>({
  subject,
  docs,
  needs = [],
  example,
}: KindDefinition<P, M>): readonly ResourceRule<P, M>[] {
  return needs.map((need) => {
    const { rule, path, message, hint = setTrue(path), unmet = valuesWith(path, false) } = need;
    return {
      id: `${subject}/${rule}`,
      // A plain object may be a rest, which does no harm.
      level: ({ isPlain }) => (isPlain ? 'warning' : 'error'),
      docs,
      find: ({ cilium }) =>
        cilium === undefined || isMet(need, cilium)
          ? undefined
          : problem(`cilium.${path}`, typeof message === 'string' ? message : message(cilium), hint),
      examples: { bad: { ...example, values: layered([example.values ?? {}, unmet]) }, good: example },
    };
  });
}

function isMet(need: Need, cilium: Context): boolean {
  return need.isMet?.(cilium) ?? isTruthy(valueAt(cilium.v, need.path));
}

function setTrue(path: string): string {
  return `Set \`${path}: true\` in Cilium's values.`;
}
