import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..', '..');

/** What a program printed, and how it ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Makes a folder an app: `main.js` is the program with the library in it, so that it starts at once; cdk8s comes from `node_modules`.
 * `library` is the place that imports of `cdk8s-talos-cilium` are from.
 */
export function makeApp(folder: string, program: string, files: Readonly<Record<string, string>> = {}): void {
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  buildSync({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
    outfile: join(folder, 'main.js'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['cdk8s', 'constructs', 'ajv', 'yaml'],
    alias: { 'cdk8s-talos-cilium': join(root, 'lib', 'index.ts') },
    define: { __dirname: JSON.stringify(join(root, 'lib', 'cilium')) },
  });
}

/** Runs a program with Node in a folder. */
export function runNode(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const { CDK8S_OUTDIR: _, ...inherited } = process.env;
  return spawnSync(process.execPath, [...args], { cwd: folder, encoding: 'utf8', env: { ...inherited, ...env } });
}

/** Runs the real cdk8s-cli in a folder. */
export function cdk8s(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
  const cli = join(root, 'node_modules', 'cdk8s-cli', 'bin', 'cdk8s');
  return runNode(folder, [cli, ...args], { CDK8S_CHECK_UPGRADE: 'false', ...env });
}

/** The files of a folder with their texts, by path below it. */
export function filesOf(folder: string): Readonly<Record<string, string>> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(folder, join(entry.parentPath, entry.name))).sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
