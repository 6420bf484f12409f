import { parse } from 'yaml';
import { madeOnce } from './fixed';
import { isMap, mapOf } from './json';
import type { JsonObject } from './json';
import { pathTo } from '../rules/nearest';
import { hasCredential, hasKey, holdsPrivateKey, isBlankOrPlaceholder, isKeyStore, someText } from './private-keys';

/** A secret in data. */
export interface SecretFound {
  /** From the data to the text: `spec.containers[0].env[1].value`. */
  readonly at: string;
  /** `key`: a private key, or what a Secret holds. `credential`: a name or a form that passwords and tokens have. */
  readonly what: 'key' | 'secret' | 'credential';
}

/** Deeper than any schema. */
const DEEPEST = 100;

/** The secrets in an object, as {@link secretsIn}. */
export function secretsOf(object: object): readonly SecretFound[] {
  return madeOnce(object, secretsOf, () => secretsIn(object));
}

/**
 * All secrets in plain data: private keys in any encoding, manifests of Secrets as text, credentials by their names and forms.
 * Each text is read once. Descriptions in schemas are not read: they show examples.
 */
export function secretsIn(value: unknown, at = '', depth = 0): readonly SecretFound[] {
  if (typeof value === 'string') return secretsInText(value, at);
  if (depth > DEEPEST) return [];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, i) => secretsIn(item, `${at}[${String(i)}]`, depth + 1));
  if (!isMap(value)) return [];
  const variable = typeof value.name === 'string' && typeof value.value === 'string' ? value.name : undefined;
  return Object.entries(value).flatMap(([name, item]): readonly SecretFound[] => {
    const place = pathTo(at, name);
    if ((name === 'description' && isSchema(value)) || name === 'encryptedData') return [];
    const found = secretsIn(item, place, depth + 1);
    if (found.length > 0 || typeof item !== 'string') return found;
    const isNamed = name === 'value' && variable !== undefined ? isSecretVariable(variable) : isSecretField(name, item);
    return isNamed && isLiteral(item) ? [{ at: place, what: 'credential' }] : [];
  });
}

function isSchema({ type, properties }: JsonObject): boolean {
  return typeof type === 'string' || isMap(properties);
}

function secretsInText(text: string, at: string): readonly SecretFound[] {
  // Most texts of an object are short.
  if (text.length < 40 && !text.includes('://')) return [];
  let what: SecretFound['what'] | undefined = isKeyStore(text) ? 'key' : undefined;
  if (what === undefined)
    someText(text, (one) => {
      what = hasKey(one) ? 'key' : holdsSecretManifest(one) ? 'secret' : undefined;
      return what !== undefined;
    });
  if (what === undefined && hasCredential(text)) what = 'credential';
  return what === undefined ? [] : [{ at, what }];
}

/** What environment variables with a secret are called. */
const VARIABLE =
  /(?:^|[_.-])(?:password|passwd|passphrase|token|secret|secret[_-]?key|secret[_-]?access[_-]?key|client[_-]?secret|api[_-]?key|private[_-]?key)$/i;
const FIELD = /^(?:client[-_]?secret|secret[-_]?access[-_]?key|aws[-_]secret[-_]\w+|password|passphrase)$/i;
const WIREGUARD = /^(?:private|preshared)[-_]?key$/i;
const WIREGUARD_KEY = /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/;
/** A secret access key of AWS: one in 64 starts as a path does. */
const AWS_KEY = /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/]{40}$/;

/** Whether an environment variable has the name of a secret. */
function isSecretVariable(name: string): boolean {
  return VARIABLE.test(name);
}

function isSecretField(name: string, text: string): boolean {
  return FIELD.test(name) || (WIREGUARD.test(name) && WIREGUARD_KEY.test(text));
}

/** Whether a text is a value itself: not a placeholder, a path, a switch or a number. */
function isLiteral(text: string): boolean {
  if (WIREGUARD_KEY.test(text) || AWS_KEY.test(text)) return true;
  return (
    !isBlankOrPlaceholder(text) &&
    !/^(?:true|false|yes|no|none|null|enabled|disabled|-?\d{1,4}|\.{0,2}\/.*|file:.*)$/i.test(text.trim())
  );
}

const SECRET_KIND = /(?:^|[\s{,"'-])kind["']?\s{0,9}:\s{0,9}["']?Secret\b/;
const SECRET_DATA = /\b(?:stringData|data)["']?\s{0,9}:/;
/** Larger documents are only searched, not parsed. */
const MOST_PARSED = 256 * 1024;

/** Whether a text is a manifest of a Secret with data, as YAML or JSON, or holds one. */
function holdsSecretManifest(text: string): boolean {
  const isSecret = (part: string): boolean => SECRET_KIND.test(part) && SECRET_DATA.test(part);
  if (!isSecret(text)) return false;
  const data = jsonOf(text);
  if (data !== undefined) return hasSecretWithin(data, 0);
  return text
    .split(/^---/m)
    .filter(isSecret)
    .some((part) => (part.length > MOST_PARSED ? /^kind: Secret$/m.test(part) : hasSecretWithin(yamlOf(part), 0)));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function yamlOf(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent', uniqueKeys: false, maxAliasCount: 100 }) as unknown;
  } catch {
    return undefined;
  }
}

function hasSecretWithin(data: unknown, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (Array.isArray(data)) return data.some((item) => hasSecretWithin(item, depth + 1));
  if (!isMap(data)) return false;
  return secretKeys(data).length > 0 || Object.values(data).some((item) => hasSecretWithin(item, depth + 1));
}

/** Texts of the user's that become data of Secrets, encoded or not: what {@link secretKeys} names of these objects. */
export function secretTexts(objects: readonly object[]): ReadonlySet<string> {
  const texts = objects.flatMap((object) => {
    const { data, stringData } = object as JsonObject;
    return secretKeys(object as JsonObject).flatMap((key) => {
      const [encoded, plain] = [mapOf(data)[key], mapOf(stringData)[key]].map((one) =>
        typeof one === 'string' ? one : '',
      );
      return [encoded, plain, Buffer.from(encoded ?? '', 'base64').toString('utf8')];
    });
  });
  return new Set(texts.filter((text): text is string => text !== undefined && text !== ''));
}

/** The keys of a Secret whose values are secret; none of another object. Certificates, addresses and placeholders are not. */
export function secretKeys(object: JsonObject | { readonly kind?: unknown }): readonly string[] {
  const { kind, data, stringData } = object as JsonObject;
  if (kind !== 'Secret') return [];
  const decoded = (text: string): string =>
    isBlankOrPlaceholder(text) ? '' : Buffer.from(text, 'base64').toString('utf8');
  const held = [
    ...Object.entries(mapOf(data)).map(
      ([key, text]) => [key, typeof text === 'string' ? decoded(text) : text] as const,
    ),
    ...Object.entries(mapOf(stringData)),
  ];
  return held.filter(([key, text]) => !isPublic(text, key)).map(([key]) => key);
}

const PUBLIC_BLOCK = /-----BEGIN (?:[A-Z0-9]+ )*(?:CERTIFICATE|PUBLIC KEY|CRL)-----[\s\S]*?-----END [A-Z0-9 ]+-----/g;

/** Whether what a Secret holds is public: nothing, a placeholder, certificates, or endpoints with the paths of files. */
function isPublic(text: unknown, key: string): boolean {
  if (text === null || text === undefined) return true;
  if (typeof text !== 'string') return false;
  if (isBlankOrPlaceholder(text)) return true;
  if (holdsPrivateKey(text)) return false;
  if (key.endsWith('.crt')) return true;
  if (text.startsWith('-----BEGIN ')) return text.replace(PUBLIC_BLOCK, '').trim() === '';
  return isEtcdConfig(text) && !hasCredential(text);
}

const ETCD_LINE =
  /^(?:endpoints:|cilium-host-aliases:|\s*- hostname: \S+|\s*ips:|\s*- [\da-f.:]+|\s*- ["']?https?:\/\/[^\s"'@?]+["']?|(?:trusted-ca-file|key-file|cert-file): ["']?\/[^\s"']+["']?)$/;

/** A client configuration of etcd, as Cilium reads it: endpoints, and paths of files. */
function isEtcdConfig(text: string): boolean {
  const lines = text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines.includes('endpoints:') && lines.every((line) => ETCD_LINE.test(line));
}
