/** The package that this program belongs to. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const PACKAGE = 'cdk8s-talos-cilium';

/** The package: its folder and its version. */
export interface OwnPackage {
  readonly folder: string;
  readonly version: string;
}

/** The package, from the sources and from build/ alike. */
export function ownPackage(from: string = __dirname): OwnPackage {
  try {
    const { name, version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      readonly name: string;
      readonly version: string;
    };
    if (name === PACKAGE) return { folder: from, version };
  } catch {
    // Not there: one folder up.
  }
  const up = dirname(from);
  if (up === from) throw new Error(`No package.json of ${PACKAGE} above ${__dirname}.`);
  return ownPackage(up);
}

/** The version of the package. */
export function packageVersion(): string {
  return ownPackage().version;
}
