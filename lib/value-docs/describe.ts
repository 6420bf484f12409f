/** Facts about values as text, the same in the schema, `explain` and the pages. */
import type { RemovedValue } from '../cilium/removed-values-table';
import type { ValueFacts } from './facts';

/** More names than that do not help. */
const MOST_NAMES = 4;

/** One line: the sentence about a value, or what it changes. */
export function summary(facts: ValueFacts): string | undefined {
  return (facts.words ?? (facts.isSection ? undefined : changesText(facts)))?.replaceAll('`', '');
}

/** A few paragraphs of Markdown: sentence, what the value changes, releases, a link to the reference of Cilium. */
export function markdown(facts: ValueFacts): string {
  const { words, isSection } = facts;
  const paragraphs = [
    words,
    isSection ? undefined : changesText(facts),
    releasesText(facts),
    isSection ? undefined : `[Reference](${facts.reference})`,
  ];
  return paragraphs.filter((one) => one !== undefined).join('\n\n');
}

/** ``Changes config key `enable-ipv4`, DaemonSet cilium.`` */
export function changesText({ changes: { configKeys, objects } }: Pick<ValueFacts, 'changes'>): string | undefined {
  const keys = few(configKeys.map((key) => `\`${key}\``));
  const parts = [
    ...(configKeys.length === 0 ? [] : [`config ${configKeys.length === 1 ? 'key' : 'keys'} ${keys}`]),
    ...(objects.length === 0 ? [] : [few(objects)]),
  ];
  return parts.length === 0 ? undefined : `Changes ${parts.join('; ')}.`;
}

/** `Since 1.18.9, 1.19.3. Removed in 1.20.` */
export function releasesText({ since, removed }: Partial<Pick<ValueFacts, 'since' | 'removed'>>): string | undefined {
  const parts = [
    ...(since === undefined ? [] : [`Since ${since}.`]),
    ...(removed === undefined ? [] : [`Removed in ${removed}.`]),
  ];
  return parts.length === 0 ? undefined : parts.join(' ');
}

/** What became of a value that is gone. */
export function describeRemoved({ since, use, because }: RemovedValue): string {
  const reason = because === undefined ? '' : `: ${because}`;
  return `Cilium ${since} removed this value${reason}. ${use === undefined ? 'Remove it.' : `Use ${use} instead.`}`;
}

/** Some names, and how many more there are. */
export function few(names: readonly string[], most = MOST_NAMES): string {
  if (names.length <= most + 1) return names.join(', ');
  return `${names.slice(0, most).join(', ')} and ${String(names.length - most)} more`;
}
