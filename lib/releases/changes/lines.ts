/** How many lines two texts do not share. */
export interface ChangedLines {
  readonly added: number;
  readonly removed: number;
}

/** Counts as `diff` does: what is not in the longest common sequence of lines. */
export function changedLines(before: string, after: string): ChangedLines {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const common = longestCommon(left, right);
  return { added: right.length - common, removed: left.length - common };
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Uint32Array(b.length + 1);
  for (const line of a) {
    const next = new Uint32Array(b.length + 1);
    for (let i = 0; i < b.length; i++) next[i + 1] = line === b[i] ? row[i] + 1 : Math.max(row[i + 1], next[i]);
    row = next;
  }
  return row[b.length];
}
