import { isDeepStrictEqual } from 'node:util';
import { checkArguments } from '../props/check';
import { actual } from '../rules/words';
import { listOf, needed, oneOf, props, text } from '../props/shape';
import { isMap } from './json';
import { KUBERNETES_OBJECT } from './object-shape';
import { secretsIn } from './secrets';
import { compareText, identity } from './order';
import type { KubernetesObject } from './types';

/** One field that differs; `undefined` on the side that does not have it. */
export interface FieldChange {
  /** `data['enable-ipv4']`, `spec.template.spec.containers[cilium-agent].image`; list items with names are keyed by name. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What happens to one object between two renders. */
export interface ObjectChange {
  /** `apps/DaemonSet kube-system/cilium` */
  readonly object: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** For a changed object every field that differs, in the order of their paths. */
  readonly fields: readonly FieldChange[];
}

const RENDERS = props<{ readonly before: readonly KubernetesObject[]; readonly after: readonly KubernetesObject[] }>({
  before: needed(listOf(KUBERNETES_OBJECT)),
  after: needed(listOf(KUBERNETES_OBJECT)),
});

/** What changes from one render to another, such as before and after an upgrade. Objects are the same when kind, namespace and name are. Secret values are `(hidden)`. */
export function changesBetween(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly ObjectChange[] {
  checkArguments('changesBetween', { before, after }, RENDERS);
  const [old, fresh] = [before, after].map((objects) => new Map(objects.map((object) => [identity(object), object])));
  const names = [...new Set([...(old?.keys() ?? []), ...(fresh?.keys() ?? [])])].sort(compareText);
  return names.flatMap((object): readonly ObjectChange[] => {
    const [was, is] = [old?.get(object), fresh?.get(object)];
    if (was === undefined) return [{ object, change: 'added', fields: [] }];
    if (is === undefined) return [{ object, change: 'removed', fields: [] }];
    const fields = fieldChanges('', was, is).map((field) => withoutSecrets(field, [was, is]));
    return fields.length === 0 ? [] : [{ object, change: 'changed', fields }];
  });
}

/** In place of secret values: that they differ is all that is known of them. */
const HIDDEN = '(hidden)';

/** Values that are never shown: what Secrets hold, also in annotations of kubectl, and keys and credentials anywhere. */
function withoutSecrets(field: FieldChange, objects: readonly KubernetesObject[]): FieldChange {
  const { path } = field;
  const isOfSecret = objects.some(({ kind }) => kind === 'Secret');
  const isHidden =
    (isOfSecret && (/^(?:data|stringData)\b/.test(path) || path.includes(LAST_APPLIED))) || isSecretPath(path);
  const variable = /\.env\[([^\]]+)\]\.value$/.exec(path)?.[1];
  const asGiven = (value: unknown): unknown =>
    variable === undefined ? { [lastName(path)]: value } : { name: variable, value };
  const hide = (value: unknown): unknown =>
    value === undefined || (!isHidden && secretsIn(asGiven(value)).length === 0) ? value : HIDDEN;
  return { path, before: hide(field.before), after: hide(field.after) };
}

/** Changes may come from elsewhere. */
function ofSecret(field: FieldChange): FieldChange {
  return withoutSecrets(field, [{ apiVersion: 'v1', kind: 'Secret', metadata: { name: '' } }]);
}

const LAST_APPLIED = 'last-applied';

/** Data of a Secret that the annotation of an object of another kind holds. */
function isSecretPath(path: string): boolean {
  return path.includes(LAST_APPLIED) && /\b(?:data|stringData)\b/.test(path);
}

function lastName(path: string): string {
  return /(?:\['?|^|\.)([^.'[\]]+)'?\]?$/.exec(path)?.[1] ?? '';
}

const CHANGES = props<{ readonly changes: readonly ObjectChange[] }>({
  changes: needed(
    listOf(
      props<ObjectChange>({
        object: needed(text),
        change: needed(oneOf('added', 'removed', 'changed')),
        fields: needed(listOf(props<Pick<FieldChange, 'path'>>({ path: needed(text) }, { open: true }))),
      }),
    ),
  ),
});

/** Changes for people: `+`, `-` or `~` and the object, and below a changed one a line for each field. Long texts are cut. */
export function describeChanges(changes: readonly ObjectChange[]): string {
  checkArguments('describeChanges', { changes }, CHANGES);
  const sign = { added: '+', removed: '-', changed: '~' } as const;
  return changes
    .flatMap(({ object, change, fields }) => [
      `${sign[change]} ${object}`,
      ...fields.map((field) => `    ${describeField(object.startsWith('Secret ') ? ofSecret(field) : field)}`),
    ])
    .join('\n');
}

function describeField({ path, before, after }: FieldChange): string {
  if (before === undefined) return `+ ${path}: ${short(after)}`;
  if (after === undefined) return `- ${path}: ${short(before)}`;
  return `~ ${path}: ${short(before)} -> ${short(after)}`;
}

const LONGEST = 80;

function short(value: unknown): string {
  const text = jsonOf(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${String(text.length)} characters)`;
}

function jsonOf(value: unknown): string {
  try {
    return (JSON.stringify(value) as string | undefined) ?? actual(value);
  } catch {
    // It refers back to itself.
    return actual(value);
  }
}

function fieldChanges(path: string, before: unknown, after: unknown): readonly FieldChange[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after) && !(isNamed(before) && isNamed(after)))
    return itemChanges(path, before, after);
  const [was, is] = [membersOf(before), membersOf(after)];
  if (was === undefined || is === undefined) return [{ path, before, after }];
  const keys = [...new Set([...was.keys(), ...is.keys()])].sort(compareText);
  return keys.flatMap((key) => fieldChanges(`${path}${key}`.replace(/^\./, ''), was.get(key), is.get(key)));
}

/** A list whose items have no names: those that only one side has. Only their order is a change of the whole. */
function itemChanges(path: string, before: readonly unknown[], after: readonly unknown[]): readonly FieldChange[] {
  const without = (items: readonly unknown[], others: readonly unknown[]): readonly unknown[] =>
    items.filter((item) => !others.some((other) => isDeepStrictEqual(item, other)));
  const [gone, come] = [without(before, after), without(after, before)];
  if (gone.length + come.length === 0) return [{ path, before, after }];
  return [
    ...gone.map((item) => ({ path: `${path}[]`, before: item, after: undefined })),
    ...come.map((item) => ({ path: `${path}[]`, before: undefined, after: item })),
  ];
}

function isNamed(items: readonly unknown[]): boolean {
  const names = items.map((item) => (isMap(item) ? item.name : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

/** The members of a map, of a list by names, or of JSON as text, each by the next step of its path; `undefined` for anything else. */
function membersOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (Array.isArray(value) && !isNamed(value)) return undefined;
  if (Array.isArray(value))
    return new Map((value as readonly { readonly name: string }[]).map((item) => [`[${item.name}]`, item]));
  const map = typeof value === 'string' ? jsonMap(value) : value;
  return isMap(map)
    ? new Map(Object.entries(map).map(([key, item]) => [/^\w+$/.test(key) ? `.${key}` : `['${key}']`, item]))
    : undefined;
}

function jsonMap(text: string): unknown {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
