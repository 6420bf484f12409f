import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { allow } from '../../feature';
import { clusterRole, clusterRoleBinding } from '../../parts/access';
import { clusterScoped, joined, partOfCilium } from '../../parts/metadata';

const NAME = 'hubble-ui';
const READ = 'get list watch';

/** Hubble UI's permissions: the objects that it shows with flows. */
export function clusterRoleOfUi(ctx: Context): KubernetesObject | undefined {
  if (!wanted(ctx)) return undefined;
  const endpoints = ctx.has('hubble-ui-reads-endpoints') ? 'endpoints' : '';
  return clusterRole(metadata(ctx), [
    allow(READ, '', `componentstatuses ${endpoints} namespaces nodes pods services`),
    allow(READ, 'apiextensions.k8s.io', 'customresourcedefinitions'),
    ...(ctx.has('hubble-ui-reads-policies')
      ? [allow(READ, 'networking.k8s.io', 'networkpolicies'), allow(READ, 'cilium.io', '*')]
      : []),
  ]);
}

/** Binds Hubble UI to its ClusterRole. */
export function clusterRoleBindingOfUi(ctx: Context): KubernetesObject | undefined {
  return wanted(ctx) ? clusterRoleBinding(ctx, metadata(ctx), NAME, ctx.v.serviceAccounts.ui.name ?? '') : undefined;
}

function wanted({ v }: Context): boolean {
  return isTruthy(v.serviceAccounts.ui.create) && isTruthy(v.rbac.create);
}

function metadata(ctx: Context): KubernetesObject['metadata'] {
  return clusterScoped(NAME, {
    labels: joined(partOfCilium(ctx), ctx.v.commonLabels),
    annotations: joined(ctx.v.hubble.ui.annotations),
  });
}
