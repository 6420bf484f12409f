/** Comments in values files: `# talos-cilium: acknowledge <id>: reason`. */
import { acknowledgeFindings } from '../rules/acknowledge';
import { describePlace, findPlace } from './places';
import type { Place, PlacedFinding, Places } from './places';

/** A warning that is accepted. */
export interface Acknowledged {
  readonly id: string;
  readonly reason: string;
  /** Where it is written. */
  readonly place?: Place | undefined;
  /** The line of the value that it is for; 0 for the whole file. Default: all findings. */
  readonly line?: number | undefined;
}

const COMMENT = /(?:^|\s)#\s*talos-cilium:\s*(.*?)\s*$/;

/** The comments of a file: what they acknowledge, and what is wrong with them. */
export function readComments(
  file: string,
  text: string,
): { readonly acknowledged: readonly Acknowledged[]; readonly findings: readonly PlacedFinding[] } {
  const acknowledged: Acknowledged[] = [];
  const findings: PlacedFinding[] = [];
  if (!text.includes('talos-cilium:')) return { acknowledged, findings };
  const lines = text.split('\n');
  let isTop = true;
  for (const [i, line] of lines.entries()) {
    const hasContent = !/^\s*(?:#|$)|^(?:---|%)/.test(line);
    if (hasContent) isTop = false;
    const match = COMMENT.exec(line);
    if (match === null) continue;
    const place = { file, line: i + 1, column: match.index + (line[match.index] === '#' ? 1 : 2) };
    const [, id, reason] = /^acknowledge\s+([\w./-]+\/[\w.-]+)\s*:\s+(\S.*)$/.exec(match[1] ?? '') ?? [];
    if (id === undefined || reason === undefined) {
      findings.push(notAComment(place));
      continue;
    }
    const problems = acknowledgeFindings('load-values', { [id]: reason });
    findings.push(...problems.map((one) => ({ ...one, paths: [describePlace(place)], place })));
    if (problems.length === 0)
      acknowledged.push({ id, reason, place, line: isTop ? 0 : hasContent ? i + 1 : nextContent(lines, i) });
  }
  return { acknowledged, findings };
}

function nextContent(lines: readonly string[], from: number): number {
  const at = lines.findIndex((line, i) => i > from && !/^\s*(?:#|$)/.test(line));
  return (at === -1 ? from : at) + 1;
}

function notAComment(place: Place): PlacedFinding {
  return {
    id: 'load-values/comment',
    level: 'warning',
    paths: [describePlace(place)],
    message: 'This comment has no effect.',
    hint: 'Write `# talos-cilium: acknowledge <id>: why it is accepted`.',
    place,
  };
}

/** Whether an acknowledgement is for a finding of values with these places. */
export function isFor(one: Acknowledged, finding: PlacedFinding, places: Places): boolean {
  if (finding.level === 'error' || finding.id !== one.id) return false;
  const { line, place } = one;
  if (line === undefined || place === undefined) return true;
  if (line === 0) return finding.place === undefined || finding.place.file === place.file;
  const known = linesOf(places, place.file, line);
  const at = [finding.place, ...finding.paths.map((path) => findPlace(places, path).place)];
  return at.some((where) => where?.file === place.file && (where.line === line || known.has(keyOf(where))));
}

function keyOf({ line, column }: Place): string {
  return `${String(line)}:${String(column)}`;
}

/** The places of what is written at a line and in it. */
function linesOf(places: Places, file: string, line: number): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (tree: Places, isInside: boolean): void => {
    const isIn = isInside || (tree.at.file === file && tree.at.line === line);
    if (isIn && tree.at.file === file) found.add(keyOf(tree.at));
    for (const inside of tree.below.values()) walk(inside, isIn);
  };
  walk(places, false);
  return found;
}
