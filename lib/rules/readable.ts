/** What breaks a line or a terminal, changes the direction of text, or is half of a character. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/gu;
/** The key itself is under any name and in any place of the input; only its kind is shown. */
const PRIVATE_KEY = /(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)(?!…)[^]*?(?:-----END [A-Z0-9 ]*-----|$)/g;
/** A word of the input, such as a name, longer than that says nothing more. */
const LONG_WORD = /\S{400,}/gu;
const WORD_KEPT = 120;
/** Longer than any sentence. */
const LONGEST = 3_000;

/** The texts of a finding. */
interface Texts {
  readonly paths: readonly string[];
  readonly message: string;
  readonly hint: string;
}

/** A finding that people can read on one line, whatever input it quotes: no control characters, no key, and an end. */
export function readableFinding<F extends Texts>(finding: F): F {
  const { paths, message, hint } = finding;
  const texts: readonly unknown[] = [message, hint, ...paths];
  // A rule of the user may find anything; a finding of another shape is refused elsewhere.
  if (!texts.every((text) => typeof text === 'string')) return finding;
  if (texts.every((text) => oneLine(text) === text)) return finding;
  return { ...finding, message: oneLine(message), hint: oneLine(hint), paths: paths.map(oneLine) };
}

/** A text on one line, with escapes for what cannot be printed, long words and the end cut off. */
export function oneLine(text: string): string {
  if (text.length < 400 && text.search(UNPRINTABLE) === -1 && !text.includes('-----BEGIN')) return text;
  const short = text
    .replace(PRIVATE_KEY, '$1…')
    .replace(LONG_WORD, (word) => `${word.slice(0, WORD_KEPT)}…${word.slice(-2)}`)
    .replace(UNPRINTABLE, escaped);
  return short.length > LONGEST ? `${short.slice(0, LONGEST)}…` : short;
}

/** A text of several lines with escapes for what would change a terminal, and without keys. */
export function printable(text: string): string {
  return text
    .replace(PRIVATE_KEY, '$1…')
    .replace(UNPRINTABLE, (sign) => (sign === '\n' || sign === '\t' ? sign : escaped(sign)));
}

function escaped(sign: string): string {
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return short[sign] ?? codeOf(sign);
}

/** A character as JSON and JavaScript write it by its code: `\\u0007`. */
export function codeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
