import type { KubernetesObject } from '../../../kubernetes/types';
import { toJson } from '../../../helm/json';
import type { Context } from '../../context';
import { namespaced } from '../../parts/metadata';
import { bootstrap } from './bootstrap';

/** The ConfigMap with Envoy's start configuration, unless the user brings one. */
export const BOOTSTRAP_CONFIG_MAP = 'cilium-envoy-config';
/** The key in it, and the file that Envoy reads. */
export const BOOTSTRAP_FILE = 'bootstrap-config.json';

/** What the ConfigMap holds. */
export function bootstrapData(ctx: Context): Readonly<Record<string, string>> {
  return { [BOOTSTRAP_FILE]: toJson(bootstrap(ctx)) };
}

/** Envoy's start configuration. Written even where the user brings one. */
export function configMap(ctx: Context): KubernetesObject | undefined {
  if (ctx.facts.preflight && !ctx.has('envoy-config-in-preflight')) return undefined;
  const { commonLabels, envoy } = ctx.v;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, BOOTSTRAP_CONFIG_MAP, { labels: commonLabels ?? undefined, annotations: envoy.annotations }),
    data: bootstrapData(ctx),
  };
}
