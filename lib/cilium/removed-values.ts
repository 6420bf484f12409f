/** Looks up removed values: `check`, `template` and `upgrade` read the same table. */
import { satisfies } from '../helm/semver';
import { isTruthy } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';
import { REMOVED_VALUES } from './removed-values-table';
import type { RemovedValue } from './removed-values-table';

/** A removed value that a user wrote. */
export interface RemovedFound {
  readonly path: string;
  readonly entry: RemovedValue;
  /** The official chart refuses it. */
  readonly refused: boolean;
  /** Without the value the result is the same. */
  readonly isSuperfluous: boolean;
}

/** The entry for an unknown path, if it was removed. `values` are all of the user's values. */
export function findRemoved(path: string, value: Json, values: JsonObject, version: string): RemovedFound | undefined {
  const entry = removedEntry(path);
  if (entry === undefined || !satisfies(version, `>=${entry.since}`)) return undefined;
  const { refused } = entry;
  return {
    path,
    entry,
    refused:
      refused !== undefined &&
      (refused.minors?.some((minor) => version.startsWith(`${minor}.`)) ?? true) &&
      refused.when(value, values),
    isSuperfluous: entry.always === true ? value === true : !isTruthy(value),
  };
}

/** The entry of a path, or of the removed section that it is in. */
export function removedEntry(path: string): RemovedValue | undefined {
  if (Object.hasOwn(REMOVED_VALUES, path)) return REMOVED_VALUES[path];
  const above = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const section = above === '' ? undefined : removedEntry(above);
  return section?.section === true ? section : undefined;
}

/** Whether a removed value may be below a path, so that its map must be read name by name. */
export function holdsRemoved(path: string): boolean {
  return Object.keys(REMOVED_VALUES).some((removed) => removed.startsWith(`${path}.`));
}
