import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { serviceAccount } from '../../parts/access';
import { PREFLIGHT_RULES } from './rules';
import { clusterRole, preflightClusterRoleBinding } from './cluster-role';
import { daemonSet } from './daemon-set';
import { deployment } from './deployment';
import { podDisruptionBudget } from './pod-disruption-budget';

/**
 * The preflight check: pulls images on every node, and validates policies with the new version. While it is on
 * most other objects are not rendered, so that it runs next to the installed Cilium.
 */
export const preflight: Component = {
  name: 'preflight',
  objects: (ctx, merged) => {
    const { preflight: values, serviceAccounts } = ctx.v;
    if (!ctx.facts.preflight) return [];
    return [
      isTruthy(serviceAccounts.preflight.create)
        ? serviceAccount(ctx, serviceAccounts.preflight, values.annotations)
        : undefined,
      clusterRole(ctx, merged),
      preflightClusterRoleBinding(ctx),
      daemonSet(ctx),
      ...(isTruthy(values.validateCNPs) ? [deployment(ctx), podDisruptionBudget(ctx)] : []),
    ];
  },
  rules: PREFLIGHT_RULES,
};
