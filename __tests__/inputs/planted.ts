/** Values with planted mistakes, and the place of each: the text is written here, line by line. */
import { loadProfile } from '../../lib/cilium/versions';
import { isMap } from '../../lib/kubernetes/json';
import type { Json, JsonObject } from '../../lib/kubernetes/json';

export const RELEASE = '1.19.6';

/** A mistake: the value is wrong, or the name. */
export interface Planted {
  readonly path: readonly string[];
  readonly value: Json;
  readonly id: string;
}

/** Removed values, with where each stood. */
const REMOVED: readonly Planted[] = (
  [
    ['tunnel', 'vxlan'],
    ['containerRuntime.integration', 'containerd'],
    ['enableCnpStatusUpdates', true],
    ['enableK8sEventHandover', true],
    ['remoteNodeIdentity', true],
  ] as const
).map(([path, value]) => ({ path: path.split('.'), value, id: 'values/removed' }));

/** Single values of the chart's defaults, by path. */
function leaves(tree: JsonObject, above: readonly string[] = []): readonly (readonly [readonly string[], Json])[] {
  return Object.entries(tree).flatMap(([name, value]): readonly (readonly [readonly string[], Json])[] => {
    const path = [...above, name];
    // Kubernetes' own types are judged by other rules.
    if (/securityContext$|^updateStrategy$|^resources$/i.test(name)) return [];
    if (isMap(value)) return leaves(value, path);
    return typeof value === 'boolean' || typeof value === 'number' ? [[path, value]] : [];
  });
}

/** As many mistakes as wanted, over all of the chart. */
export function plant(count: number): readonly Planted[] {
  const all = leaves(loadProfile(RELEASE)?.profile.defaults ?? {});
  const wanted = count - REMOVED.length;
  const chosen = Array.from({ length: wanted }, (_, i) => all[Math.floor((i * all.length) / wanted)]);
  const mistakes = chosen.flatMap((leaf, i): readonly Planted[] => {
    if (leaf === undefined) return [];
    const [path, value] = leaf;
    return i % 2 === 0
      ? [{ path: [...path.slice(0, -1), `${path.at(-1) ?? ''}Qqqqq`], value, id: 'values/unknown' }]
      : [{ path, value: { planted: 1 }, id: 'values/type' }];
  });
  return [...mistakes, ...REMOVED];
}

/** A text and the places of paths in it. */
export interface Written {
  readonly lines: readonly string[];
  /** By the path, with dots. */
  readonly places: ReadonlyMap<string, { readonly line: number; readonly column: number }>;
}

/** Mistakes as nested maps. */
export function treeOf(planted: readonly Planted[]): JsonObject {
  const tree: Record<string, Json | undefined> = {};
  for (const { path, value } of planted) {
    let here = tree;
    for (const name of path.slice(0, -1)) {
      here[name] ??= {};
      here = here[name] as Record<string, Json | undefined>;
    }
    here[path.at(-1) ?? ''] = value;
  }
  return tree;
}

/** Block style, with comments and empty lines between. @param quote writes a name. */
export function writeBlock(tree: JsonObject, quote: (name: string) => string = (name) => name): Written {
  const lines: string[] = [];
  const places = new Map<string, { readonly line: number; readonly column: number }>();
  const write = (map: JsonObject, indent: number, above: string): void => {
    for (const [i, [name, value]] of Object.entries(map).entries()) {
      if (i % 5 === 3) lines.push('', `${' '.repeat(indent)}# a comment: with a colon`);
      const path = above === '' ? name : `${above}.${name}`;
      const isInside = isMap(value);
      lines.push(`${' '.repeat(indent)}${quote(name)}:${isInside ? '' : ` ${JSON.stringify(value)}`}`);
      places.set(path, { line: lines.length, column: indent + 1 });
      if (isInside) write(value, indent + 2, path);
    }
  };
  write(tree, 0, '');
  return { lines, places };
}

/** JSON in several lines, as `JSON.stringify` writes it. */
export function writeJson(tree: JsonObject): Written {
  const lines: string[] = ['{'];
  const places = new Map<string, { readonly line: number; readonly column: number }>();
  const write = (map: JsonObject, indent: number, above: string): void => {
    const entries = Object.entries(map);
    for (const [i, [name, value]] of entries.entries()) {
      const comma = i < entries.length - 1 ? ',' : '';
      const path = above === '' ? name : `${above}.${name}`;
      lines.push(
        `${' '.repeat(indent)}${JSON.stringify(name)}: ${isMap(value) ? '{' : `${JSON.stringify(value)}${comma}`}`,
      );
      places.set(path, { line: lines.length, column: indent + 1 });
      if (!isMap(value)) continue;
      write(value, indent + 2, path);
      lines.push(`${' '.repeat(indent)}}${comma}`);
    }
  };
  write(tree, 2, '');
  return { lines: [...lines, '}'], places };
}

/** A text inside another: below some lines, and indented. */
export function inside(
  before: string,
  { lines, places }: Written,
  indent: number,
): { readonly text: string } & Pick<Written, 'places'> {
  const start = before === '' ? 0 : before.trimEnd().split('\n').length;
  const body = lines.map((line) => (line === '' ? '' : `${' '.repeat(indent)}${line}`));
  return {
    text: `${before}${body.join('\n')}\n`,
    places: new Map(
      [...places].map(([path, { line, column }]) => [path, { line: line + start, column: column + indent }]),
    ),
  };
}
