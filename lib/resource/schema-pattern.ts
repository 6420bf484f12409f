import { parseGoRegexp } from '../helm/go-regexp';

const read = new Map<string, (text: string) => boolean>();

/** Whether a text matches a pattern of a schema, in Go's syntax. A pattern that cannot be read matches anything. */
export function fitsPattern(pattern: string, text: string): boolean {
  let fits = read.get(pattern);
  if (fits === undefined) {
    const expression = parseGoRegexp(pattern);
    fits = 'matches' in expression ? expression.matches : () => true;
    read.set(pattern, fits);
  }
  return fits(text);
}
