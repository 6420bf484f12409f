/** Reads what is known of values by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Knowledge } from '../lib/releases/values/curated';

/** Reads `value-types.yaml`, `hidden-values.yaml` and `kubernetes/values.yaml`. */
export function readKnowledge(folder = __dirname): Knowledge {
  const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
  return {
    types: read('value-types.yaml'),
    hidden: read('hidden-values.yaml'),
    kubernetes: read('kubernetes/values.yaml'),
  } as Knowledge;
}
