import { existsSync, lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The folder in which cdk8s-cli looks for manifests, which it empties before it starts the app; `undefined` without cdk8s-cli. */
function cliFolder(): string | undefined {
  const { CDK8S_OUTDIR: folder = '' } = process.env;
  return folder === '' ? undefined : folder;
}

/**
 * Whether an app writes into the folder of `cdk8s synth --stdout`, whose YAML files are printed and then deleted. cdk8s-cli makes it
 * with `mkdtemp`, as `cdk8s-XXXXXX` directly in the system's temporary folder.
 */
export function isForStdout(outdir: string): boolean {
  const folder = cliFolder();
  if (folder === undefined || !/^cdk8s-[A-Za-z0-9]{6}$/.test(basename(folder))) return false;
  return isTemporary(folder) && isWithin(outdir, folder);
}

function isTemporary(folder: string): boolean {
  return keyOf(dirname(resolve(folder))) === keyOf(tmpdir());
}

/** The output folder that the patches of an app belong to: the app's own, or under `--format helm` the chart whose templates it writes. */
export function outputOf(outdir: string): string {
  const isHelm = basename(resolve(outdir)) === 'templates' && existsSync(join(outdir, '..', 'Chart.yaml'));
  return isHelm ? join(outdir, '..') : outdir;
}

/** Folders that patches must stay out of: there cdk8s-cli or Helm would take them for manifests. */
export function outputsOf(outdir: string): readonly string[] {
  const cli = cliFolder();
  return [outputOf(outdir), ...(cli === undefined ? [] : [outputOf(cli)])];
}

/**
 * The folder of the patches of an app by default: `talos` next to its output folder. Apps below the folder of cdk8s-cli, `dist/prod`,
 * have one each: `talos/prod`.
 */
export function defaultPatchFolder(outdir: string): string {
  const cli = cliFolder();
  const isBelow = cli !== undefined && isWithin(outdir, cli);
  const output = outputOf(isBelow ? cli : outdir);
  // A folder of `mkdtemp`, as that of `Testing.app()`: next to it are those of other apps, and of other users.
  const isOnlyTemporary = isAbsolute(output) && isTemporary(output);
  const folder = isOnlyTemporary ? join(dirname(output), `${basename(output)}-talos`) : join(output, '..', 'talos');
  return isBelow ? join(folder, relative(keyOf(cli), keyOf(outdir))) : folder;
}

/** What is at a path, links not followed; `undefined` when nothing can be there. */
export function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** Whether there is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return statsOf(realPath(path))?.isDirectory() === true;
}

/** A path without links and `..`, also where its end does not exist yet. */
export function realPath(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync.native(full);
  } catch {
    const parent = dirname(full);
    return parent === full ? full : join(realPath(parent), basename(full));
  }
}

/** Equal for two spellings of one path. */
export function keyOf(path: string): string {
  const real = realPath(path);
  return ['darwin', 'win32'].includes(process.platform) ? real.toLowerCase() : real;
}

/** Equal for two spellings of one folder, bind mounts and cases of letters included where it exists. */
export function folderId(folder: string): string {
  try {
    const { dev, ino } = statSync(folder, { bigint: true });
    return `${String(dev)}:${String(ino)}`;
  } catch {
    return keyOf(folder);
  }
}

/** Whether a path is a folder or lies in it, whatever the spelling and through links. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(keyOf(folder), keyOf(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The way from one folder to another, the same on every machine where both lie the same way. */
export function wayTo(folder: string, from: string): string {
  return relative(realPath(from), realPath(folder)).split(sep).join('/');
}

/**
 * Creates a folder and those above it, one by one: Node's own way does not end where a file system allows none, as /proc. Returns what
 * was created, outer folders first.
 */
export function makeFolder(folder: string): readonly string[] {
  if (existsSync(folder)) return [];
  const above = makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return above;
  }
  return [...above, folder];
}
