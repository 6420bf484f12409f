import type { JsonObject } from '../../../../kubernetes/json';
import type { Container, KubernetesObject, PodSpec } from '../../../../kubernetes/types';
import { isTruthy, defaultTo, whenTruthy } from '../../../../helm/truth';
import type { Context } from '../../../context';
import { containerImage } from '../../../parts/image';
import { joined } from '../../../parts/metadata';
import { hostUsers, priorityClass } from '../../../parts/placement';
import { healthPorts, probes } from '../health';
import { inSpire } from '../place';
import { keepEntries } from '../scripts';
import { SERVER_DATA, SERVER_HEALTH_PORT, SERVER_PORT, SERVER_SOCKETS } from './config-map';
import { SERVER_SELECTOR } from './service';

const NAME = 'spire-server';

/** The server's StatefulSet: one pod with a volume for its keys and entries. */
export function serverStatefulSet(ctx: Context): KubernetesObject {
  const { server } = ctx.v.authentication.mutual.spire.install;
  const { labels, annotations, dataStorage } = server;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: inSpire(ctx, NAME, { first: SERVER_SELECTOR, labels, annotations }),
    spec: {
      replicas: 1,
      selector: { matchLabels: SERVER_SELECTOR },
      serviceName: NAME,
      template: {
        metadata: {
          annotations: { 'kubectl.kubernetes.io/default-container': NAME },
          labels: joined(SERVER_SELECTOR, ctx.v.commonLabels, labels),
        },
        spec: podSpec(ctx),
      },
      volumeClaimTemplates: isTruthy(dataStorage.enabled) ? [claim(ctx)] : undefined,
    },
  };
}

function podSpec(ctx: Context): PodSpec {
  const { authentication, imagePullSecrets } = ctx.v;
  const { server } = authentication.mutual.spire.install;
  return {
    priorityClassName: priorityClass(ctx, server.priorityClassName, 'system-node-critical'),
    serviceAccountName: server.serviceAccount.name,
    // The second container runs the server's program from its file system.
    shareProcessNamespace: true,
    hostUsers: hostUsers(ctx),
    securityContext: whenTruthy(server.podSecurityContext),
    imagePullSecrets: whenTruthy(imagePullSecrets),
    initContainers: whenTruthy(server.initContainers),
    containers: [entriesContainer(ctx), serverContainer(ctx)],
    affinity: whenTruthy(server.affinity),
    nodeSelector: whenTruthy(server.nodeSelector),
    tolerations: whenTruthy(server.tolerations),
    volumes: [
      { name: 'spire-config', configMap: { name: NAME } },
      { name: 'spire-server-socket', hostPath: { path: '/var/run/spire-server/sockets', type: 'DirectoryOrCreate' } },
    ],
  };
}

function entriesContainer(ctx: Context): Container {
  const { initImage } = ctx.v.authentication.mutual.spire.install;
  return { name: 'cilium-init', ...containerImage(initImage), command: ['/bin/sh', '-c', keepEntries(ctx)] };
}

function serverContainer(ctx: Context): Container {
  const { server } = ctx.v.authentication.mutual.spire.install;
  return {
    name: NAME,
    ...containerImage(server.image),
    args: ['-config', '/run/spire/config/server.conf'],
    resources: whenTruthy(server.resources),
    ports: [{ name: 'grpc', containerPort: SERVER_PORT }, ...healthPorts(ctx, SERVER_HEALTH_PORT)],
    volumeMounts: [
      { name: 'spire-config', mountPath: '/run/spire/config', readOnly: true },
      ...(isTruthy(server.dataStorage.enabled)
        ? [{ name: 'spire-data', mountPath: SERVER_DATA, readOnly: false }]
        : []),
      { name: 'spire-server-socket', mountPath: SERVER_SOCKETS, readOnly: false },
    ],
    ...probes(ctx, SERVER_HEALTH_PORT),
    securityContext: whenTruthy(server.securityContext),
  };
}

function claim({ v }: Context): JsonObject {
  const { accessMode, size, storageClass } = v.authentication.mutual.spire.install.server.dataStorage;
  return {
    metadata: { name: 'spire-data' },
    spec: {
      accessModes: [defaultTo(accessMode, 'ReadWriteOnce')],
      resources: { requests: { storage: whenTruthy(size) } },
      storageClassName: whenTruthy(storageClass),
    },
  };
}
