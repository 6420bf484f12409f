import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';

/*
 * build/main.js: runs the bundle beside it with what V8 compiled of it at build time, when CLUSTER_CACHE=write was set. Another V8
 * than that one ignores the cache and compiles as usual.
 */

// The run is over before optimised code would pay.
setFlagsFromString('--no-opt');
const bundle = join(__dirname, 'cluster.js');
const cache = join(__dirname, 'cluster.cache');
const cachedData = existsSync(cache) ? readFileSync(cache) : undefined;
// The bundle is ASCII, which is read fastest as latin1.
const script = new Script(readFileSync(bundle, 'latin1'), { filename: bundle, cachedData });
(script.runInThisContext() as (load: typeof builtin, libraryFolder: string) => void)(
  builtin,
  join(__dirname, 'lib', 'cilium'),
);
if (process.env.CLUSTER_CACHE === 'write') writeFileSync(cache, script.createCachedData());
// Everything is written by now; to take the heap down in good order would take a tenth of the run.
process.exit();

/** A module of Node. cdk8s takes functions of child_process at its start, for downloads and Helm: what is never called is not loaded. */
function builtin(name: string): unknown {
  const load: (name: string) => object = require;
  if (name !== 'child_process') return load(name);
  const called = (key: string | symbol, args: readonly unknown[]): unknown =>
    Reflect.apply(Reflect.get(load(name), key) as (...args: readonly unknown[]) => unknown, undefined, args);
  return new Proxy(
    {},
    {
      get:
        (_, key) =>
        (...args: readonly unknown[]) =>
          called(key, args),
    },
  );
}
