import { isMap, mapOf } from '../kubernetes/json';
import type { Json } from '../kubernetes/json';
import { either, like, needed, props, text } from '../props/shape';
import { isPlain } from '../rules/words';

/** A construct, referred to by its name; it has many more fields. */
export const CONSTRUCT = like<{ readonly name: string }>(
  'a construct',
  isConstruct,
  'Write the name, or pass the construct.',
);

/** The shape of a reference by name: a construct, or the name itself. */
export const REFERENCE = either(either(text, props<{ readonly name: string }>({ name: needed(text) })), CONSTRUCT);

function isConstruct(value: unknown): boolean {
  return !isPlain(value) && typeof mapOf(value).name === 'string';
}

/** The name in a reference, as text or in an object; `undefined` for anything else. */
export function referredName(reference: unknown): string | undefined {
  const name: Json | undefined = isMap(reference) ? reference.name : (reference as Json | undefined);
  return typeof name === 'string' ? name : undefined;
}
