import { parse } from 'yaml';

/**
 * The format of Envoy's log lines as the chart reads it: the text between double quotes of YAML, so that `\t` is a
 * tab. `undefined` when it is not valid there: a bare `"` or an unknown escape.
 */
export function logText(format: string): string | undefined {
  // What has no escape and no quote is as it is; loading the parser takes longer than a render.
  if (/^[ !#-[\]-~]*$/.test(format)) return format;
  try {
    const text: unknown = parse(`"${format}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
