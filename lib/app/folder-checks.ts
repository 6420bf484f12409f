import { dirname, join, relative } from 'node:path';
import type { Finding } from '../rules/finding';
import { actual } from '../rules/words';
import type { FileState } from './file-states';
import { folderId, isFolder, isWithin, keyOf, outputOf, outputsOf, statsOf, wayTo } from './folders';
import type { PatchInApp } from './patches';
import { REPORT, earlierRun } from './report';
import { placed } from './problems';
import type { SynthFinding } from './problems';
import type { PlannedFile } from './write';

const ANOTHER = 'Set `outdir` of the TalosPatch to another folder';

/** Folders of patches that cannot be theirs: among the manifests, of another app, of two patches, or no folders. */
export function folderFindings(outdir: string, patches: readonly PatchInApp[]): readonly SynthFinding[] {
  const first = new Map<string, PatchInApp>();
  for (const patch of patches) if (!first.has(folderId(patch.outdir))) first.set(folderId(patch.outdir), patch);
  return patches.flatMap((patch) => {
    const same = first.get(folderId(patch.outdir));
    const found =
      outsideFinding(outdir, patch.outdir) ??
      sharedFinding(patch, same === patch ? undefined : same) ??
      ownFinding(outdir, patch.outdir);
    return placed(patch, found === undefined ? [] : [found]);
  });
}

function outsideFinding(outdir: string, folder: string): Finding | undefined {
  const output = outputsOf(outdir).find((one) => isWithin(folder, one) || folderId(folder) === folderId(one));
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
  if (earlier === undefined || earlier.app.outdir === output) return undefined;
  const message = `'${folder}' holds the patches of another output folder, '${earlier.app.outdir}'; that of this app is '${output}'.`;
  return problem('outdir-taken', message, `${ANOTHER}, or delete '${folder}' when those patches are no longer needed.`);
}

/** What is in place of a folder, or above it, and is not a folder. */
function obstacleOf(folder: string): string | undefined {
  if (statsOf(folder) !== undefined) return isFolder(folder) ? undefined : folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : obstacleOf(parent);
}

/** Of a patch where there is a file that no report lists, or a folder. */
export function patchInTheWay(path: string): Finding {
  return statsOf(path)?.isFile() === true
    ? problem('unknown-file', `'${path}' was not written by this library.`, `${ANOTHER}, or remove that file.`)
    : problem('unknown-file', `'${path}' is not a regular file.`, `${ANOTHER}, or remove it.`);
}

/** Of a manifest where there is a file that no report lists, or a folder. */
export function manifestInTheWay(path: string, state: FileState): Finding {
  return inTheWay(state === 'folder' ? `'${path}' is a folder.` : `'${path}' was not written by this library.`);
}

/** Of a file that is written anew. */
export function changedFile(path: string): Finding {
  return {
    id: 'app/changed-file',
    level: 'warning',
    paths: [],
    message: `'${path}' was changed after it was written; it is written anew.`,
    hint: 'Make the change in the program, or for Talos in a separate patch file; talosctl accepts several patches.',
  };
}

/** Of a file that is not written any more. */
export function keptFile(path: string): Finding {
  return {
    id: 'app/kept-file',
    level: 'warning',
    paths: [],
    message: `'${path}' was changed after it was written and is not written any more; it stays as it is.`,
    hint: 'Remove it when it is no longer needed.',
  };
}

/** The end of a file name on every system: no separator, and nothing that is not text. */
const EXTENSION = /^[^/\\:*?"<>|\p{Cc}\p{Zl}\p{Zp}\p{Surrogate}]{0,100}$/u;

/** The extension of an app that no file can have. */
export function extensionFindings(extension: unknown): readonly SynthFinding[] {
  if (typeof extension === 'string' && EXTENSION.test(extension)) return [];
  const message = `The extension ${actual(extension)} is not the end of a file name.`;
  const hint = 'Set `outputFileExtension` of the app to one such as .yaml.';
  return [{ id: 'app/file', level: 'error', paths: ['outputFileExtension'], message, hint, in: '' }];
}

/** Obstacles of manifests, each once: a file in place of a folder, a link in place of a folder of ours, two files of one name. */
export function manifestFileFindings(outdir: string, files: readonly PlannedFile[]): readonly SynthFinding[] {
  const folders = [...new Set(files.map(({ path }) => dirname(path)))];
  const obstacles = new Set([outdir, ...folders].flatMap((folder) => obstacleOf(folder) ?? []));
  const links = folders.filter(
    (folder) => relative(outdir, folder) !== '' && statsOf(folder)?.isSymbolicLink() === true,
  );
  const known = new Set<string>();
  const twice = files.filter(({ path }) => known.size === known.add(keyOf(path)).size);
  return [
    ...[...obstacles].map((path) => `'${path}' is not a folder.`),
    ...links.map((path) => `'${path}' is a link, and what it leads to is not in the output folder.`),
    ...twice.map(({ path }) => `Two charts write '${path}'.`),
  ].map((message) => ({ ...inTheWay(message), in: '' }));
}

function inTheWay(message: string): Finding {
  const hint = 'Remove it, or set `outdir` of the app to another folder.';
  return { id: 'app/file', level: 'error', paths: [], message, hint };
}

function problem(rule: string, message: string, hint: string): Finding {
  return { id: `talos-patch/${rule}`, level: 'error', paths: ['outdir'], message, hint };
}
