/** Where Helm refuses a tab that the library `yaml` reads as a blank: at the start of a line, outside of quotes and brackets. */
import type { Document, Node, Pair } from 'yaml';
import { isCollection, isPair, isScalar } from 'yaml';

/** Where a line may begin with a tab; of plain text only further right than the block that it is in. */
interface Range {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
}

/** The offsets of tabs that Helm refuses. */
export function refusedTabs(documents: readonly Document.Parsed[], source: string): readonly number[] {
  const tabs = [...source.matchAll(/^\ufeff? *\t/gm)].map(({ 0: found, index }) => index + found.length - 1);
  if (tabs.length === 0) return [];
  const ranges = documents.flatMap(({ contents }) => rangesOf(contents, source)).sort((a, b) => a.start - b.start);
  let next = 0;
  // Plain text is in brackets, never the other way round.
  let closed = 0;
  let plain: Range | undefined;
  return tabs.filter((tab) => {
    for (let range = ranges[next]; range !== undefined && range.start <= tab; range = ranges[++next])
      if (range.indent === FREE) closed = Math.max(closed, range.end);
      else plain = range;
    return plain !== undefined && tab < plain.end ? columnOf(tab, source) <= plain.indent : tab >= closed;
  });
}

const FREE = -2;

interface Visit {
  readonly node: unknown;
  /** The column of the block around it, and -1 outside of all. */
  readonly indent: number;
}

function rangesOf(root: Node | null, source: string): readonly Range[] {
  const found: Range[] = [];
  const open: Visit[] = [{ node: root, indent: -1 }];
  for (let visit = open.pop(); visit !== undefined; visit = open.pop()) {
    const { node, indent } = visit;
    if (isPair(node)) {
      const { key, value } = node as Pair;
      open.push({ node: key, indent }, { node: value, indent });
      continue;
    }
    const [start, end] = (node as Node | null)?.range ?? [0, 0];
    if (isScalar(node)) {
      if (node.type === 'PLAIN' && end > start) found.push({ start, end: endOfBlanks(end, source), indent });
      else found.push({ start, end, indent: FREE });
    } else if (isCollection(node)) {
      if (node.flow === true) found.push({ start, end, indent: FREE });
      const inside = node.flow === true ? indent : columnOf(start, source);
      for (const item of node.items) open.push({ node: item, indent: inside });
    }
  }
  return found;
}

function columnOf(offset: number, source: string): number {
  return offset - source.lastIndexOf('\n', offset - 1) - 1;
}

/** Blanks and blank lines after plain text are read with it. */
function endOfBlanks(start: number, source: string): number {
  let end = start;
  while (' \t\r\n'.includes(source.charAt(end)) && end < source.length) end += 1;
  return end;
}
