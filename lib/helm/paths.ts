import { posix } from 'node:path';

/** Go's `path.Dir`, the `dir` of a template: everything before the last slash, cleaned; `.` when there is none. */
export function directoryOf(path: string): string {
  const cleaned = posix.normalize(path.slice(0, path.lastIndexOf('/') + 1) || '.');
  return cleaned.length > 1 && cleaned.endsWith('/') ? cleaned.slice(0, -1) : cleaned;
}

/**
 * Go's `path.Match`: `*` and `?` stop at slashes, `[a-z]` and `[^a-z]` are classes, a backslash takes the meaning of the next character.
 * A pattern that Go rejects matches nothing.
 */
export function matchesPath(pattern: string, path: string): boolean {
  const expression = expressionOf(pattern);
  return expression !== undefined && expression.test(path);
}

const PIECE = /\*|\?|\[(?<not>\^?)(?<items>(?:(?:\\[^]|[^\]\\-])(?:-(?:\\[^]|[^\]\\-]))?)+)\]|\\(?<plain>[^])|[^\\[]/gu;

function expressionOf(pattern: string): RegExp | undefined {
  let read = 0;
  const pieces = [...pattern.matchAll(PIECE)].map(({ 0: text, index, groups: { not = '', items, plain } = {} }) => {
    // What no piece covers is an open class, or a backslash at the end.
    if (index !== read) read = Infinity;
    read += text.length;
    if (text === '*') return '[^/]*';
    if (text === '?') return '[^/]';
    if (items !== undefined) return `[${not}${classOf(items)}]`;
    return escaped(plain ?? text);
  });
  return read === pattern.length ? new RegExp(`^${pieces.join('')}$`, 'su') : undefined;
}

function classOf(items: string): string {
  const one = '(\\\\[^]|[^-])';
  return [...items.matchAll(new RegExp(`${one}(?:-${one})?`, 'gu'))]
    .flatMap(([, low = '', high = low]) => {
      const [from, to] = [low, high].map((text) => text.replace(/^\\/, ''));
      return from !== undefined && to !== undefined && from <= to ? [`${inClass(from)}-${inClass(to)}`] : [];
    })
    .join('');
}

function inClass(text: string): string {
  return text.replace(/[\^\\[\]-]/, '\\$&');
}

function escaped(text: string): string {
  return text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');
}
