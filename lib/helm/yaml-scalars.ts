/** What a plain YAML scalar means to Helm, which reads YAML 1.1 the way Go's yaml.v2 does. */

/** A scalar that is written without quotes, understood. */
export interface PlainScalar {
  /** `undefined` for what JSON cannot carry: infinity and "not a number". */
  readonly value: string | number | boolean | null | undefined;
  /** The value is not what most readers would expect from the text: `yes`, `0400`, `1.20`. */
  readonly surprising: boolean;
}

const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const NULL = /^(?:~|null|Null|NULL)?$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INTEGER = /^([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]+)|(\d+))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Understands a plain scalar. Dates stay text; `0400` is octal; `1_000` is 1000; `1:30` is text. */
export function readPlainScalar(text: string): PlainScalar {
  if (NULL.test(text)) return { value: null, surprising: false };
  if (TRUE.test(text)) return { value: true, surprising: text.toLowerCase() !== 'true' };
  if (FALSE.test(text)) return { value: false, surprising: text.toLowerCase() !== 'false' };
  if (NO_NUMBER.test(text)) return { value: undefined, surprising: true };
  const value = readNumber(text);
  if (value === undefined) return { value: text, surprising: false };
  return { value, surprising: String(value) !== text && !/^[-+]?0x|e/i.test(text) };
}

function readNumber(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  // Go drops underscores anywhere, but not behind a leading dot.
  const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
  const [whole, sign, hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  if (whole !== undefined) {
    const size = Number(hex ?? binary ?? (octal === undefined ? decimal : `0o${octal}`));
    return sign === '-' ? 0 - size : size;
  }
  const number = FLOAT.test(plain) ? Number(plain) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

const BREAK = '(?:\\r\\n|[\\n\\r\\u0085])';
/** An escape, or line breaks with the blanks around them. */
const IN_QUOTES = new RegExp(
  `\\\\${BREAK}[ \\t]*|\\\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)|[ \\t]*${BREAK}(?:[ \\t]*${BREAK})*[ \\t]*`,
  'g',
);
const ESCAPES = new Map(Object.entries({ n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', ' ': ' ', '0': '\0' }));

/**
 * A text that a template puts in double quotes, `"{{ .Values.x }}"`, as YAML reads it: a line break is a blank, several are one
 * break less, blanks around them are gone, and a backslash begins an escape.
 */
export function inDoubleQuotes(text: string): string {
  return text.replace(IN_QUOTES, (found) => {
    if (found.startsWith('\\')) return unescaped(found);
    const breaks = found.match(new RegExp(BREAK, 'g'))?.length ?? 1;
    return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
  });
}

function unescaped(escape: string): string {
  const code = /^\\[xu]([0-9a-fA-F]+)$/.exec(escape)?.[1];
  if (code !== undefined) return String.fromCharCode(parseInt(code, 16));
  return new RegExp(BREAK).test(escape) ? '' : (ESCAPES.get(escape.slice(1)) ?? escape);
}
