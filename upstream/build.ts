import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';

/*
 * Compiles the library to build/ and lays the data of the charts beside it. build/ is for compiled code only:
 * `cdk8s synth` deletes dist/ first.
 */
const root = join(__dirname, '..');
const build = join(root, 'build');
rmSync(build, { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
  stdio: 'inherit',
  cwd: root,
});
cpSync(join(root, 'imports'), join(build, 'imports'), {
  recursive: true,
  filter: (source) => !source.endsWith('.ts') && basename(source) !== 'reads.json', // reads.json is for tests
});
// The example cluster as one file: most of the time of a short run goes into finding several hundred modules.
buildSync({
  entryPoints: [join(build, 'main.js')],
  outfile: join(build, 'main.js'),
  allowOverwrite: true,
  bundle: true,
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  // Modules that read data beside themselves find it from where lib/cilium lies.
  define: { __dirname: 'libraryFolder' },
  banner: { js: "const libraryFolder = require('node:path').join(__dirname, 'lib', 'cilium');" },
});
