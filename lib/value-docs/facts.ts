/** The facts about a value: type, defaults, releases, what it changes. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { valueAt } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { expected } from '../props/words';
import { formOf, isOpen, isSection } from '../cilium/shape';
import type { Shape, ShapeMap } from '../cilium/shape';
import { allPaths } from '../cilium/suggestions';
import { knownMinors, loadProfile, whereKnown } from '../cilium/versions';
import { minorOf, presenceOf } from '../releases/history';
import type { Profile } from '../cilium/versions';
import { changesAt } from './data';
import { wordsAt } from '../cilium/value-words';
import type { Changes } from './data';
import { referenceOf, valuePage } from './pages';

/** A default, and the releases that have it. */
export interface DefaultOf {
  /** `1.18.0 to 1.18.2`. */
  readonly releases: string;
  /** `undefined` where the release knows the value and has no default. */
  readonly value: Json | undefined;
}

/** What is known of a value in a release. */
export interface ValueFacts {
  /** `hubble.relay.enabled`. */
  readonly path: string;
  /** Whether it holds other values. */
  readonly isSection: boolean;
  /** `true or false`. */
  readonly type: string;
  readonly default: Json | undefined;
  /** In our own words; only what people use most has one. */
  readonly words: string | undefined;
  /** The first releases of this value, `1.18.9, 1.19.3`; `undefined` where all known releases have it. */
  readonly since: string | undefined;
  /** The first releases without it. */
  readonly removed: string | undefined;
  readonly changes: Changes;
  /** Its page: a path in this package, or an address. */
  readonly page: string;
  /** Its row in Cilium's own reference. */
  readonly reference: string;
}

/** The paths of all values of a release, sections included. */
export function pathsOf(profile: Profile): readonly string[] {
  return allPaths(profile.shapes).map((path) => path.join('.'));
}

/** The facts about a value; `undefined` when the release does not know it. */
export function valueFacts(profile: Profile, path: string): ValueFacts | undefined {
  const shape = shapeOf(profile.shapes, path);
  if (shape === undefined) return undefined;
  const holdsValues = isSection(shape) && !isOpen(shape);
  return {
    path,
    isSection: holdsValues,
    type: expected(formOf(shape)),
    default: valueAt(profile.defaults, path),
    words: wordsAt(path),
    ...lifeOf(path, profile),
    changes: changesAt(profile.minor, path),
    page: valuePage(path, holdsValues),
    reference: referenceOf(profile.minor, path),
  };
}

/** The shape at a path. */
export function shapeOf(shapes: ShapeMap, path: string): Shape | undefined {
  return path
    .split('.')
    .reduce<Shape | undefined>(
      (shape, name) => (isSection(shape) && Object.hasOwn(shape, name) ? shape[name] : undefined),
      shapes,
    );
}

/** The defaults of a value over the known releases, runs of releases together. */
export function defaultsOf(path: string): readonly DefaultOf[] {
  const runs: { first: string; last: string; value: Json | undefined; text: string }[] = [];
  for (const version of CILIUM_VERSIONS) {
    const profile = loadProfile(version)?.profile;
    if (profile === undefined || shapeOf(profile.shapes, path) === undefined) continue;
    const value = valueAt(profile.defaults, path);
    const text = JSON.stringify(value) ?? '';
    const last = runs.at(-1);
    if (last?.text === text && isNext(last.last, version)) last.last = version;
    else runs.push({ first: version, last: version, value, text });
  }
  return runs.map(({ first, last, value }) => ({ releases: rangeOf(first, last), value }));
}

function isNext(version: string, next: string): boolean {
  const releases: readonly string[] = CILIUM_VERSIONS;
  return releases.indexOf(next) === releases.indexOf(version) + 1;
}

/** `1.18.0 to 1.18.2`. */
export function rangeOf(first: string, last: string): string {
  return first === last ? first : `${first} to ${last}`;
}

interface Life {
  readonly since: string | undefined;
  readonly removed: string | undefined;
}

/** The releases that introduce and remove a value, since 1.14; unknown for what the table leaves out, as tags of images. */
function lifeOf(path: string, { version, imported }: Profile): Life {
  const known = lives.get(path) ?? knownLife(path);
  lives.set(path, known);
  if (imported === undefined) return known;
  // What no known release has is new with the imported one, which has what a known one removed.
  const isKnown = knownMinors().some((minor) => whereKnown(minor, path.split('.')) !== undefined);
  return { since: isKnown ? known.since : (known.since ?? version), removed: undefined };
}

const lives = new Map<string, Life>();

function knownLife(path: string): Life {
  const all = presenceOf(path)?.map(({ release, has }, i, releases) => {
    const minor = minorOf(release);
    return { minor, has, name: releases[i - 1] && minorOf(releases[i - 1]?.release ?? '') === minor ? release : minor };
  });
  if (all === undefined) return { since: undefined, removed: undefined };
  const changes = all.filter(({ has }, i) => i > 0 && all[i - 1]?.has !== has);
  const starts = changes.filter(({ has }) => has).map(({ name }) => name);
  // What a patch introduced is absent from the first patches of the next minor, and not removed.
  const end = all.at(-1)?.has === false ? changes.findLast(({ has }) => !has)?.name : undefined;
  return { since: starts.length === 0 ? undefined : starts.join(', '), removed: end };
}
