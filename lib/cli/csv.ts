/** Lists with commas as pflag reads them: its `StringSlice` is a line of CSV. */
import { InvalidArgumentError } from 'commander';

/**
 * The fields of one line: `"a,b",c` is `a,b` and `c`.
 * @throws InvalidArgumentError with the message of Go's `encoding/csv` where that refuses the text
 */
export function csvFields(text: string): readonly string[] {
  if (text === '') return [];
  const fields: string[] = [];
  let at = 0;
  for (;;) {
    if (text.charAt(at) === '"') {
      const { field, end } = quoted(text, at);
      fields.push(field);
      at = end;
    } else {
      const [field = ''] = /^[^,\n]*/.exec(text.slice(at)) ?? [];
      const quote = field.indexOf('"');
      if (quote >= 0) throw wrong(at + quote + 1, 'bare " in non-quoted field');
      fields.push(field);
      at += field.length;
    }
    // Only the first line is read.
    if (text.charAt(at) !== ',') return fields;
    at += 1;
  }
}

function quoted(text: string, start: number): { readonly field: string; readonly end: number } {
  let field = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here !== '"') field += here;
    else if (text.charAt(at + 1) === '"') {
      field += here;
      at += 1;
    } else if (/[,\n]|^$/.test(text.charAt(at + 1))) return { field, end: at + 1 };
    else throw wrong(at + 1, 'extraneous or missing " in quoted-field');
  }
  throw wrong(text.length + 1, 'extraneous or missing " in quoted-field');
}

function wrong(column: number, message: string): InvalidArgumentError {
  return new InvalidArgumentError(`parse error on line 1, column ${String(column)}: ${message}`);
}
