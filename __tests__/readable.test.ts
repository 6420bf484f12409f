import { CiliumError, TalosCluster, describeFinding } from '../lib';
import type { Finding } from '../lib';
import { readInput } from '../lib/inputs/read';
import { runProgram } from '../lib/cli/program';
import { oneLine, printable, readableFinding } from '../lib/rules/readable';

/** Findings quote what people wrote, which may be anything. */

const BODY = 'MIIEvTRIALxKEYxMATERIAL';
const KEY = `-----BEGIN EC PRIVATE KEY-----\n${BODY}\n-----END EC PRIVATE KEY-----`;

describe('what a finding quotes', () => {
  it.each([
    ['a line break', 'a\nb', 'a\\nb'],
    ['a colour of a terminal', '\u001b[31mred', '\\u001b[31mred'],
    ['another control character', 'a\u0085\u007f', 'a\\u0085\\u007f'],
    ['text from right to left', 'a\u202eb', 'a\\u202eb'],
    ['half of a character', 'a\ud800b', 'a\\ud800b'],
    ['a private key', `got ${KEY}!`, 'got -----BEGIN EC PRIVATE KEY-----…!'],
    ['the start of a private key', KEY.slice(0, 40), '-----BEGIN EC PRIVATE KEY-----…'],
    ['ordinary text', 'hubble.uii: Unknown value. 😀', 'hubble.uii: Unknown value. 😀'],
  ])('is one line: %s', (_, text, shown) => {
    expect(oneLine(text)).toBe(shown);
  });

  it('ends', () => {
    expect(oneLine(`'${'x'.repeat(1e6)}' is not a name.`)).toMatch(/^'x{119}…x' is not a name\.$/);
    expect(oneLine('a b '.repeat(1e5)).length).toBeLessThan(3_010);
  });

  it('leaves a readable finding as it is', () => {
    const finding: Finding = { id: 'a/b', level: 'error', paths: ['a'], message: 'A fact.', hint: 'A hint.' };
    expect(readableFinding(finding)).toBe(finding);
  });
});

it('an error and its findings are readable', () => {
  const finding: Finding = { id: 'a/b', level: 'error', paths: ['a\nb'], message: `Got ${KEY}.`, hint: 'Do\u0007.' };
  const error = new CiliumError([finding], 'Cannot render\u001b[31m it');
  expect(error.findings[0]).toEqual({
    ...finding,
    paths: ['a\\nb'],
    message: 'Got -----BEGIN EC PRIVATE KEY-----….',
    hint: 'Do\\u0007.',
  });
  expect(error.message.split('\n')).toEqual([
    'Cannot render\\u001b[31m it:',
    ...describeFinding(error.findings[0] as Finding).split('\n'),
  ]);
});

describe('hostile lists and addresses of a TalosCluster', () => {
  const findingsOf = (given: object): readonly Finding[] => {
    try {
      new TalosCluster({ talosVersion: '1.13', kubernetesVersion: '1.34.1', ...given } as never);
      return [];
    } catch (error) {
      if (error instanceof CiliumError) return error.findings;
      throw error;
    }
  };

  it('have one finding for many wrong items of a list', () => {
    const found = findingsOf({ nameservers: Array.from({ length: 1_000 }, () => 5) });
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toMatchObject({
      paths: ['talos.nameservers'],
      message: '980 more items of the list are wrong, up to talos.nameservers[999].',
    });
  });

  it('are read once, however long', () => {
    expect(findingsOf({ nameservers: [`${'x'.repeat(2e5)}%`] })).toHaveLength(1);
    expect(findingsOf({ nameservers: ['fe80::1%eth0'] })).toEqual([]);
    expect(findingsOf({ nameservers: ['1.1.1.1%eth0', 'fe80::1%', 'fe80::1%a%b'] })).toHaveLength(3);
  });
});

describe('many findings about items of one list', () => {
  const findings = (count: number): readonly Finding[] =>
    Array.from({ length: count }, (_, i) => ({
      id: i % 2 === 0 ? 'a/even' : 'a/odd',
      level: 'error',
      paths: [`spec.items[${String(i)}].name`],
      message: `'${String(i)}' is not a name.`,
      hint: 'Write a name.',
    }));

  it('are counted after the first hundred of a rule', () => {
    const { findings: kept } = new CiliumError(findings(1_000));
    expect(kept).toHaveLength(202);
    expect(kept.slice(0, 2)).toEqual(findings(2));
    expect(kept.slice(-2).map(({ id, paths, message }) => [id, paths[0], message])).toEqual([
      ['a/even', 'spec.items[998].name', "400 more items have the same problem, up to here. '998' is not a name."],
      ['a/odd', 'spec.items[999].name', "400 more items have the same problem, up to here. '999' is not a name."],
    ]);
  });

  it('are all kept where they are few', () => {
    expect(new CiliumError(findings(150)).findings).toEqual(findings(150));
  });
});

it('warnings about an input are readable, too', () => {
  const { warnings } = readInput({ name: 'values.yaml', text: 'a-\t${X}: {{% if x %}\n b}}\n' });
  const texts = warnings.flatMap(({ paths, message, hint }) => [...paths, message, hint]);
  expect(texts.join('')).toContain('a-\\t${X}');
  for (const text of texts) expect(oneLine(text)).toBe(text);
});

it('what a command prints cannot change a terminal, and shows no key', async () => {
  const bad = `\u0015\u001b[31m\u202e\ud800\u009b${KEY}`;
  for (const line of [
    ['template', bad],
    ['check', bad],
    ['images', `--${bad}`],
    [`${bad}.yaml`],
    ['explain', bad, bad],
  ]) {
    let printed = '';
    const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    await runProgram(line);
    write.mockRestore();
    expect(printed).toContain('\\u0015');
    expect(printed).not.toContain(BODY);
    expect(printable(printed)).toBe(printed);
  }
});
