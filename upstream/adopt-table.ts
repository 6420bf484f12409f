/**
 * `npm run adopt-table [-- MINOR…]` writes `imports/adopt/<minor>.json`: which values move which lines of a render, found by rendering with
 * other values over the defaults and over everything on; where neither shows anything, over the value sets of the parity tests. It takes minutes.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { valueSets } from '../conformance/helm/cases';
import { everythingOn } from '../conformance/helm/variations';
import { leavesOf } from '../lib/adopt/leaves';
import type { Leaf } from '../lib/adopt/leaves';
import { LineReader, differing } from '../lib/adopt/lines';
import type { Lines } from '../lib/adopt/lines';
import { aboveMark, choicesOf, probesOf } from '../lib/adopt/probe';
import { tablePath } from '../lib/adopt/table';
import type { TableFile } from '../lib/adopt/table';
import { knownMinors, loadProfile, patchesOf } from '../lib/cilium/versions';
import { writtenObjects } from '../lib/cilium/render';
import type { CiliumValues } from '../imports/cilium-chart';
import { compareText } from '../lib/kubernetes/order';
import type { Json, JsonObject } from '../lib/kubernetes/json';
import { valueAt } from '../lib/kubernetes/json';
import { forUs, withLeaf } from '../lib/releases/declared-differences';

const FOLDER = join(__dirname, '..', 'imports', 'adopt');

/** The leaves that move each line, by the line's path in the table, joined by blanks that no name has. */
type Moves = Map<string, Set<string>>;

interface Base {
  readonly values: JsonObject;
  readonly lines: Lines;
}

class Mover {
  private readonly reader = new LineReader();
  private readonly bases: readonly Base[];
  private others: readonly Base[] | undefined;

  constructor(private readonly version: string) {
    this.bases = this.basesOf([{}, everythingOn()]);
  }

  /** The paths in the table that a leaf moves. */
  movedBy(leaf: Leaf): ReadonlySet<string> {
    const moved = new Set<string>();
    for (const base of this.bases) this.addMoved(leaf, base, moved);
    if (moved.size > 0) return moved;
    this.others ??= this.basesOf(valueSets().map(({ values }) => forUs(values)));
    for (const base of this.others) {
      this.addMoved(leaf, base, moved);
      if (moved.size > 0) break;
    }
    return moved;
  }

  private addMoved(leaf: Leaf, base: Base, moved: Set<string>): void {
    const now = valueAt(base.values, leaf.path) ?? leaf.default;
    for (const value of [...choicesOf(leaf), ...probesOf(leaf).map(({ value }) => value), null]) {
      if (JSON.stringify(value) === JSON.stringify(now ?? null)) continue;
      const lines = this.rendered(withLeaf(base.values, leaf.path, value));
      if (lines === undefined) continue;
      for (const place of differing(base.lines, lines)) moved.add(aboveMark(tablePath(place)).join('\u0000'));
    }
  }

  private basesOf(all: readonly JsonObject[]): readonly Base[] {
    return all.flatMap((values) => {
      const lines = this.rendered(values);
      return lines === undefined ? [] : [{ values, lines }];
    });
  }

  private rendered(values: JsonObject): Lines | undefined {
    try {
      const input = { version: this.version, values: values as CiliumValues, unknownValues: 'warn' } as const;
      const objects = writtenObjects(input);
      return objects === undefined ? undefined : this.reader.linesOf(objects);
    } catch {
      return undefined;
    }
  }
}

/** Which leaves of a release move which lines. */
function movesOf(version: string): Moves {
  const profile = loadProfile(version)?.profile;
  if (profile === undefined) throw new Error(`Cilium ${version} is not supported.`);
  const mover = new Mover(version);
  const moves: Moves = new Map();
  for (const leaf of leavesOf(profile))
    for (const path of mover.movedBy(leaf)) moves.set(path, (moves.get(path) ?? new Set()).add(leaf.name));
  return moves;
}

interface Node {
  readonly own: ReadonlySet<string>;
  readonly children: Map<string, Node>;
}

function treeOf(moves: Moves): Node {
  const root: Node = { own: new Set(), children: new Map() };
  for (const [path, leaves] of moves) {
    const parts = path.split('\u0000');
    let node = root;
    for (const [i, part] of parts.entries()) {
      let child = node.children.get(part);
      if (child === undefined || (i === parts.length - 1 && child.own.size === 0))
        node.children.set(
          part,
          (child = {
            own: i === parts.length - 1 ? leaves : new Set(),
            children: child?.children ?? new Map<string, Node>(),
          }),
        );
      node = child;
    }
  }
  return root;
}

/** What moves all that is below a node, itself included where it is a line. */
function common({ own, children }: Node): ReadonlySet<string> {
  const sets = [...(own.size > 0 || children.size === 0 ? [own] : []), ...[...children.values()].map(common)];
  return new Set([...(sets[0] ?? [])].filter((leaf) => sets.every((set) => set.has(leaf))));
}

/** The table as a file: sets once, and at each place what the places above do not have. */
export function tableFile(moves: Moves): string {
  const leaves = [...new Set([...moves.values()].flatMap((set) => [...set]))].sort(compareText);
  const positions = new Map(leaves.map((leaf, i) => [leaf, i]));
  const sets = new Map<string, number>();
  const setOf = (own: readonly string[]): number => {
    const text = JSON.stringify(own.map((leaf) => positions.get(leaf) ?? 0).sort((a, b) => a - b));
    if (!sets.has(text)) sets.set(text, sets.size);
    return sets.get(text) ?? 0;
  };
  const written = (node: Node, above: ReadonlySet<string>): Json => {
    const shared = common(node);
    const known = new Set([...above, ...shared]);
    const more = [...new Set([...shared, ...node.own])].filter((leaf) => !above.has(leaf));
    const below = [...node.children].sort(([a], [b]) => compareText(a, b));
    if (below.every(([, child]) => [...leavesIn(child)].every((leaf) => known.has(leaf)))) return setOf(more);
    return Object.fromEntries([
      ...(more.length === 0 ? [] : [['', setOf(more)] as const]),
      ...below.map(([name, child]) => [name, written(child, new Set([...known, ...node.own]))] as const),
    ]);
  };
  const tree = treeOf(moves);
  const places = Object.fromEntries(
    [...tree.children].sort(([a], [b]) => compareText(a, b)).map(([kind, node]) => [kind, written(node, new Set())]),
  );
  const file: TableFile = { leaves, sets: [...sets.keys()].map((text) => JSON.parse(text) as number[]), places };
  return `{"leaves":[\n${leaves.map((leaf) => JSON.stringify(leaf)).join(',\n')}\n],\n"sets":${JSON.stringify(file.sets)},\n"places":{\n${Object.entries(
    places,
  )
    .map(([kind, node]) => `${JSON.stringify(kind)}:${JSON.stringify(node)}`)
    .join(',\n')}\n}}\n`;
}

function leavesIn({ own, children }: Node): ReadonlySet<string> {
  return new Set([...own, ...[...children.values()].flatMap((child) => [...leavesIn(child)])]);
}

function main(): void {
  mkdirSync(FOLDER, { recursive: true });
  const asked = process.argv.slice(2);
  for (const minor of knownMinors().filter((one) => asked.length === 0 || asked.includes(one)))
    writeFileSync(join(FOLDER, `${minor}.json`), tableFile(movesOf(`${minor}.${String(patchesOf(minor).at(-1))}`)));
}

if (require.main === module) main();
