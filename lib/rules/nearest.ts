import { closest, distance } from 'fastest-levenshtein';
import type { Finding } from './finding';
import { readableEntries } from './proxies';
import { codeOf } from './readable';

/**
 * Names among the props that do not exist, under the id `<subject>/unknown-prop`. Props from JavaScript or a JSON file
 * pass no compiler, and a name that nothing reads would be ignored.
 * @param elsewhere names that belong somewhere else, with a hint.
 * @param at where the props stand; '' when they are the whole.
 */
export function unknownProps(
  subject: string,
  props: object,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
  at = '',
): readonly Finding[] {
  return readableEntries(props)
    .filter(([name, value]) => value !== undefined && !known.includes(name))
    .map(([name]) => ({
      id: `${subject}/unknown-prop`,
      level: 'error' as const,
      paths: [pathTo(at, name)],
      message: 'Unknown property.',
      hint: (Object.hasOwn(elsewhere, name) ? elsewhere[name] : undefined) ?? suggestion(name, known),
    }));
}

function suggestion(name: string, known: readonly string[]): string {
  const match = nearest(name, known);
  return match !== undefined ? `Did you mean \`${match}\`?` : `Known are ${known.join(', ')}.`;
}

/** The known word that may have been meant, whatever its case; `undefined` when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const word = closest(
    name.toLowerCase(),
    known.map((other) => other.toLowerCase()),
  );
  const near = distance(name.toLowerCase(), word) <= Math.max(2, Math.floor(name.length / 3));
  return near ? known.find((other) => other.toLowerCase() === word) : undefined;
}

/** How many slips make one word of another: as Levenshtein counts, and two neighbours that change places are one. */
export function slips(a: string, b: string): number {
  const first = [...a].findIndex((sign, i) => sign !== b.charAt(i));
  const swapped = `${a.slice(0, first)}${a.charAt(first + 1)}${a.charAt(first)}${a.slice(first + 2)}`;
  return first >= 0 && swapped === b ? 1 : distance(a, b);
}

/** A path with one more name: `a.b`, or `a['b/c']` for a name that would be misread. */
export function pathTo(at: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name))
    return `${at}['${printable(name.length > 60 ? `${name.slice(0, 59)}…` : name)}']`;
  return at === '' ? name : `${at}.${name}`;
}

/** A name of the user in a line of a log: without line breaks and what a terminal obeys. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Surrogate}\u2028\u2029]/gu, codeOf);
}
