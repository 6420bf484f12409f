import { join } from 'node:path';
import type { Finding } from '../rules/finding';
import { stateOf } from './file-states';
import { statsOf } from './folders';
import { isUnfinished } from './lock';
import { REPORT, earlierRun } from './report';
import type { EarlierRun } from './report';

/**
 * Why the files of a patch are not one set, as its report lists it. Before the first run there are none, and nothing to report. Manifests
 * that are gone are not reported, because cdk8s-cli empties their folder before it starts the app.
 * @param files the names of those that are needed
 */
export function setFindings(folder: string, files: readonly string[]): readonly Finding[] {
  const run = earlierRun(folder);
  const faults = run === undefined || run === 'foreign' ? withoutReport(folder, files) : faultsOf(folder, files, run);
  if (faults.length === 0) return [];
  const hint = 'Call `app.synth()` or `synthesize(app)` first, which writes the set anew.';
  return [{ id: 'talos-patch/files', level: 'error', paths: ['outdir'], message: `${faults.join(', ')}.`, hint }];
}

function withoutReport(folder: string, files: readonly string[]): readonly string[] {
  const there = files.map((file) => join(folder, file)).filter((path) => statsOf(path) !== undefined);
  if (there.length > 0)
    return there.map((path) => `'${path}' is there without '${join(folder, REPORT)}' of this library`);
  return isUnfinished(folder) ? [`A run that writes to '${folder}' was interrupted, or is still at work`] : [];
}

function faultsOf(folder: string, files: readonly string[], { app, patches }: EarlierRun): readonly string[] {
  const report = join(folder, REPORT);
  const listed = patches.flatMap((one) => {
    const path = join(folder, one.file);
    const state = stateOf(path, one);
    if (state === 'ours') return [];
    return [state === 'absent' ? `'${path}' is missing` : `'${path}' is not the file that '${report}' lists`];
  });
  const others = files
    .filter((file) => !patches.some((one) => one.file === file) && statsOf(join(folder, file)) !== undefined)
    .map((file) => `'${join(folder, file)}' is not in '${report}'`);
  const manifests = app.files
    .map((one) => ({ one, path: join(folder, app.outdir, one.file) }))
    .filter(({ one, path }) => stateOf(path, one) === 'changed')
    .map(({ path }) => `'${path}' is not the file that '${report}' lists`);
  return [...listed, ...others, ...manifests];
}
