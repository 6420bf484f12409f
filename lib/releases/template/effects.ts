/** `effects.json`: what the templates of a minor make of values, for `lib/cilium/effects.ts`. */
import type { TemplateTree } from '../../cilium/template-trees';
import { Blocks, countsForRender } from './blocks';
import type { Node } from './nodes';
import { NodeTable, isLiteral, operandsOf } from './nodes';

/** The expressions of all patches together, and per file that Helm prints its expression and the releases that have it. */
export interface MinorEffects {
  readonly nodes: readonly Node[];
  readonly outputs: readonly { readonly node: number; readonly versions: ReadonlySet<string> }[];
  /** The templates of the newest release, by their paths. */
  readonly trees: Readonly<Record<string, TemplateTree>>;
}

/** The effects of the releases of one minor, oldest first. */
export class EffectsOfMinor {
  private readonly table = new NodeTable();
  private readonly outputs = new Map<number, Set<string>>();
  private newest: { readonly blocks: Blocks; readonly paths: readonly string[] } | undefined;

  /** Adds the files of a release, by path below the chart. */
  add(version: string, files: ReadonlyMap<string, string>): void {
    const blocks = new Blocks(files, this.table);
    this.newest = { blocks, paths: [...files.keys()].filter(countsForRender).sort() };
    for (const output of blocks.outputs) this.outputs.set(output, (this.outputs.get(output) ?? new Set()).add(version));
  }

  /** Without expressions that nothing refers to. */
  result(): MinorEffects {
    const { blocks, paths = [] } = this.newest ?? {};
    const { nodes, placeOf } = pruned(this.table, [...this.outputs.keys(), ...(blocks?.allTests ?? [])]);
    return {
      trees: blocks?.trees(paths, { placeOf, hasLines: false }) ?? {},
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
