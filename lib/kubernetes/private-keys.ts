import { gunzipSync } from 'node:zlib';

/**
 * Private keys and credentials in texts, whatever their encoding: base64 and base64url in one line or wrapped, hex, gzip, percent-encoding, and
 * one in the other. Every text is read a fixed number of times.
 */

/** Begins a private key; `+` and `%20` are blanks in URLs. */
const BEGIN =
  /-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,6}PRIVATE KEY(?: BLOCK)? ?-{4,5}|PuTTY-User-Key-File-\d: |AGE-SECRET-KEY-(?:PQ-)?1(?=[0-9A-Z]{40})|minisign encrypted secret key|(?:PrivateKey|PresharedKey)\s{0,9}=\s{0,9}(?=[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)/g;

/** How much of a text after its beginning may show that a key follows. */
const LOOK_AHEAD = 600;

/** A JSON Web Key with its private part. */
const JWK = /"kty\\{0,9}"\s{0,9}:\s{0,9}\\{0,9}"(?:RSA|EC|OKP|oct)\\{0,9}"/;
const JWK_PRIVATE = /"[dk]\\{0,9}"\s{0,9}:\s{0,9}\\{0,9}"[A-Za-z0-9_-]{16}/;

/** Whether a text holds a private key, as it is or encoded. */
export function holdsPrivateKey(text: string): boolean {
  return someText(text, hasKey) || isKeyStore(text);
}

/** Whether a text holds a private key as it is. */
export function hasKey(text: string): boolean {
  if (text.length < SHORTEST) return false;
  for (const { index, 0: begin } of text.matchAll(BEGIN)) {
    if (!begin.endsWith('-')) return true;
    const [body = '', end] = text.slice(index + begin.length, index + begin.length + LOOK_AHEAD).split(/-{4,5} ?END/);
    if (isBody(body) || (body.trim() === '' && end === undefined)) return true;
  }
  return JWK.test(text) && JWK_PRIVATE.test(text);
}

const FILLER = /^(?:redacted|hidden|omitted|snip|replace.*|your.*|example.*|x+)$/i;

/** Whether bytes of a key follow: a header with dots or a placeholder after it is documentation. */
function isBody(text: string): boolean {
  const body = text.replace(PLACEHOLDERS, '<>').replace(/\\[nr]/g, '\n');
  if (/[A-Za-z0-9+/]{16}/.test(body)) return true;
  const [, ...lines] = body.split('\n').map((line) => line.trim());
  return lines.some((line) => /^[A-Za-z0-9+/]{3,}={0,2}$/.test(line) && !FILLER.test(line));
}

const PLACEHOLDERS =
  /\$\{[^}\n]{0,500}\}|\$\([^)\n]{0,500}\)|\{\{[\s\S]{0,500}?\}\}|<[^<>\n]{0,500}>|ENC\[[^\]\n]{0,9999}\]/g;

/** Whether a text is empty, or filled in later: `${NAME}`, `{{ .name }}`, `<name>`, `ENC[…]` of SOPS, `ref+vault://…` of vals. */
export function isBlankOrPlaceholder(text: string): boolean {
  const left = text.replace(PLACEHOLDERS, '').trim();
  return left === '' || /^(?:ref\+[a-z]+:|vault:|\$[A-Za-z_]\w*$|op:\/\/|\*+$|x{3,}$)/i.test(left);
}

const TOKENS =
  /(?<![\w-])(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{50}|glpat-[\w-]{20}|xox[abeoprs]-[\w-]{20}|sk_live_\w{20}|npm_[A-Za-z0-9]{36}|hvs\.[\w-]{24}|AIza[\w-]{35}|eyJ[\w-]{10,200}\.eyJ[\w-]{10,4000}\.[\w-]{20})/;
const ACCOUNT_KEY =
  /\b(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}=|\baws_secret_access_key["']?\s*[=:]\s*["']?[A-Za-z0-9+/]{40}\b/i;
const USER_INFO = /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/?#@"'<>]{0,200}:([^\s/@"'<>]{1,500})@[^\s@/]/gi;
const SIGNED =
  /[?&](?:access_token|private_token|token|api_?key|sig|signature|x-amz-signature|x-goog-signature|client_secret|password)=([\w%+/=.~-]{8,})/gi;

/** Whether a text has the form of a credential: known tokens, a password or a token in a URL. */
export function hasCredential(text: string): boolean {
  if (text.length < 12) return false;
  if (TOKENS.test(text) || ACCOUNT_KEY.test(text)) return true;
  if (!text.includes('://')) return false;
  const isSet = ([, value = '']: RegExpMatchArray): boolean => !isBlankOrPlaceholder(value) && !/^[$%{]/.test(value);
  return [...text.matchAll(USER_INFO)].some(isSet) || [...text.matchAll(SIGNED)].some(isSet);
}

/** Encodings within encodings that are looked into. */
const DEEPEST = 4;
/** Fewer characters hold no key. */
const SHORTEST = 40;
const RUN = /[A-Za-z0-9+/_-]+(?:[ \t]*(?:\\r)?(?:\\n|\r?\n)[ \t]*[A-Za-z0-9+/_-]+)*/g;
/** Some run is long enough, or wrapped. */
const HAS_RUN =
  /[A-Za-z0-9+/_-]{40}|[A-Za-z0-9+/_-]{8}[ \t\\r]*(?:\\n|\n)[ \t]*[A-Za-z0-9+/_-]{8}|%(?:2D|20|22|3D)|BEGIN\+/i;
const MOST_UNZIPPED = 8 * 1024 * 1024;

/** Whether something holds for a text or for one that it holds encoded. */
export function someText(text: string, holds: (text: string) => boolean, depth = 0): boolean {
  if (holds(text)) return true;
  if (depth >= DEEPEST || text.length < SHORTEST || !HAS_RUN.test(text)) return false;
  if (/%(?:2D|20|22|3D)|BEGIN\+/i.test(text) && someText(unescaped(text), holds, DEEPEST)) return true;
  for (const [run] of text.matchAll(RUN)) {
    if (run.length < SHORTEST) continue;
    const compact = run.replace(/\\[nr]|\s/g, '');
    if (compact.length < SHORTEST) continue;
    if (/^(?:[0-9a-f]{2})+$/i.test(compact) && someBytes(Buffer.from(compact, 'hex'), holds, depth)) return true;
    // Whatever stands before the encoded text, it begins at one of these.
    for (const start of depth < 2 ? [0, 1, 2, 3] : [0])
      if (someBytes(Buffer.from(compact.slice(start), 'base64'), holds, depth)) return true;
  }
  return false;
}

function someBytes(bytes: Buffer, holds: (text: string) => boolean, depth: number): boolean {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    const plain = unzipped(bytes);
    return plain !== undefined && someText(plain, holds, depth + 1);
  }
  return isWorthReading(bytes) && someText(asText(bytes), holds, depth + 1);
}

/** Whether bytes begin like text somewhere: most of what is decoded by chance does not. */
function isWorthReading(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, 64);
  let others = 0;
  for (let i = 0; i < length && others * 8 <= length; i++) {
    const byte = bytes[i] ?? 0;
    if (!(byte === 0 || (byte >= 0x20 && byte < 0x7f) || (byte >= 0x09 && byte <= 0x0d))) others++;
  }
  return others * 8 <= length || bytes.includes('PRIVATE KEY') || bytes.includes('AGE-SECRET-KEY');
}

function asText(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const isUtf16 = bytes.length > 8 && [1, 3, 5, 7].every((i) => bytes[i] === 0);
  return isUtf16 || text.includes('-\0-\0') ? text.replaceAll('\0', '') : text;
}

function unzipped(bytes: Buffer): string | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_UNZIPPED }).toString('latin1');
  } catch {
    return undefined;
  }
}

function unescaped(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** How binary keys and stores of keys begin, in hex: JKS, JCEKS, PKCS #12, PKCS #8 and #1, SEC 1. */
const BINARY =
  /^(?:feedfeed|cececece|30(?:82....|81..|80|..)(?:02010330|0201003(?:00d06|00506|01306|01006)|0201000282|0201010420|30..06092a864886f70d0105))/;

/** Whether a text is base64 of a key or a store of keys as bytes. */
export function isKeyStore(text: string): boolean {
  const [start = ''] = /^[A-Za-z0-9+/\r\n]{40,64}/.exec(text) ?? [];
  return start !== '' && BINARY.test(Buffer.from(start, 'base64').toString('hex'));
}
