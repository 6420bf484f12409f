/** The keys of `cilium-config` of a release. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { optionTypesOf } from './option-types';
import { optionsOf } from './options';

type Keys = Readonly<Record<string, readonly string[]>>;
let written: Keys | undefined;

/** The keys that a minor's chart writes, and the options of agent and operator, hidden ones included. */
export function configKeysOf(version: string): ReadonlySet<string> {
  written ??= JSON.parse(
    readFileSync(join(__dirname, '..', '..', 'imports', 'cilium-chart', 'config-keys.json'), 'utf8'),
  ) as Keys;
  const minor = /^v?(\d+\.\d+)/.exec(version)?.[1] ?? '';
  const ofChart = Object.entries(written).flatMap(([minors, keys]) => (minors.split(' ').includes(minor) ? keys : []));
  const { agent, operator } = optionTypesOf(version);
  return new Set([...ofChart, ...optionsOf(version).keys(), ...agent.keys(), ...operator.keys()]);
}

/**
 * The known key that an unknown one probably means. Undocumented keys exist, so only a typo of one or two letters, or
 * another spelling of the same words, counts.
 */
export function likelyKey(key: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(key)) return undefined;
  const same = spellings(known).get(plain(key));
  if (same !== undefined) return same;
  const most = key.length >= 8 ? 2 : 1;
  const alike = [...known].filter((other) => Math.abs(other.length - key.length) <= most);
  if (alike.length === 0) return undefined;
  const near = closest(key, alike);
  return distance(key, near) <= most ? near : undefined;
}

function plain(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '');
}

const spelled = new WeakMap<ReadonlySet<string>, ReadonlyMap<string, string>>();

/** Known keys by their letters and digits, the first of each; made once for a set. */
function spellings(known: ReadonlySet<string>): ReadonlyMap<string, string> {
  const made = spelled.get(known) ?? new Map([...known].reverse().map((key) => [plain(key), key]));
  spelled.set(known, made);
  return made;
}
