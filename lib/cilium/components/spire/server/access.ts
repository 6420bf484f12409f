import { isTruthy } from '../../../../helm/truth';
import type { KubernetesObject } from '../../../../kubernetes/types';
import type { Context } from '../../../context';
import { allow } from '../../../feature';
import { clusterRole, clusterRoleBinding, role, roleBinding, serviceAccount } from '../../../parts/access';
import { inSpire, ofSpire, spireNamespace } from '../place';

/** The role name in the bindings, whatever the account's name. */
export const ROLE = 'spire-server';

/** ServiceAccount and permissions of SPIRE's server: it reviews tokens of agents, looks up their pods and nodes, and writes the bundle. */
export function serverAccess(ctx: Context): readonly (KubernetesObject | undefined)[] {
  const { rbac, authentication } = ctx.v;
  const { annotations, install } = authentication.mutual.spire;
  const namespace = spireNamespace(ctx);
  const name = install.server.serviceAccount.name ?? '';
  const made = isTruthy(install.server.serviceAccount.create);
  return [
    made ? serviceAccount(ctx, { name }, annotations, namespace) : undefined,
    ...(made && isTruthy(rbac.create)
      ? [
          clusterRole(ofSpire(ctx, name), CLUSTER_RIGHTS),
          clusterRoleBinding(ctx, ofSpire(ctx, name), ROLE, name, namespace),
        ]
      : []),
    made ? role(inSpire(ctx, name), [allow('get list patch', '', 'configmaps')]) : undefined,
    roleBinding(ctx, inSpire(ctx, name), ROLE, name, namespace),
    podBinding(ctx, name, namespace),
  ];
}

const CLUSTER_RIGHTS = [
  allow('create', 'authentication.k8s.io', 'tokenreviews'),
  allow('get', '', 'pods nodes nodes/proxy'),
];

/** The chart binds a ClusterRole that it never renders; the binding has no common labels there. */
function podBinding(ctx: Context, account: string, namespace: string): KubernetesObject {
  const name = `${account}-pod`;
  const metadata = { ...inSpire(ctx, name), labels: undefined };
  return roleBinding(ctx, metadata, name, account, namespace, 'ClusterRole');
}
