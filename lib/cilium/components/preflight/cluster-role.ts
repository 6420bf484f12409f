import { isTruthy } from '../../../helm/truth';
import type { KubernetesObject } from '../../../kubernetes/types';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import * as access from '../../parts/access';
import { agentPermissions } from '../../parts/agent-permissions';
import { clusterScoped, joined, partOfCilium } from '../../parts/metadata';

const NAME = 'cilium-pre-flight';

/** The permissions of the preflight check: those of this version's agent. */
export function clusterRole(ctx: Context, { permissions }: Contributions): KubernetesObject | undefined {
  if (!isTruthy(ctx.v.rbac.create)) return undefined;
  // The opposite of the agent's condition, as in the chart: the preflight check reads no Secrets.
  const base = agentPermissions(ctx, { secrets: ctx.facts.readSecretsOnlyFromSecretsNamespace });
  return access.clusterRole(metadata(ctx), [...base, ...permissions.agent]);
}

/** Binds the preflight ServiceAccount to its ClusterRole. */
export function preflightClusterRoleBinding(ctx: Context): KubernetesObject | undefined {
  const { rbac, serviceAccounts } = ctx.v;
  if (!isTruthy(serviceAccounts.preflight.create) || !isTruthy(rbac.create)) return undefined;
  return access.clusterRoleBinding(ctx, metadata(ctx), NAME, serviceAccounts.preflight.name ?? '');
}

function metadata(ctx: Context): KubernetesObject['metadata'] {
  const labels = joined(partOfCilium(ctx), ctx.v.commonLabels);
  return clusterScoped(NAME, { labels, annotations: ctx.v.preflight.annotations });
}
