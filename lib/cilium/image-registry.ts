/** `imageRegistry`: every image of some values in another registry, for which the chart has no value. */
import { coalesce } from '../helm/merge';
import { imageIn, registryProblem } from '../kubernetes/images';
import { isMap, ownValue } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { Rule } from '../rules/rule';
import type { CiliumValues } from '../../imports/cilium-chart';
import { isImage, isUnusedImage } from './image-findings';
import type { ValuesExample } from './values-rule';

/** The rule about `imageRegistry`, which values have no part in. */
export const IMAGE_REGISTRY: Rule<{ readonly imageRegistry?: string | undefined }, ValuesExample> = {
  id: 'cilium/image-registry',
  level: 'error',
  find: ({ imageRegistry }) => imageRegistry !== undefined && registryProblem(imageRegistry, 'imageRegistry'),
  docs: 'https://pkg.go.dev/github.com/distribution/reference',
  examples: {
    bad: { values: {}, imageRegistry: 'https://harbor.example.org/mirror/' },
    good: { values: {}, imageRegistry: 'harbor.example.org/mirror' },
  },
};

/**
 * Values whose images are in a registry, path and digest kept; images that are there already stay. Images are those of the chart,
 * also where the user sets them, and those of containers and volumes that the user adds.
 * @param values merged over `defaults`, which tell images from other values.
 */
export function inRegistry(registry: string, values: JsonObject, defaults: JsonObject): JsonObject {
  return Object.entries(values).reduce<JsonObject>((result, [name, value]) => {
    const moved = moveValue(registry, value, ownValue(defaults, name));
    return moved === value ? result : { ...result, [name]: moved };
  }, values);
}

function moveValue(registry: string, value: Json | undefined, usual: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return moveList(registry, value as readonly Json[]);
  if (isMap(usual) && isImage(usual))
    return isMap(value) ? withMoved(registry, value, ['repository', 'override']) : value;
  return isMap(value) ? inRegistry(registry, value, isMap(usual) ? usual : {}) : value;
}

/** Containers, with their `image`, and volumes of images. */
function moveList(registry: string, list: readonly Json[]): readonly Json[] {
  const moved = list.map((item) => {
    if (!isMap(item) || typeof item.name !== 'string') return item;
    const { image } = item;
    if (!isMap(image)) return withMoved(registry, item, ['image']);
    const reference = withMoved(registry, image, ['reference']);
    return reference === image ? item : { ...item, image: reference };
  });
  return moved.some((item, i) => item !== list[i]) ? moved : list;
}

function withMoved(registry: string, map: JsonObject, names: readonly string[]): JsonObject {
  const moved = names.flatMap((name) => {
    const image = ownValue(map, name);
    const there = typeof image === 'string' ? imageIn(registry, image) : image;
    return there === image ? [] : [[name, there] as const];
  });
  return moved.length === 0 ? map : { ...map, ...Object.fromEntries(moved) };
}

/** The values with which Helm renders the same: those that {@link inRegistry} changes, of images in use. */
export function registryValues(registry: string, written: JsonObject, defaults: JsonObject): CiliumValues {
  const values = coalesce(written, defaults);
  const changes = (was: JsonObject, is: JsonObject, path: readonly string[]): JsonObject =>
    Object.fromEntries(
      Object.entries(is).flatMap(([name, value]) => {
        const before = was[name];
        const at = [...path, name];
        if (value === before || isUnusedImage(at.join('.'), written, values)) return [];
        if (!isMap(value) || !isMap(before)) return [[name, value]];
        const inner = changes(before, value, at);
        return Object.keys(inner).length === 0 ? [] : [[name, inner]];
      }),
    );
  return changes(values, inRegistry(registry, values, defaults), []) as CiliumValues;
}
