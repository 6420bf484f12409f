import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { allow } from '../../feature';
import type { Permission } from '../../feature';
import * as access from '../../parts/access';
import { NAME, exportsCluster, meshClusterMetadata } from './labels';

/** The permissions of the clustermesh-apiserver, and their binding. */
export function clusterAccess(ctx: Context): readonly KubernetesObject[] {
  const { serviceAccounts, rbac } = ctx.v;
  const { create, name } = serviceAccounts.clustermeshApiserver;
  if (!isTruthy(create) || !isTruthy(rbac.create) || !exportsCluster(ctx)) return [];
  const metadata = meshClusterMetadata(ctx, NAME);
  return [access.clusterRole(metadata, permissions(ctx)), access.clusterRoleBinding(ctx, metadata, NAME, name ?? '')];
}

const READ = 'get list watch';

function permissions({ facts, has }: Context): readonly Permission[] {
  return [
    allow(READ, 'cilium.io', 'ciliumidentities ciliumendpoints ciliumnodes ciliumendpointslices'),
    allow(READ, 'apiextensions.k8s.io', 'customresourcedefinitions'),
    allow(READ, '', `namespaces services ${has('mesh-reads-endpoints') ? 'endpoints' : ''}`),
    allow(READ, 'discovery.k8s.io', 'endpointslices'),
    ...(facts.multiClusterServices ? [allow(READ, 'multicluster.x-k8s.io', 'serviceexports')] : []),
  ];
}
