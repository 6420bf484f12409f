import { isMap } from '../../lib/kubernetes/json';
import { documentsIn, isSame } from './documents';

/** Places where a patched config lost or changed something that no patch names. */
export function changed(before: string, after: string, patches: readonly string[]): readonly string[] {
  if (before === '' || after === '') return [];
  const [old, now, said] = [documentsIn(before), documentsIn(after), patches.flatMap(documentsIn)];
  return old.flatMap((document) => {
    const own = said.filter((other) => isSame(other, document));
    if (own.some(({ deleted }) => deleted)) return [];
    const place = document.kind === '' ? 'v1alpha1' : `${document.kind}/${document.name}`;
    const found = now.find((other) => isSame(other, document));
    if (found === undefined) return [`${place} is lost`];
    return differences(
      document.fields,
      found.fields,
      own.map(({ fields }) => fields),
      place,
    );
  });
}

function differences(before: unknown, after: unknown, said: readonly unknown[], place: string): readonly string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  // Inside a place that a patch names, only what it does not name must stay.
  const inside = said.filter((value) => value !== undefined);
  if (isMap(before) && isMap(after) && inside.every((value) => isMap(value) && value.$patch === undefined)) {
    return Object.entries(before).flatMap(([key, value]) =>
      differences(
        value,
        after[key],
        inside.map((part) => (part as Record<string, unknown>)[key]),
        `${place}.${key}`,
      ),
    );
  }
  return inside.length > 0 ? [] : [`${place}: was ${JSON.stringify(before)}, is ${JSON.stringify(after)}`];
}
