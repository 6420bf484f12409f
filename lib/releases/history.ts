/** The values of every release since 1.14: `imports/cilium-history/values.json`, read on demand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../kubernetes/json';

/** `[release]`: absent from there on. `[release, type]`: without a default. `[release, type, default]`. */
type Change = readonly [release: string, type?: string, value?: Json];

interface HistoryFile {
  /** Oldest first. */
  readonly releases: readonly string[];
  readonly values: Readonly<Record<string, readonly Change[]>>;
}

/** A value as one release has it. */
export interface ValueOfRelease {
  /** Types of JSON Schema, joined by `|`; `any` where the chart declares none. */
  readonly type: string;
  /** `undefined` where the chart has none. Tags and digests of images are not recorded. */
  readonly value: Json | undefined;
}

/** A value of which two releases have different defaults. */
export interface ChangedDefault {
  readonly path: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

let file: HistoryFile | undefined;

function history(): HistoryFile {
  file ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-history', 'values.json'), 'utf8'),
  ) as HistoryFile;
  return file;
}

/** The minors of the table, oldest first. */
export function minorsOfHistory(): readonly string[] {
  return [...new Set(history().releases.map(minorOf))];
}

/** The releases of the table, oldest first. */
export function releasesOfHistory(): readonly string[] {
  return history().releases;
}

/** All values of a release by path; `undefined` when its minor is not in the table. A patch that is not in it has the values of the one before. */
export function valuesOfRelease(release: string): ReadonlyMap<string, ValueOfRelease> | undefined {
  const order = positions();
  const last = positionOf(release);
  if (last === undefined) return undefined;
  const found = new Map<string, ValueOfRelease>();
  for (const [path, changes] of Object.entries(history().values)) {
    const [, type, value] = changes.findLast(([from]) => (order.get(from) ?? 0) <= last) ?? [];
    if (type !== undefined) found.set(path, { type, value });
  }
  return found;
}

/** Whether each release of the table has a value, or any value of a section, oldest first; `undefined` where none has. */
export function presenceOf(path: string): readonly { readonly release: string; readonly has: boolean }[] | undefined {
  const { releases, values } = history();
  // A map that is one value in some releases is a section in others.
  const own = [...(Object.hasOwn(values, path) ? [values[path] ?? []] : []), ...valuesBelow(path)];
  if (own.length === 0) return undefined;
  const order = positions();
  const starts = own.map((changes) =>
    changes.map(([from, type]) => [order.get(from) ?? 0, type !== undefined] as const),
  );
  return releases.map((release, i) => ({
    release,
    has: starts.some((changes) => changes.findLast(([from]) => from <= i)?.[1] === true),
  }));
}

function valuesBelow(path: string): readonly (readonly Change[])[] {
  return Object.entries(history().values).flatMap(([name, changes]) => (name.startsWith(`${path}.`) ? [changes] : []));
}

/** The release that last removed a value; `undefined` where the newest release has it, or no release had it. */
export function removedIn(path: string): string | undefined {
  const [release, type] = history().values[path]?.at(-1) ?? [];
  return type === undefined ? release : undefined;
}

/** Values that both releases have, with different defaults. */
export function changedDefaults(from: string, to: string): readonly ChangedDefault[] {
  const [old, fresh] = [valuesOfRelease(from), valuesOfRelease(to)];
  if (old === undefined || fresh === undefined) return [];
  return [...old].flatMap(([path, { value: before }]) => {
    const now = fresh.get(path);
    return now === undefined || JSON.stringify(before) === JSON.stringify(now.value)
      ? []
      : [{ path, before, after: now.value }];
  });
}

function positions(): ReadonlyMap<string, number> {
  order ??= new Map(history().releases.map((release, i) => [release, i]));
  return order;
}

let order: ReadonlyMap<string, number> | undefined;

function positionOf(release: string): number | undefined {
  const patch = patchOf(release);
  const { releases } = history();
  const last = releases.findLastIndex((one) => minorOf(one) === minorOf(release) && patchOf(one) <= patch);
  return last < 0 ? undefined : last;
}

/** `1.19` of `1.19.6`. */
export function minorOf(release: string): string {
  return release.split('.').slice(0, 2).join('.');
}

function patchOf(release: string): number {
  return Number.parseInt(release.split('.')[2] ?? '', 10);
}
