import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/* The program as users start it. */

const root = join(__dirname, '..', '..');

function run(...args: readonly string[]): {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
} {
  const started = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'lib/cli/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: started.status, out: started.stdout, err: started.stderr };
}

it.each<readonly [string, readonly string[], string]>([
  ['no chart', ['verify'], "required option '--chart <archive>'"],
  ['an unknown command', ['verfy'], 'Did you mean verify?'],
  ['an unknown option', ['verify', '--chart', 'x', '--hlem', 'y'], 'Did you mean --helm?'],
  [
    'a Helm that is missing',
    ['verify', '--helm', 'no-such-helm', '--chart', 'cilium/cilium', '--version', '1.19.6'],
    'install Helm',
  ],
])('%s ends with 2', (_, args, message) => {
  const { status, out, err } = run(...args);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toContain(message);
});

it('a chart that is not one ends with 1', () => {
  const { status, out, err } = run('verify', '--chart', 'README.md');
  expect({ status, out }).toEqual({ status: 1, out: '' });
  expect(err).toContain('✗ README.md: The file is not a gzip archive');
});

it('shows examples with --help', () => {
  const { status, out } = run('verify', '--help');
  expect(status).toBe(0);
  expect(out).toContain('$ cdk8s-talos-cilium verify -f values.yaml --chart');
});
