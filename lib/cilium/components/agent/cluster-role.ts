import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { clusterRole, clusterRoleBinding } from '../../parts/access';
import { agentPermissions } from '../../parts/agent-permissions';
import { clusterScoped, joined, partOfCilium } from '../../parts/metadata';

const NAME = 'cilium';

/** The agent's permissions: those of every agent, and those of the enabled features. */
export function agentClusterRole(ctx: Context, { permissions }: Contributions): KubernetesObject | undefined {
  if (!isTruthy(ctx.v.rbac.create)) return undefined;
  const base = agentPermissions(ctx, { secrets: !ctx.facts.readSecretsOnlyFromSecretsNamespace });
  return clusterRole(metadata(ctx), [...base, ...permissions.agent]);
}

/** Gives the agent's ServiceAccount its ClusterRole. */
export function agentClusterRoleBinding(ctx: Context): KubernetesObject | undefined {
  const { rbac, serviceAccounts } = ctx.v;
  if (!isTruthy(serviceAccounts.cilium.create) || !isTruthy(rbac.create)) return undefined;
  return clusterRoleBinding(ctx, metadata(ctx), NAME, serviceAccounts.cilium.name ?? '');
}

function metadata(ctx: Context): KubernetesObject['metadata'] {
  return clusterScoped(NAME, { labels: joined(partOfCilium(ctx), ctx.v.commonLabels), annotations: ctx.v.annotations });
}
