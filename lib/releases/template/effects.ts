/** `effects.json`: what the templates of a minor make of values, for `lib/cilium/effects.ts`. */
import type { ArchiveFile } from '../archive';
import { Templates } from './execute';
import type { Node } from './nodes';
import { NodeTable, isLiteral, operandsOf } from './nodes';

/** The expressions of all patches together, and per file that Helm prints its expression and the releases that have it. */
export interface MinorEffects {
  readonly nodes: readonly Node[];
  readonly outputs: readonly { readonly node: number; readonly versions: ReadonlySet<string> }[];
}

/** The effects of the releases of one minor, oldest first. */
export class EffectsOfMinor {
  private readonly table = new NodeTable();
  private readonly outputs = new Map<number, Set<string>>();

  /** Adds the archive of a release. */
  add(version: string, archive: readonly ArchiveFile[]): void {
    const files = new Map(archive.map(({ path, text }) => [path.replace(/^cilium\//, ''), text]));
    for (const output of new Templates(files, this.table).outputs())
      this.outputs.set(output, (this.outputs.get(output) ?? new Set()).add(version));
  }

  /** Without expressions that nothing refers to. */
  result(): MinorEffects {
    const { nodes, placeOf } = pruned(this.table, [...this.outputs.keys()]);
    return {
      nodes,
      outputs: [...this.outputs].map(([node, versions]) => ({ node: placeOf(node), versions })),
    };
  }
}

/** The expressions of a table that some of them need, in their order, and where each is among them. */
export function pruned(
  { nodes }: NodeTable,
  roots: readonly number[],
): { readonly nodes: readonly Node[]; readonly placeOf: (old: number) => number } {
  const used = new Set<number>();
  const open = [...roots];
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    if (used.has(i)) continue;
    used.add(i);
    open.push(...operandsOf(nodes[i] ?? ''));
  }
  const kept = [...used].sort((a, b) => a - b);
  const places = new Map(kept.map((old, place) => [old, place]));
  const placeOf = (old: number): number => places.get(old) ?? 0;
  const moved = (node: Node): Node =>
    typeof node === 'string' || isLiteral(node) ? node : [node[0], ...operandsOf(node).map(placeOf)];
  return { nodes: kept.map((old) => moved(nodes[old] ?? '')), placeOf };
}
