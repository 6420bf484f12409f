/** Runs a bundle as one function, with what V8 compiled of it in an earlier run: finding and compiling several hundred modules takes longer than a render. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

/** A bundle that is ready to run. */
export interface Bundle {
  /** Whether V8 took the code of an earlier run. */
  readonly isCached: boolean;
  /** @param libraryFolder modules that read data beside themselves find it from there. */
  readonly run: (libraryFolder: string) => void;
  /** The code that V8 has compiled until now; another V8 than this one ignores it. */
  readonly code: () => Buffer;
}

/** @param cache the file with the code of an earlier run, which may be absent. */
export function loadBundle(filename: string, cache: string): Bundle {
  const cachedData = readIfThere(cache);
  // The bundle is ASCII, which is read fastest as latin1.
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  return {
    isCached: cachedData !== undefined && script.cachedDataRejected === false,
    run: (libraryFolder) => {
      (script.runInThisContext() as (load: typeof builtin, libraryFolder: string) => void)(builtin, libraryFolder);
    },
    code: () => script.createCachedData(),
  };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** A module of Node. child_process, which cdk8s and commander load, crypto and zlib take longest of all: what is never called is not loaded. */
function builtin(name: string): unknown {
  const load: (name: string) => object = require;
  if (!/^(?:node:)?(?:child_process|crypto|zlib)$/.test(name)) return load(name);
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
