/** What becomes of a user's values on the way to another release. */
import { hasShape } from '../props/check';
import { pathTo } from '../rules/nearest';
import { formOf } from '../cilium/shape';
import { checkShapes } from '../cilium/shape-check';
import { removedEntry, findRemoved } from '../cilium/removed-values';
import { CHANGED_VALUES } from '../cilium/removed-values-table';
import type { RemovedValue, Values } from '../cilium/removed-values-table';
import { loadProfile } from '../cilium/versions';
import { satisfies } from '../helm/semver';
import { valuesOfRelease } from '../releases/history';
import { isMap, setOwn, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';

/** What becomes of one value. */
export interface ValueChange {
  /** The names of its path. */
  readonly path: readonly string[];
  readonly value: Json;
  /**
   * `converted`: other values say the same; `dropped`: nothing is lost without it; `kept`: it has a meaning that nothing replaces, or a
   * person must choose.
   */
  readonly outcome: 'converted' | 'dropped' | 'kept';
  /** The release that removed it, or its former form. */
  readonly since?: string;
  /** The values that replace it, by path; for a form that changed the same path. */
  readonly into: Values;
  /** Why, one sentence. */
  readonly reason: string;
  /** For a kept one, what to do. */
  readonly hint?: string;
}

/** Between which releases, and the values of all layers. */
export interface ChangeInput {
  readonly from: string;
  readonly to: string;
  readonly all: JsonObject;
}

/** What becomes of values: one entry for each that the newer release does not have, or has in another form. */
export function valueChanges(values: JsonObject, { from, to, all }: ChangeInput): readonly ValueChange[] {
  const defaults = valuesOfRelease(from);
  const wasDefault = (path: string, value: Json): boolean =>
    defaults?.has(path) === true && JSON.stringify(defaults.get(path)?.value) === JSON.stringify(value);
  const former = formerChanges(values, to, all);
  // What switched kube-proxy replacement on decides about its other switches.
  const settled = withChanges(all, formerChanges(all, to, all));
  const removed = removedChanges([], values, { to, all: settled, wasDefault });
  const done = new Set(former.map(({ path }) => path.join('.')));
  return [...removed, ...former, ...typeChanges(values, to).filter(({ path }) => !done.has(path.join('.')))];
}

/** Values that the newer release has in another form. */
function formerChanges(values: JsonObject, to: string, all: JsonObject): readonly ValueChange[] {
  return Object.entries(CHANGED_VALUES).flatMap(([path, { since, becomes, isFormer, hint }]): ValueChange[] => {
    const value = valueAt(values, path);
    if (value === undefined || !satisfies(to, `>=${since}`) || !isFormer(value)) return [];
    const fresh = becomes(value, all);
    const base = { path: path.split('.'), value, since, reason: `Cilium ${since} changed the form of this value.` };
    return [
      fresh === undefined
        ? { ...base, outcome: 'kept', into: {}, hint }
        : { ...base, outcome: 'converted', into: { [path]: fresh } },
    ];
  });
}

interface Given {
  readonly to: string;
  readonly all: JsonObject;
  readonly wasDefault: (path: string, value: Json) => boolean;
}

function removedChanges(above: readonly string[], section: JsonObject, given: Given): readonly ValueChange[] {
  return Object.entries(section).flatMap(([name, value]): readonly ValueChange[] => {
    if (value === undefined) return [];
    const path = [...above, name];
    const found = findRemoved(path.join('.'), value, given.all, given.to);
    if (found !== undefined) return [removedChange(path, value, found, given)];
    return isMap(value) ? removedChanges(path, value, given) : [];
  });
}

function removedChange(
  path: readonly string[],
  value: Json,
  { entry, isSuperfluous }: { readonly entry: RemovedValue; readonly isSuperfluous: boolean },
  given: Given,
): ValueChange {
  const { since, because, use } = entry;
  const reason = `Cilium ${since} removed this value${because === undefined ? '' : `: ${because}`}.`;
  const base = { path, value, since, reason };
  const kept = (hint: string): ValueChange => ({ ...base, outcome: 'kept', into: {}, hint });
  const wasDefault = given.wasDefault(path.join('.'), value);
  const into = value === null ? undefined : replacement(path.join('.'), value, entry, given);
  if (into !== undefined) {
    const taken = Object.entries(into).filter(([other, fresh]) => clashes(given.all, other, fresh));
    if (taken.length === 0) return { ...base, outcome: 'converted', into };
    if (!wasDefault)
      return kept(`Decide between it and ${taken.map(([other]) => other).join(', ')}, which has another value.`);
  }
  if (value === null || wasDefault || isDropped(entry, value, isSuperfluous, given))
    return { ...base, outcome: 'dropped', into: {} };
  return kept(use === undefined ? 'Remove it when nothing depends on it.' : `Use ${use} instead.`);
}

function isDropped(entry: RemovedValue, value: Json, isSuperfluous: boolean, { all }: Given): boolean {
  if (entry.drops === undefined) return isSuperfluous;
  return entry.drops === true || entry.drops(value, all);
}

/** The values that replace one; through a release that knew the replacement only. */
function replacement(path: string, value: Json, { becomes }: RemovedValue, given: Given): Values | undefined {
  if (becomes === undefined) return undefined;
  const direct = typeof becomes === 'string' ? { [becomes]: value } : becomes(value, given.all);
  if (direct === undefined) return undefined;
  const all: Record<string, Json> = {};
  for (const [other, fresh] of Object.entries(direct)) {
    const next = removedEntry(other);
    const isGone = next !== undefined && other !== path && satisfies(given.to, `>=${next.since}`);
    const into = isGone ? replacement(other, fresh, next, given) : { [other]: fresh };
    if (into === undefined) return undefined;
    Object.assign(all, into);
  }
  return all;
}

function clashes(values: JsonObject, path: string, fresh: Json): boolean {
  const written = valueAt(values, path);
  return (
    written !== undefined && written !== null && written !== '' && JSON.stringify(written) !== JSON.stringify(fresh)
  );
}

/** Values whose text means a number or a switch, or the other way round, where the release takes only that. */
function typeChanges(values: JsonObject, to: string): readonly ValueChange[] {
  const profile = loadProfile(to)?.profile;
  if (profile === undefined) return [];
  const { wrong } = checkShapes(values, profile.shapes, profile.defaults);
  return wrong.flatMap(({ at, path, shape, value }): readonly ValueChange[] => {
    const [fresh, other] = readings(value).filter((one) => hasShape(one, formOf(shape)));
    if (fresh === undefined || other !== undefined || at.includes('[')) return [];
    const reason = `The values schema of Cilium ${to} accepts only a ${Array.isArray(fresh) ? 'list' : typeof fresh} here.`;
    return [{ path, value, outcome: 'converted', into: { [at]: fresh }, reason }];
  });
}

function readings(value: Json): readonly Json[] {
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value !== 'string') return [];
  if (value === 'true' || value === 'false') return [value === 'true'];
  // As `--set` spells a list.
  const items = /^\{([^{}]+)\}$/.exec(value)?.[1];
  if (items !== undefined) return [items.split(',').map((item) => item.trim())];
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value) && String(Number(value)) === value ? [Number(value)] : [];
}

/** The values after the changes. */
export function withChanges(values: JsonObject, changes: readonly ValueChange[]): JsonObject {
  const done = changes.filter(({ outcome }) => outcome !== 'kept');
  const without = done.reduce((tree, { path, into }) => (isSame(path, into) ? tree : removeAt(tree, path)), values);
  return done
    .flatMap(({ path, into }) =>
      isSame(path, into)
        ? [[path, Object.values(into)[0]] as const]
        : Object.entries(into).map(([other, value]) => [other.split('.'), value] as const),
    )
    .reduce((tree, [path, value]) => putAt(tree, path, value ?? null), without);
}

/** Whether a change replaces the value where it is. */
export function isSame(path: readonly string[], into: Values): boolean {
  const [first, ...others] = Object.keys(into);
  return others.length === 0 && first === path.reduce((at, name) => pathTo(at, name), '');
}

function removeAt(tree: JsonObject, [name = '', ...rest]: readonly string[]): JsonObject {
  const { [name]: child, ...others } = tree;
  if (rest.length === 0 || !isMap(child)) return others;
  const below = removeAt(child, rest);
  // An empty section that was left over would say nothing.
  return Object.keys(below).length === 0 ? others : replaced(tree, name, below);
}

function putAt(tree: JsonObject, [name = '', ...rest]: readonly string[], value: Json): JsonObject {
  const child = Object.hasOwn(tree, name) ? tree[name] : undefined;
  return replaced(tree, name, rest.length === 0 ? value : putAt(isMap(child) ? child : {}, rest, value));
}

/** The tree with another child in the place of the old one. */
function replaced(tree: JsonObject, name: string, child: Json): JsonObject {
  const copy: Record<string, unknown> = { ...tree };
  setOwn(copy, name, child);
  return copy as JsonObject;
}
