import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../../lib/cli/program';
import { runCommand } from './run-command';

/*
 * Completion as bash does it: the script is sourced, and its function is called with the words of a line. zsh and fish complete lines
 * themselves.
 */

const root = join(__dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'completion '));
const script = join(folder, 'completion.bash');

beforeAll(async () => {
  writeFileSync(script, (await runCommand('completion', 'bash')).out);
  const own = join(folder, 'talos-cilium');
  writeFileSync(
    own,
    `#!/bin/sh\nexec '${process.execPath}' --import '${require.resolve('tsx')}' '${root}/lib/cli/main.ts' "$@"\n`,
  );
  chmodSync(own, 0o755);
  mkdirSync(join(folder, 'a-folder'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What Tab offers after the words; the last one is being written. */
function offered(...words: readonly string[]): readonly string[] {
  const program = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); compopt() { :; }
__talos_cilium; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['-c', program, 'bash', script, 'talos-cilium', ...words], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` },
  });
  return out.split('\n').filter((line) => line !== '');
}

const commands = program().commands.map((command) => command.name());

it('offers the commands', () => {
  expect(
    offered('')
      .filter((word) => !word.startsWith('-') && word !== 'help')
      .sort(),
  ).toEqual([...commands].sort());
  expect(offered('ver')).toEqual(['verify']);
  expect(offered('help', 'ver')).toEqual(['verify']);
});

it.each(program().commands.map((command) => [command.name(), command] as const))(
  'offers every option of %s',
  (name, command) => {
    const options = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long);
    expect([...offered(name, '--')].sort()).toEqual([...options, '--help'].sort());
  },
);

it('offers the words of an option, after a space and after =', () => {
  expect(offered('template', '--unknown-values', '')).toEqual(['error', 'warn']);
  expect(offered('template', '--unknown-values', 'w')).toEqual(['warn']);
  expect(offered('template', '--unknown-values', '=', 'w')).toEqual(['warn']);
  expect(offered('template', '--unknown-values', '=')).toEqual(['error', 'warn']);
  expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
});

it('offers folders where a folder is meant, and leaves files to the shell', () => {
  expect(offered('patch', '-o', '')).toEqual(['a-folder']);
  expect(offered('template', '-f', '')).toEqual([]);
  expect(offered('check', '')).toEqual([]);
});

it('offers paths of values after --set', () => {
  expect(offered('template', '--set', 'hubble.rela')).toEqual(['hubble.relay.']);
  expect(offered('template', '--set', 'hubble.relay.enab')).toEqual(['hubble.relay.enabled=']);
  expect(offered('template', '--set', 'nothing.x')).toEqual([]);
});

it('a shell is needed, and others are refused', async () => {
  expect(await runCommand('completion')).toMatchObject({ exit: 2 });
  expect(await runCommand('completion', 'tcsh')).toMatchObject({ exit: 2 });
});

it.each(['zsh', 'fish'])('the script for %s has every command and option', async (shell) => {
  const { out } = await runCommand('completion', shell);
  for (const command of program().commands) {
    expect(out).toContain(command.name());
    for (const { long, hidden } of command.options)
      if (!hidden) expect(out).toContain(shell === 'fish' ? `-l ${String(long).slice(2)} ` : String(long));
  }
});

/** How a real shell prints what Tab offers for a line. */
const SHELLS: Readonly<Record<string, (script: string, line: string) => readonly [string, ...string[]]>> = {
  zsh: (file, line) => ['zsh', '-f', join(__dirname, 'capture.zsh'), file, line],
  fish: (file, line) => ['fish', '--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', file, line],
};

/** People need not have both shells; `.ci/run` installs them. */
function isNeeded(shell: string): boolean {
  return process.env.CI !== undefined || spawnSync(shell, ['-c', 'true']).status === 0;
}

describe.each(Object.entries(SHELLS))('%s', (shell, start) => {
  const file = join(folder, `completion.${shell}`);
  const completes = isNeeded(shell) ? it : it.skip;

  beforeAll(async () => {
    writeFileSync(file, (await runCommand('completion', shell)).out);
    writeFileSync(join(folder, 'values.yaml'), 'MTU: 1420\n');
  });

  completes.each<[line: string, offered: readonly string[]]>([
    ['talos-cilium ver', ['verify']],
    ['cdk8s-talos-cilium expl', ['explain']],
    ['talos-cilium check --form', ['--format']],
    ['talos-cilium template --unknown-values ', ['error', 'warn']],
    ['talos-cilium completion ', ['bash', 'fish', 'zsh']],
    ['talos-cilium patch -o ', ['a-folder']],
    ['talos-cilium check val', ['values.yaml']],
    ['talos-cilium template --set hubble.rela', ['hubble.relay.']],
    ['talos-cilium template --set hubble.relay.enab', ['hubble.relay.enabled=']],
  ])('completes %s', (line, offered) => {
    const [program, ...args] = start(file, line);
    const out = execFileSync(program, args, {
      encoding: 'utf8',
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env.PATH ?? ''}` },
    });
    // fish adds what a word means, and a slash to folders.
    const words = out.split('\n').flatMap((one) => one.split('\t')[0]?.replace(/\/$/, '') || []);
    expect([...new Set(words)].sort()).toEqual(offered);
  });
});
