import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync, transformSync } from 'esbuild';

/*
 * Compiles the library to build/ and lays the data of the charts beside it, then the example cluster as build/main.js.
 * build/ is for compiled code only: `cdk8s synth` deletes dist/ first.
 */
const root = join(__dirname, '..');
const build = join(root, 'build');

function main(): void {
  rmSync(build, { recursive: true, force: true });
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], {
    stdio: 'inherit',
    cwd: root,
  });
  cpSync(join(root, 'imports'), join(build, 'imports'), {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  });
  writeFileSync(join(build, 'cluster.js'), bundle());
  writeFileSync(
    join(build, 'main.js'),
    transformSync(readFileSync(join(__dirname, 'start.ts')), { loader: 'ts', format: 'cjs' }).code,
  );
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  execFileSync(process.execPath, [join(build, 'main.js')], {
    stdio: 'pipe',
    env: { ...process.env, CDK8S_OUTDIR: join(folder, 'dist'), CLUSTER_CACHE: 'write' },
  });
  rmSync(folder, { recursive: true });
}

/** The example cluster as one function: most of the time of a short run goes into finding and compiling several hundred modules. */
function bundle(): string {
  const { outputFiles } = buildSync({
    // What main.ts imports. Named itself it is unfolded into one scope; imported it would start module by module.
    entryPoints: [join(root, 'examples', 'kubespan-native-routing', 'main.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    // cdk8s brings a copy of the same version.
    alias: { yaml: dirname(require.resolve('yaml/package.json')) },
    // Modules that read data beside themselves find it from where lib/cilium lies.
    define: { __dirname: 'libraryFolder' },
    banner: { js: '(function (require, libraryFolder) {' },
    footer: { js: '})' },
  });
  const text = outputFiles.map((file) => file.text).join('');
  // What esbuild leaves as it is stands in regular expressions, where an escape means the same.
  return text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

main();
