import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';

/** A value that makes no sense anywhere. */
class Instance {
  readonly name = 'instance';
}

const foreign = new Construct(new Chart(new App({ outdir: '/tmp/never-written' }), 'elsewhere'), 'foreign');

const failing = Object.defineProperty({}, 'name', {
  enumerable: true,
  get: () => {
    throw new Error('failed');
  },
});
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const endless: Record<string, unknown> = {};
endless.name = endless;

/** A list that takes 2^n items when it is written. */
function doubled(times: number): unknown {
  let list: unknown = ['x'];
  for (let i = 0; i < times; i++) list = [list, list];
  return list;
}

function nested(levels: number): unknown {
  let list: unknown = 'x';
  for (let i = 0; i < levels; i++) list = [list];
  return list;
}

/** What programs without a compiler pass, by its name in test names. */
export const JUNK: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-1', -1],
  ['1.5', 1.5],
  ['text', 'x'],
  ['empty text', ''],
  ['an empty list', []],
  ['an empty map', {}],
  ['a list of null', [null]],
  ['a list of lists', [[]]],
  ['a list of numbers', [7]],
  ['a list of text', ['x y']],
  ['a list of empty maps', [{}]],
  ['another map', { a: 1 }],
  ['a map of maps', { name: { a: {} } }],
  ['a Date', new Date(0)],
  ['a function', (): string => 'x'],
  ['an instance', new Instance()],
  ['long text', 'x'.repeat(2_000)],
  ['two lines', 'a\nb'],
  ['a reserved name', JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}')],
  ['a foreign construct', foreign],
  ['half of a character', 'a\ud800b'],
  ['a bigint', 5n],
  ['a getter that fails', failing],
  ['a revoked proxy', revoked.proxy],
  ['a map that holds itself', endless],
  ['shared lists that double', doubled(40)],
  ['a sparse list', Object.assign([], { length: 50_000_000 })],
  ['a deep list', nested(5_000)],
];

/** Deeper than this only {@link FEW} of them are tried. */
const SHALLOW = 1;
const FEW = JUNK.filter(([what]) =>
  [
    'undefined',
    'NaN',
    'text',
    'an empty map',
    'a list of null',
    'a reserved name',
    'half of a character',
    'a getter that fails',
  ].includes(what),
);

/** One change of props, and what it is. */
export interface Variant {
  readonly what: string;
  readonly props: unknown;
  /** The place of a name that does not exist, which must be refused there. */
  readonly misspelt?: string;
}

type Path = readonly (string | number)[];

/**
 * Every change of one place of some props: replaced by junk, taken away, misspelt, and with a misspelt name beside.
 * @param isFree whether the names at a path are the user's own, so that none is misspelt.
 */
export function* variants(good: unknown, isFree: (path: string) => boolean): Generator<Variant> {
  for (const [path, value] of places(good, [])) {
    const at = textOf(path);
    if (path.length === 0 && isFree('')) continue;
    for (const [what, other] of path.length > SHALLOW ? FEW : JUNK)
      yield { what: `${at} is ${what}`, props: replaced(good, path, other) };
    if (path.length === 0) continue;
    const key = path.at(-1);
    const above = path.slice(0, -1);
    if (typeof key === 'number') {
      yield {
        what: `${at} is there twice`,
        props: replaced(good, above, [...(valueAt(good, above) as unknown[]), value]),
      };
      continue;
    }
    const without = omitted(valueAt(good, above) as Readonly<Record<string, unknown>>, key ?? '');
    yield { what: `${at} is gone`, props: replaced(good, above, without) };
    if (isFree(textOf(above))) continue;
    const slip = misspelt(key ?? '', valueAt(good, above) as object);
    const misspeltAt = textOf([...above, slip]);
    const beside = { ...(valueAt(good, above) as object), [slip]: value };
    yield { what: `${misspeltAt} beside ${at}`, props: replaced(good, above, beside), misspelt: misspeltAt };
    yield {
      what: `${misspeltAt} in place of ${at}`,
      props: replaced(good, above, { ...without, [slip]: value }),
      misspelt: misspeltAt,
    };
  }
}

/** Two letters in the wrong order, as in `vaules`; one too many where that makes no other name. */
function misspelt(name: string, besides: object): string {
  const middle = Math.floor(name.length / 2);
  const swapped = `${name.slice(0, middle - 1)}${name[middle] ?? ''}${name[middle - 1] ?? ''}${name.slice(middle + 1)}`;
  return name.length < 4 || swapped === name || swapped in besides ? `${name}z` : swapped;
}

function* places(value: unknown, path: Path): Generator<readonly [Path, unknown]> {
  yield [path, value];
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* places(item, [...path, i]);
  else if (isLiteral(value)) for (const [key, item] of Object.entries(value)) yield* places(item, [...path, key]);
}

function isLiteral(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, step) => (inner as Readonly<Record<string | number, unknown>>)[step], value);
}

function replaced(value: unknown, [step, ...rest]: Path, other: unknown): unknown {
  if (step === undefined) return other;
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === step ? replaced(item, rest, other) : item));
  return { ...(value as object), [step]: replaced((value as Readonly<Record<string, unknown>>)[step], rest, other) };
}

function omitted(map: Readonly<Record<string, unknown>>, key: string): object {
  return Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));
}

function textOf(path: Path): string {
  return path
    .map((step, i) => {
      if (typeof step === 'number') return `[${String(step)}]`;
      return /^[A-Za-z_$][\w$-]*$/.test(step) ? `${i === 0 ? '' : '.'}${step}` : `['${step}']`;
    })
    .join('');
}
