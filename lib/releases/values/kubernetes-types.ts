/** Which values of the chart are of a type of Kubernetes: `upstream/kubernetes/values.yaml` over the value trees. */
import type { Shape } from '../../cilium/shape';
import { valueJudge } from '../../kubernetes-schema/value-judges';
import { isSection, ITEM, REST, wordsOf } from '../../cilium/shape';

/** The table, ready for questions. */
export interface ValueTable {
  /** The type of a value, `Toleration[]`; `undefined` for one that is none of Kubernetes'. */
  readonly typeAt: (path: string, shape: Shape) => string | undefined;
  /** Why an open map or list has no type; `undefined` when there is no reason. */
  readonly reasonAt: (path: string) => string | undefined;
}

/** `upstream/kubernetes/values.yaml`. */
export interface ValueTableFile {
  readonly names: Readonly<Record<string, string>>;
  readonly ports: string;
  readonly paths: Readonly<Record<string, string>>;
  readonly others: Readonly<Record<string, string>>;
}

/** Types without definitions that are maps; all others are single texts and numbers. */
const MAPS: readonly string[] = ['Annotations', 'ConfigMapKeys', 'DisruptionBudgetValues', 'Labels', 'NodeLabels'];

/** Makes the table of what the file says. */
export function valueTable({ names, ports, paths, others }: ValueTableFile): ValueTable {
  const isPort = new RegExp(ports);
  const byPath = patterns(paths);
  const reasons = patterns(others);
  return {
    typeAt: (path, shape) => {
      if (find(reasons, path) !== undefined) return undefined;
      const name = path.slice(path.lastIndexOf('.') + 1);
      const type =
        find(byPath, path) ?? (Object.hasOwn(names, name) ? names[name] : isPort.test(name) ? 'Port' : undefined);
      return type !== undefined && fits(type, shape) ? type : undefined;
    },
    reasonAt: (path) => find(reasons, path),
  };
}

/** All types that the table names. */
export function usedTypes({ names, paths }: ValueTableFile): readonly string[] {
  return [...new Set([...Object.values(names), ...Object.values(paths), 'Port'])];
}

/** A type of values in TypeScript; `undefined` where the shape of the value says as much. */
export function valueType(type: string | undefined): { readonly name: string; readonly text: string } | undefined {
  // The same fields, and rules of its own.
  const name = type?.replace('[]', '').replace('InitContainer', 'Container');
  if (type === undefined || name === undefined || valueJudge(name) !== undefined) return undefined;
  return { name, text: type.endsWith('[]') ? `readonly ${name}[]` : name };
}

type Patterns = readonly (readonly [pattern: RegExp, said: string])[];

/** `*` matches one name, at the beginning any. */
function patterns(said: Readonly<Record<string, string>>): Patterns {
  return Object.entries(said).map(([path, words]) => {
    const text = path.replace(/^\*/, '\u0000').replaceAll('.', '\\.').replaceAll('*', '[^.]+').replace('\u0000', '.*');
    return [new RegExp(`^${text}$`), words];
  });
}

function find(all: Patterns, path: string): string | undefined {
  return all.find(([pattern]) => pattern.test(path))?.[1];
}

/** Whether a value of this shape can be of a type: a list for a list, a map for a map. */
function fits(type: string, shape: Shape): boolean {
  const kinds = kindsOf(shape);
  if (type.endsWith('[]')) return kinds.includes('list');
  // Of a section only a rule over it is judged: its values have shapes of their own.
  if (isSection(shape) && !(REST in shape)) return type === 'DisruptionBudgetValues';
  return valueJudge(type) !== undefined && !MAPS.includes(type)
    ? kinds.includes('scalar') && !kinds.includes('boolean')
    : kinds.includes('map');
}

function kindsOf(shape: Shape): readonly string[] {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).flatMap(kindsOf);
  if (typeof shape === 'object') return [ITEM in shape ? 'list' : 'map'];
  return wordsOf(shape as string).map((word) => {
    if (/^(list|strings|objects)$/.test(word)) return 'list';
    if (/^(map|texts)$/.test(word)) return 'map';
    return word === 'boolean' ? 'boolean' : 'scalar';
  });
}

/** Whether a shape says nothing of the names in it: a free map, or a list of them. */
export function isUntyped(shape: Shape): boolean {
  if (Array.isArray(shape)) return (shape as readonly Shape[]).some(isUntyped);
  if (typeof shape === 'string') return wordsOf(shape).some((word) => /^(map|list|texts|objects|any)$/.test(word));
  if (ITEM in shape) return isUntyped((shape as Readonly<Record<string, Shape>>)[ITEM] ?? 'any');
  return isSection(shape) && REST in shape && isUntyped((shape as Readonly<Record<string, Shape>>)[REST] ?? 'any');
}
