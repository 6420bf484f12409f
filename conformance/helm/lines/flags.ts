/** A flag of `helm template`, from its `--help`. */
export interface Flag {
  readonly name: string;
  readonly short?: string;
  readonly takes: 'nothing' | 'a value' | 'a value after =';
}

/** The flags that `helm template --help` lists, global ones included. */
export function flagsOf(help: string): readonly Flag[] {
  return [...help.matchAll(/^ +(?:-(?<short>\w), )?--(?<name>[\w-]+)(?<rest>.*)$/gm)].flatMap(({ groups }) => {
    const { short, name = '', rest = '' } = groups ?? {};
    if (name === 'help') return [];
    const value = /^ (?<type>\w+)(?<optional>\[=)?/.exec(rest)?.groups;
    const takes = value === undefined ? 'nothing' : value.optional === undefined ? 'a value' : 'a value after =';
    return [{ name, ...(short !== undefined && { short }), takes } as const];
  });
}
