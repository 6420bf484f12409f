import { isMap } from '../../lib/kubernetes/json';
import { atPath, deletedPaths, documentsIn, isSame, withoutDeletes } from './documents';

/**
 * Where a patched config lacks what its patches set, the later one first. Appended lists count
 * when they end with what was given.
 */
export function unsaid(config: string, patches: readonly string[]): readonly string[] {
  const documents = documentsIn(config);
  const said = patches.flatMap(documentsIn);
  return said.flatMap((document, i) => {
    const { fields, kind, name, deleted } = document;
    const place = kind === '' ? 'v1alpha1' : `${kind}/${name}`;
    const own = documents.find((other) => isSame(other, document));
    const later = said.slice(i + 1).filter((other) => isSame(other, document));
    if (deleted) return own === undefined || later.some((other) => !other.deleted) ? [] : [`${place} is still there`];
    if (own === undefined) return [`${place} is not there`];
    const kept = deletedPaths(fields).filter(
      (path) =>
        atPath(own.fields, path) !== undefined && later.every((other) => atPath(other.fields, path) === undefined),
    );
    const wanted = later.reduce<unknown>((rest, other) => unsaidLater(rest, other.fields), withoutDeletes(fields));
    return [...kept.map((path) => `${place} still has ${path.join('/')}`), ...missing(own.fields, wanted, place)];
  });
}

/** The parts of an earlier patch that a later one does not change. A list that is written again is appended to, and is no longer at the end. */
function unsaidLater(value: unknown, later: unknown): unknown {
  if (later === undefined || !isMap(value) || !isMap(later)) return later === undefined ? value : undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, unsaidLater(item, later[key])]);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

function missing(config: unknown, patch: unknown, place: string): readonly string[] {
  if (Array.isArray(patch)) {
    if (patch.length === 0) return [];
    const tail = Array.isArray(config) ? config.slice(-patch.length) : [];
    return tail.length === patch.length
      ? patch.flatMap((item, i) => missing(tail[i], item, `${place}[${String(i)}]`))
      : [`${place} is shorter`];
  }
  if (typeof patch === 'object' && patch !== null) {
    return Object.entries(patch).flatMap(([key, item]) =>
      missing((config as Record<string, unknown> | undefined)?.[key], item, `${place}.${key}`),
    );
  }
  return config === patch ? [] : [`${place}: wanted ${JSON.stringify(patch)}, read ${JSON.stringify(config)}`];
}
