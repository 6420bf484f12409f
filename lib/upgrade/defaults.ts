/** Changed defaults: those that a user did not set, and that change what is rendered. */
import type { CiliumValues } from '../../imports/cilium-chart';
import { valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { describeConfig, renderDifference } from '../releases/render-difference';
import type { RenderDifference } from '../releases/render-difference';
import type { KubernetesObject } from '../kubernetes/types';
import { changedDefaults } from '../releases/history';
import type { ChangedDefault } from '../releases/history';

/** Renders values for the target; `undefined` when they cannot be written. */
export type Render = (values: CiliumValues) => readonly KubernetesObject[] | undefined;

/** A changed default with its effect. */
export interface DefaultEffect extends ChangedDefault {
  /** Config keys and objects that differ. */
  readonly effect: readonly string[];
}

/** A value that the user wrote, whose default changed. */
export interface Overridden extends ChangedDefault {
  readonly own: Json;
}

/** Changed defaults that change what is rendered. The target is rendered with the old default, and compared. */
export function effectiveDefaults(
  { from, to, values }: { readonly from: string; readonly to: string; readonly values: JsonObject },
  render: Render,
): readonly DefaultEffect[] {
  const open = changedDefaults(from, to).filter(({ path }) => !isSet(values, path));
  const base = render(values as CiliumValues);
  if (base === undefined) return [];
  return open.flatMap((change): readonly DefaultEffect[] => {
    // An empty text is how the chart spells what is derived.
    if (change.before === undefined || change.before === '') return [];
    const old = render(withValue(values, change.path.split('.'), change.before) as CiliumValues);
    if (old === undefined) return [];
    const effect = effectOf(renderDifference(old, base));
    return effect.length === 0 ? [] : [{ ...change, effect }];
  });
}

/** Changed defaults of values that the user wrote. */
export function overriddenDefaults(from: string, to: string, values: JsonObject): readonly Overridden[] {
  return changedDefaults(from, to).flatMap((change) => {
    const own = valueAt(values, change.path);
    return own === undefined || change.before === undefined || JSON.stringify(own) === JSON.stringify(change.after)
      ? []
      : [{ ...change, own }];
  });
}

/** What a difference changes, by config keys where it can, otherwise by objects. */
export function effectOf({ objects, config }: RenderDifference): readonly string[] {
  const others = objects
    .filter(({ object }) => !/^ConfigMap \S+\/cilium-config$/.test(object))
    .map(({ object }) => object);
  return [...config.map(describeConfig), ...others];
}

function isSet(values: JsonObject, path: string): boolean {
  const names = path.split('.');
  return names.some((_, i) => {
    const value = valueAt(values, names.slice(0, i + 1));
    return value === null || (i === names.length - 1 && value !== undefined);
  });
}

function withValue(tree: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  const child = tree[name];
  const below = typeof child === 'object' && child !== null && !Array.isArray(child) ? (child as JsonObject) : {};
  return { ...tree, [name]: rest.length === 0 ? value : withValue(below, rest, value) };
}
