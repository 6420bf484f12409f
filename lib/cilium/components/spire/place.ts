import type { JsonObject } from '../../../kubernetes/json';
import type { ObjectMeta } from '../../../kubernetes/types';
import type { Context } from '../../context';
import { clusterScoped, joined, namespaced } from '../../parts/metadata';

/** The namespace of SPIRE, by default a separate one. */
export function spireNamespace({ v }: Context): string {
  return v.authentication.mutual.spire.install.namespace ?? '';
}

/** Labels and annotations in addition to those of all SPIRE objects. */
export interface OwnMetadata {
  /** The user's common labels may replace them. */
  readonly first?: JsonObject;
  readonly labels?: JsonObject | null | undefined;
  readonly annotations?: JsonObject | null | undefined;
}

/** Metadata of an object in SPIRE's namespace. */
export function inSpire(ctx: Context, name: string, own: OwnMetadata = {}): ObjectMeta {
  return namespaced(ctx, name, { ...said(ctx, own), namespace: spireNamespace(ctx) });
}

/** Metadata of an object of SPIRE's outside namespaces. */
export function ofSpire(ctx: Context, name: string): ObjectMeta {
  return clusterScoped(name, said(ctx, {}));
}

function said({ v }: Context, { first, labels, annotations }: OwnMetadata): Pick<ObjectMeta, 'labels' | 'annotations'> {
  return {
    labels: joined(first, v.commonLabels, labels),
    annotations: joined(v.authentication.mutual.spire.annotations, annotations),
  };
}
