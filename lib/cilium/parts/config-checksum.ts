import { createHash } from 'node:crypto';
import { compareText } from '../../kubernetes/order';

/**
 * A hash of the data of a ConfigMap, independent of the order of its keys: as an annotation of a pod template it rolls
 * the pods out when the configuration changes, and only then. Lower-case hexadecimal SHA-256.
 */
export function configChecksum(data: Readonly<Record<string, string>>): string {
  const entries = Object.entries(data).sort(([a], [b]) => compareText(a, b));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex');
}
