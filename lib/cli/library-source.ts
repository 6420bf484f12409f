/** Where the running command came from: what `package.json` of a new project names. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { isMap, valueAt } from '../kubernetes/json';

const NAME = 'cdk8s-talos-cilium';

/** The package of this program: its folder and its version. */
export interface OwnPackage {
  readonly folder: string;
  readonly version: string;
}

/** Finds the package, from the sources and from build/ alike. */
export function ownPackage(from: string = __dirname): OwnPackage {
  const found = readJson(join(from, 'package.json'));
  if (isMap(found) && found.name === NAME && typeof found.version === 'string')
    return { folder: from, version: found.version };
  const up = dirname(from);
  if (up === from) throw new Error(`No package.json of ${NAME} above ${__dirname}.`);
  return ownPackage(up);
}

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
  const resolved = valueAt(lock, ['packages', `node_modules/${NAME}`, 'resolved']);
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
