import { isTruthy } from '../../../helm/truth';
import type { Component } from '../../feature';
import { OPERATOR_RULES } from './rules';
import { clusterRole } from './cluster-role';
import { clusterRoleBinding } from './cluster-role-binding';
import { deployment } from './deployment';
import { podDisruptionBudget } from './pod-disruption-budget';
import { roleBindings, roles } from './role';
import { service } from './service';
import { serviceAccount } from './service-account';
import { serviceMonitor } from './service-monitor';

/** The operator: cluster-wide work such as IPAM, identities, CRDs, garbage collection, ingress and gateways. */
export const operator: Component = {
  name: 'operator',
  objects: (ctx, merged) =>
    isTruthy(ctx.v.operator.enabled)
      ? [
          podDisruptionBudget(ctx),
          serviceAccount(ctx),
          clusterRole(ctx, merged),
          clusterRoleBinding(ctx),
          ...roles(ctx),
          ...roleBindings(ctx),
          service(ctx),
          deployment(ctx, merged),
          serviceMonitor(ctx),
        ]
      : [],
  rules: OPERATOR_RULES,
};
