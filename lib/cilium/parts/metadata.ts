import type { JsonObject } from '../../kubernetes/json';
import type { ObjectMeta } from '../../kubernetes/types';
import type { Context } from '../context';

/** Labels or annotations from several sources; a later one wins, as the last of two equal keys does in the chart's text. */
export function joined(...sources: readonly (JsonObject | null | undefined | false)[]): JsonObject | undefined {
  const all = Object.assign({}, ...sources.filter((source) => source !== false)) as JsonObject;
  return Object.keys(all).length > 0 ? all : undefined;
}

/** The label that most, not all, objects of the chart carry. Use {@link partOfCilium}: newer versions add the chart's label. */
export const PART_OF_CILIUM = { 'app.kubernetes.io/part-of': 'cilium' } as const;

/** The labels that most, not all, objects and pods of the chart carry: whose part they are and, in newer versions, of which chart. */
export function partOfCilium({ has, version }: Context): JsonObject {
  return { ...PART_OF_CILIUM, ...(has('chart-label') ? { 'helm.sh/chart': `cilium-${version}` } : {}) };
}

/** An object's metadata besides its name; every object sets it explicitly, because the chart is not uniform. */
export interface MetadataOptions {
  readonly labels?: JsonObject | undefined;
  readonly annotations?: JsonObject | undefined;
  /** Default: the namespace of Cilium. */
  readonly namespace?: string;
}

/** Metadata of a namespaced object, by default in Cilium's namespace. */
export function namespaced(
  ctx: Context,
  name: string,
  { labels, annotations, namespace = ctx.namespace }: MetadataOptions = {},
): ObjectMeta {
  return { name, namespace, labels, annotations };
}

/** Metadata of a cluster-scoped object. */
export function clusterScoped(
  name: string,
  { labels, annotations }: Omit<MetadataOptions, 'namespace'> = {},
): ObjectMeta {
  return { name, labels, annotations };
}
