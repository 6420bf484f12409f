/** What applying one set of objects over another does: what changes in place, what must be deleted first, and which pods restart. */
import { isDeepStrictEqual } from 'node:util';
import { changesBetween } from '../kubernetes/changes';
import type { ObjectChange } from '../kubernetes/changes';
import { immutableChanges } from '../kubernetes/immutable';
import { mapOf, valueAt } from '../kubernetes/json';
import type { JsonObject } from '../kubernetes/json';
import { identity } from '../kubernetes/order';
import type { KubernetesObject } from '../kubernetes/types';

/** A key of `cilium-config`. */
export interface ConfigChange {
  readonly key: string;
  /** `undefined` on the side that does not have it. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Pods that are replaced. */
export interface Restart {
  /** `apps/DaemonSet kube-system/cilium` */
  readonly object: string;
  /** What of the pod template differs: `image`, `configuration` (only a checksum of it) or paths. */
  readonly because: readonly string[];
}

/** What a change does. */
export interface RenderDifference {
  /** Objects that are added, removed or changed. Values of Secrets are never in it. */
  readonly objects: readonly ObjectChange[];
  readonly config: readonly ConfigChange[];
  readonly restarts: readonly Restart[];
  /** Objects that an API server refuses to change, with the fields. */
  readonly recreated: readonly { readonly object: string; readonly fields: readonly string[] }[];
  /** ConfigMaps and Secrets that change, with the workloads that read them and do not restart. */
  readonly stale: readonly { readonly object: string; readonly readers: readonly string[] }[];
}

const WORKLOADS = ['DaemonSet', 'Deployment', 'StatefulSet'];

/** Compares what is applied now with what will be. */
export function renderDifference(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): RenderDifference {
  const pairs = pairsOf(before, after);
  const restarts = pairs.flatMap(([was, is]) => restartOf(was, is));
  return {
    objects: changesBetween(before, after),
    config: configChanges(before, after),
    restarts,
    recreated: pairs.flatMap(([was, is]) => {
      const fields = immutableChanges(was, is);
      return fields.length === 0 ? [] : [{ object: identity(is), fields }];
    }),
    stale: staleReaders(pairs, after, new Set(restarts.map(({ object }) => object))),
  };
}

/** Whether nothing changes. */
export function isSameRender({ objects }: RenderDifference): boolean {
  return objects.length === 0;
}

function pairsOf(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly (readonly [KubernetesObject, KubernetesObject])[] {
  const old = new Map(before.map((object) => [identity(object), object]));
  return after.flatMap((object) => {
    const was = old.get(identity(object));
    return was === undefined ? [] : [[was, object] as const];
  });
}

function configOf(objects: readonly KubernetesObject[]): JsonObject {
  const config = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'cilium-config');
  return mapOf(config === undefined ? {} : valueAt(config, 'data'));
}

function configChanges(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly ConfigChange[] {
  const [was, is] = [configOf(before), configOf(after)];
  const text = (config: JsonObject, key: string): string | undefined =>
    Object.hasOwn(config, key) ? String(config[key]) : undefined;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .map((key) => ({ key, before: text(was, key), after: text(is, key) }))
    .filter((one) => one.before !== one.after);
}

function restartOf(was: KubernetesObject, is: KubernetesObject): readonly Restart[] {
  if (!WORKLOADS.includes(is.kind)) return [];
  const [old, fresh] = [valueAt(was, 'spec.template'), valueAt(is, 'spec.template')];
  if (isDeepStrictEqual(old, fresh)) return [];
  const as = (template: unknown): KubernetesObject =>
    ({ apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'pod' }, template }) as unknown as KubernetesObject;
  const paths = changesBetween([as(old)], [as(fresh)]).flatMap(({ fields }) => fields.map(({ path }) => path));
  const because = new Set(paths.map((path) => path.replace(/^template\./, '')).map(reasonOf));
  return [{ object: identity(is), because: [...because] }];
}

function reasonOf(path: string): string {
  if (/\.image$/.test(path)) return 'image';
  if (/checksum/.test(path)) return 'configuration';
  return path.replace(/^spec\./, '');
}

function staleReaders(
  pairs: readonly (readonly [KubernetesObject, KubernetesObject])[],
  after: readonly KubernetesObject[],
  restarted: ReadonlySet<string>,
): RenderDifference['stale'] {
  const workloads = after
    .filter(({ kind }) => WORKLOADS.includes(kind))
    .map((object) => ({ object, pod: JSON.stringify(valueAt(object, 'spec.template') ?? {}) }));
  return pairs.flatMap(([was, is]) => {
    if (!['ConfigMap', 'Secret'].includes(is.kind)) return [];
    if (
      ['data', 'binaryData', 'stringData'].every((field) => isDeepStrictEqual(valueAt(was, field), valueAt(is, field)))
    )
      return [];
    const readers = workloads
      .filter(
        ({ object, pod }) =>
          object.metadata.namespace === is.metadata.namespace && pod.includes(`"${is.metadata.name}"`),
      )
      .map(({ object }) => identity(object))
      .filter((name) => !restarted.has(name));
    return readers.length === 0 ? [] : [{ object: identity(is), readers }];
  });
}

/** A config key as one word: `enable-ipv4=true`, `enable-ipv4: false -> true`. */
export function describeConfig({ key, before, after }: ConfigChange): string {
  if (before === undefined) return `${key}=${after ?? ''}`;
  return after === undefined ? `${key} is gone` : `${key}: ${before} -> ${after}`;
}
