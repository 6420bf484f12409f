/** The keys of `cilium-config` that a release knows. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { optionsOf } from './options';

type Keys = Readonly<Record<string, readonly string[]>>;
let written: Keys | undefined;

/** What the chart of a minor may write, and the documented options of agent and operator. */
export function configKeysOf(version: string): ReadonlySet<string> {
  written ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-chart', 'config-keys.json'), 'utf8'),
  ) as Keys;
  const minor = /^v?(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const ofChart = Object.entries(written).flatMap(([minors, keys]) => (minors.split(' ').includes(minor) ? keys : []));
  return new Set([...ofChart, ...optionsOf(version).keys()]);
}

/**
 * The known key that an unknown one is most likely meant for. There are keys that no list has, so only a slip of one or two letters, or
 * another way to write the same words, counts.
 */
export function likelyKey(key: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(key)) return undefined;
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const same = [...known].find((other) => plain(other) === plain(key));
  if (same !== undefined) return same;
  const near = closest(key, [...known]);
  return distance(key, near) <= (key.length >= 8 ? 2 : 1) ? near : undefined;
}
