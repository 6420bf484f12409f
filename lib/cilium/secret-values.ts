import { isMap, setOwn } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { secretsIn } from '../kubernetes/secrets';
import { pathTo } from '../rules/nearest';

const SECRET = /(?:^|\.)(?:clientSecret|(?:tls|ca)(?:\.\w+)*\.key)$/;

/** Whether a value of the chart becomes secret data of a Secret: `azure.clientSecret`, `tls.ca.key`. */
export function isSecretValue(path: string): boolean {
  return SECRET.test(path);
}

/** A value for people, with `(hidden)` in place of what is secret in it. */
export function withoutSecretValues(path: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json, i) => withoutSecretValues(`${path}[${String(i)}]`, item));
  if (isMap(value)) {
    const shown: Record<string, Json> = {};
    for (const [name, item] of Object.entries(value))
      if (item !== undefined) setOwn(shown, name, withoutSecretValues(pathTo(path, name), item));
    return shown;
  }
  if (value === null || value === '') return value;
  return isSecretValue(path) || secretsIn(value).length > 0 ? '(hidden)' : value;
}
