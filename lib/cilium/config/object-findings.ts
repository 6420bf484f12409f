/** What an API server refuses of the rendered objects, at the values that they come from. */
import { isDeepStrictEqual } from 'node:util';
import type { ChartValues } from '../../../imports/cilium-chart/values';
import { dataHash } from '../../kubernetes/content';
import { isDnsLabel, isDnsSubdomain } from '../../kubernetes/names';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import { fieldPath, kindDefinition, shapeFindings, valueAt } from '../../kubernetes-schema/findings';
import type { Finding } from '../../rules/finding';
import { quoted } from '../../rules/words';
import type { Context } from '../context';
import { writtenValues } from './origin';

/** The objects of other values; `undefined` where they cannot be rendered. */
export type Render = (v: ChartValues) => readonly KubernetesObject[] | undefined;

interface Refused {
  readonly object: KubernetesObject;
  readonly path: readonly (string | number)[];
  readonly finding: Finding;
}

/**
 * Findings of the API server's own validation over the objects, apart from what an error says already at one of their values.
 * Without a Talos cluster they are warnings: the objects are what `helm template` prints.
 */
export function objectFindings(
  ctx: Context,
  objects: readonly KubernetesObject[],
  found: readonly Finding[],
  render: Render,
): readonly Finding[] {
  const refused = objects.flatMap((object) => refusedOf(object, ctx));
  if (refused.length === 0) return [];
  const isWarning = ctx.talos === undefined;
  const known = [...new Set(found.flatMap(({ level, paths }) => (level === 'error' || isWarning ? paths : [])))];
  // Of two fields that exclude each other, the values' own rule may name the other one.
  const siblings = new Set(found.flatMap(({ id, paths }) => paths.map((path) => `${id} ${parentOf(path)}`)));
  const values = valuesBehind(refused, ctx, render);
  const findings = refused.map(({ object, path, finding }, i) => {
    const paths = values[i] ?? [];
    const place = `${identity(object)}: ${fieldPath('', path)}`;
    return {
      ...finding,
      level: ctx.talos === undefined ? ('warning' as const) : finding.level,
      paths: paths.length > 0 ? paths : [place],
      message: paths.length > 0 ? `${finding.message.replace(/\.$/, '')} (${place}).` : finding.message,
    };
  });
  const seen = new Set<string>();
  return findings.filter(({ id, paths }) => {
    const key = `${id} ${paths.join()}`;
    const isNew = !seen.has(key) && !paths.some((path) => known.some((at) => covers(at, path)));
    seen.add(key);
    return isNew && !paths.some((path) => parentOf(path) !== '' && siblings.has(`${id} ${parentOf(path)}`));
  });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}

/** `operator.tolerations[0].key` is about `operator.tolerations`. */
function covers(at: string, path: string): boolean {
  const [one, other] = [at, path].map((text) => text.replaceAll('"', "'"));
  return one === other || (one?.startsWith(String(other)) === true && /^[.[]/.test(one.slice(other?.length)));
}

/** Objects in which nothing was refused, by the release of Kubernetes and their content: most are the same in many clusters. */
const accepted = new Set<string>();
/** How many of them are known before they are forgotten. */
const MOST_KNOWN = 4096;

function refusedOf(object: KubernetesObject, ctx: Context): readonly Refused[] {
  const key = `${ctx.talos?.kubernetesVersion ?? ''} ${dataHash(object)}`;
  if (accepted.has(key)) return [];
  const refused = judged(object, ctx);
  if (accepted.size >= MOST_KNOWN) accepted.clear();
  if (refused.length === 0) accepted.add(key);
  return refused;
}

function judged(object: KubernetesObject, { talos }: Context): readonly Refused[] {
  const type = kindDefinition(object.apiVersion, object.kind);
  if (type === undefined) return [];
  const places: (readonly (string | number)[])[] = [];
  const place = (path: readonly (string | number)[]): string => {
    places.push(path);
    return fieldPath('', path);
  };
  const findings = shapeFindings({ type, value: object, kubernetes: talos?.kubernetesVersion, place });
  return [...findings.map((finding, i) => ({ object, path: places[i] ?? [], finding })), ...misnamed(object)];
}

const NAMED_FREELY: readonly string[] = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'];

/** The name of an object, or of its namespace, that is not valid for its kind. */
function misnamed(object: KubernetesObject): readonly Refused[] {
  const { name, namespace } = object.metadata;
  const isName =
    object.kind === 'Service'
      ? isDnsLabel(name) && /^[a-z]/.test(name)
      : object.kind === 'Namespace'
        ? isDnsLabel(name)
        : NAMED_FREELY.includes(object.kind) || isDnsSubdomain(name);
  const wrong = [
    ...(isName ? [] : ['name']),
    ...(namespace === undefined || isDnsLabel(namespace) ? [] : ['namespace']),
  ];
  return wrong.map((field) => ({
    object,
    path: ['metadata', field],
    finding: {
      id: 'kubernetes/text',
      level: 'error',
      paths: [field],
      message: `${quoted(String(field === 'name' ? name : namespace))} is not a valid name of a ${field === 'name' ? object.kind : 'Namespace'}.`,
      hint: 'Use lower-case letters, digits and dashes, with a letter or digit at both ends.',
    },
  }));
}

/**
 * For each refusal the values without which the API server accepts the object, else those without which the place holds something else,
 * else those without which the object is not rendered.
 */
function valuesBehind(refused: readonly Refused[], ctx: Context, render: Render): readonly (readonly string[])[] {
  const others = writtenValues(ctx).map(({ path, without }) => {
    const objects = render(without);
    return { path, objects: objects && new Map(objects.map((object) => [identity(object), object])) };
  });
  return refused.map(({ object, path, finding }) => {
    const now = valueAt(object, path);
    const where = (holds: (same: KubernetesObject | undefined) => boolean): readonly string[] =>
      others.flatMap(({ path: value, objects }) =>
        objects !== undefined && holds(objects.get(identity(object))) ? [value] : [],
      );
    const isMended = (same: KubernetesObject): boolean =>
      !isDeepStrictEqual(same, object) &&
      // By what it says: without another value of the user its place in a list may differ.
      !refusedOf(same, ctx).some(({ finding: { id, message } }) => id === finding.id && message === finding.message);
    const mending = where((same) => same !== undefined && isMended(same));
    if (mending.length > 0) return mending;
    const moving = where((same) => same !== undefined && !isDeepStrictEqual(valueAt(same, path), now));
    return moving.length > 0 ? moving : where((same) => same === undefined);
  });
}
