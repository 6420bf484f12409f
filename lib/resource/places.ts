import { pathTo } from '../rules/nearest';
import { isPlain } from '../rules/words';

/** A value with its place, and the map that holds it. */
export interface Placed {
  readonly at: string;
  readonly value: unknown;
  readonly owner: Readonly<Record<string, unknown>>;
}

/** Every value at a path such as `rules[].retry`; none where a step is missing or has another type. */
export function placesOf(value: unknown, path: string): readonly Placed[] {
  return [...below(value, path.split('.'), '')];
}

function* below(owner: unknown, [step = '', ...rest]: readonly string[], at: string): Generator<Placed> {
  if (!isPlain(owner)) return;
  const isList = step.endsWith('[]');
  const name = isList ? step.slice(0, -2) : step;
  const place = pathTo(at, name);
  const value = owner[name];
  const items: readonly (readonly [at: string, value: unknown])[] = !isList
    ? [[place, value]]
    : Array.isArray(value)
      ? value.map((item: unknown, i) => [`${place}[${String(i)}]`, item] as const)
      : [];
  for (const [where, item] of items) {
    if (rest.length > 0) yield* below(item, rest, where);
    else if (item !== undefined) yield { at: where, value: item, owner };
  }
}

/** A copy with another value at a path; of a list the first item changes. */
export function withAt<T>(value: T, path: string, changed: unknown): T {
  return replaced(value, path.split('.'), changed) as T;
}

function replaced(value: unknown, [step, ...rest]: readonly string[], changed: unknown): unknown {
  if (step === undefined) return changed;
  const map = isPlain(value) ? value : {};
  if (!step.endsWith('[]')) return { ...map, [step]: replaced(map[step], rest, changed) };
  const name = step.slice(0, -2);
  const [first, ...others] = Array.isArray(map[name]) ? (map[name] as readonly unknown[]) : [];
  return { ...map, [name]: [replaced(first, rest, changed), ...others] };
}
