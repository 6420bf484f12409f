/** Places in the definitions of a kind, over its minors, and readable names for the shapes that stand there. */
import type { Kind, Schema } from './crds';

/** What stands at one place, by minor; a minor that does not know the place is not in it. */
export type Place = ReadonlyMap<string, Schema>;

/** What a place is in TypeScript, roughly. A place may be different things in different minors. */
export type Sort =
  'object' | 'selector' | 'map' | 'list' | 'text' | 'JsonObject' | 'Json' | 'number' | 'boolean' | 'number | string';

/** The whole object of a kind. */
export function wholePlace({ schemas }: Kind): Place {
  return schemas;
}

/** A place as the sorts that it is, each with the minors where it is that. */
export function sortsOf(place: Place): ReadonlyMap<Sort, Place> {
  const sorts = new Map<Sort, Map<string, Schema>>();
  for (const [minor, schema] of place) {
    const sort = sortOf(schema);
    sorts.set(sort, (sorts.get(sort) ?? new Map<string, Schema>()).set(minor, schema));
  }
  return sorts;
}

function sortOf(schema: Schema): Sort {
  const { type, properties, additionalProperties } = schema;
  if (Array.isArray(type)) return 'number | string';
  switch (type) {
    case undefined:
      return 'Json';
    case 'array':
      return 'list';
    case 'object':
      if (schema['x-kubernetes-preserve-unknown-fields'] === true) return 'JsonObject';
      if (typeof additionalProperties === 'object') return 'map';
      return isSelector(schema) ? 'selector' : properties === undefined ? 'JsonObject' : 'object';
    case 'string':
      return 'text';
    case 'boolean':
      return 'boolean';
    default:
      return 'number';
  }
}

/** Whether a schema is that of Kubernetes' label selector, however closely it looks at the labels. */
function isSelector({ properties = {} }: Schema): boolean {
  const { matchLabels, matchExpressions, ...others } = properties;
  const expression = Object.keys(matchExpressions?.items?.properties ?? {}).sort();
  return (
    Object.keys(others).length === 0 &&
    typeof matchLabels?.additionalProperties === 'object' &&
    expression.join() === 'key,operator,values'
  );
}

/** The fields of an object, by name. */
export function fieldsOf(place: Place): readonly { readonly name: string; readonly place: Place }[] {
  const names = new Set([...place.values()].flatMap(({ properties = {} }) => Object.keys(properties)));
  return [...names].sort().map((name) => ({ name, place: inside(place, ({ properties }) => properties?.[name]) }));
}

/** What stands in a list or in a map. */
export function itemOf(place: Place): Place {
  return inside(
    place,
    ({ items, additionalProperties }) =>
      items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined),
  );
}

function inside(place: Place, child: (schema: Schema) => Schema | undefined): Place {
  return new Map(
    [...place].flatMap(([minor, schema]): [string, Schema][] => {
      const found = child(schema);
      return found === undefined ? [] : [[minor, found]];
    }),
  );
}

/** Equal for shapes that are the same in all minors, as far as types and their comments show it. */
export function shapeKey(place: Place): string {
  return JSON.stringify([...place], (name, value: unknown) =>
    ['oneOf', 'anyOf', 'not', 'x-kubernetes-validations', 'x-kubernetes-map-type'].includes(name) ? undefined : value,
  );
}

interface Named {
  /** The words of the shortest path to the shape; none for the spec. */
  readonly path: readonly string[];
  /** At how many places the shape stands. */
  readonly places: number;
  /** How many words of the path, from the end, make the name. */
  readonly words: number;
}

/**
 * Names of the objects of a kind by {@link shapeKey}: the last words of their paths, as many as it takes to tell them
 * apart. Of several with the same last words the first that stands at more than one place keeps the short name.
 */
export function nameShapes(kind: Kind): ReadonlyMap<string, string> {
  let shapes: ReadonlyMap<string, Named> = collectShapes(kind);
  const nameOf = ({ path, words }: Named): string =>
    `${kind.name}${path.length === 0 ? 'Spec' : path.slice(-words).join('')}`;
  for (;;) {
    const all = [...shapes.values()];
    const taken = all.map(nameOf);
    const clashing = new Set(all.filter((shape) => taken.filter((name) => name === nameOf(shape)).length > 1));
    if (clashing.size === 0) return new Map([...shapes].map(([key, shape]) => [key, nameOf(shape)]));
    const keeps = (shape: Named): boolean =>
      [...clashing].find((other) => nameOf(other) === nameOf(shape) && other.places > 1) === shape;
    const longer = new Set([...clashing].filter((shape) => !keeps(shape) && shape.words < shape.path.length));
    if (longer.size === 0) throw new Error(`No names for ${[...clashing].map(nameOf).join(', ')}.`);
    shapes = new Map(
      [...shapes].map(([key, shape]) => [key, longer.has(shape) ? { ...shape, words: shape.words + 1 } : shape]),
    );
  }
}

function collectShapes(kind: Kind): ReadonlyMap<string, Named> {
  const shapes = new Map<string, Named>();
  walk(wholePlace(kind), [], (place, [root, ...path]) => {
    if (root === undefined) return; // the object itself
    const key = shapeKey(place);
    const known = shapes.get(key);
    const shorter = known === undefined || known.path.length > path.length;
    shapes.set(key, { path: shorter ? path : known.path, places: (known?.places ?? 0) + 1, words: 1 });
  });
  return shapes;
}

/** Goes to every object below a place, in the order of names. */
function walk(place: Place, path: readonly string[], visit: (place: Place, path: readonly string[]) => void): void {
  for (const [sort, part] of sortsOf(place)) {
    if (sort === 'object') {
      visit(part, path);
      for (const field of fieldsOf(part)) {
        if (path.length > 0 || field.name === 'spec' || field.name === 'specs')
          walk(field.place, [...path, pascal(field.name)], visit);
      }
    }
    if (sort === 'list' || sort === 'map')
      walk(itemOf(part), [...path.slice(0, -1), singular(path.at(-1) ?? '')], visit);
  }
}

function pascal(name: string): string {
  return name.replace(/(?:^|[-_.])(\w)/g, (_, first: string) => first.toUpperCase());
}

/** The singular of a plural; other names, and too short ones, stay. */
function singular(word: string): string {
  if (word.length < 4 || word.endsWith('ss')) return word;
  return word
    .replace(/ies$/, 'y')
    .replace(/(ch|x|ss)es$/, '$1')
    .replace(/(?<!s)s$/, '');
}
