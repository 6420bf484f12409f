import type { JsonObject } from '../../../kubernetes/json';
import type { Container, ContainerPort, EnvVar } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { apiServerEnv } from '../../parts/api-server-env';
import { nodeEnv } from '../../parts/node-env';
import { hostPathMounts } from '../../parts/host-paths';
import { cloud, image } from './image';

/** The operator's health port. */
const HEALTH_PORT = 9234;

/** The operator's main container. */
export function container(ctx: Context, { operator: contributed }: Contributions): Container {
  const { operator } = ctx.v;
  return {
    name: 'cilium-operator',
    image: image(ctx),
    imagePullPolicy: whenTruthy(operator.image.pullPolicy),
    command: [`cilium-operator-${cloud(ctx)}`],
    args: [
      '--config-dir=/tmp/cilium/config-map',
      '--debug=$(CILIUM_DEBUG)',
      ...contributed.args,
      ...(operator.extraArgs ?? []),
    ],
    env: [...env(ctx), ...contributed.env, ...((operator.extraEnv ?? []) as readonly unknown[] as readonly EnvVar[])],
    ports: [...ports(ctx), ...contributed.ports],
    livenessProbe: { httpGet: health(ctx), initialDelaySeconds: 60, periodSeconds: 10, timeoutSeconds: 3 },
    readinessProbe: {
      httpGet: health(ctx),
      initialDelaySeconds: 0,
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 5,
    },
    volumeMounts: [...mounts(ctx), ...contributed.mounts, ...(operator.extraVolumeMounts ?? [])],
    resources: whenTruthy(operator.resources),
    securityContext: whenTruthy(operator.securityContext),
    terminationMessagePolicy: 'FallbackToLogsOnError',
  };
}

function env(ctx: Context): readonly EnvVar[] {
  const debug = { configMapKeyRef: { key: 'debug', name: 'cilium-config', optional: true } };
  return [...nodeEnv(), { name: 'CILIUM_DEBUG', valueFrom: debug }, ...apiServerEnv(ctx)];
}

/** In the host network a port of the pod is a port of the node. */
function ports({ v, has }: Context): readonly ContainerPort[] {
  const { hostNetwork, prometheus } = v.operator;
  const onNode = (number: number | undefined): number | undefined => (isTruthy(hostNetwork) ? number : undefined);
  const hostPort = has('operator-health-host-port') ? HEALTH_PORT : onNode(HEALTH_PORT);
  const metrics = {
    name: 'prometheus',
    containerPort: prometheus.port ?? 0,
    hostPort: onNode(prometheus.port),
    protocol: 'TCP',
  };
  return [
    ...(has('operator-health-port') ? [{ name: 'health', containerPort: HEALTH_PORT, hostPort }] : []),
    ...(isTruthy(prometheus.enabled) ? [metrics] : []),
  ];
}

function health({ v, has }: Context): JsonObject {
  const loopback = isTruthy(v.ipv4.enabled) ? '127.0.0.1' : '::1';
  return {
    host: isTruthy(v.operator.hostNetwork) ? loopback : undefined,
    path: '/healthz',
    port: has('operator-health-port') ? 'health' : HEALTH_PORT,
    scheme: 'HTTP',
  };
}

/** Whether metrics use TLS. */
export function servesMetricsOverTls({ v }: Context): boolean {
  return isTruthy(v.operator.prometheus.enabled) && isTruthy(v.operator.prometheus.tls?.enabled);
}

function mounts(ctx: Context): readonly JsonObject[] {
  const { kubeConfigPath, operator } = ctx.v;
  const readOnly = true;
  return [
    { name: 'cilium-config-path', mountPath: '/tmp/cilium/config-map', readOnly },
    ...(isTruthy(kubeConfigPath) ? [{ name: 'kube-config', mountPath: kubeConfigPath, readOnly }] : []),
    ...(servesMetricsOverTls(ctx)
      ? [{ name: 'prometheus-tls', mountPath: '/var/lib/cilium/tls/prometheus', readOnly }]
      : []),
    ...hostPathMounts(operator.extraHostPathMounts),
  ];
}
