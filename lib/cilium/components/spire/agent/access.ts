import { isTruthy } from '../../../../helm/truth';
import type { KubernetesObject } from '../../../../kubernetes/types';
import type { Context } from '../../../context';
import { allow } from '../../../feature';
import { clusterRole, clusterRoleBinding, serviceAccount } from '../../../parts/access';
import { ofSpire, spireNamespace } from '../place';

/** ServiceAccount and permissions of SPIRE's agents, which look up the pods of their node. */
export function agentAccess(ctx: Context): readonly KubernetesObject[] {
  const { rbac, authentication } = ctx.v;
  const { annotations, install } = authentication.mutual.spire;
  const namespace = spireNamespace(ctx);
  const name = install.agent.serviceAccount.name ?? '';
  if (!isTruthy(install.agent.serviceAccount.create)) return [];
  return [
    serviceAccount(ctx, { name }, annotations, namespace),
    ...(isTruthy(rbac.create)
      ? [
          clusterRole(ofSpire(ctx, name), [allow('get', '', 'pods nodes nodes/proxy')]),
          clusterRoleBinding(ctx, ofSpire(ctx, name), name, name, namespace),
        ]
      : []),
  ];
}
