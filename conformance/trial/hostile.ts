import fc from 'fast-check';
import { Code } from './tree';
import type { Path, Tree, TreeMap } from './tree';

/** The body of a key that was never used: messages must not hold it. */
export const KEY_BODY = 'MIIEvTRIALxKEYxMATERIALxMUSTxNOTxBExSHOWN0123456789abcdefghijkl';
export const PRIVATE_KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_BODY}\n-----END PRIVATE KEY-----\n`;

/** Texts that programs misread: numbers, words and marks of YAML, of shells and templates, addresses that are nearly right. */
const TEXTS: readonly string[] = [
  ...['', ' ', 'x', 'a b', 'yes', 'NO', 'on', '~', 'null', 'Null', 'True', 'true', 'false', '<<', '=', '*', '&a', '!x'],
  ...['0', '-0', '00', '017', '0o17', '0X1F', '0x1f', '0B1', '-_1', '+_5', '1_000', '1e3', '1e400', '.5', '5.', '.inf'],
  ...['1:30', '2001-12-14', '12:00:00', '9007199254740993', '-1', '1.20', 'v1.19.6', '1.19.6', '1.14', '99.99.99'],
  ...[
    '---',
    '--- a',
    '...',
    '# a',
    'a: b',
    'a #b',
    '- a',
    '? a',
    '[a',
    '{a: b}',
    '{',
    '}',
    '%YAML',
    '@a',
    '`a`',
    '|',
    '>',
  ],
  ...[
    'a\nb',
    'a\r\nb',
    '\n',
    '\t',
    ' a',
    'a ',
    'a\n\n',
    '\u0000',
    '\u0007',
    '\u001b[31mred',
    '\u007f',
    '\u0085',
    '\u2028',
  ],
  ...['\ufeff', '\ufffe', '\ud800', 'a\udc00', '\u202eb', '\u200b', 'é', '漢', '🙂', 'e\u0301'],
  ...[
    '$(touch x)',
    '`touch x`',
    "'; touch x; '",
    '"; touch x; "',
    '${HOME}',
    '${A:-b}',
    '{{ .Values.x }}',
    '{{',
    '%s %d',
  ],
  ...[
    '../../etc/passwd',
    '/',
    '.',
    '..',
    '/dev/null',
    'C:\\con',
    'a/b',
    'a//b',
    'http://',
    'https://x',
    'https://u:p@x/y',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length', 'valueOf', 'then', 'toJSON'],
  ...[
    '10.0.0.0/8',
    '10.0.0.1/8',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '0.0.0.0/0',
    '::/0',
    'fd00::/200',
    'fd00::1',
    '1.2.3',
    '1.2.3.4',
  ],
  ...['256.1.1.1', '::ffff:1.2.3.4', 'fe80::1%eth0', '10.0.0.0/08', '010.0.0.1', '0/0', '10.0.0.9-10.0.0.1'],
  ...[
    '5s',
    '5x',
    '1h1',
    '-1s',
    '1d',
    '1e3s',
    '64Mi',
    '64MiB',
    '1.5e',
    '0.1m',
    '50%',
    '101%',
    '1..2',
    'a=b',
    'a,b',
    'a=',
    '=b',
  ],
  ...[
    'IPv6',
    'ipv4',
    'Cluster',
    'TCP',
    'tcp',
    '80/TCP',
    '0/TCP',
    '65536/TCP',
    '80/XYZ',
    '-5',
    'A-B',
    'a_b',
    'a..b',
    '-a',
    'a-',
  ],
  ...['*', '*.x', '**', '(', '[', '(?<x', 'a{1000}{1000}', '(a+)+$', '\\', '(?i)a', '^$', '.*'],
  ...['x'.repeat(64), 'x'.repeat(254), 'x.'.repeat(200), 'x'.repeat(5000), PRIVATE_KEY],
  Buffer.from(PRIVATE_KEY).toString('base64'),
  Buffer.from(`a\n${PRIVATE_KEY}`).toString('base64'),
];

const NUMBERS: readonly number[] = [
  0,
  -0,
  1,
  -1,
  2,
  1.5,
  0.1,
  80,
  443,
  65535,
  65536,
  70000,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e21,
  -1e21,
  1e-7,
  5e-324,
];

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 })
      .map((codes) => String.fromCharCode(...codes)),
  },
);

const number = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

const name = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('a', 'name', 'enabled', 'key', 'value', 'metadata', 'spec', 'data', 'labels'),
  },
  { weight: 2, arbitrary: text },
);

/** JSON that makes no sense where it is put. */
export const hostileJson: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; list: Tree; map: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', maxDepth: 3 },
    { weight: 1, arbitrary: fc.constantFrom<Tree>(null, true, false) },
    { weight: 3, arbitrary: text },
    { weight: 2, arbitrary: number },
    { weight: 1, arbitrary: tie('list') },
    { weight: 1, arbitrary: tie('map') },
  ),
  list: fc.array(tie('tree'), { maxLength: 3 }),
  map: fc.dictionary(name, tie('tree'), { maxKeys: 3, noNullPrototype: true }) as fc.Arbitrary<TreeMap>,
})).tree;

class Instance {
  readonly name = 'x';
}

const code = (written: string, make: () => unknown): Code => new Code(written, make);

function cycle(): unknown {
  const map: Record<string, unknown> = { a: 1 };
  map.again = map;
  return map;
}

function nested(levels: number): unknown {
  let inner: unknown = 'x';
  for (let i = 0; i < levels; i++) inner = i % 2 === 0 ? { a: inner } : [inner];
  return inner;
}

function shared(doublings: number): unknown {
  let inner: unknown = 'x';
  for (let i = 0; i < doublings; i++) inner = { a: inner, b: inner };
  return inner;
}

function thrower(): never {
  throw new Error('a getter of the user');
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const symbolKey = Symbol('key');

/** What JSON cannot hold, and programs without a compiler pass. */
const CODES: readonly Code[] = [
  code('undefined', () => undefined),
  code('NaN', () => Number.NaN),
  code('-Infinity', () => Number.NEGATIVE_INFINITY),
  code('10n', () => 10n),
  code("Symbol('x')", () => Symbol('x')),
  code("() => 'x'", () => () => 'x'),
  code('class A { a = 1 }', () => Instance),
  code('new Date(0)', () => new Date(0)),
  code('new Date(NaN)', () => new Date(Number.NaN)),
  code("new Map([['a', 1]])", () => new Map([['a', 1]])),
  code("new Set(['a'])", () => new Set(['a'])),
  code('new (class Instance { name = "x" })()', () => new Instance()),
  code('Object.create(null)', () => Object.create(null) as unknown),
  code('Object.create({ a: 1 })', () => Object.create({ a: 1 }) as unknown),
  code(
    'Object.create(Object.create(Object.create(null)))',
    () => Object.create(Object.create(Object.create(null) as object) as object) as unknown,
  ),
  code('((a) => (a.again = a))({})', cycle),
  code('((a) => (a.push(a), a))([])', () => {
    const list: unknown[] = [];
    list.push(list);
    return list;
  }),
  code("({ get a() { throw new Error('a getter of the user'); } })", () => ({
    get a(): never {
      return thrower();
    },
  })),
  code('({ get a() { return 1; } })', () => ({
    get a(): number {
      return 1;
    },
  })),
  code(
    "new Proxy({}, { get() { throw new Error('a trap') }, ownKeys() { throw new Error('a trap') } })",
    () => new Proxy({}, { get: thrower, ownKeys: thrower }),
  ),
  code('new Proxy({ a: 1 }, {})', () => new Proxy({ a: 1 }, {})),
  code('((r) => (r.revoke(), r.proxy))(Proxy.revocable({}, {}))', revoked),
  code('[, "x"]', () => [, 'x']),
  code('new Array(3)', () => new Array(3)),
  code('Object.assign(["x"], { extra: 1 })', () => Object.assign(['x'], { extra: 1 })),
  code("({ [Symbol('key')]: 1 })", () => ({ [symbolKey]: 1 })),
  code('Promise.resolve(1)', () => Promise.resolve(1)),
  code('/x/', () => /x/),
  code("Buffer.from('x')", () => Buffer.from('x')),
  code('new Uint8Array(2)', () => new Uint8Array(2)),
  code("new String('x')", () => Object('x') as unknown),
  code('new Number(5)', () => Object(5) as unknown),
  code('new Boolean(false)', () => Object(false) as unknown),
  code('Object.create({ constructor: null })', () => Object.create({ constructor: null }) as unknown),
  code('({ constructor: undefined })', () => ({ constructor: undefined })),
  code("({ toJSON: () => 'x' })", () => ({ toJSON: () => 'x' })),
  code('({ toString: null, valueOf: null })', () => ({ toString: null, valueOf: null })),
  code('nested(500)', () => nested(500)),
  code('new WeakMap()', () => new WeakMap()),
  code('new Error("x")', () => new Error('x')),
  code('globalThis', () => globalThis),
  code('(function () { return arguments; })(1)', function () {
    // eslint-disable-next-line prefer-rest-params -- what is tried
    return arguments;
  }),
];

/** What is too much to be copied, walked or quoted. */
const LARGE: readonly Code[] = [
  code('new Array(1e6)', () => new Array(1e6)),
  code('nested(20000)', () => nested(20_000)),
  code('shared(30)', () => shared(30)),
  code("'x'.repeat(1e6)", () => 'x'.repeat(1e6)),
  code('Array(20000).fill("x")', () => new Array<string>(20_000).fill('x')),
];

/** A program, after the functions that it names. */
export function programText(text: string): string {
  const needed = HELPERS.filter(([name]) => text.includes(`${name}(`)).map(([, code]) => `${code}\n`);
  return `${needed.join('')}${text}`;
}

const HELPERS = [
  [
    'nested',
    `const nested = (n) => { let a = 'x'; for (let i = 0; i < n; i++) a = i % 2 === 0 ? { a } : [a]; return a; };`,
  ],
  ['shared', `const shared = (n) => { let a = 'x'; for (let i = 0; i < n; i++) a = { a, b: a }; return a; };`],
] as const;

/** Anything: JSON in the main, and one in five what JSON cannot hold, at the top or further in. */
export const hostile: fc.Arbitrary<Tree> = fc.oneof(
  { weight: 40, arbitrary: hostileJson },
  { weight: 10, arbitrary: fc.constantFrom<Tree>(...CODES) },
  { weight: 1, arbitrary: fc.constantFrom<Tree>(...LARGE) },
  {
    weight: 10,
    arbitrary: fc
      .tuple(fc.constantFrom<Tree>(...CODES), fc.constantFrom('list', 'map', 'items'))
      .map(([tree, where]): Tree =>
        where === 'list' ? [tree] : where === 'map' ? { a: tree } : ['x', { name: tree }],
      ),
  },
);

/** Texts alone. */
export const hostileText: fc.Arbitrary<string> = text;

/** A change of one place, by its number among those that there are. */
export interface Change {
  readonly place: number;
  readonly value: Tree;
}

/** 1–4 changes; few of them in the main, because many hide each other. */
export function changes(value: fc.Arbitrary<Tree>, places: number): fc.Arbitrary<readonly Change[]> {
  const change = fc.record({ place: fc.nat({ max: Math.max(0, places - 1) }), value });
  return fc.oneof(
    { weight: 3, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: fc.array(change, { minLength: 2, maxLength: 4 }) },
  );
}

/** A place as people write it. */
export function pathText(path: Path): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${String(step)}]` : i === 0 ? step : `.${step}`)).join('');
}
