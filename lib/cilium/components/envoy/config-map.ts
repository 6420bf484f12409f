import type { KubernetesObject } from '../../../kubernetes/types';
import { toJson } from '../../../helm/json';
import type { Context } from '../../context';
import { BOOTSTRAP_CONFIG_MAP, BOOTSTRAP_FILE } from '../../parts/envoy-files';
import { namespaced } from '../../parts/metadata';
import { bootstrap } from './bootstrap';

/** The data of the ConfigMap. */
export function bootstrapData(ctx: Context): Readonly<Record<string, string>> {
  return { [BOOTSTRAP_FILE]: toJson(bootstrap(ctx)) };
}

/** Envoy's bootstrap configuration. Rendered even where the user provides one. */
export function configMap(ctx: Context): KubernetesObject | undefined {
  if (ctx.facts.preflight && !ctx.has('envoy-config-in-preflight')) return undefined;
  const { commonLabels, envoy } = ctx.v;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, BOOTSTRAP_CONFIG_MAP, {
      labels: commonLabels ?? undefined,
      annotations: envoy.annotations,
    }),
    data: bootstrapData(ctx),
  };
}
