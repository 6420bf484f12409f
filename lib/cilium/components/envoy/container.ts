import type { JsonObject } from '../../../kubernetes/json';
import type { Container, ContainerPort, EnvVar, VolumeMount } from '../../../kubernetes/types';
import { toInt } from '../../../helm/numbers';
import { isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { apiServerEnv } from '../../parts/api-server-env';
import { BOOTSTRAP_FILE, envoyBootstrap, envoyFolder } from '../../parts/envoy-files';
import { hostPathMounts } from '../../parts/host-paths';
import { hostPort } from '../../parts/host-port';
import { containerImage } from '../../parts/image';
import { nodeEnv } from '../../parts/node-env';
import { nodeLocalityParts } from './node-locality';
import { probes } from './probes';
import { METRICS_PORT } from './service';

/** The Envoy container, started by a helper that drops capabilities. */
export function container(ctx: Context, contributed: Contributions['envoy']): Container {
  const { envoy } = ctx.v;
  return {
    name: 'cilium-envoy',
    ...containerImage(envoy.image),
    command: ['/usr/bin/cilium-envoy-starter'],
    args: [...args(ctx), ...contributed.args, ...defaultTo(envoy.extraArgs, [])],
    ...probes(ctx),
    env: [
      ...nodeEnv(),
      ...apiServerEnv(ctx),
      ...contributed.env,
      ...defaultTo(envoy.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []),
    ],
    resources: whenTruthy(envoy.resources),
    ports: [...ports(ctx), ...contributed.ports],
    securityContext: securityContext(ctx),
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: [
      ...mounts(ctx),
      ...contributed.mounts,
      ...hostPathMounts(envoy.extraHostPathMounts),
      ...defaultTo(envoy.extraVolumeMounts, []),
    ],
  };
}

/** Arguments after `--` are for Envoy, the others for its starter. */
function args(ctx: Context): readonly string[] {
  const {
    securityContext: { capabilities },
    baseID,
    log,
  } = ctx.v.envoy;
  return [
    ...(isTruthy(capabilities.keepCapNetBindService) ? ['--keep-cap-net-bind-service'] : []),
    '--',
    ...(nodeLocalityParts(ctx).args ?? []),
    `-c /var/run/cilium/envoy/${BOOTSTRAP_FILE}`,
    `--base-id ${String(toInt(baseID))}`,
    `--log-level ${logLevel(ctx)}`,
    ...(isTruthy(log.path) ? [`--log-path ${log.path}`] : []),
  ];
}

/** The agent's debug groups also apply to Envoy's log. */
function logLevel({ v: { debug, envoy } }: Context): string {
  const groups = isTruthy(debug.enabled) && isTruthy(debug.verbose) ? debug.verbose.split(' ') : [];
  if (groups.includes('envoy')) return 'trace';
  if (groups.includes('flow')) return 'debug';
  return defaultTo(envoy.log.defaultLevel, 'info');
}

function ports({ v }: Context): readonly ContainerPort[] {
  const { prometheus, debug } = v.envoy;
  // The chart declares the admin port only together with the metrics port.
  if (!isTruthy(prometheus.enabled)) return [];
  const { enabled, port } = debug.admin;
  return [
    hostPort(METRICS_PORT, prometheus.port),
    ...(isTruthy(enabled) && isTruthy(port) ? [hostPort('envoy-admin', port)] : []),
  ];
}

function securityContext({ v }: Context): JsonObject {
  const { privileged, seLinuxOptions, capabilities } = v.envoy.securityContext;
  if (isTruthy(privileged)) return { privileged: true };
  return {
    seLinuxOptions: whenTruthy(seLinuxOptions),
    capabilities: { add: whenTruthy(capabilities.envoy), drop: ['ALL'] },
  };
}

function mounts(ctx: Context): readonly (VolumeMount | JsonObject)[] {
  return [
    envoyFolder(ctx, 'sockets').mount,
    envoyFolder(ctx, 'artifacts').mount,
    envoyBootstrap(ctx).mount,
    ...(isTruthy(ctx.v.bpf.autoMount.enabled)
      ? [{ name: 'bpf-maps', mountPath: '/sys/fs/bpf', mountPropagation: 'HostToContainer' }]
      : []),
    ...(nodeLocalityParts(ctx).mounts ?? []),
  ];
}
