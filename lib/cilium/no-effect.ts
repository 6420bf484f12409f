/** Values that the user wrote and that nothing reads, because the section around them is off or another value wins. */
import { isMap, ownValue, setOwn, valueAt } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import { agentNeeds } from './agent-effects';
import type { Context } from './context';
import { Change, Evaluation, UNKNOWN } from './effects';
import { Obstacles } from './obstacles';
import type { Switch } from './obstacles';
import type { Profile } from './versions';
import { effectsOf } from './versions';

/** What the user wrote, and what became of it. */
export interface WrittenValues {
  readonly profile: Profile;
  /** As the user wrote them, without unknown ones. */
  readonly written: JsonObject;
  /** Merged over the defaults. */
  readonly merged: JsonObject;
}

/** Who else decides about them. */
export interface Readers {
  readonly ctx: Context;
  /** Whether a value is one that {@link talosValues} wrote, and not the user. */
  readonly isOurs?: (path: readonly string[]) => boolean;
}

/** A value without effect. */
export interface Unread {
  readonly path: readonly string[];
  /** What must change for the value to count; none where no few values would do. */
  readonly switches: readonly Switch[];
  /** Another value switches on what this one would. */
  readonly isImplied: boolean;
}

/** A hint with more switches than that is not useful. */
const MOST_SWITCHES = 3;

/** Finds the values that are read by nothing under all others: the chart's templates decide, and after them the agent. */
export class UnreadValues {
  private readonly effects;
  private readonly now: Evaluation;
  private readonly ofNames = new Map<string, { readonly switches: readonly Switch[] | undefined }>();

  constructor(
    private readonly given: WrittenValues,
    private readonly readers: Readers,
  ) {
    this.effects = effectsOf(given.profile);
    this.now = new Evaluation(this.effects, given.merged);
  }

  /** All that the user wrote and that is not the default. */
  all(): readonly Unread[] {
    const { isOurs } = this.readers;
    return changedLeaves(this.given.written, this.given.profile.defaults, []).flatMap((path) =>
      isOurs?.(path) === true ? [] : (this.at(path) ?? []),
    );
  }

  /** A value, where nothing reads it. */
  at(path: readonly string[]): Unread | undefined {
    const needs = agentNeeds(path.join('.'), this.readers.ctx);
    if (needs !== undefined) return { path, switches: [needs], isImplied: false };
    const switches = this.switchesUnlessRead(path);
    if (switches === undefined) return undefined;
    return { path, switches, isImplied: isImplied(valueAt(this.given.merged, path), switches) };
  }

  /** What makes a value count; `undefined` for one that is read. The same for all names of a map that the same expressions read. */
  private switchesUnlessRead(path: readonly string[]): readonly Switch[] | undefined {
    const judge = (): readonly Switch[] | undefined =>
      this.isRead(path, this.now) ? undefined : this.switchesFor(path);
    if (valueAt(this.given.profile.defaults, path) !== undefined) return judge();
    const key = JSON.stringify([path.slice(0, -1), [...this.effects.dependents(path)]]);
    const known = this.ofNames.get(key) ?? { switches: judge() };
    this.ofNames.set(key, known);
    return known.switches;
  }

  /** Whether any value at the path, or none, changes what Helm prints. */
  private isRead(path: readonly string[], now: Evaluation): boolean {
    const usual = valueAt(this.given.profile.defaults, path);
    return this.change(path, UNKNOWN, now).isVisible() || this.change(path, usual, now).isVisible();
  }

  private change(path: readonly string[], value: unknown, now: Evaluation): Change {
    return new Change(now, this.evaluationWith(now, path, value), this.effects.dependents(path));
  }

  private evaluationWith(now: Evaluation, path: readonly string[], value: unknown): Evaluation {
    const changed = this.effects.dependents(path);
    return new Evaluation(this.effects, withValue(now.values, path, value), { evaluation: now, changed });
  }

  /** The fewest other values, each changed to one that the templates ask about, that make the value count. */
  private switchesFor(path: readonly string[]): readonly Switch[] {
    const found: Switch[] = [];
    let now = this.now;
    while (found.length < MOST_SWITCHES) {
      const obstacles = new Obstacles(this.change(path, UNKNOWN, now), path).found();
      const [first] = obstacles;
      if (first === undefined) return [];
      const before = now;
      const with_ = (one: Switch): Evaluation => this.evaluationWith(before, one.path, one.value);
      const enough = obstacles.find((one) => this.isRead(path, with_(one)));
      found.push(enough ?? first);
      if (enough !== undefined) return found;
      now = with_(first);
    }
    return [];
  }
}

function isImplied(value: Json | undefined, switches: readonly Switch[]): boolean {
  return value === true && switches.length > 0 && switches.every((one) => one.value === false);
}

/** The paths of the values that differ from their default; a list and an empty map are one value. */
export function changedLeaves(
  values: JsonObject,
  defaults: Json | undefined,
  at: readonly string[],
): readonly (readonly string[])[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const usual = isMap(defaults) ? ownValue(defaults, name) : undefined;
    const path = [...at, name];
    if (isMap(value) && (isMap(usual) || Object.keys(value).length > 0)) return changedLeaves(value, usual, path);
    return isSame(value, usual) ? [] : [path];
  });
}

function isSame(value: Json | undefined, usual: Json | undefined): boolean {
  // Nothing is deleted where nothing is.
  return JSON.stringify(value ?? null) === JSON.stringify(usual ?? null);
}

/** A copy of values with another one at a path; `undefined` removes it. */
function withValue(values: JsonObject, [name = '', ...rest]: readonly string[], value: unknown): JsonObject {
  const result: Record<string, Json | undefined> = { ...values };
  const below = ownValue(values, name);
  if (rest.length > 0) setOwn(result, name, withValue(isMap(below) ? below : {}, rest, value));
  else if (value === undefined) Reflect.deleteProperty(result, name);
  else setOwn(result, name, value);
  return result;
}
