import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec } from '../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { appArmorAnnotations, podSecurityContext } from '../../parts/app-armor';
import { configChecksum } from '../../parts/config-checksum';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers, priorityClass } from '../../parts/placement';
import { meshWithoutKvstoreMesh, remoteClusterAliases } from '../../parts/remote-clusters';
import { agentContainer } from './container';
import { agentInitContainers } from './init-containers';
import { isPrivileged } from './security-context';
import { agentVolumes } from './volumes';

/** The agent on every node. */
export function daemonSet(ctx: Context, merged: Contributions): KubernetesObject {
  const { v } = ctx;
  const labels = joined(
    { 'k8s-app': 'cilium', 'app.kubernetes.io/name': 'cilium-agent' },
    partOfCilium(ctx),
    v.commonLabels,
    oldLabel(ctx),
  );
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, v.name ?? '', { labels, annotations: v.annotations }),
    spec: {
      minReadySeconds: whenTruthy(v.minReadySeconds),
      selector: { matchLabels: joined({ 'k8s-app': 'cilium' }, oldLabel(ctx)) },
      updateStrategy: whenTruthy(v.updateStrategy),
      template: {
        metadata: { annotations: podAnnotations(ctx, merged), labels: joined(labels, v.podLabels) },
        spec: podSpec(ctx, merged),
      },
    },
  };
}

/** A deprecated label that is still part of the selector in some clusters. */
function oldLabel({ v }: Context): JsonObject | undefined {
  return isTruthy(v.keepDeprecatedLabels) ? { 'kubernetes.io/cluster-service': 'true' } : undefined;
}

function podAnnotations(ctx: Context, { config }: Contributions): JsonObject | undefined {
  const { prometheus, rollOutCiliumPods, podAnnotations: own, cgroup } = ctx.v;
  const unconfined = [
    'cilium-agent',
    'clean-cilium-state',
    ...(isTruthy(cgroup.autoMount.enabled) ? ['mount-cgroup', 'apply-sysctl-overwrites'] : []),
  ];
  return joined(
    isTruthy(prometheus.enabled) &&
      !isTruthy(prometheus.serviceMonitor.enabled) && {
        'prometheus.io/port': String(prometheus.port ?? ''),
        'prometheus.io/scrape': 'true',
      },
    isTruthy(rollOutCiliumPods) && { 'cilium.io/cilium-configmap-checksum': configChecksum(config) },
    !isPrivileged(ctx) && appArmorAnnotations(ctx, unconfined),
    own,
    { 'kubectl.kubernetes.io/default-container': 'cilium-agent' },
  );
}

function podSpec(ctx: Context, merged: Contributions): PodSpec {
  const { v } = ctx;
  return {
    imagePullSecrets: whenTruthy(v.imagePullSecrets),
    securityContext: podSecurityContext(ctx, v.podSecurityContext),
    containers: [agentContainer(ctx, merged), ...merged.agent.containers, ...defaultTo(v.extraContainers, [])],
    initContainers: agentInitContainers(ctx, merged),
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, v.priorityClassName, 'system-node-critical'),
    serviceAccountName: v.serviceAccounts.cilium.name,
    automountServiceAccountToken: v.serviceAccounts.cilium.automount,
    terminationGracePeriodSeconds: v.terminationGracePeriodSeconds,
    hostNetwork: true,
    hostUsers: hostUsers(ctx),
    dnsPolicy: whenTruthy(v.dnsPolicy),
    affinity: v.scheduling.mode === 'anti-affinity' ? whenTruthy(v.affinity) : undefined,
    nodeSelector: whenTruthy(v.nodeSelector),
    tolerations: whenTruthy(v.tolerations),
    hostAliases: meshWithoutKvstoreMesh(ctx) ? remoteClusterAliases(ctx) : undefined,
    volumes: [...merged.agent.volumes, ...agentVolumes(ctx)],
  };
}
