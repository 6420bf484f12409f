/** Explains a value, a key of `cilium-config` or an object: what writes it, from which values, by default in which releases. */
import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { configKeysOf, likelyKey } from '../cilium/config-keys';
import { optionTypesOf } from '../cilium/option-types';
import { removedEntry } from '../cilium/removed-values';
import type { Rendered } from '../cilium/render';
import { nearestPaths } from '../cilium/suggestions';
import { withoutSecretValues } from '../cilium/secret-values';
import { knownMinors, loadProfile, patchesOf, whereKnown } from '../cilium/versions';
import type { Profile } from '../cilium/versions';
import { ownValue, valueAt } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { satisfies } from '../helm/semver';
import { nearest } from '../rules/nearest';
import { changesOf, defaultRuns } from './data';
import { wordsAt } from '../cilium/value-words';
import type { Changes } from './data';
import { describeRemoved } from './describe';
import { defaultsOf, pathsOf, rangeOf, shapeOf, valueFacts } from './facts';
import type { DefaultOf } from './facts';

/** What is known of one name. Fields that do not apply are absent. */
export interface Explained {
  /** `bpf.masquerade`, `enable-bpf-masquerade`, `DaemonSet cilium`. */
  readonly name: string;
  readonly kind: 'value' | 'removed value' | 'config key' | 'object' | 'line';
  /** A sentence about it. */
  readonly words?: string | undefined;
  /** Of a value: `true or false`. Of a config key: the type of the option. */
  readonly type?: string | undefined;
  /** What it is with the given values; `null` where a config key or an object is not written. */
  readonly now?: Json | undefined;
  /** Why a value has no effect. */
  readonly noEffect?: string | undefined;
  /** By default: runs of releases. `null` for a config key that a release does not write. */
  readonly defaults?: readonly DefaultOf[] | undefined;
  readonly since?: string | undefined;
  readonly removed?: string | undefined;
  /** The names that a section holds. */
  readonly holds?: readonly string[] | undefined;
  /** What a value changes. */
  readonly changes?: Changes | undefined;
  /** The features, the component or `extraConfig` that write it. */
  readonly by?: readonly string[] | undefined;
  /** The values that it is made of, those that change least else first. */
  readonly values?: readonly string[] | undefined;
  /** The values that only decide whether it is there. */
  readonly switches?: readonly string[] | undefined;
  /** The programs that read it. */
  readonly readers?: readonly string[] | undefined;
  readonly page?: string | undefined;
  readonly reference?: string | undefined;
}

/** The answer: nothing is found without suggestions. */
export interface Explanations {
  readonly found: readonly Explained[];
  /** Names that may be meant. */
  readonly suggestions: readonly string[];
}

/** What a name is explained for. */
export interface Subject {
  readonly profile: Profile;
  /** With the user's values; `undefined` where they have errors. */
  readonly rendered: Rendered | undefined;
}

/** Explains a name: the path of a value, a config key, an object (`DaemonSet cilium`), or another line by its words. */
export function explainName(name: string, subject: Subject): Explanations {
  const asked = name.trim().replace(/^config\s+/, '');
  const value = valueExplained(asked.replace(/\[[^\]]*\].*$/, ''), subject);
  const key = keyExplained(asked, subject);
  const exact = [...(value === undefined ? [] : [value]), ...(key === undefined ? [] : [key])];
  const found = exact.length > 0 ? exact : [...objectsExplained(asked, subject), ...linesExplained(asked, subject)];
  return { found, suggestions: found.length > 0 ? [] : suggestions(asked, subject) };
}

function valueExplained(path: string, { profile, rendered }: Subject): Explained | undefined {
  const facts = valueFacts(profile, path);
  if (facts === undefined) return goneExplained(path, profile);
  const { words, type, isSection, since, removed, changes, page, reference } = facts;
  const value = rendered === undefined ? undefined : valueAt(rendered.context.v, path);
  const now = value === undefined ? undefined : withoutSecretValues(path, value);
  const why = rendered?.explain(path)[0]?.message?.replace(/^This is a value\. /, '');
  return {
    ...{ name: path, kind: 'value', words, type, since, removed, changes, page, reference },
    ...(isSection
      ? { holds: Object.keys(shapeOf(profile.shapes, path) ?? {}) }
      : { now, defaults: defaultsOf(path), noEffect: /no effect/.test(why ?? '') ? why : undefined }),
  };
}

/** A value that this release does not have: removed, or of other releases. */
function goneExplained(path: string, profile: Profile): Explained | undefined {
  const entry = removedEntry(path);
  if (entry !== undefined && satisfies(profile.version, `>=${entry.since}`))
    return {
      name: path,
      kind: 'removed value',
      words: [wordsAt(path), describeRemoved(entry)].filter((one) => one !== undefined).join(' '),
    };
  const minor = knownMinors().findLast((one) => whereKnown(one, path.split('.')) !== undefined);
  const other =
    minor === undefined ? undefined : neighbours(minor).find(({ shapes }) => shapeOf(shapes, path) !== undefined);
  const facts = other === undefined ? undefined : valueFacts(other, path);
  if (facts === undefined) return undefined;
  const words = `Cilium ${profile.version} does not have this value. ${facts.words ?? ''}`.trim();
  const { type, since, removed, changes, page, reference } = facts;
  return {
    ...{ name: path, kind: 'removed value', words, type, since, removed, changes, page, reference },
    defaults: defaultsOf(path),
  };
}

/** The known releases of a minor, newest first. */
function neighbours(minor: string): readonly Profile[] {
  return patchesOf(minor)
    .toReversed()
    .flatMap((patch) => loadProfile(`${minor}.${String(patch)}`)?.profile ?? []);
}

function keyExplained(key: string, subject: Subject): Explained | undefined {
  const { profile, rendered } = subject;
  const { behavesAs } = profile;
  const config = configOf(rendered);
  const text = config === undefined ? undefined : (ownValue(config, key) ?? null);
  const now = text === undefined ? undefined : withoutSecretValues(key, text);
  const isKnown = configKeysOf(behavesAs).has(key) || changesNamed(`config ${key}`, profile).length > 0;
  if (!isKnown && typeof now !== 'string') return undefined;
  const types = optionTypesOf(behavesAs);
  const readers = (['agent', 'operator'] as const).filter((program) => types[program].has(key));
  const minors = knownMinors().filter((minor) => configKeysOf(`${minor}.0`).has(key));
  const by = rendered?.explain(key).find(({ line }) => line === `config ${key}`)?.by;
  return {
    ...{ name: key, kind: 'config key', now, by, readers },
    type: readers.map((program) => types[program].get(key)?.type).find((type) => type !== undefined),
    ...sources(`config ${key}`, profile),
    defaults: runsOf(defaultRuns(`config ${key}`)),
    since: minors[0] === knownMinors()[0] ? undefined : minors[0],
    removed: minors.length === 0 ? undefined : knownMinors()[knownMinors().indexOf(minors.at(-1) ?? '') + 1],
  };
}

/** `cilium-config` as it is rendered. */
function configOf(rendered: Rendered | undefined): Readonly<Record<string, string>> | undefined {
  const map = rendered?.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config');
  return (map as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data;
}

/** Most objects that are listed for a few words. */
const MOST_OBJECTS = 12;

function objectsExplained(asked: string, { profile, rendered }: Subject): readonly Explained[] {
  const words = wordsOf(asked);
  const known = new Set([...changesOf(profile.minor).values()].flat().map(({ name }) => name));
  const names = [...known].filter((name) => {
    const own = wordsOf(name);
    return !name.startsWith('config ') && words.length > 0 && words.every((word) => own.includes(word));
  });
  return names
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .slice(0, MOST_OBJECTS)
    .map((name) => {
      const [kind = '', called = ''] = name.split(' ');
      const line = rendered
        ?.explain(`${kind}/${called}`)
        .find((one) => wordsOf(one.line).at(-1) === called.toLowerCase() && one.message === undefined);
      return {
        ...{ name, kind: 'object' as const, by: line?.by },
        now: rendered === undefined ? undefined : line === undefined ? null : line.line.replace(/^object /, ''),
        ...sources(name, profile),
        defaults: runsOf(defaultRuns(name)),
      };
    });
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/[ /]+/)
    .filter((word) => word !== '');
}

/** Volumes, mounts, permissions and objects of features of the user, by their words. */
function linesExplained(asked: string, { rendered }: Subject): readonly Explained[] {
  const lines = rendered?.explain(asked) ?? [];
  return lines.flatMap(({ line, by, message }) =>
    message === undefined && !line.startsWith('config ') && !line.startsWith('object ')
      ? [{ name: line, kind: 'line' as const, by }]
      : [],
  );
}

/** The values that a name is made of, and those that only decide whether it is there. */
function sources(name: string, profile: Profile): Pick<Explained, 'values' | 'switches'> {
  const all = changesNamed(name, profile);
  const pathsWhere = (isOnlyThere: boolean): readonly string[] =>
    all.filter((one) => one.isOnlyThere === isOnlyThere).map(({ path }) => path);
  const [values, switches] = [pathsWhere(false), pathsWhere(true)];
  // A key that is written only while it is on is made of the value that does the least else.
  return values.length > 0 ? { values, switches } : { values: switches.slice(0, 1), switches: switches.slice(1) };
}

function changesNamed(
  name: string,
  { minor }: Profile,
): readonly { readonly path: string; readonly isOnlyThere: boolean }[] {
  return [...changesOf(minor)]
    .flatMap(([path, changes]) =>
      changes
        .filter((change) => change.name === name)
        .map(({ isOnlyThere }) => ({ path, isOnlyThere, most: changes.length })),
    )
    .sort((a, b) => a.most - b.most);
}

function runsOf(runs: ReturnType<typeof defaultRuns>): readonly DefaultOf[] {
  const releases: readonly string[] = CILIUM_VERSIONS;
  return runs.map(([first, text], i) => {
    const next = runs[i + 1]?.[0];
    const last = next === undefined ? releases.at(-1) : releases[releases.indexOf(next) - 1];
    return { releases: rangeOf(first, last ?? first), value: text };
  });
}

/** Names that may be meant, the best first. */
function suggestions(asked: string, { profile }: Subject): readonly string[] {
  const paths = nearestPaths(asked.split('.'), profile.shapes);
  const key = likelyKey(asked, configKeysOf(profile.behavesAs));
  const squeezed = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const within =
    asked.length < 3
      ? []
      : pathsOf(profile)
          .filter((path) => squeezed(path).includes(squeezed(asked)))
          .slice(0, 5);
  const objects = [...new Set([...changesOf(profile.minor).values()].flat().map(({ name }) => name))];
  const object = nearest(
    asked,
    objects.flatMap((name) => (name.startsWith('config ') ? [] : [name])),
  );
  return [
    ...new Set([...(key === undefined ? [] : [key]), ...paths, ...within, ...(object === undefined ? [] : [object])]),
  ];
}
