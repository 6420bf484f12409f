import { setOwn } from '../kubernetes/json';
import { pathTo } from '../rules/nearest';
import { actual, isPlain } from '../rules/words';

/** A value that JSON cannot represent, with its path. */
export interface NotJson {
  readonly at: string;
  readonly value: unknown;
}

/** Deeper than any schema; keeps circular data from exhausting the stack. */
const DEEPEST = 100;

/** The data as JSON, `null` in maps included, with an empty map for each value that JSON cannot represent, and these values. Never throws. */
export function asJson(value: unknown): { readonly data: unknown; readonly problems: readonly NotJson[] } {
  const problems: NotJson[] = [];
  const copy = (item: unknown, at: string, depth: number): unknown => {
    if (typeof item === 'string' || typeof item === 'boolean' || (typeof item === 'number' && Number.isFinite(item)))
      return item;
    if (Array.isArray(item) && depth < DEEPEST)
      return Array.from(item as readonly unknown[], (one, i) => copy(one, `${at}[${String(i)}]`, depth + 1));
    if (isPlain(item) && depth < DEEPEST) {
      const result: Record<string, unknown> = {};
      for (const [name, one] of Object.entries(item)) {
        if (one !== undefined) setOwn(result, name, one === null ? null : copy(one, pathTo(at, name), depth + 1));
      }
      return result;
    }
    problems.push({ at, value: item });
    return {};
  };
  return { data: copy(value, '', 0), problems };
}

/** Message and hint for a value that JSON cannot represent. */
export function notJsonWords({ at, value }: NotJson): { readonly message: string; readonly hint: string } {
  const [field = ''] = /[^.]*$/.exec(at) ?? [];
  if (isPlain(value) || Array.isArray(value))
    return { message: 'It is nested too deep, or refers back to itself.', hint: 'Write plain data.' };
  const isInstance = typeof value === 'object' && value !== null && !field.endsWith(']');
  return {
    message: `Expected plain data, got ${actual(value)}.`,
    hint: isInstance ? `Write plain data, or a list where one belongs: \`${field}: [ … ]\`.` : 'Write plain data.',
  };
}
