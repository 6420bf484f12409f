/** Where the running command came from: what `package.json` of a new project names. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { valueAt } from '../kubernetes/json';
import { PACKAGE, ownPackage } from './package-version';
import type { OwnPackage } from './package-version';

/**
 * The specification of the library for `dependencies` of a project in a folder: a range of versions where it was installed from a
 * registry, `file:…` with the packed file or the folder that it was installed from.
 */
export function librarySpecification(project: string, own: OwnPackage = ownPackage()): string {
  const folder = realpathSync(own.folder);
  const modules = dirname(folder);
  // A checkout, or a folder that is linked.
  if (basename(modules) !== 'node_modules') return fileSpecification(project, folder);
  const lock = readJson(join(modules, '.package-lock.json'));
  const resolved = valueAt(lock, ['packages', `node_modules/${PACKAGE}`, 'resolved']);
  if (typeof resolved === 'string' && resolved.startsWith('file:')) {
    // npm writes it as seen from node_modules, and older releases as seen from the project.
    const written = resolved.slice('file:'.length);
    const packed = [modules, dirname(modules)].map((base) => resolve(base, written)).find((file) => existsSync(file));
    if (packed !== undefined) return fileSpecification(project, packed);
  }
  return `^${own.version}`;
}

function fileSpecification(project: string, target: string): string {
  const path = relative(project, target).split(sep).join('/');
  return `file:${path === '' ? '.' : path}`;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
