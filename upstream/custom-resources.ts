/** From the definitions of Cilium's custom resources to the files of `imports/cilium.io/`. */
import { schemaFiles } from './crd-schemas';
import { typeFiles } from './crd-types';
import { readKinds, readOlderKinds } from './crds';
import type { GeneratedFile } from '../lib/releases/generated-file';

/** Types and schemas of every kind that users write, from a folder of `cilium-<minor>/*.yaml`. Same definitions, same bytes. */
export function generateCustomResources(folder: string): readonly GeneratedFile[] {
  const kinds = readKinds(folder);
  return [...typeFiles(kinds), ...schemaFiles([...kinds, ...readOlderKinds(folder)])];
}
