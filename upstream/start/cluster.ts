import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadBundle } from './bundle';

/* build/main.js: the example cluster, with the code that V8 compiled of it at build time, when CLUSTER_CACHE=write was set. */

// The run is over before optimised code would pay.
setFlagsFromString('--no-opt');
const cache = join(__dirname, 'cluster.cache');
const bundle = loadBundle(join(__dirname, 'cluster.js'), cache);
bundle.run(join(__dirname, 'lib', 'cilium'));
if (process.env.CLUSTER_CACHE === 'write') writeFileSync(cache, bundle.code());
// Everything is written by now; to take the heap down in good order would take a tenth of the run.
process.exit();
