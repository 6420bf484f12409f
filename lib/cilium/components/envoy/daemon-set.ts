import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject, PodSpec, Volume } from '../../../kubernetes/types';
import { given, or, whenGiven } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { appArmorAnnotations, podSecurityContext } from '../../parts/app-armor';
import { OWNER_READS } from '../../parts/certificate-volume';
import { configChecksum } from '../../parts/config-checksum';
import { hostPathVolumes } from '../../parts/host-paths';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers, priorityClass } from '../../parts/placement';
import { BOOTSTRAP_CONFIG_MAP, BOOTSTRAP_FILE, bootstrapData } from './config-map';
import { container } from './container';
import { nodeLocalityParts } from './node-locality';
import { SELECTOR } from './service';

/** Envoy on every node. */
export function daemonSet(ctx: Context, merged: Contributions): KubernetesObject {
  const { envoy, commonLabels } = ctx.v;
  const labels = joined(SELECTOR, { 'app.kubernetes.io/name': 'cilium-envoy', name: 'cilium-envoy' }, partOfCilium(ctx), commonLabels);
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: namespaced(ctx, 'cilium-envoy', { labels, annotations: envoy.annotations }),
    spec: {
      minReadySeconds: whenGiven(envoy.minReadySeconds),
      selector: { matchLabels: SELECTOR },
      updateStrategy: whenGiven(envoy.updateStrategy),
      template: {
        metadata: { annotations: podAnnotations(ctx), labels: joined(labels, envoy.podLabels) },
        spec: podSpec(ctx, merged),
      },
    },
  };
}

function podAnnotations(ctx: Context): JsonObject | undefined {
  const { rollOutPods, bootstrapConfigMap, securityContext, podAnnotations: own } = ctx.v.envoy;
  // What is in a ConfigMap of the user's own is not known here.
  const rolls = given(rollOutPods) && !given(bootstrapConfigMap);
  return joined(
    rolls && { 'cilium.io/cilium-envoy-configmap-checksum': configChecksum(bootstrapData(ctx)) },
    !given(securityContext.privileged) && appArmorAnnotations(ctx, ['cilium-envoy']),
    own,
  );
}

function podSpec(ctx: Context, { envoy: contributed }: Contributions): PodSpec {
  const { envoy, imagePullSecrets, serviceAccounts } = ctx.v;
  const locality = nodeLocalityParts(ctx);
  return {
    imagePullSecrets: whenGiven(imagePullSecrets),
    securityContext: podSecurityContext(ctx, envoy.podSecurityContext),
    initContainers: whenGiven([...(locality.initContainers ?? []), ...contributed.initContainers]),
    containers: [container(ctx, contributed), ...contributed.containers, ...or(envoy.extraContainers, [])],
    restartPolicy: 'Always',
    priorityClassName: priorityClass(ctx, envoy.priorityClassName, 'system-node-critical'),
    serviceAccountName: serviceAccounts.envoy.name,
    automountServiceAccountToken: serviceAccounts.envoy.automount,
    terminationGracePeriodSeconds: envoy.terminationGracePeriodSeconds,
    hostNetwork: true,
    hostUsers: hostUsers(ctx),
    dnsPolicy: whenGiven(envoy.dnsPolicy),
    affinity: whenGiven(envoy.affinity),
    nodeSelector: whenGiven(envoy.nodeSelector),
    tolerations: whenGiven(envoy.tolerations),
    volumes: [...volumes(ctx), ...(locality.volumes ?? []), ...contributed.volumes],
  };
}

function volumes({ v }: Context): readonly (Volume | JsonObject)[] {
  const { daemon, envoy, bpf } = v;
  const folder = (name: string, path: string): Volume => ({ name, hostPath: { path, type: 'DirectoryOrCreate' } });
  return [
    folder('envoy-sockets', `${daemon.runPath ?? ''}/envoy/sockets`),
    folder('envoy-artifacts', `${daemon.runPath ?? ''}/envoy/artifacts`),
    {
      name: 'envoy-config',
      configMap: {
        name: or(envoy.bootstrapConfigMap, BOOTSTRAP_CONFIG_MAP),
        defaultMode: OWNER_READS,
        items: [{ key: BOOTSTRAP_FILE, path: BOOTSTRAP_FILE }],
      },
    },
    ...(given(bpf.autoMount.enabled) ? [folder('bpf-maps', '/sys/fs/bpf')] : []),
    ...hostPathVolumes(envoy.extraHostPathMounts),
    ...or(envoy.extraVolumes, []),
  ];
}
