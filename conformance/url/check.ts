/** URLs and headers of external manifests against Go's net/url and net/http: the table of the tests, and texts made by chance. */
import { execFileSync } from 'node:child_process';
import { HEADERS, URLS } from '../../__tests__/talos/url-rows';
import { headerProblems, urlFault } from '../../lib/talos/patch/external-checks';

interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const URL = 'https://example.org/a.yaml';
const PARTS = [
  ...['http', 'https', 'HTTPS', 'ftp', ':', '/', '//', '?', '#', '@', '[', ']', '%', '%25', '%zz', '%20', '\\', ' '],
  ...[
    'example.org',
    '192.0.2.1',
    '2001:db8::1',
    'fe80::1',
    'eth0',
    ':80',
    ':99999',
    ':x',
    'user',
    'user:pw',
    '.',
    '..',
  ],
  ...['a', '_', '-', '~', '!', '$', '&', "'", '(', '*', '+', ',', ';', '=', '<', '"', '^', '`', '{', '|', 'ä'],
  ...['\t', '\n', '\u0000', '\u007f'],
];
const STARTS = ['http://', 'https://', 'https://example.org/', 'http://[::1]', 'https:', ''];

/** A generator of numbers below a bound; the same seed gives the same numbers. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function made(count: number, seed: number): readonly Question[] {
  const next = random(seed);
  const pick = (list: readonly string[]): string => list[next(list.length)] ?? '';
  const text = (most: number): string => Array.from({ length: next(most) }, () => pick(PARTS)).join('');
  return Array.from({ length: count }, (_, i) =>
    i % 4 === 0 ? { url: URL, headers: { [text(3)]: text(4) } } : { url: `${pick(STARTS)}${text(6)}`, headers: {} },
  );
}

const [, , seed = '1', count = '20000'] = process.argv;
const questions: readonly Question[] = [
  ...URLS.map(([url]) => ({ url, headers: {} })),
  ...HEADERS.map(([name, value]) => ({ url: URL, headers: { [name]: value } })),
  ...made(Number(count), Number(seed)),
];
const answers = execFileSync(process.env.JUDGE ?? '', {
  input: questions.map((one) => `${JSON.stringify(one)}\n`).join(''),
  encoding: 'utf8',
  maxBuffer: 1 << 28,
})
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { readonly sent: boolean; readonly error?: string });
const isSent = ({ url, headers }: Question): boolean =>
  urlFault(url) === undefined && headerProblems([{ name: 'a', url, headers }]).length === 0;
const wrong = questions.flatMap((one, i) =>
  answers[i]?.sent === isSent(one) ? [] : [`${JSON.stringify(one)}: ${answers[i]?.error ?? 'Go sends it'}`],
);
const rows = [...URLS.map(([, sent]) => sent), ...HEADERS.map(([, , sent]) => sent)];
wrong.push(...rows.flatMap((sent, i) => (answers[i]?.sent === sent ? [] : [`row ${JSON.stringify(questions[i])}`])));
for (const line of wrong.slice(0, 40)) console.log(line);
console.log(`conformance/url: ${String(questions.length - wrong.length)} passed, ${String(wrong.length)} failed`);
process.exit(wrong.length === 0 ? 0 : 1);
