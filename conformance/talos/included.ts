import { deletedPaths, documentsIn, withoutDeletes } from './documents';

/** Where a patched config does not say what its patches say. Appended lists count as said when they end with what was given. */
export function unsaid(config: string, patches: readonly string[]): readonly string[] {
  const documents = documentsIn(config);
  return patches.flatMap(documentsIn).flatMap(({ fields, kind, name, deleted, onlyDeletes }) => {
    const place = kind === '' ? 'v1alpha1' : `${kind}/${name}`;
    const own = documents.find((document) => document.kind === kind && document.name === name);
    if (deleted) return own === undefined ? [] : [`${place} is still there`];
    if (own === undefined) return [`${place} is not there`];
    // What one document empties, the next may fill again.
    const kept = onlyDeletes ? [] : deletedPaths(fields).filter((path) => at(own.fields, path) !== undefined);
    return [...kept.map((path) => `${place} still has ${path.join('/')}`), ...missing(own.fields, withoutDeletes(fields), place)];
  });
}

function missing(config: unknown, patch: unknown, place: string): readonly string[] {
  if (Array.isArray(patch)) {
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

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}
