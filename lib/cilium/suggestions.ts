/** Suggestions for an unknown value. Computed only for a finding. */
import { pathTo, slips } from '../rules/nearest';
import type { ShapeMap } from './shape';
import { isOpen, isSection, REST } from './shape';

/** Every path of the shapes, sections included, as lists of names. */
export function allPaths(shapes: ShapeMap, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(shapes).flatMap(([name, shape]) => {
    if (name === REST) return [];
    const path = [...above, name];
    return isSection(shape) && !isOpen(shape) ? [path, ...allPaths(shape, path)] : [path];
  });
}

/**
 * The known paths that an unknown one may mean, the best first, at most three:
 * the same section's nearest name, the same name further down or elsewhere, then the nearest path as a whole.
 */
export function nearestPaths(unknown: readonly string[], shapes: ShapeMap): readonly string[] {
  const paths = pathsOf(shapes);
  const spelling = besides(unknown, paths).filter(
    (path) => letters(path.at(-1) ?? '') === letters(unknown.at(-1) ?? ''),
  );
  if (spelling.length > 0) return spelling.map(textOf);
  const found = [
    ...besides(unknown, paths),
    ...unfolded(unknown, paths),
    ...deeper(unknown, paths),
    ...sameNameElsewhere(unknown, paths),
    ...asAWhole(unknown, paths),
  ];
  return [...new Set(found.map(textOf))].slice(0, 3);
}

/** Shapes are frozen data that is loaded once, so their paths are listed once. */
function pathsOf(shapes: ShapeMap): readonly (readonly string[])[] {
  const known = listed.get(shapes) ?? allPaths(shapes);
  listed.set(shapes, known);
  return known;
}

const listed = new WeakMap<ShapeMap, readonly (readonly string[])[]>();

function textOf(path: readonly string[]): string {
  return path.reduce((at, name) => pathTo(at, name), '');
}

/** Letters only: `automount` is `autoMount`, `routing-mode` is `routingMode`. */
function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The distance of two names; `undefined` when too far for a typo. */
function slip(a: string, b: string): number | undefined {
  const [left, right] = [letters(a), letters(b)];
  if (left === right) return 0;
  const far = slips(left, right);
  return far <= Math.max(1, Math.floor(Math.max(left.length, right.length) / 4)) ? far : undefined;
}

/** Names of the same section that differ by a typo, nearest first. */
function besides(unknown: readonly string[], paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const name = unknown.at(-1) ?? '';
  const section = unknown.slice(0, -1);
  return byDistance(
    paths.filter((path) => path.length === unknown.length && section.every((part, i) => part === path[i])),
    (path) => slip(name, path.at(-1) ?? ''),
  );
}

/** `hubble.relay.enabled` written as one name: it must be nested. */
function unfolded(unknown: readonly string[], paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const parts = unknown.flatMap((name) => name.split('.'));
  return parts.length === unknown.length
    ? []
    : paths.filter((path) => path.length === parts.length && path.every((name, i) => name === parts[i]));
}

/** The same name one or more levels below: `hubble.ui.resources` is there for each container of the UI. */
function deeper(unknown: readonly string[], paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  if (unknown.length < 2) return [];
  const section = unknown.slice(0, -1);
  return paths.filter(
    (path) =>
      path.length > unknown.length && section.every((part, i) => part === path[i]) && path.at(-1) === unknown.at(-1),
  );
}

/** A name that is rare enough to suggest its place: `lbExternalClusterIP` belongs below `bpf`. */
function sameNameElsewhere(
  unknown: readonly string[],
  paths: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const name = letters(unknown.at(-1) ?? '');
  const same = paths.filter((path) => letters(path.at(-1) ?? '') === name);
  return same.length > 8 ? [] : byDistance(same, (path) => slips(unknown.join('.'), path.join('.')));
}

/** Paths that differ by typos in several names: `bandwithManager.enabled`. */
function asAWhole(unknown: readonly string[], paths: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return byDistance(
    paths.filter((path) => path.length === unknown.length),
    (path) => {
      const each = path.map((name, i) => slip(name, unknown[i] ?? ''));
      return each.includes(undefined) ? undefined : each.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    },
  );
}

function byDistance(
  paths: readonly (readonly string[])[],
  far: (path: readonly string[]) => number | undefined,
): readonly (readonly string[])[] {
  return paths
    .map((path) => ({ path, far: far(path) }))
    .filter((candidate): candidate is { path: readonly string[]; far: number } => candidate.far !== undefined)
    .sort((a, b) => a.far - b.far || a.path.length - b.path.length)
    .map(({ path }) => path);
}
