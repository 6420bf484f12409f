import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

/*
 * `npm run api` writes etc/cdk8s-talos-cilium.api.md, the report of the public surface; `npm run api -- --check` fails when it is out of date.
 */
const root = join(__dirname, '..');
const declarations = join(root, '.cache', 'api', 'types');

function run(tool: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

rmSync(declarations, { recursive: true, force: true });
const options = ['--emitDeclarationOnly', '--declarationMap', 'false', '--outDir', declarations];
run('typescript/bin/tsc', ['-p', 'tsconfig.build.json', ...options]);
const isCheck = process.argv.includes('--check');
run('@microsoft/api-extractor/bin/api-extractor', [
  'run',
  ...(isCheck ? [] : ['--local']),
  '--config',
  join(__dirname, 'api-extractor.json'),
]);
