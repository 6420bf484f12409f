import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

/** How far below the sandbox a case works: a path with a few `..` stays inside of it. */
const DEPTH = ['a', 'b', 'c', 'd', 'e', 'work'];

/** A folder of its own for cases that write. */
export class Sandbox {
  private readonly root = mkdtempSync(join(tmpdir(), 'trial-'));
  /** Where a case works. */
  readonly work = join(this.root, ...DEPTH);

  /** A path below {@link work}, or in the sandbox above it; nothing when it leads elsewhere. */
  inside(path: string): string | undefined {
    const whole = path.includes('\0') ? join(this.work, path) : resolve(this.work, path.replace(/^\/+/, ''));
    return whole.startsWith(join(this.root, 'a', 'b', 'c')) ? whole : undefined;
  }

  /** Empties the sandbox and makes what a case finds there: files by path, folders as `null`, links as `{ to }`. */
  fill(files: Readonly<Record<string, string | Buffer | null | { readonly to: string }>>): void {
    rmSync(join(this.root, 'a'), { recursive: true, force: true });
    mkdirSync(this.work, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      const whole = join(this.work, path);
      try {
        mkdirSync(content === null ? whole : dirname(whole), { recursive: true });
        if (content === null) continue;
        if (typeof content === 'string' || Buffer.isBuffer(content)) writeFileSync(whole, content);
        else symlinkSync(content.to, whole);
      } catch {
        // A name that no file can have, or one in the way of another.
      }
    }
  }

  /** Everything in the sandbox, as text: files with a hash, folders, and where links lead. */
  picture(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    const walk = (folder: string): void => {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        const stat = lstatSync(path);
        const key = relative(this.work, path);
        if (stat.isSymbolicLink()) found.set(key, `link to ${readlinkSync(path)}`);
        else if (stat.isDirectory()) {
          found.set(key, 'folder');
          walk(path);
        } else found.set(key, createHash('sha256').update(readFileSync(path)).digest('hex'));
      }
    };
    walk(this.root);
    return found;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** What differs between two pictures. */
export function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => `${before.has(path) ? (after.has(path) ? '~' : '-') : '+'} ${path}`);
}
