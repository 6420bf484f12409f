import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A program of Cilium, built. */
export interface Program {
  readonly path: string;
  /** The version that was built: the asked one, or the nearest patch that the module proxy serves. */
  readonly version: string;
}

const built = new Map<string, Program>();

/** Builds a program of a release, once; the binary is cached by the content of its sources. `name` is a package of Cilium: `operator`. */
export function program(name: string, version: string): Program {
  const key = `${name} ${version}`;
  const known = built.get(key) ?? build(name, version);
  built.set(key, known);
  return known;
}

function build(name: string, version: string): Program {
  const text = execFileSync('bash', [join(__dirname, 'program'), version, name], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [path = '', at = ''] = text.trim().split(' ');
  return { path, version: at };
}

/** The folder of a Go module. */
export function moduleFolder(module: string): string {
  const env = { ...process.env, GOFLAGS: '', GOWORK: 'off' };
  const text = execFileSync('go', ['mod', 'download', '-json', module], { cwd: '/', env, encoding: 'utf8' });
  return (JSON.parse(text) as { readonly Dir: string }).Dir;
}
