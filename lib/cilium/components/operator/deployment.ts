import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { certificateVolume } from '../../parts/certificate-volume';
import { configChecksum } from '../../parts/config-checksum';
import { hostPathVolumes } from '../../parts/host-paths';
import { joined, namespaced } from '../../parts/metadata';
import { priorityClass, spreadConstraints } from '../../parts/placement';
import { meshWithoutKvstoreMesh, remoteClusterAliases } from '../../parts/remote-clusters';
import { container, servesMetricsOverTls } from './container';
import { operatorLabels, SELECTOR } from './labels';

/** The operator's Deployment: one replica is active, the others wait for its lease. */
export function deployment(ctx: Context, merged: Contributions): KubernetesObject {
  const { annotations, podLabels, replicas } = ctx.v.operator;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced(ctx, 'cilium-operator', { labels: operatorLabels(ctx), annotations }),
    spec: {
      replicas,
      selector: { matchLabels: SELECTOR },
      strategy: strategy(ctx),
      template: {
        metadata: { labels: joined(operatorLabels(ctx), podLabels), annotations: podAnnotations(ctx, merged) },
        spec: podSpec(ctx, merged),
      },
    },
  };
}

/** With one replica and anti-affinity, the old pod must stop before the new one can be scheduled. */
function strategy({ v }: Context): JsonObject | undefined {
  const { replicas, updateStrategy } = v.operator;
  if (String(replicas) !== '1' || updateStrategy?.type !== 'RollingUpdate') return whenTruthy(updateStrategy);
  const { maxSurge } = (updateStrategy.rollingUpdate ?? {}) as JsonObject;
  return { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable: '100%' } };
}

function podAnnotations(ctx: Context, { config }: Contributions): JsonObject | undefined {
  const { rollOutPods, prometheus, podAnnotations: own } = ctx.v.operator;
  return joined(
    isTruthy(rollOutPods) && {
      'cilium.io/cilium-configmap-checksum': configChecksum(ctx.facts.hasConfigMap ? config : {}),
    },
    isTruthy(prometheus.enabled) &&
      !isTruthy(prometheus.serviceMonitor.enabled) && {
        'prometheus.io/port': String(prometheus.port ?? ''),
        'prometheus.io/scrape': 'true',
      },
    own,
  );
}

function podSpec(ctx: Context, merged: Contributions): PodSpec {
  const { v, kube } = ctx;
  const { operator, serviceAccounts } = v;
  return {
    imagePullSecrets: whenTruthy(v.imagePullSecrets),
    securityContext: whenTruthy(operator.podSecurityContext),
    initContainers: whenTruthy(merged.operator.initContainers),
    containers: [container(ctx, merged), ...merged.operator.containers],
    hostNetwork: operator.hostNetwork,
    hostUsers: kube.atLeast(1, 33) ? operator.hostUsers : undefined,
    dnsPolicy: whenTruthy(operator.dnsPolicy),
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, operator.priorityClassName, 'system-cluster-critical'),
    serviceAccountName: serviceAccounts.operator.name,
    automountServiceAccountToken: serviceAccounts.operator.automount,
    affinity: whenTruthy(operator.affinity),
    topologySpreadConstraints: spreadConstraints(operator.topologySpreadConstraints, SELECTOR),
    nodeSelector: whenTruthy(operator.nodeSelector),
    hostAliases: ctx.facts.operatorReadsMesh && meshWithoutKvstoreMesh(ctx) ? remoteClusterAliases(ctx) : undefined,
    tolerations: tolerations(ctx),
    volumes: [...volumes(ctx), ...merged.operator.volumes],
  };
}

/** The user's tolerations, and one for the taint of nodes without an agent, which the operator removes. */
function tolerations({ v }: Context): readonly JsonObject[] | undefined {
  const own = v.operator.tolerations ?? [];
  const notReady =
    v.agentNotReadyTaintKey === undefined ? [] : [{ key: whenTruthy(v.agentNotReadyTaintKey), operator: 'Exists' }];
  return whenTruthy([...own, ...notReady]);
}

function volumes(ctx: Context): readonly (Volume | JsonObject)[] {
  const { operator, kubeConfigPath } = ctx.v;
  const config = { name: 'cilium-config-path', configMap: { name: 'cilium-config' } };
  const kubeConfig = { name: 'kube-config', hostPath: { path: kubeConfigPath, type: 'FileOrCreate' } };
  return [
    config,
    ...(isTruthy(kubeConfigPath) ? [kubeConfig] : []),
    ...(servesMetricsOverTls(ctx) ? [metricsCertificate(ctx)] : []),
    ...hostPathVolumes(operator.extraHostPathMounts),
    ...(operator.extraVolumes ?? []),
  ];
}

function metricsCertificate({ v }: Context): Volume {
  const server = v.operator.prometheus.tls?.server;
  const clientAuthority = isTruthy(server?.mtls?.enabled) ? [{ key: 'ca.crt', path: 'client-ca.crt' }] : [];
  const items = [{ key: 'tls.crt', path: 'server.crt' }, { key: 'tls.key', path: 'server.key' }, ...clientAuthority];
  return certificateVolume('prometheus-tls', [
    { secret: { name: whenTruthy(server?.existingSecret), optional: true, items } },
  ]);
}
