/** Paths in a value, and what lies within them or holds them, found without comparing all with all. */
export class Branches {
  private readonly paths: ReadonlySet<string>;
  private readonly above: ReadonlySet<string>;

  constructor(paths: readonly string[]) {
    this.paths = new Set(paths);
    this.above = new Set([...this.paths].flatMap(prefixesOf));
  }

  /** Whether a path is one of these, or within one. */
  isWithin(path: string): boolean {
    return this.paths.has(path) || prefixesOf(path).some((prefix) => this.paths.has(prefix));
  }

  /** Whether a path is one of these, within one, or holds one. */
  touches(path: string): boolean {
    return this.above.has(path) || this.isWithin(path);
  }
}

/** What a path begins with before each dot and bracket. */
function prefixesOf(path: string): readonly string[] {
  return [...path.matchAll(/[.[]/g)].map(({ index }) => path.slice(0, index));
}
