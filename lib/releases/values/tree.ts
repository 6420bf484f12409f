/** Lays the shape trees of many versions over each other: what is declared where, and with which shape. */
import type { Shape, ShapeMap } from '../../cilium/shape';
import { isOpen, isSection, wordsOf } from '../../cilium/shape';
import { union } from './shapes';
import { compareMinors, parseVersion } from '../exact-version';

/** One path of the superset of all versions. */
export interface Node {
  /** Exact versions that know the path. */
  readonly versions: Set<string>;
  /** Shapes of the path where it is not a section. */
  readonly shapes: Map<string, Shape>;
  /** Children where it is a section. */
  readonly children: Map<string, Node>;
}

/** The superset of the trees of the given versions. Names are sorted. */
export function overlay(trees: ReadonlyMap<string, ShapeMap>): Node {
  const root = emptyNode();
  for (const [version, tree] of trees) add(root, tree, version);
  return root;
}

function emptyNode(): Node {
  return { versions: new Set(), shapes: new Map(), children: new Map() };
}

function add(node: Node, shape: Shape, version: string): void {
  node.versions.add(version);
  if (!isSection(shape) || isOpen(shape)) {
    node.shapes.set(JSON.stringify(shape), shape);
    return;
  }
  for (const [name, child] of Object.entries(shape)) {
    let there = node.children.get(name);
    if (there === undefined) node.children.set(name, (there = emptyNode()));
    add(there, child, version);
  }
}

/** Children by name, sorted. */
export function sortedChildren(node: Node): readonly (readonly [string, Node])[] {
  return [...node.children].sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * The shape of a node: a section of its children, or the union of the words of all versions. Where a version has more structure
 * than words (a list of maps with names), the newest version counts for all.
 */
export function shapeAt(node: Node): Shape {
  const shapes = [...node.shapes.values()];
  const newest = shapes.at(-1);
  if (node.children.size === 0 && newest !== undefined && shapes.some((shape) => typeof shape !== 'string'))
    return newest;
  if (node.children.size > 0)
    return Object.fromEntries(sortedChildren(node).map(([name, child]) => [name, shapeAt(child)]));
  return union(shapes);
}

/** How the versions of a node read in a doc comment: `@since 1.18.9, 1.19.3`, `@removed 1.20`. Empty when every version knows it. */
export function versionTags(node: Node, all: readonly string[]): readonly string[] {
  const known = all.map((version) => node.versions.has(version));
  const starts: string[] = [];
  const ends: string[] = [];
  for (const minor of [...new Set(all.map((v) => parseVersion(v).minor))].sort(compareMinors)) {
    const here = all
      .map((version, i) => ({ version, known: known[i], before: i > 0 && known[i - 1] }))
      .filter(({ version }) => parseVersion(version).minor === minor);
    here.forEach(({ version, known: knows, before }, i) => {
      // The first patch of a minor has the minor's name.
      const name = i === 0 ? minor : version;
      // Within a later minor a value may start anew at a patch although the minor before had it already.
      if (knows && !before && !(i === 0 && version === all[0])) starts.push(name);
      // One that starts anew in the same minor is not removed.
      if (!knows && before && !(i === 0 && here.some((one) => one.known))) ends.push(name);
    });
  }
  return [
    ...(starts.length > 0 ? [`@since ${starts.join(', ')}`] : []),
    ...(ends.length > 0 ? [`@removed ${ends.join(', ')}`] : []),
  ];
}

/** What all of several trees know, with what all of them take: fits each of them. */
export function common([first, ...others]: readonly Node[]): Node | undefined {
  if (first === undefined) return undefined;
  const node = {
    versions: new Set([first, ...others].flatMap(({ versions }) => [...versions])),
    shapes: new Map<string, Shape>(),
  };
  const sections = [first, ...others].filter(({ children }) => children.size > 0);
  if (sections.length === 0) {
    const shape = [first, ...others]
      .map(shapeAt)
      .reduce<Shape | undefined>((a, b) => (a === undefined ? undefined : commonShape(a, b)), shapeAt(first));
    return shape === undefined ? undefined : { ...node, shapes: new Map([['', shape]]), children: new Map() };
  }
  if (sections.length <= others.length) return undefined;
  const children = [...first.children].flatMap(([name, child]): [string, Node][] => {
    const same = others.flatMap((other) => other.children.get(name) ?? []);
    const both = same.length === others.length ? common([child, ...same]) : undefined;
    return both === undefined ? [] : [[name, both]];
  });
  return children.length === 0 ? undefined : { ...node, children: new Map(children) };
}

/**
 * The words that both shapes have; a listed word fits where any text does, unless words are suggested there.
 * Of differing structures the older one, which the newer ones still take.
 */
function commonShape(older: Shape, newer: Shape): Shape | undefined {
  if (typeof older !== 'string' || typeof newer !== 'string') return older;
  const [a, b] = [wordsOf(older), wordsOf(newer)];
  const both = [...a.filter((word) => takes(b, word)), ...b.filter((word) => takes(a, word))];
  return both.length === 0 ? undefined : union(both);
}

function takes(words: readonly string[], word: string): boolean {
  if (words.includes(word)) return true;
  if (word.startsWith("'")) return words.includes('string') && !words.some((other) => other.startsWith("'"));
  return word === 'integer' && words.includes('number');
}
