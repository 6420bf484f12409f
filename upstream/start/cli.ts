import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadBundle } from './bundle';

/*
 * build/cli/main.js: the program `talos-cilium`. What V8 compiles of a command is kept beside it, so that the next run need not; in a
 * folder that cannot be written every run compiles.
 */

/** A hash of the bundle, set at build time: code is never used for another bundle. */
declare const BUNDLE_HASH: string;

const [, , command = ''] = process.argv;
// A short run is over before optimised code and marking the heap in steps would pay.
if (!['import', 'verify'].includes(command)) {
  setFlagsFromString('--no-opt');
  setFlagsFromString('--no-incremental-marking');
}
const { arch, versions } = process;
const cache = join(__dirname, `${command}-${BUNDLE_HASH}-${versions.v8}-${arch}.cache`);
const isKept = /^[a-z]{1,20}$/.test(command) && !process.env.NODE_DISABLE_COMPILE_CACHE;
const bundle = loadBundle(join(__dirname, 'bundle.js'), isKept ? cache : '');
bundle.run(join(__dirname, '..', 'lib', 'cilium'));
// Everything is written by then; to take the heap down in good order would take a tenth of the run.
process.once('beforeExit', () => {
  if (isKept && !bundle.isCached && process.exitCode !== 2) keep(bundle.code());
  process.exit();
});

function keep(code: Buffer): void {
  const unfinished = `${cache}.${String(process.pid)}`;
  try {
    writeFileSync(unfinished, code);
    renameSync(unfinished, cache);
  } catch {
    // The package was installed by another user, or the disk is full.
  }
}
