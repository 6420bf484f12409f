import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import type { Metafile } from 'esbuild';
import { schemaFiles } from '../lib/value-docs/schema-files';
import { billOfMaterials } from './dependencies';
import { licenceTexts } from './licences';
import { SETTINGS_SCHEMA } from './settings-schema';

/*
 * Compiles the library to build/lib/index.js, with its types and the data of the charts beside it, then the program to build/cli/ and
 * the example cluster to build/main.js, each as a bundle.
 * The schemas of values are in schemas/. build/ is for compiled code only: `cdk8s synth` deletes dist/ first.
 */
const root = join(__dirname, '..');
const build = join(root, 'build');

function main(): void {
  rmSync(build, { recursive: true, force: true });
  const tsc = [require.resolve('typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json'), '--emitDeclarationOnly'];
  execFileSync(process.execPath, tsc, { stdio: 'inherit', cwd: root });
  cpSync(join(root, 'imports'), join(build, 'imports'), {
    recursive: true,
    filter: (source) => !source.endsWith('.ts'),
  });
  writeFileSync(join(build, 'sbom.cdx.json'), billOfMaterials());
  buildSchemas();
  buildLibrary();
  buildCli();
  buildCluster();
}

/** The schemas of values for editors, beside build/: people name their files. */
function buildSchemas(): void {
  const folder = join(root, 'schemas');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const { name, text } of schemaFiles()) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'settings.schema.json'), `${JSON.stringify(SETTINGS_SCHEMA, undefined, 2)}\n`);
}

/** Modules of others that many programs never use, or use late. */
const LATE = /^(?:fastest-levenshtein|ip-address|re2js|yaml|node:(?:child_process|crypto|zlib))$/;

/**
 * The library as one file, readable in stack traces: to find and compile five hundred modules takes longer than a render. Modules of
 * others stay outside, so that `npm audit` and `npm update` know them.
 */
function buildLibrary(): void {
  const outfile = join(build, 'lib', 'index.js');
  const late = `(name) => {
  if (!${String(LATE)}.test(name)) return require(name);
  let loaded;
  return new Proxy({}, { get: (_, key) => (loaded ??= require(name))[key] });
}`;
  buildSync({
    entryPoints: [join(root, 'lib', 'index.ts')],
    bundle: true,
    outfile,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    external: [VALIDATORS],
    sourcemap: true,
    sourcesContent: false,
    define: { __dirname: 'libraryFolder' },
    banner: { js: `"use strict";\n((require, libraryFolder) => {` },
    footer: { js: `})(${late}, require('node:path').join(__dirname, 'cilium'));` },
  });
  const text = readFileSync(outfile, 'utf8');
  if (!text.includes(`"${VALIDATORS}"`)) throw new Error(`${outfile} does not load ${VALIDATORS}.`);
  const placed = text.replace(`"${VALIDATORS}"`, '"../imports/kubernetes/validators.js"');
  writeFileSync(outfile, inAscii(withOwnNames(placed)));
}

/** esbuild calls a class that mentions itself `_Class` inside, and people read that name in errors and logs. */
function withOwnNames(text: string): string {
  const names = [...text.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name]) => name ?? '');
  return names.reduce((all, name) => all.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name), text);
}

/** As lib/kubernetes-schema names them: large, and loaded when a Kubernetes value is judged. */
const VALIDATORS = '../../imports/kubernetes/validators.js';

/** The program: its bundle and the file that starts it. */
function buildCli(): void {
  rmSync(join(build, 'lib', 'cli'), { recursive: true });
  mkdirSync(join(build, 'cli'));
  const { text, inputs } = bundle(join(root, 'lib', 'cli', 'main.ts'));
  writeFileSync(join(build, 'cli', 'bundle.js'), text);
  writeFileSync(join(build, 'cli', 'licenses.txt'), licenceTexts(root, Object.keys(inputs)));
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  writeFileSync(
    join(build, 'cli', 'main.js'),
    `#!/usr/bin/env node\n${start('cli', { BUNDLE_HASH: JSON.stringify(hash) })}`,
    {
      mode: 0o755,
    },
  );
}

/** The example cluster, with the code that V8 makes of it here: it is not part of the package. */
function buildCluster(): void {
  // What main.ts imports. Named itself it is unfolded into one scope; imported it would start module by module.
  writeFileSync(join(build, 'cluster.js'), bundle(join(root, 'examples', 'kubespan-native-routing', 'main.ts')).text);
  writeFileSync(join(build, 'main.js'), start('cluster'));
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  execFileSync(process.execPath, [join(build, 'main.js')], {
    stdio: 'pipe',
    env: { ...process.env, CDK8S_OUTDIR: join(folder, 'dist'), CLUSTER_CACHE: 'write' },
  });
  rmSync(folder, { recursive: true });
}

/** A file of `start/`. */
function start(name: string, define: Record<string, string> = {}): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'start', `${name}.ts`)],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    define,
  });
  return outputFiles.map((file) => file.text).join('');
}

/** A program as one function: most of the time of a short run goes into finding and compiling several hundred modules. */
function bundle(entry: string): { readonly text: string; readonly inputs: Metafile['inputs'] } {
  const { outputFiles, metafile } = buildSync({
    metafile: true,
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: true,
    // cdk8s brings a copy of the same version.
    alias: { yaml: dirname(require.resolve('yaml/package.json')) },
    // Modules that read data beside themselves find it from where lib/cilium lies.
    define: { __dirname: 'libraryFolder' },
    banner: { js: '(function (require, libraryFolder) {' },
    footer: { js: '})' },
  });
  const text = outputFiles.map((file) => file.text).join('');
  return { text: inAscii(text), inputs: metafile.inputs };
}

/** Read in half the time. What esbuild leaves as it is stands in regular expressions, where an escape means the same. */
function inAscii(text: string): string {
  return text.replace(/[\u0080-\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

main();
