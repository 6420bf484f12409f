/** Finds values by parts of their names, by words of their sentence, or by what they change. */
import type { Profile } from '../cilium/versions';
import { pathsOf, valueFacts } from './facts';
import type { ValueFacts } from './facts';

/**
 * The values of a release that a pattern matches, the best first; without a pattern all that are not sections. A pattern is several words,
 * each of which must occur, or with `*` a path.
 */
export function searchValues(profile: Profile, pattern: string | undefined): readonly ValueFacts[] {
  const all = pathsOf(profile).flatMap((path) => valueFacts(profile, path) ?? []);
  if (pattern === undefined || pattern.trim() === '') return all.filter(({ isSection }) => !isSection);
  if (pattern.includes('*')) {
    const glob = globOf(pattern);
    return all.filter(({ path, isSection }) => !isSection && glob.test(path));
  }
  const words = pattern
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return all
    .map((facts, i) => ({ facts, i, rank: rankOf(facts, words) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.i - b.i)
    .map(({ facts }) => facts);
}

/** How well a value matches; 0 where a word is missing. A section is found by its name and sentence only. */
function rankOf({ path, words, isSection, changes }: ValueFacts, asked: readonly string[]): number {
  const name = path.toLowerCase();
  const sentence = (words ?? '').toLowerCase();
  const changed = isSection ? '' : [...changes.configKeys, ...changes.objects].join(' ').toLowerCase();
  if (asked.join('.') === name) return 5;
  const inName = asked.every((word) => squeezed(name).includes(squeezed(word)));
  if (inName) return isSection && words === undefined ? 0 : asked.every((word) => name.endsWith(word)) ? 4 : 3;
  if (asked.every((word) => squeezed(name).includes(squeezed(word)) || sentence.includes(word))) return 2;
  const isSmall = changes.configKeys.length + changes.objects.length <= 4;
  return isSmall && asked.every((word) => `${name} ${sentence} ${changed}`.includes(word)) ? 1 : 0;
}

/** Letters only: `socket-lb` is in `socketLB.enabled`. */
function squeezed(text: string): string {
  return text.replaceAll(/[^a-z0-9.]/g, '');
}

function globOf(pattern: string): RegExp {
  const escaped = pattern.trim().replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('**', '\u0000').replaceAll('*', '[^.]*').replaceAll('\u0000', '.*')}$`, 'i');
}
