import type { JsonObject } from '../../kubernetes/json';
import type { KubernetesObject, ObjectMeta, PolicyRule } from '../../kubernetes/types';
import type { Context } from '../context';
import { joined, namespaced } from './metadata';
import { unitedRules } from './permissions';

const RBAC = 'rbac.authorization.k8s.io';

/** The `serviceAccounts.<name>` values. */
export interface ServiceAccountValues {
  readonly annotations?: JsonObject | null | undefined;
  readonly name?: string | null | undefined;
}

/** A ServiceAccount, in Cilium's namespace by default; `annotations` are the component's, those of the account win. */
export function serviceAccount(
  ctx: Context,
  values: ServiceAccountValues,
  annotations?: JsonObject | null,
  namespace = ctx.namespace,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: namespaced(ctx, values.name ?? '', {
      namespace,
      labels: joined(ctx.v.commonLabels),
      annotations: joined(annotations, values.annotations),
    }),
  };
}

export function clusterRole(metadata: ObjectMeta, rules: readonly PolicyRule[]): KubernetesObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata, rules: unitedRules(rules) };
}

export function role(metadata: ObjectMeta, rules: readonly PolicyRule[]): KubernetesObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules: unitedRules(rules) };
}

/** Binds a ClusterRole to a ServiceAccount, by default in Cilium's namespace. */
export function clusterRoleBinding(
  ctx: Context,
  metadata: ObjectMeta,
  roleName: string,
  account: string,
  namespace = ctx.namespace,
): KubernetesObject {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    ...binding('ClusterRole', roleName, account, namespace),
  };
}

/** Binds a Role of the binding's own namespace, or a ClusterRole for that namespace, to a ServiceAccount, by default in Cilium's namespace. */
export function roleBinding(
  ctx: Context,
  metadata: ObjectMeta,
  roleName: string,
  account: string,
  namespace = ctx.namespace,
  kind: 'Role' | 'ClusterRole' = 'Role',
): KubernetesObject {
  return { apiVersion: `${RBAC}/v1`, kind: 'RoleBinding', metadata, ...binding(kind, roleName, account, namespace) };
}

function binding(kind: string, name: string, account: string, namespace: string): JsonObject {
  return {
    roleRef: { apiGroup: RBAC, kind, name },
    subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
  };
}
