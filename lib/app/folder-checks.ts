import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Finding } from '../rules/finding';
import { isFolder, isWithin, keyOf, outputOf, outputsOf, realPath, statsOf, wayTo } from './folders';
import type { PatchInApp } from './patches';
import { REPORT, earlierRun, hashOf } from './report';
import type { EarlierRun } from './report';
import { placed } from './problems';
import type { SynthFinding } from './problems';
import type { PlannedFile } from './write';

const ANOTHER = 'Set `outdir` of the TalosPatch to another folder';

/** Folders of patches that cannot be theirs: among the manifests, of another app, of two patches, or no folders. */
export function folderFindings(outdir: string, patches: readonly PatchInApp[]): readonly SynthFinding[] {
  return patches.flatMap((patch, i) => {
    const same = patches.slice(0, i).find((other) => keyOf(other.outdir) === keyOf(patch.outdir));
    const found =
      outsideFinding(outdir, patch.outdir) ?? sharedFinding(patch, same) ?? ownFinding(outdir, patch.outdir);
    return placed(patch, found === undefined ? [] : [found]);
  });
}

function outsideFinding(outdir: string, folder: string): Finding | undefined {
  const output = outputsOf(outdir).find((one) => isWithin(folder, one));
  if (output === undefined) return undefined;
  const message = `'${folder}' is inside the output folder '${output}', whose YAML files are taken for Kubernetes manifests.`;
  return problem(
    'outdir-inside',
    message,
    'Leave `outdir` out of the TalosPatch, or set it to a folder next to the output folder.',
  );
}

function sharedFinding({ outdir, node: { id } }: PatchInApp, other: PatchInApp | undefined): Finding | undefined {
  if (other === undefined) return undefined;
  const message = `The patch '${other.node.path}' of this app writes to the same folder, '${outdir}'.`;
  return problem('outdir-shared', message, `${ANOTHER}, \`outdir: 'talos/${id}'\` for instance.`);
}

function ownFinding(outdir: string, folder: string): Finding | undefined {
  const obstacle = obstacleOf(folder);
  if (obstacle !== undefined)
    return problem('outdir-file', `'${obstacle}' is not a folder.`, `${ANOTHER}, or remove that file.`);
  const earlier = earlierRun(folder);
  if (earlier === 'foreign') {
    return problem(
      'unknown-file',
      `'${join(folder, REPORT)}' was not written by this library.`,
      `${ANOTHER}, or remove that file.`,
    );
  }
  const output = wayTo(outputOf(outdir), folder);
  if (earlier === undefined || earlier.outdir === output) return undefined;
  const message = `'${folder}' holds the patches of another output folder, '${earlier.outdir}'; that of this app is '${output}'.`;
  return problem('outdir-taken', message, `${ANOTHER}, or delete '${folder}' when those patches are no longer needed.`);
}

/** What is in place of a folder, or above it, and is not a folder. */
function obstacleOf(folder: string): string | undefined {
  if (statsOf(folder) !== undefined) return isFolder(folder) ? undefined : folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : obstacleOf(parent);
}

/** Files where a run is going to write patches that are not what an earlier run left there. */
export function patchFileFindings(files: readonly PlannedFile[], earlier: EarlierRun | undefined): readonly Finding[] {
  return files.flatMap(({ path, text }) => {
    const stats = statsOf(path);
    if (stats === undefined) return [];
    if (!stats.isFile())
      return [problem('unknown-file', `'${path}' is not a regular file.`, `${ANOTHER}, or remove it.`)];
    const hash = hashOf(readFileSync(path, 'utf8'));
    const left = earlier?.patches.find(({ file }) => keyOf(join(dirname(path), file)) === keyOf(path));
    if (hash === hashOf(text) || hash === left?.sha256) return [];
    const hint = 'Move your changes to a separate patch file, and remove this one; talosctl accepts several patches.';
    return [
      left === undefined
        ? problem('unknown-file', `'${path}' was not written by this library.`, `${ANOTHER}, or remove that file.`)
        : problem('changed-file', `'${path}' was changed after it was written.`, hint),
    ];
  });
}

/** Obstacles of manifests, each once: a folder in place of a file, a file in place of a folder. */
export function manifestFileFindings(outdir: string, files: readonly PlannedFile[]): readonly SynthFinding[] {
  const folders = files
    .filter(({ path }) => statsOf(path)?.isDirectory() === true)
    .map(({ path }) => `'${path}' is a folder.`);
  const others = [outdir, ...files.map(({ path }) => dirname(path))].flatMap((folder) => obstacleOf(folder) ?? []);
  const hint = 'Remove it, or set `outdir` of the app to another folder.';
  return [...folders, ...new Set(others.map((path) => `'${path}' is not a folder.`))].map((message) => ({
    id: 'app/file',
    level: 'error',
    paths: [],
    message,
    hint,
    in: '',
  }));
}

/** Files of an earlier run that this one does not write any more: those that may be deleted, and those that were changed since. */
export interface StaleFiles {
  readonly unchanged: readonly string[];
  readonly changed: readonly string[];
}

/** Sorts what an earlier run left in a folder. */
export function staleFiles(
  folder: string,
  left: readonly { readonly file: string; readonly sha256: string }[],
  written: readonly string[],
): StaleFiles {
  const kept = new Set(written.map(keyOf));
  const stale = left
    .map(({ file, sha256 }) => ({ path: join(folder, file), sha256 }))
    .filter(({ path }) => !kept.has(keyOf(path)) && isWithin(path, realPath(folder)))
    .filter(({ path }) => statsOf(path)?.isFile() === true)
    .map(({ path, sha256 }) => ({ path, isUnchanged: hashOf(readFileSync(path, 'utf8')) === sha256 }));
  const paths = (isUnchanged: boolean): readonly string[] =>
    stale.filter((one) => one.isUnchanged === isUnchanged).map(({ path }) => path);
  return { unchanged: paths(true), changed: paths(false) };
}

function problem(rule: string, message: string, hint: string): Finding {
  return { id: `talos-patch/${rule}`, level: 'error', paths: ['outdir'], message, hint };
}
