import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { namespaced } from '../../parts/metadata';

/** `cilium-config`: the keys of all features, for agent, operator and cluster mesh. Not rendered when none of them is installed. */
export function configMap(ctx: Context, { config }: Contributions): KubernetesObject | undefined {
  if (!ctx.facts.hasConfigMap) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, 'cilium-config', { labels: ctx.v.commonLabels ?? undefined }),
    data: config,
  };
}
