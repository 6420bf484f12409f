import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { appArmorAnnotations, podSecurityContext } from '../../parts/app-armor';
import { configChecksum } from '../../parts/config-checksum';
import { envoyBootstrap, envoyFolder } from '../../parts/envoy-files';
import { hostPathVolumes } from '../../parts/host-paths';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers, priorityClass } from '../../parts/placement';
import { bootstrapData } from './config-map';
import { container } from './container';
import { nodeLocalityParts } from './node-locality';
import { SELECTOR } from './service';

/** Envoy on every node. */
export function daemonSet(ctx: Context, merged: Contributions): KubernetesObject {
  const { envoy, commonLabels } = ctx.v;
  const labels = joined(
    SELECTOR,
    { 'app.kubernetes.io/name': 'cilium-envoy', name: 'cilium-envoy' },
    partOfCilium(ctx),
    commonLabels,
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, 'cilium-envoy', { labels, annotations: envoy.annotations }),
    spec: {
      minReadySeconds: whenTruthy(envoy.minReadySeconds),
      selector: { matchLabels: SELECTOR },
      updateStrategy: whenTruthy(envoy.updateStrategy),
      template: {
        metadata: { annotations: podAnnotations(ctx), labels: joined(labels, envoy.podLabels) },
        spec: podSpec(ctx, merged),
      },
    },
  };
}

function podAnnotations(ctx: Context): JsonObject | undefined {
  const { rollOutPods, bootstrapConfigMap, securityContext, podAnnotations: own } = ctx.v.envoy;
  // The data of a ConfigMap of the user is unknown here.
  const rolls = isTruthy(rollOutPods) && !isTruthy(bootstrapConfigMap);
  return joined(
    rolls && { 'cilium.io/cilium-envoy-configmap-checksum': configChecksum(bootstrapData(ctx)) },
    !isTruthy(securityContext.privileged) && appArmorAnnotations(ctx, ['cilium-envoy']),
    own,
  );
}

function podSpec(ctx: Context, { envoy: contributed }: Contributions): PodSpec {
  const { envoy, imagePullSecrets, serviceAccounts } = ctx.v;
  const locality = nodeLocalityParts(ctx);
  return {
    imagePullSecrets: whenTruthy(imagePullSecrets),
    securityContext: podSecurityContext(ctx, envoy.podSecurityContext),
    initContainers: whenTruthy([...(locality.initContainers ?? []), ...contributed.initContainers]),
    containers: [container(ctx, contributed), ...contributed.containers, ...defaultTo(envoy.extraContainers, [])],
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, envoy.priorityClassName, 'system-node-critical'),
    serviceAccountName: serviceAccounts.envoy.name,
    automountServiceAccountToken: serviceAccounts.envoy.automount,
    terminationGracePeriodSeconds: envoy.terminationGracePeriodSeconds,
    hostNetwork: true,
    hostUsers: hostUsers(ctx),
    dnsPolicy: whenTruthy(envoy.dnsPolicy),
    affinity: whenTruthy(envoy.affinity),
    nodeSelector: whenTruthy(envoy.nodeSelector),
    tolerations: whenTruthy(envoy.tolerations),
    volumes: [...volumes(ctx), ...(locality.volumes ?? []), ...contributed.volumes],
  };
}

function volumes(ctx: Context): readonly (Volume | JsonObject)[] {
  const { envoy, bpf } = ctx.v;
  return [
    envoyFolder(ctx, 'sockets').volume,
    envoyFolder(ctx, 'artifacts').volume,
    envoyBootstrap(ctx).volume,
    ...(isTruthy(bpf.autoMount.enabled)
      ? [{ name: 'bpf-maps', hostPath: { path: '/sys/fs/bpf', type: 'DirectoryOrCreate' } }]
      : []),
    ...hostPathVolumes(envoy.extraHostPathMounts),
    ...defaultTo(envoy.extraVolumes, []),
  ];
}
