import { parseGoRegexp } from '../helm/go-regexp';

const read = new Map<string, (text: string) => boolean>();

/** Whether a text fits a pattern of a schema: Go's syntax and meaning. A pattern that cannot be read takes anything. */
export function fitsPattern(pattern: string, text: string): boolean {
  let fits = read.get(pattern);
  if (fits === undefined) {
    const expression = parseGoRegexp(pattern);
    fits = 'matches' in expression ? expression.matches : () => true;
    read.set(pattern, fits);
  }
  return fits(text);
}
