import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { holdsPrivateKey } from '../../lib/kubernetes/private-keys';
import { secretKeys, secretsIn } from '../../lib/kubernetes/secrets';

/* Keys are generated, so that no scanner of the repository finds any. */

const lines = (text: string, width: number, end = '\n'): string =>
  (text.match(new RegExp(`.{1,${String(width)}}`, 'g')) ?? []).join(end);
const random = (bytes: number): string => randomBytes(bytes).toString('base64');
const block = (label: string): string =>
  [`-----BEGIN ${label}-----`, '', lines(random(400), 64), `-----END ${label}-----`, ''].join('\n');
const base64 = (data: string | Buffer): string => Buffer.from(data as string).toString('base64');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const PKCS8 = ec.export({ type: 'pkcs8', format: 'pem' }) as string;
const CERTIFICATE = block('CERTIFICATE');

const KEYS: Readonly<Record<string, string>> = {
  'PKCS #8': PKCS8,
  'SEC 1': ec.export({ type: 'sec1', format: 'pem' }) as string,
  encrypted: ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'a' }) as string,
  Ed25519: generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  RSA: block(['RSA', 'PRIVATE KEY'].join(' ')),
  OpenSSH: block(['OPENSSH', 'PRIVATE KEY'].join(' ')),
  PGP: block(['PGP', 'PRIVATE KEY', 'BLOCK'].join(' ')),
  SSH2: `---- BEGIN SSH2 ENCRYPTED ${'PRIVATE KEY'} ----\nComment: "a"\n${lines(random(300), 70)}\n---- END SSH2 ----\n`,
  PuTTY: `PuTTY-User-Key-File-${'3'}: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n${random(32)}\n`,
  age: `AGE-SECRET-KEY-${'1'}${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2).slice(0, 58)}\n`,
  WireGuard: `[Interface]\nPrivateKey = ${random(32)}\nListenPort = 51820\n`,
  'a service account of Google': JSON.stringify({ type: 'service_account', private_key: PKCS8 }),
  JWK: JSON.stringify({ kty: 'OKP', crv: 'Ed25519', d: randomBytes(32).toString('base64url') }),
};

const FORMS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  JSON: (text) => JSON.stringify({ a: text }),
  'lines of Windows': (text) => text.replaceAll('\n', '\r\n'),
  indented: (text) => text.replace(/^/gm, '    '),
  base64: base64,
  'base64 of URLs': (text) => Buffer.from(text).toString('base64url'),
  'base64 after one byte': (text) => base64(`\n${text}`),
  'base64 after two bytes': (text) => base64(`a\n${text}`),
  'base64 after a certificate': (text) => base64(`${CERTIFICATE}\n${text}`),
  'base64 in lines': (text) => lines(base64(text), 76),
  'base64 in short lines of YAML': (text) => `key: |\n  ${lines(base64(text), 20, '\n  ')}\nother: a\n`,
  'base64 in lines of JSON': (text) => lines(base64(text), 64, '\\n'),
  'base64 after a word': (text) => `ab/${base64(text)}`,
  'base64 of base64': (text) => base64(`a${base64(`b${text}`)}`),
  'base64 of base64 in lines': (text) => base64(lines(base64(text), 64)),
  hex: (text) => Buffer.from(text).toString('hex'),
  'hex of base64': (text) => Buffer.from(base64(text)).toString('hex'),
  gzip: (text) => base64(gzipSync(text)),
  'gzip in base64': (text) => base64(base64(gzipSync(base64(text)))),
  'percent-encoded': (text) => encodeURIComponent(text),
  'UTF-16': (text) => base64(Buffer.from(text, 'utf16le')),
};

const NO_KEYS: Readonly<Record<string, string>> = {
  'a certificate': CERTIFICATE,
  'a public key': block('PUBLIC KEY'),
  'a picture': random(6000),
  'hashes in lines': Array.from({ length: 20 }, () => randomBytes(32).toString('hex')).join('\n'),
  'documentation of a key': `-----BEGIN ${'PRIVATE KEY'}-----\n...\n-----END ${'PRIVATE KEY'}-----`,
  'a key that is filled in': `-----BEGIN ${'PRIVATE KEY'}-----\n\${TLS_KEY_OF_SERVER}\n-----END ${'PRIVATE KEY'}-----`,
};

describe('private keys', () => {
  it.each(Object.entries(KEYS))('%s is found in every form', (_, key) => {
    expect(Object.entries(FORMS).filter(([, form]) => !holdsPrivateKey(form(key)))).toEqual([]);
  });

  it.each(Object.entries(NO_KEYS))('%s is none in any form', (_, text) => {
    expect(Object.entries(FORMS).filter(([, form]) => holdsPrivateKey(form(text)))).toEqual([]);
  });

  it.each([
    ['PKCS #8', ec.export({ type: 'pkcs8', format: 'der' })],
    ['SEC 1', ec.export({ type: 'sec1', format: 'der' })],
    ['encrypted', ec.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'a' })],
    ['a store of Java', Buffer.concat([Buffer.from('feedfeed00000002', 'hex'), randomBytes(200)])],
    ['PKCS #12', Buffer.concat([Buffer.from('308209a10201033082096706', 'hex'), randomBytes(200)])],
  ])('%s as bytes is found', (_, bytes) => {
    expect(holdsPrivateKey(bytes.toString('base64'))).toBe(true);
    expect(holdsPrivateKey(lines(bytes.toString('base64'), 76))).toBe(true);
  });
});

const SECRET = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, stringData: { a: 'hunter2' } };
const env = (name: string, value: string): object => ({ spec: { env: [{ name, value }] } });

describe('secrets in objects', () => {
  it.each<[string, object, string, string]>([
    ['a Secret as JSON', { data: { a: JSON.stringify(SECRET) } }, 'data.a', 'secret'],
    ['a Secret as YAML', { data: { a: 'a: 1\n---\nkind: Secret\nstringData:\n  a: hunter2\n' } }, 'data.a', 'secret'],
    ['a list of Secrets', { data: { a: 'items:\n- kind: Secret\n  data: {a: YWJj}\n' } }, 'data.a', 'secret'],
    ['a Secret in base64', { binaryData: { a: base64(JSON.stringify(SECRET)) } }, 'binaryData.a', 'secret'],
    [
      'what kubectl applied',
      { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(SECRET) } } },
      "metadata.annotations['kubectl.kubernetes.io/last-applied-configuration']",
      'secret',
    ],
    ['a key in an annotation', { metadata: { annotations: { a: base64(PKCS8) } } }, 'metadata.annotations.a', 'key'],
    ['a key of AWS', env('AWS_SECRET_ACCESS_KEY', 'hunter2hunter2'), 'spec.env[0].value', 'credential'],
    ['a password', env('DB_PASSWORD', 'hunter2'), 'spec.env[0].value', 'credential'],
    ['a secret of Azure', { spec: { azure: { clientSecret: 'hunter2' } } }, 'spec.azure.clientSecret', 'credential'],
    ['a key of WireGuard', { spec: { privateKey: random(32).slice(0, 42) + 'A=' } }, 'spec.privateKey', 'credential'],
    [
      'a key of WireGuard that starts with a slash',
      { spec: { privateKey: `/${'a1B'.repeat(13)}aaA=` } },
      'spec.privateKey',
      'credential',
    ],
    [
      'a key of AWS that starts with a slash',
      env('AWS_SECRET_ACCESS_KEY', `/${'a1B'.repeat(13)}`),
      'spec.env[0].value',
      'credential',
    ],
    ['a password in a URL', { data: { a: 'postgres://app:hunter2@db/app' } }, 'data.a', 'credential'],
    ['a token in a URL', { data: { a: 'https://a.example/b?access_token=hunter2hunter2' } }, 'data.a', 'credential'],
    ['a token of GitHub', { data: { a: `token is gh${'p_'}${'a1B2'.repeat(9)}` } }, 'data.a', 'credential'],
  ])('%s is found', (_, object, at, what) => {
    expect(secretsIn(object)).toEqual([{ at, what }]);
  });

  it.each<[string, object]>([
    ['a variable that is read from a Secret', env('DB_PASSWORD', '$(OTHER)')],
    ['a variable that is filled in', env('DB_PASSWORD', '${DB_PASSWORD}')],
    ['a path', env('API_TOKEN', '/var/run/secrets/token')],
    ['a switch', env('USE_TOKEN', 'true')],
    ['the name of a Secret', { spec: { secretName: 'a-secret-with-a-name', secretRef: { name: 'a' } } }],
    ['a Secret that is sealed', { data: { a: 'kind: SealedSecret\nspec:\n  encryptedData:\n    a: abc\n' } }],
    ['a Secret without data', { data: { a: 'kind: Secret\nmetadata:\n  name: a\ndata: {}\n' } }],
    ['a Secret that is filled in', { data: { a: 'kind: Secret\nstringData:\n  a: ${PASSWORD}\n' } }],
    ['a Secret that is encrypted', { data: { a: 'kind: Secret\nstringData:\n  a: ENC[AES256_GCM,data:abc]\n' } }],
    ['a reference to a Secret', { data: { a: 'certificateRefs:\n- kind: Secret\n  name: a\ndata: b\n' } }],
    ['an example in a schema', { schema: { type: 'string', description: 'As https://user:hunter2@host/.' } }],
    ['a URL with a user', { data: { a: 'https://git@a.example/b?version=1' } }],
    ['the digest of an image', { image: `quay.io/a/b:v1@sha256:${'0a'.repeat(32)}` }],
    ['a key of a label', { spec: { matchExpressions: [{ key: 'password', operator: 'Exists' }] } }],
  ])('%s is none', (_, object) => {
    expect(secretsIn(object)).toEqual([]);
  });

  it.each<[string, object, readonly string[]]>([
    ['endpoints and paths of files', { data: { a: base64('endpoints:\n- https://a:2379\nkey-file: /a\n') } }, []],
    ['endpoints with a password', { data: { a: base64('endpoints:\n- https://a:b@c:2379\n') } }, ['a']],
    ['a certificate', { data: { 'ca.pem': base64(CERTIFICATE) } }, []],
    ['a certificate and its key', { data: { 'tls.crt': base64(CERTIFICATE), 'tls.key': base64(PKCS8) } }, ['tls.key']],
    ['a key called a certificate', { data: { 'tls.crt': base64(CERTIFICATE + PKCS8) } }, ['tls.crt']],
    ['empty texts', { data: { a: '' }, stringData: { b: '' } }, []],
    ['placeholders', { data: { a: '${A}' }, stringData: { b: '${B}' } }, []],
    ['text', { stringData: { user: 'a' } }, ['user']],
  ])('a Secret with %s has secret data under its own keys', (_, data, keys) => {
    expect(secretKeys({ kind: 'Secret', ...data })).toEqual(keys);
  });
});
