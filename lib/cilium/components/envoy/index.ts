import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Component, Contributions } from '../../feature';
import { serviceAccount } from '../../parts/access';
import { ENVOY_RULES } from './rules';
import { configMap } from './config-map';
import { daemonSet } from './daemon-set';
import { nodeLocalityAccess } from './node-locality';
import { metricsService } from './service';
import { metricsServiceMonitor } from './service-monitor';

/** Envoy, the L7 proxy, as a DaemonSet. Without this component it runs inside the agent. */
export const envoy: Component = {
  name: 'envoy',
  objects: (ctx, merged) => (ctx.facts.envoyDaemonSet ? [configMap(ctx), ...whenInstalled(ctx, merged)] : []),
  rules: ENVOY_RULES,
};

function whenInstalled(ctx: Context, merged: Contributions): readonly (KubernetesObject | undefined)[] {
  if (ctx.facts.preflight) return [];
  const { serviceAccounts, envoy: values } = ctx.v;
  return [
    isTruthy(serviceAccounts.envoy.create) ? serviceAccount(ctx, serviceAccounts.envoy, values.annotations) : undefined,
    metricsService(ctx),
    metricsServiceMonitor(ctx),
    ...nodeLocalityAccess(ctx),
    daemonSet(ctx, merged),
  ];
}
