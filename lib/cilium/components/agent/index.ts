import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Component, Contributions } from '../../feature';
import { serviceAccount } from '../../parts/access';
import { AGENT_RULES, isInstalled } from './rules';
import { agentClusterRole, agentClusterRoleBinding } from './cluster-role';
import { configMap } from './config-map';
import { daemonSet } from './daemon-set';
import { agentRoles } from './role';
import { AGENT_NEEDED_VALUES } from './needed-values';
import { metricsService } from './service';
import { agentServiceMonitor } from './service-monitor';

/** The agent DaemonSet, and the configuration that it shares with the operator. */
export const agent: Component = {
  name: 'agent',
  objects: (ctx, merged) => [configMap(ctx, merged), ...agentRoles(ctx), ...whenInstalled(ctx, merged)],
  rules: [...AGENT_RULES, ...AGENT_NEEDED_VALUES],
};

function whenInstalled(ctx: Context, merged: Contributions): readonly (KubernetesObject | undefined)[] {
  const { serviceAccounts, annotations } = ctx.v;
  if (!isInstalled(ctx)) return [];
  return [
    isTruthy(serviceAccounts.cilium.create) ? serviceAccount(ctx, serviceAccounts.cilium, annotations) : undefined,
    agentClusterRole(ctx, merged),
    agentClusterRoleBinding(ctx),
    metricsService(ctx),
    agentServiceMonitor(ctx),
    daemonSet(ctx, merged),
  ];
}
