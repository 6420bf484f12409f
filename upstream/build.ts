import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/*
 * Compiles the library to build/ and lays the data of the charts beside it. build/ is for compiled code only:
 * `cdk8s synth` deletes dist/ first.
 */
const root = join(__dirname, '..');
rmSync(join(root, 'build'), { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  cwd: root,
});
cpSync(join(root, 'imports'), join(root, 'build', 'imports'), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts') && basename(source) !== 'reads.json', // reads.json is for tests
});
