import { isSound } from '../../kubernetes/guard';
import { measured } from '../../kubernetes/sizes';
import { tidy } from '../../kubernetes/tidy';
import { joinDocuments, writeYaml } from '../../kubernetes/yaml';
import type { Manifest } from './manifest';

/**
 * Splits a manifest into pieces of at most so many bytes, in order: `10-cilium-01`, `10-cilium-02`, … An object is never cut: a
 * larger one is a separate piece. A manifest that fits, or that cannot be written yet, stays as it is.
 */
export function splitManifest(manifest: Manifest): readonly Manifest[] {
  const { name, objects, splitAt } = manifest;
  if (splitAt === undefined || objects.length === 0 || !objects.every(isSound)) return [manifest];
  const texts = objects.map((object) => ({ object, text: writeYaml(tidy(object)) }));
  const pieces: (typeof texts)[] = [[]];
  for (const entry of texts) {
    const last = pieces[pieces.length - 1] ?? [];
    const size = Buffer.byteLength(joinDocuments([...last, entry].map(({ text }) => text)));
    if (last.length > 0 && size > splitAt) pieces.push([entry]);
    else last.push(entry);
  }
  if (pieces.length === 1) return [manifest];
  const width = Math.max(2, String(pieces.length).length);
  return pieces.map((piece, i) => ({
    name: `${name}-${String(i + 1).padStart(width, '0')}`,
    partOf: name,
    objects: piece.map(({ object }) => object),
    written: () => measured(joinDocuments(piece.map(({ text }) => text))),
  }));
}
