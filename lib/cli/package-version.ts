import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The nearest package.json, from the sources and from build/ alike. */
export function packageVersion(): string {
  for (const up of ['../..', '../../..']) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(__dirname, up, 'package.json'), 'utf8')) as {
        readonly name: string;
        readonly version: string;
      };
      if (name === 'cdk8s-talos-cilium') return version;
    } catch {
      // Not there: one folder up.
    }
  }
  return 'unknown';
}
