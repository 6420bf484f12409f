import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { joined } from '../../parts/metadata';
import { keepsOwnStore } from '../../parts/mesh-store';
import { priorityClass, spreadConstraints } from '../../parts/placement';
import { remoteClusterAliases } from '../../parts/remote-clusters';
import { apiServer } from './api-server';
import { etcd, etcdInit } from './etcd';
import { kvstoreMesh } from './kvstoremesh';
import { NAME, SELECTOR, exportsCluster, meshLabels, meshMetadata } from './labels';
import { volumes } from './volumes';

/** The pods that serve this cluster's state to others and copy theirs. */
export function deployment(ctx: Context): KubernetesObject {
  const { replicas, podAnnotations, podLabels } = ctx.v.clustermesh.apiserver;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meshMetadata(ctx, NAME, { labels: meshLabels(ctx) }),
    spec: {
      replicas,
      selector: { matchLabels: SELECTOR },
      strategy: strategy(ctx),
      template: {
        metadata: {
          annotations: joined(podAnnotations, { 'kubectl.kubernetes.io/default-container': 'apiserver' }),
          labels: meshLabels(ctx, podLabels),
        },
        spec: podSpec(ctx),
      },
    },
  };
}

/** Two pods must not write to one external kvstore. */
function strategy(ctx: Context): JsonObject | undefined {
  return keepsOwnStore(ctx) ? whenTruthy(ctx.v.clustermesh.apiserver.updateStrategy) : { type: 'Recreate' };
}

function podSpec(ctx: Context): PodSpec {
  const { clustermesh, serviceAccounts, imagePullSecrets } = ctx.v;
  const { apiserver, config } = clustermesh;
  const { name, automount } = serviceAccounts.clustermeshApiserver;
  const kvstoremesh = isTruthy(apiserver.kvstoremesh.enabled);
  return {
    imagePullSecrets: whenTruthy(imagePullSecrets),
    securityContext: whenTruthy(apiserver.podSecurityContext),
    initContainers: keepsOwnStore(ctx) ? [etcdInit(ctx)] : undefined,
    containers: [
      ...(keepsOwnStore(ctx) ? [etcd(ctx)] : []),
      ...(exportsCluster(ctx) ? [apiServer(ctx)] : []),
      ...(kvstoremesh ? [kvstoreMesh(ctx)] : []),
    ],
    volumes: volumes(ctx),
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, apiserver.priorityClassName, 'system-cluster-critical'),
    serviceAccountName: name,
    terminationGracePeriodSeconds: apiserver.terminationGracePeriodSeconds,
    automountServiceAccountToken: automount,
    affinity: whenTruthy(apiserver.affinity),
    topologySpreadConstraints: spreadConstraints(apiserver.topologySpreadConstraints, SELECTOR),
    nodeSelector: whenTruthy(apiserver.nodeSelector),
    tolerations: whenTruthy(apiserver.tolerations),
    hostAliases: isTruthy(config.enabled) && kvstoremesh ? remoteClusterAliases(ctx) : undefined,
  };
}
