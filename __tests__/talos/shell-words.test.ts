import { spawnSync } from 'node:child_process';
import { App } from 'cdk8s';
import { TalosCluster, TalosPatch } from '../../lib';
import { shellWord } from '../../lib/talos/patch/files';

const HOSTILE = [
  'plain',
  'my out/talos',
  'a$(touch PWNED)b',
  'a`touch PWNED`b',
  'a;b',
  'a|b&c',
  "a'b",
  'a"b',
  'a\nb',
  'a\\b',
  '~/x',
  '~',
  '=ls',
  'a=~b',
  'x[1]',
  '[fd00::5]',
  '*',
  'a?b',
  '!x',
  '#x',
  'a#b',
  '{a,b}',
  '<a>b',
  '$HOME',
  '${HOME}',
  '(a)',
  'a^b',
  '',
  'é 漢',
  'a\tb\x1b[31m',
];

/** What a shell makes of words; `undefined` where it is not installed. */
function wordsIn(shell: readonly string[], words: readonly string[]): readonly string[] | undefined {
  const [program = '', ...options] = shell;
  const script = `printf '%s\\0' ${words.join(' ')}`;
  const { error, stdout } = spawnSync(program, [...options, '-c', script], { encoding: 'utf8', env: { NAME: 'a b' } });
  // CI installs the shells.
  if (error !== undefined && process.env.CI !== undefined) throw error;
  return error === undefined ? stdout.split('\0').slice(0, -1) : undefined;
}

test.each([['sh'], ['bash'], ['zsh', '-f']])('%s reads every text as one word that means itself', (...shell) => {
  const read = wordsIn(
    shell,
    HOSTILE.map((text) => shellWord(text)),
  );
  expect(read ?? HOSTILE).toEqual(HOSTILE);
  const addresses = ['$NAME', '${NAME}', 'https://[${NAME}]:6443', 'https://[fd00::5]:6443'];
  const expanded = wordsIn(
    shell.includes('zsh') ? shell : ['sh'],
    addresses.slice(1).map((text) => shellWord(text, true)),
  );
  const value = ['a b', 'https://[a b]:6443', 'https://[fd00::5]:6443'];
  expect(expanded ?? value).toEqual(value);
});

test('commands quote folder, endpoint and addresses, and refuse what is an option or runs something', () => {
  const talos = new TalosCluster({
    talosVersion: '1.14',
    vip: { ip: 'fd00::5', link: 'eth0' },
  });
  const patch = new TalosPatch(new App({ outdir: '/tmp/never-written' }), 'talos', {
    talos,
    manifests: [],
    outdir: "it's $(here)",
  });
  const text = patch
    .commands({ controlPlanes: ['fd00::1', '${ONE}'] })
    .create.map(({ run }) => run)
    .join('\n');
  expect(text).toContain("'https://[fd00::5]:6443'");
  expect(text).toContain("it'\\''s $(here)/controlplane.patch.yaml'");
  expect(text).toContain('--nodes "${ONE}" ');
  for (const word of ['-x', '${x@P}', '${x:-a}', '$[1]', '$(a)', 'a b'])
    expect(() => patch.commands({ endpoint: word })).toThrow('commands.endpoint');
});
