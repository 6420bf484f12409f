import { parseVersion } from './exact-version';

/**
 * The patches that have something, `9-12,14-`, first and last included. Open at the end when the newest patch still knows the path: later patches will, too.
 * @param versions all releases of the minor, oldest first.
 */
export function ranges(versions: readonly string[], known: ReadonlySet<string>): string {
  const runs: string[] = [];
  let first: number | undefined;
  versions.forEach((version, i) => {
    const { patch } = parseVersion(version);
    if (known.has(version)) first ??= patch;
    else if (first !== undefined) {
      runs.push(`${first}-${parseVersion(versions[i - 1]).patch}`);
      first = undefined;
    }
  });
  return (first === undefined ? runs : [...runs, `${first}-`]).join(',');
}
