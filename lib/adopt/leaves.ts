/** The values of a release that can be set, each with its type. */
import { REST, isChoice, isOpen, isSection, wordsOf } from '../cilium/shape';
import type { Shape, ShapeMap } from '../cilium/shape';
import type { Profile } from '../cilium/versions';
import { valueAt } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';

/** A value without declared values below it. */
export interface Leaf {
  readonly path: readonly string[];
  /** `hubble.relay.enabled` */
  readonly name: string;
  readonly kinds: ReadonlySet<LeafKind>;
  /** The texts that it may be, where the chart lists them. */
  readonly words: readonly string[];
  /** The largest number that it may be. */
  readonly most: number;
  readonly default: Json | undefined;
}

/** What a leaf may hold. */
export type LeafKind = 'boolean' | 'number' | 'text' | 'list' | 'map' | 'null';

/** All leaves of a release, in the order of the chart. */
export function leavesOf({ shapes, defaults }: Pick<Profile, 'shapes' | 'defaults'>): readonly Leaf[] {
  return below(shapes, []).map(([path, shape]) => ({
    path,
    name: path.join('.'),
    ...typeOf(shape),
    default: valueAt(defaults, path),
  }));
}

function below(shapes: ShapeMap, above: readonly string[]): readonly (readonly [readonly string[], Shape])[] {
  return Object.entries(shapes).flatMap(([name, shape]) => {
    if (name === REST) return [];
    const path = [...above, name];
    return isSection(shape) && !isOpen(shape) ? below(shape, path) : [[path, shape] as const];
  });
}

const KINDS: Readonly<Record<string, readonly LeafKind[]>> = {
  any: ['text', 'number', 'boolean', 'list', 'map'],
  boolean: ['boolean'],
  integer: ['number'],
  map: ['map'],
  null: ['null'],
  number: ['number'],
  objects: ['list'],
  string: ['text'],
  strings: ['list'],
  text: ['text'],
  texts: ['map'],
};

type LeafType = Pick<Leaf, 'kinds' | 'words' | 'most'>;

function typeOf(shape: Shape): LeafType {
  if (isChoice(shape)) {
    const all = shape.map(typeOf);
    return {
      kinds: new Set(all.flatMap(({ kinds }) => [...kinds])),
      words: all.flatMap(({ words }) => words),
      most: Math.min(...all.map(({ most }) => most)),
    };
  }
  if (typeof shape === 'object')
    return { kinds: new Set([isSection(shape) ? 'map' : 'list']), words: [], most: Infinity };
  const isQuoted = (word: string): boolean => word.startsWith("'");
  const literals = wordsOf(shape).filter(isQuoted);
  const others = wordsOf(shape).filter((word) => !isQuoted(word));
  const most = others.map((word) => Number(/^\d+\.\.(\d+)$/.exec(word)?.[1] ?? Infinity));
  return {
    kinds: new Set(others.flatMap((word) => KINDS[word] ?? (['number'] as const))),
    words: literals.map((word) => word.slice(1, -1)),
    most: Math.min(Infinity, ...most),
  };
}
