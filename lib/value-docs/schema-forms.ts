/** Parts of JSON Schemas. */
import type { Json, JsonObject } from '../kubernetes/json';

/** The same, or `null`. */
export function orNull(form: JsonObject): JsonObject {
  const { type, enum: words, const: one, anyOf: choices, $ref } = form;
  if (Object.keys(form).length === 0) return form;
  if ($ref !== undefined) return { anyOf: [form, { type: 'null' }] };
  if (choices !== undefined) return anyOf([...(choices as readonly JsonObject[]), { type: 'null' }]);
  if (one !== undefined) return { enum: [one, null] };
  if (words !== undefined)
    return { ...form, enum: (words as readonly Json[]).includes(null) ? words : [...(words as readonly Json[]), null] };
  const types = [type ?? []].flat() as readonly string[];
  return types.includes('null') ? form : { ...form, type: [...types, 'null'] };
}

/** Any of several; plain types together, and what accepts everything alone. */
export function anyOf(forms: readonly JsonObject[]): JsonObject {
  if (forms.some((form) => Object.keys(form).length === 0)) return {};
  const isPlain = (form: JsonObject): boolean => Object.keys(form).join() === 'type';
  const types = forms.filter(isPlain).flatMap((form) => [form.type].flat() as readonly string[]);
  const plain: readonly JsonObject[] =
    types.length === 0 ? [] : [{ type: types.length === 1 ? (types[0] ?? '') : [...new Set(types)] }];
  const all = [...forms.filter((form) => !isPlain(form)), ...plain];
  return all.length === 1 ? (all[0] ?? {}) : { anyOf: all };
}
