/** Validation of ConfigMaps and Secrets by the API server, from Kubernetes' source (pkg/apis/core/validation). */
import { isMap, mapOf } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { keyProblems } from './metadata-judges';
import { found } from './problem';
import type { Judge, Problem } from './problem';

/** ConfigMaps and Secrets hold at most so many bytes, decoded. */
const MOST_BYTES = 1024 * 1024;

const isFileName = (key: string): boolean =>
  /^[-._a-zA-Z0-9]{1,253}$/.test(key) && key !== '.' && !key.startsWith('..');

const fileNames: Judge = (value) =>
  found(...keyProblems(value, 'key', isFileName, 'Use letters, digits, dashes, dots and underscores, at most 253.'));

function bytesOf(texts: JsonObject, encoding?: 'base64'): number {
  return Object.values(texts).reduce<number>(
    (sum, text) =>
      sum + (typeof text === 'string' ? Buffer.byteLength(text.replace(/[\r\n]/g, encoding ? '' : '$&'), encoding) : 0),
    0,
  );
}

const configMap: Judge = (value) => {
  const [texts, bytes] = [mapOf(mapOf(value).data), mapOf(mapOf(value).binaryData)];
  const twice = Object.keys(texts).filter((key) => Object.hasOwn(bytes, key));
  return found(
    ...twice.map((key): Problem => ({
      rule: 'duplicate',
      path: ['binaryData', key],
      message: 'data has this key as well.',
      hint: 'Keep one of them.',
    })),
    bytesOf(texts) + bytesOf(bytes, 'base64') > MOST_BYTES && {
      rule: 'range',
      message: 'A ConfigMap holds at most 1 MiB.',
      hint: 'Split it.',
    },
  );
};

/** What a Secret of a type needs: one of the keys of each list, of which some must be JSON. */
const TYPES: Readonly<Record<string, { readonly keys: readonly (readonly string[])[]; readonly json?: true }>> = {
  'kubernetes.io/basic-auth': { keys: [['username', 'password']] },
  'kubernetes.io/dockercfg': { keys: [['.dockercfg']], json: true },
  'kubernetes.io/dockerconfigjson': { keys: [['.dockerconfigjson']], json: true },
  'kubernetes.io/ssh-auth': { keys: [['ssh-privatekey']] },
  'kubernetes.io/tls': { keys: [['tls.crt'], ['tls.key']] },
};
const ACCOUNT = 'kubernetes.io/service-account.name';

const secret: Judge = (value) => {
  const { type, data, stringData, metadata } = mapOf(value);
  const [bytes, texts] = [mapOf(data), mapOf(stringData)];
  const kept = Object.fromEntries(Object.entries(bytes).filter(([key]) => !Object.hasOwn(texts, key)));
  const isLarge = bytesOf(texts) + bytesOf(kept, 'base64') > MOST_BYTES;
  const account = mapOf(mapOf(metadata).annotations)[ACCOUNT];
  return found(
    isLarge && { rule: 'range', message: 'A Secret holds at most 1 MiB.', hint: 'Split it.' },
    type === 'kubernetes.io/service-account-token' &&
      (account === undefined || account === '') && {
        rule: 'required',
        path: ['metadata', 'annotations', ACCOUNT],
        message: `A Secret of type ${type} needs this annotation.`,
        hint: 'Write the name of the ServiceAccount.',
      },
    ...(typeof type === 'string' && Object.hasOwn(TYPES, type) ? typeProblems(type, bytes, texts) : []),
  );
};

function typeProblems(type: string, bytes: JsonObject, texts: JsonObject): readonly Problem[] {
  const { keys = [], json } = TYPES[type] ?? {};
  return keys.flatMap((names): readonly Problem[] => {
    const [name = ''] = names;
    const held = names.find((key) => Object.hasOwn(texts, key) || Object.hasOwn(bytes, key));
    if (held === undefined)
      return [
        {
          rule: 'required',
          path: ['data', name],
          message: `A Secret of type ${type} needs ${names.join(' or ')}.`,
          hint: 'Write it, or leave `type` out.',
        },
      ];
    const text = texts[held] ?? Buffer.from(String(bytes[held]), 'base64').toString('utf8');
    return json !== true || typeof text !== 'string' || isJson(text)
      ? []
      : [
          {
            rule: 'text',
            path: [Object.hasOwn(texts, held) ? 'stringData' : 'data', held],
            message: `A Secret of type ${type} needs a map as JSON.`,
            hint: 'Write what `docker login` writes.',
          },
        ];
  });
}

function isJson(text: string): boolean {
  try {
    const data: unknown = JSON.parse(text);
    return data === null || isMap(data);
  } catch {
    return false;
  }
}

/** Rules about ConfigMaps and Secrets, by their names. */
export const CONFIG_JUDGES = { fileNames, configMap, secret } as const satisfies Readonly<Record<string, Judge>>;
