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
    const { nodes } = this.table;
    const used = new Set<number>();
    const open = [...this.outputs.keys()];
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      if (used.has(i)) continue;
      used.add(i);
      open.push(...operandsOf(nodes[i] ?? ''));
    }
    const kept = [...used].sort((a, b) => a - b);
    const places = new Map(kept.map((old, place) => [old, place]));
    const moved = (node: Node): Node =>
      typeof node === 'string' || isLiteral(node)
        ? node
        : [node[0], ...operandsOf(node).map((operand) => places.get(operand) ?? 0)];
    return {
      nodes: kept.map((old) => moved(nodes[old] ?? '')),
      outputs: [...this.outputs].map(([node, versions]) => ({ node: places.get(node) ?? 0, versions })),
    };
  }
}
