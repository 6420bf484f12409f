/** The to-do list as text. */
import type { Places, Subject } from './our-files';

/** One thing to look at. */
export interface Change {
  /** Path, key, object or file. */
  readonly what: string;
  readonly detail?: string | undefined;
  /** By what our files are found. */
  readonly subjects: readonly Subject[];
}

/** Changes of one kind. */
export interface Part {
  readonly title: string;
  readonly changes: readonly Change[];
}

/** As many places as a reader wants to see at one entry. */
const MOST_PLACES = 4;

/** A list for people: what changed, and under each entry where to go. Kinds without changes are named at the end. */
export function report(title: string, parts: readonly Part[], search: (subject: Subject) => Places): string {
  const full = parts.filter(({ changes }) => changes.length > 0);
  const none = parts.filter(({ changes }) => changes.length === 0).map((part) => part.title);
  const sections = full.map(
    (part) =>
      `## ${part.title} (${String(part.changes.length)})\n\n${part.changes.map((one) => entry(one, search)).join('\n')}\n`,
  );
  return [`# ${title}\n`, ...sections, ...(none.length === 0 ? [] : [`No changes: ${none.join('; ')}.\n`])].join('\n');
}

function entry({ what, detail, subjects }: Change, search: (subject: Subject) => Places): string {
  const found = subjects.map(search);
  const exact = [...new Set(found.flatMap((places) => places.exact))];
  const near = [...new Set(found.flatMap((places) => places.near))];
  return `- [ ] ${what}${detail === undefined ? '' : `: ${detail}`}\n      ${where(exact, near)}`;
}

function where(exact: readonly string[], near: readonly string[]): string {
  if (exact.length > 0) return brief(exact);
  return near.length === 0 ? 'no file yet' : `no file yet; close by: ${brief(near)}`;
}

function brief(places: readonly string[]): string {
  const more = places.length - MOST_PLACES;
  return `${places.slice(0, MOST_PLACES).join('  ')}${more > 0 ? `  and ${String(more)} more` : ''}`;
}
