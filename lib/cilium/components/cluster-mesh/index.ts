import type { KubernetesObject } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Component } from '../../feature';
import { keepsOwnStore } from '../../parts/mesh-store';
import { certgenObjects } from './certgen';
import { managedCertificates } from './certificate';
import { MESH_CERTIFICATE_RULES } from './certificate-rules';
import { CLUSTER_MESH_RULES } from './rules';
import { clusterAccess } from './cluster-role';
import { deployment } from './deployment';
import { meshNeededValues } from './needed-values';
import { disruptionBudgetOfMesh } from './pod-disruption-budget';
import { providedSecrets } from './secret';
import { metricsService, service } from './service';
import { account } from './service-account';
import { meshServiceMonitor } from './service-monitor';
import { usersConfigMap } from './users-config-map';

/** The clustermesh-apiserver: serves this cluster's state to other clusters, and copies theirs. */
export const clusterMesh: Component = {
  name: 'cluster-mesh',
  objects: (ctx) =>
    isTruthy(ctx.v.clustermesh.useAPIServer)
      ? [
          disruptionBudgetOfMesh(ctx),
          account(ctx),
          usersConfigMap(ctx),
          ...clusterAccess(ctx),
          service(ctx),
          metricsService(ctx),
          deployment(ctx),
          meshServiceMonitor(ctx),
          ...certificates(ctx),
        ]
      : [],
  rules: [...CLUSTER_MESH_RULES, ...MESH_CERTIFICATE_RULES, ...meshNeededValues],
};

/** The source of the certificates: a Job in the cluster, cert-manager, or the user. Rendering generates none. */
function certificates(ctx: Context): readonly KubernetesObject[] {
  const { auto } = ctx.v.clustermesh.apiserver.tls;
  if (!isTruthy(auto.enabled)) return providedSecrets(ctx);
  if (auto.method === 'cronJob') return certgenObjects(ctx);
  return auto.method === 'certmanager' && keepsOwnStore(ctx) ? managedCertificates(ctx) : [];
}
