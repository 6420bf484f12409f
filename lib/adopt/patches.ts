/** JSON patches that make one object of another, as the normal form compares them. */
import { isDeepStrictEqual } from 'node:util';
import { digest, keyInList, normalForm } from '../helm/normal-form';
import { isMap, ownValue, pointerPath, pointerStep, setOwn } from '../kubernetes/json';
import type { Json, JsonObject } from '../kubernetes/json';
import type { KubernetesObject } from '../kubernetes/types';

/** One operation of a JSON patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string };

/** So many operations are tried one by one; with more, an object is hardly the same. */
const MOST_TRIED = 200;

/** The operations that make `from` equal to `to`; none where they are equal already. */
export function patchBetween(from: KubernetesObject, to: KubernetesObject): readonly PatchOperation[] {
  const wanted = formOf(to);
  if (formOf(from) === wanted) return [];
  let operations = operationsBetween(from as unknown as Json, to as unknown as Json, '', '');
  if (operations.length > MOST_TRIED) return operations;
  // From the last one: positions in lists stay.
  for (let i = operations.length - 1; i >= 0; i -= 1) {
    const fewer = operations.filter((_, at) => at !== i);
    if (formOf(patched(from, fewer)) === wanted) operations = fewer;
  }
  return operations;
}

function formOf(object: KubernetesObject): string {
  return [...normalForm([object])].map(([name, form]) => `${name} ${digest(form)}`).join();
}

function operationsBetween(
  from: Json | undefined,
  to: Json | undefined,
  at: string,
  field: string,
): readonly PatchOperation[] {
  if (isDeepStrictEqual(from, to)) return [];
  if (to === undefined) return [{ op: 'remove', path: at }];
  if (from === undefined) return [{ op: 'add', path: at, value: to }];
  if (isMap(from) && isMap(to))
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) =>
      operationsBetween(ownValue(from, name), ownValue(to, name), `${at}/${pointerStep(name)}`, name),
    );
  if (Array.isArray(from) && Array.isArray(to)) {
    const listed = betweenLists(from as readonly Json[], to as readonly Json[], at, field);
    if (listed !== undefined) return listed;
  }
  return [{ op: 'replace', path: at, value: to }];
}

/** Item by item where they have keys, or where there are as many. */
function betweenLists(
  from: readonly Json[],
  to: readonly Json[],
  at: string,
  field: string,
): readonly PatchOperation[] | undefined {
  const [before, after] = [from, to].map((items) =>
    items.map((item) => (isMap(item) ? keyInList(field, item) : undefined)),
  );
  if (before === undefined || after === undefined) return undefined;
  const areKeyed = [before, after].every(
    (keys) => keys.every((key) => key !== undefined) && new Set(keys).size === keys.length,
  );
  if (!areKeyed)
    return from.length === to.length
      ? from.flatMap((item, i) => operationsBetween(item, to[i], `${at}/${String(i)}`, ''))
      : undefined;
  const changed = from.flatMap((item, i) => {
    const other = to[after.indexOf(before[i])];
    return other === undefined ? [] : operationsBetween(item, other, `${at}/${String(i)}`, '');
  });
  const gone = from.flatMap((_, i): readonly PatchOperation[] =>
    after.includes(before[i]) ? [] : [{ op: 'remove', path: `${at}/${String(i)}` }],
  );
  const added = to.flatMap((item, i): readonly PatchOperation[] =>
    before.includes(after[i]) ? [] : [{ op: 'add', path: `${at}/-`, value: item }],
  );
  return [...changed, ...[...gone].reverse(), ...added];
}

/** An object with a patch applied. */
export function patched(object: KubernetesObject, operations: readonly PatchOperation[]): KubernetesObject {
  const result = structuredClone(object) as unknown as JsonObject;
  for (const operation of operations) apply(result, operation);
  return result as unknown as KubernetesObject;
}

function apply(root: JsonObject, operation: PatchOperation): void {
  const steps = pointerPath(root, operation.path);
  const last = steps.at(-1);
  const target = steps
    .slice(0, -1)
    .reduce<unknown>((node, step) => (node as Record<string | number, unknown>)[step], root);
  if (last === undefined) return;
  if (Array.isArray(target)) {
    const place = operation.path.endsWith('/-') ? target.length : Number(last);
    if (operation.op === 'remove') target.splice(place, 1);
    else target.splice(place, operation.op === 'add' ? 0 : 1, operation.value);
  } else if (operation.op === 'remove') Reflect.deleteProperty(target as object, String(last));
  else setOwn(target as Record<string, unknown>, String(last), operation.value);
}
