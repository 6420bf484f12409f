/** Single values that an input sets as Helm's `--set` does. */
import { SetError, setValues } from '../helm/strvals';
import type { JsonObject } from '../kubernetes/json';
import { loadError } from './document';
import type { Node } from './entry';
import { stepsOf } from './places';
import type { Place, PlacedValues, Places } from './places';

/** The values with one more. @throws CiliumError where Helm cannot read the name. */
export function withSet(
  below: PlacedValues,
  { name, value, isText = false }: { readonly name: string; readonly value: string; readonly isText?: boolean },
  node: Node,
): PlacedValues {
  const values = structuredClone(below.values) as JsonObject;
  try {
    const set = setValues(values, isText ? 'set-string' : 'set', `${name}=${value}`);
    return {
      values,
      places: set.reduce((places, path) => placedAt(places, stepsOf(path), node.places.at), below.places),
    };
  } catch (error) {
    if (!(error instanceof SetError)) throw error;
    throw loadError('load-values/syntax', node.places.at, error.message, 'Write the name as in --set of Helm.');
  }
}

/** Places with one more. */
function placedAt(tree: Places, [step, ...rest]: readonly string[], at: Place): Places {
  if (step === undefined) return { at, below: new Map() };
  const inside = tree.below.get(step) ?? { at, below: new Map() };
  return { ...tree, below: new Map([...tree.below, [step, placedAt(inside, rest, at)]]) };
}
