import { program } from '../control-plane/programs';
import { definitionsOf } from '../first-boot/definitions';
import { runMain } from '../run-main';
import { releases } from './cluster';

/* Builds what main.ts runs, where there is a network. */

runMain(() => {
  for (const version of releases(process.argv.includes('--all'))) {
    program('clustermesh-apiserver', version);
    program('hubble-relay', version);
    definitionsOf(version);
  }
  return Promise.resolve(0);
});
