import { hasCredential, isBlankOrPlaceholder } from '../../kubernetes/private-keys';
import { secretsIn } from '../../kubernetes/secrets';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { actual } from '../../rules/words';
import type { ExternalManifest } from '../cluster/setting';

/* URLs and headers as Go's net/url and net/http read them, with which Talos fetches manifests: conformance/url compares. */

/** URLs that Talos cannot fetch. */
export function urlProblems(manifests: readonly ExternalManifest[]): readonly Problem[] {
  return manifests.flatMap(({ name, url }) => {
    // `${HOST}` is filled in before Talos reads it.
    const fault = urlFault(url.replace(/\$\{\w{1,200}\}/g, '1'));
    if (fault === undefined) return [];
    const message = `${withoutSecrets(url)} is not a URL that Talos can fetch: ${fault}.`;
    return [problem(`externalManifests.${name}.url`, message, 'Use an http or https URL.')];
  });
}

/** Headers that no HTTP request can have. */
export function headerProblems(manifests: readonly ExternalManifest[]): readonly Problem[] {
  return manifests.flatMap(({ name, headers = {} }) =>
    Object.entries(headers).flatMap(([header, value]) => {
      const at = `externalManifests.${name}.headers.${header === '' ? "''" : actualName(header)}`;
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(header))
        return [problem(at, `${actual(header)} is not a valid name of a header.`, 'Use letters, digits and dashes.')];

      if (!/[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) return [];
      return [problem(at, 'The value of the header has control characters.', 'Write it in one line.')];
    }),
  );
}

/** A name without line breaks. */
function actualName(header: string): string {
  const text = actual(header);
  return text === `"${header}"` ? header : text;
}

/** A URL for messages. */
function withoutSecrets(url: string): string {
  return actual(url.replace(/\/\/[^/?#]*@/, '//…@').replace(/\?.*$/s, '?…'));
}

/** What Go refuses in a URL, before it connects. */
export function urlFault(url: string): string | undefined {
  if (/^[^#]*[\u0000-\u001f\u007f]/.test(url)) return 'it has a control character';
  const [, scheme, rest = ''] = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s.exec(url) ?? [];
  if (scheme === undefined || !/^https?$/i.test(scheme)) return 'it begins with neither http:// nor https://';
  const [whole = '', ...fragments] = rest.split('#');
  if (!hasValidEscapes(fragments.join('#'))) return 'a percent sign is not followed by two hex digits';
  const [hierarchy = ''] = whole.split('?');
  if (!hierarchy.startsWith('//')) return 'it has no host';
  const [authority = '', ...path] = hierarchy.slice(2).split('/');
  if (!hasValidEscapes(path.join('/'))) return 'a percent sign is not followed by two hex digits';
  return authorityFault(authority);
}

function hasValidEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/.test(text);
}

function authorityFault(authority: string): string | undefined {
  const at = authority.lastIndexOf('@');
  const user = authority.slice(0, Math.max(at, 0));
  if (!/^[-A-Za-z0-9._:~!$&'()*+,;=%@]*$/.test(user) || !hasValidEscapes(user)) return 'its user is not valid';
  return hostFault(authority.slice(at + 1));
}

function hostFault(host: string): string | undefined {
  if (host === '' || host === ':') return 'it has no host';
  const inBrackets = /^\[([^\]]*)\](.*)$/s.exec(host);
  if (inBrackets === null && host.includes('[')) return 'its host is not valid';
  const colon = host.lastIndexOf(':');
  const port = inBrackets === null ? (colon === -1 ? '' : host.slice(colon)) : (inBrackets[2] ?? '');
  if (!/^(?::\d*)?$/.test(port)) return 'its port is not a number';
  if (Number(port.slice(1)) > 65535) return 'its port is more than 65535';
  const name = inBrackets === null ? host.slice(0, colon === -1 ? undefined : colon) : (inBrackets[1] ?? '');
  if (inBrackets !== null) return isAddress(name) ? undefined : 'its host is not an IPv6 address';
  if (name.includes(':')) return 'an IPv6 address needs brackets';
  return /^(?:[-A-Za-z0-9._~!$&'()*+,;=<>"\u0080-\uffff]|%(?:25|[89A-Fa-f][0-9A-Fa-f]))*$/.test(name)
    ? undefined
    : 'its host is not valid';
}

function isAddress(text: string): boolean {
  const [address = '', zone] = text.split('%25', 2);
  return URL.canParse(`http://[${address}]/`) && zone !== '' && !address.includes('%');
}

const SECRET_WORDS: ReadonlySet<string> = new Set([
  'apikey',
  'auth',
  'authorization',
  'bearer',
  'cookie',
  'credential',
  'credentials',
  'jwt',
  'key',
  'passphrase',
  'passwd',
  'password',
  'secret',
  'session',
  'signature',
  'token',
]);
const SECRET_PARAMETERS =
  /^(?:access_?token|api_?key|auth|client_?secret|code|jwt|key|pass|passwd|password|private_?token|secret|sig|signature|token|x-amz-(?:security-token|signature)|x-goog-signature)$/i;

/** Credentials of external manifests: in the URL, and headers by their names or values. */
export function externalSecrets(manifests: readonly ExternalManifest[], hint: string): readonly Problem[] {
  return manifests.flatMap(({ name, url, headers = {} }) => {
    const at = `externalManifests.${name}`;
    const inUrl = urlSecret(url);
    return [
      ...(inUrl === undefined
        ? []
        : [problem(`${at}.url`, `The URL has ${inUrl}, which would be readable in the machine config.`, hint)]),
      ...Object.entries(headers)
        .filter(([header, value]) => typeof (value as unknown) === 'string' && isSecretHeader(header, value))
        .map(([header]) =>
          problem(
            `${at}.headers.${actualName(header)}`,
            `The header ${actualName(header)} looks like a credential, which would be readable in the machine config.`,
            hint,
          ),
        ),
    ];
  });
}

function isSecretHeader(header: string, value: string): boolean {
  if (isBlankOrPlaceholder(value)) return false;
  const words = header
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => SECRET_WORDS.has(word)) || hasCredential(value) || secretsIn(value).length > 0;
}

function urlSecret(url: string): string | undefined {
  const [, user = ''] = /^[a-z]+:\/\/([^/?#]*)@/i.exec(url) ?? [];
  const [name = '', ...password] = user.split(':');
  if (!isBlankOrPlaceholder(password.join(':')) || (password.length === 0 && /^[^$<{]{20,}$/.test(name)))
    return 'a password';
  const query = url.replace(/^[^?#]*\??|#.*$/gs, '');
  const isSecret = query.split(/[&;]/).some((pair) => {
    const [parameter = '', ...value] = pair.split('=');
    return SECRET_PARAMETERS.test(parameter) && !isBlankOrPlaceholder(value.join('='));
  });
  return isSecret ? 'a token' : undefined;
}
