/** What a plain YAML scalar means to Helm, which reads YAML 1.1 the way Go's yaml.v2 does. */

/** A scalar that is written without quotes, understood. */
export interface PlainScalar {
  /** `undefined` for what JSON cannot carry: infinity and "not a number". */
  readonly value: string | number | boolean | null | undefined;
  /** Set for integers of 64 bits: the exact one. */
  readonly integer?: bigint;
  /** The value is not what most readers would expect from the text: `yes`, `0400`, `1.20`. */
  readonly surprising: boolean;
}

const TRUE = /^(?:y|Y|yes|Yes|YES|on|On|ON|true|True|TRUE)$/;
const FALSE = /^(?:n|N|no|No|NO|off|Off|OFF|false|False|FALSE)$/;
const NULL = /^(?:~|null|Null|NULL)?$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const DECIMAL = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
/** Go keeps underscores between digits of what begins with a dot, and drops all others. */
const FRACTION = /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/;

/** Understands a plain scalar. Dates stay text; `0400` is octal; `1_000` is 1000; `1:30` is text. */
export function readPlainScalar(text: string): PlainScalar {
  if (NULL.test(text)) return { value: null, surprising: false };
  if (TRUE.test(text)) return { value: true, surprising: text.toLowerCase() !== 'true' };
  if (FALSE.test(text)) return { value: false, surprising: text.toLowerCase() !== 'false' };
  if (NO_NUMBER.test(text)) return { value: undefined, surprising: true };
  const integer = readInteger(text);
  const value = integer === undefined ? readDecimal(text) : Number(integer);
  if (value === undefined) return { value: text, surprising: false };
  const surprising = String(integer ?? value) !== text && !/^[-+]?0x|e/i.test(text);
  return { value, surprising, ...(integer === undefined ? {} : { integer }) };
}

const INTEGER = /^([-+]?)(?:(0[xX][\da-fA-F]+)|(0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const MAX_INT = 2n ** 63n;
const MAX_UINT = 2n ** 64n;

function readInteger(text: string): bigint | undefined {
  if (!/^[-+\d]/.test(text)) return undefined;
  // Go reads what follows 0b once more as a number, which may have a sign.
  const plain = text.replaceAll('_', '').replace(/^(0b)([-+])/, '$2$1');
  const [whole, sign = '', hex, binary, octal, decimal] = INTEGER.exec(plain) ?? [];
  if (whole === undefined) return undefined;
  const size = BigInt(hex ?? binary ?? (octal === undefined ? (decimal ?? '') : `0o${octal}`));
  const value = sign === '-' ? -size : size;
  return value >= -MAX_INT && value < (sign === '' ? MAX_UINT : MAX_INT) ? value : undefined;
}

function readDecimal(text: string): number | undefined {
  if (!/^[-+.\d]/.test(text)) return undefined;
  if (text.startsWith('.') && !FRACTION.test(text)) return undefined;
  const plain = text.replaceAll('_', '');
  const number = DECIMAL.test(plain) ? Number(plain) : Number.NaN;
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
