import type { JsonObject } from '../../../kubernetes/json';
import type { Container, KubernetesObject, PodSpec } from '../../../kubernetes/types';
import { isSet, isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { certificateSources, certificateVolume } from '../../parts/certificate-volume';
import { configChecksum } from '../../parts/config-checksum';
import { hubbleCertificates, secretOf } from '../../parts/hubble-certificates';
import { containerImage } from '../../parts/image';
import { joined, namespaced, partOfCilium } from '../../parts/metadata';
import { hostUsers, spreadConstraints } from '../../parts/placement';
import { CERTIFICATES, configData } from './config-map';

const SELECTOR = { 'k8s-app': 'hubble-relay' } as const;

/** The port of the relay's own health server, which is fixed. */
const HEALTH_PORT = 4222;

/** The relay's pods. */
export function deployment(ctx: Context): KubernetesObject {
  const { hubble, commonLabels } = ctx.v;
  const { relay } = hubble;
  const labels = joined(SELECTOR, { 'app.kubernetes.io/name': 'hubble-relay' }, partOfCilium(ctx), commonLabels);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: namespaced(ctx, 'hubble-relay', { labels, annotations: joined(relay.annotations) }),
    spec: {
      replicas: relay.replicas,
      selector: { matchLabels: SELECTOR },
      strategy: whenTruthy(relay.updateStrategy),
      template: {
        metadata: { labels: joined(labels, relay.podLabels), annotations: podAnnotations(ctx) },
        spec: podSpec(ctx),
      },
    },
  };
}

function podAnnotations(ctx: Context): JsonObject | undefined {
  const { rollOutPods, podAnnotations: own, prometheus } = ctx.v.hubble.relay;
  const scraped = isTruthy(prometheus.enabled) && !isTruthy(prometheus.serviceMonitor.enabled);
  return joined(
    isTruthy(rollOutPods) && { 'cilium.io/hubble-relay-configmap-checksum': configChecksum(configData(ctx)) },
    own,
    scraped && { 'prometheus.io/port': String(prometheus.port ?? ''), 'prometheus.io/scrape': 'true' },
  );
}

function podSpec(ctx: Context): PodSpec {
  const { hubble, serviceAccounts, imagePullSecrets } = ctx.v;
  const { relay } = hubble;
  return {
    hostUsers: hostUsers(ctx, hubble.hostUsers ?? null),
    securityContext: whenTruthy(relay.podSecurityContext),
    imagePullSecrets: whenTruthy(imagePullSecrets),
    containers: [container(ctx)],
    restartPolicy: 'Always',
    priorityClassName: whenTruthy(relay.priorityClassName),
    serviceAccountName: serviceAccounts.relay.name,
    automountServiceAccountToken: serviceAccounts.relay.automount,
    terminationGracePeriodSeconds: relay.terminationGracePeriodSeconds,
    affinity: whenTruthy(relay.affinity),
    topologySpreadConstraints: spreadConstraints(relay.topologySpreadConstraints, SELECTOR),
    nodeSelector: whenTruthy(relay.nodeSelector),
    tolerations: whenTruthy(relay.tolerations),
    volumes: volumes(ctx),
  };
}

function container(ctx: Context): Container {
  const { relay } = ctx.v.hubble;
  return {
    name: 'hubble-relay',
    securityContext: whenTruthy(relay.securityContext),
    ...containerImage(relay.image),
    command: ['hubble-relay'],
    args: ['serve', ...(isTruthy(ctx.v.debug.enabled) ? ['--debug'] : [])],
    ports: [
      { name: 'grpc', containerPort: Number(relay.listenPort) },
      ...(isTruthy(relay.prometheus.enabled) && isSet(relay.prometheus.port)
        ? [{ name: 'prometheus', containerPort: relay.prometheus.port, protocol: 'TCP' }]
        : []),
    ],
    readinessProbe: health({ timeoutSeconds: 3 }),
    // Liveness fails late: the relay has two minutes to find its peers again.
    livenessProbe: health({ timeoutSeconds: 10, initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 12 }),
    startupProbe: health({ initialDelaySeconds: 10, failureThreshold: 20, periodSeconds: 3 }),
    env: whenTruthy(relay.extraEnv),
    resources: whenTruthy(relay.resources),
    volumeMounts: [
      ...(ctx.has('hubble-relay-tmp-volume') ? [{ name: 'tmp-volume', mountPath: '/tmp' }] : []),
      { name: 'config', mountPath: '/etc/hubble-relay', readOnly: true },
      ...(isTruthy(ctx.v.hubble.tls.enabled) ? [{ name: 'tls', mountPath: CERTIFICATES, readOnly: true }] : []),
      ...(relay.extraVolumeMounts ?? []),
    ],
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

function health(patience: JsonObject): JsonObject {
  return { grpc: { port: HEALTH_PORT }, ...patience };
}

function volumes(ctx: Context): NonNullable<PodSpec['volumes']> {
  const { tls, relay } = ctx.v.hubble;
  return [
    ...(ctx.has('hubble-relay-tmp-volume') ? [{ name: 'tmp-volume', emptyDir: {} }] : []),
    {
      name: 'config',
      configMap: { name: 'hubble-relay-config', items: [{ key: 'config.yaml', path: 'config.yaml' }] },
    },
    ...(isTruthy(tls.enabled) ? [certificateVolume('tls', certificates(ctx))] : []),
    ...(relay.extraVolumes ?? []),
  ];
}

function certificates(ctx: Context): readonly JsonObject[] {
  const { relayClient, relayServer } = hubbleCertificates(ctx.v);
  const client = {
    secret: secretOf(relayClient),
    files: { 'tls.crt': 'client.crt', 'tls.key': 'client.key' },
    authority: 'hubble-server-ca.crt',
    required: true,
  };
  const server = {
    secret: secretOf(relayServer),
    files: { 'tls.crt': 'server.crt', 'tls.key': 'server.key' },
    required: true,
  };
  return [
    ...certificateSources(ctx, client),
    ...(isTruthy(ctx.v.hubble.relay.tls.server.enabled) ? certificateSources(ctx, server) : []),
  ];
}
