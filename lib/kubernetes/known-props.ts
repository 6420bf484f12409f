import { closest, distance } from 'fastest-levenshtein';
import type { Finding } from '../findings';

/**
 * Names among the props that do not exist, under the id `<subject>/unknown-prop`. Props from JavaScript or a JSON file
 * pass no compiler, and a name that nobody reads would do nothing without a word.
 * @param elsewhere names that belong somewhere else, with the sentence that says where.
 */
export function unknownProps(
  subject: string,
  props: object,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
  path = '',
): readonly Finding[] {
  return Object.entries(props)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .map(([name]) => ({
      id: `${subject}/unknown-prop`,
      level: 'error' as const,
      at: [`${path}${name}`],
      says: 'There is no such name here.',
      fix: elsewhere[name] ?? suggestion(name, known),
    }));
}

function suggestion(name: string, known: readonly string[]): string {
  const match = nearest(name, known);
  return match !== undefined ? `Did you mean \`${match}\`?` : `There are ${known.join(', ')}.`;
}

/** The known word that somebody may have meant, whatever its case; `undefined` when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const word = closest(
    name.toLowerCase(),
    known.map((other) => other.toLowerCase()),
  );
  const near = distance(name.toLowerCase(), word) <= Math.max(2, Math.floor(name.length / 3));
  return near ? known.find((other) => other.toLowerCase() === word) : undefined;
}
