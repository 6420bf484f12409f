import type { Json, JsonObject } from '../kubernetes/json';
import { compareText } from '../kubernetes/order';

/** Helm's `toJson`: one line of JSON with the keys of every map sorted, so that equal data is equal text. */
export function toJson(value: Json | object): string {
  return JSON.stringify(sorted(value as Json));
}

function sorted(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => sorted(item) ?? null);
  if (typeof value !== 'object' || value === null) return value;
  const map = value as JsonObject;
  return Object.fromEntries(
    Object.keys(map)
      .sort(compareText)
      .map((key) => [key, sorted(map[key])]),
  );
}
