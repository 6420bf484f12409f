import type * as ajv from 'ajv';
import { isMap } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { addressFamily, parseCidr } from '../kubernetes/cidr';
import { readSchema } from './schema-file';
import type { Schema } from './schema-file';
import { fitsPattern } from './schema-pattern';

/** An error of ajv. */
export type Mismatch = ajv.ErrorObject<string, Record<string, unknown>, unknown> & {
  readonly parentSchema?: Schema;
  readonly data?: unknown;
};

const validators = new Map<string, ajv.ValidateFunction>();
let compile: ((path: string) => ajv.ValidateFunction) | undefined;

/** Everything in a body that violates the schema of a file. The first body of a kind takes some 50 ms, later ones next to nothing. */
export function mismatches(path: string, body: Json): readonly Mismatch[] {
  compile ??= loadCompiler();
  const validate = validators.get(path) ?? compile(path);
  validators.set(path, validate);
  return validate(body) ? [] : ((validate.errors ?? []) as readonly Mismatch[]);
}

/** Loads ajv only for apps with custom resources. */
function loadCompiler(): (path: string) => ajv.ValidateFunction {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- only here it comes late, and bundlers still find it
  const { Ajv } = require('ajv') as typeof ajv;
  const judge = new Ajv({
    allErrors: true,
    verbose: true,
    strict: false,
    logger: false,
    meta: false,
    validateSchema: false,
    // Bodies are small: fast compilation matters more than fast validation.
    inlineRefs: false,
    code: { optimize: false, regExp: Object.assign(goRegexp, { code: 'goRegexp' }) },
    formats: FORMATS,
  });
  judge.addKeyword({
    keyword: 'x-kubernetes-list-type',
    type: 'array',
    errors: false,
    validate: (_: unknown, items: readonly unknown[], schema?: object) => duplicates(items, schema ?? {}).length === 0,
  });
  return (path) => judge.compile(readSchema(path));
}

/** Patterns for ajv. It caches them by their text, so each must have its own. */
function goRegexp(pattern: string): { test(text: string): boolean; toString(): string } {
  return { test: (text) => fitsPattern(pattern, text), toString: () => pattern };
}

const integer = (bits: 32 | 64): { readonly type: 'number'; readonly validate: (value: number) => boolean } => ({
  type: 'number',
  validate: (value) => Math.abs(value) <= 2 ** (bits - 1) - (value < 0 ? 0 : 1),
});

/** Formats that the API server validates; others are descriptions only. */
const FORMATS = {
  cidr: (text: string) => text.includes('/') && parseCidr(text) !== undefined,
  'date-time': (text: string) => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text),
  int32: integer(32),
  int64: integer(64),
  ipv4: (text: string) => addressFamily(text) === 4,
  ipv6: (text: string) => addressFamily(text) === 6,
};

/** Duplicate items of a set, or of a map by its keys: the indexes of the first one and of the later one. */
export function duplicates(
  items: readonly unknown[],
  schema: Schema,
): readonly (readonly [first: number, later: number])[] {
  const keys = schema['x-kubernetes-list-map-keys'];
  const identities = items.map((item) => identityOf(item, keys));
  return identities.flatMap((identity, later): [number, number][] => {
    const first = identities.indexOf(identity);
    return first < later ? [[first, later]] : [];
  });
}

function identityOf(item: unknown, keys: readonly string[] | undefined): string {
  if (keys !== undefined && isMap(item)) return JSON.stringify(keys.map((key) => item[key]));
  return JSON.stringify(item, (_, value: unknown) =>
    isMap(value) ? Object.fromEntries(Object.entries(value).sort()) : value,
  );
}
