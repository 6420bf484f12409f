import type { JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar } from '../../../kubernetes/types';
import { inDoubleQuotes } from '../../../helm/yaml-scalars';
import { isSet, isTruthy, defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import type { Contributions } from '../../feature';
import { apiServerEnv } from '../../parts/api-server-env';
import { nodeEnv } from '../../parts/node-env';
import { soleConfigMap } from './config-source';
import { extraEnv } from './env';
import { containerImage } from '../../parts/image';
import { confined, isPrivileged } from './security-context';
import { kubeConfigMount, mount } from './volumes';
import { waitForKubeProxy } from './wait-for-kube-proxy';

/** The init containers of the agent, in order; those of features and the user come last. */
export function agentInitContainers(ctx: Context, { agent }: Contributions): readonly (Container | JsonObject)[] {
  const { v } = ctx;
  const replacesKubeProxy = ['strict', 'true'].includes(String(v.kubeProxyReplacement ?? ''));
  return [
    ...(soleConfigMap(ctx) === undefined ? [collectConfig(ctx)] : []),
    ...(isTruthy(v.cgroup.autoMount.enabled) ? [mountCgroup(ctx)] : []),
    ...(isTruthy(v.sysctlfix.enabled) ? [applySysctlOverwrites(ctx)] : []),
    ...(isTruthy(v.bpf.autoMount.enabled) && !isPrivileged(ctx) ? [mountBpfFileSystem(ctx)] : []),
    cleanCiliumState(ctx),
    ...(isTruthy(v.waitForKubeProxy) && !replacesKubeProxy ? [waitForKubeProxy(ctx)] : []),
    ...(isTruthy(v.cni.install) ? [installCniBinaries(ctx)] : []),
    ...agent.initContainers,
    ...defaultTo(v.extraInitContainers, []),
  ];
}

const TO_LOGS = { terminationMessagePolicy: 'FallbackToLogsOnError' } as const;

/** Builds the node's configuration for the agent, from the ConfigMap and its overrides. */
function collectConfig(ctx: Context): Container {
  const { v, has } = ctx;
  const { configSources, allowedConfigOverrides, blockedConfigOverrides } = v.daemon;
  const urls = v.k8s.apiServerURLs;
  return {
    name: 'config',
    ...containerImage(ctx.v.image),
    resources: whenTruthy(v.initResources),
    command: [
      'cilium-dbg',
      'build-config',
      ...(isSet(configSources) ? [inDoubleQuotes(`--source=${configSources}`)] : []),
      ...(isSet(allowedConfigOverrides) ? [inDoubleQuotes(`--allow-config-keys=${allowedConfigOverrides}`)] : []),
      ...(isSet(blockedConfigOverrides) ? [inDoubleQuotes(`--deny-config-keys=${blockedConfigOverrides}`)] : []),
      ...(isTruthy(v.kubeConfigPath) ? [inDoubleQuotes(`--k8s-kubeconfig-path=${v.kubeConfigPath}`)] : []),
      // Present but null, as by default in some versions, is an empty list of URLs.
      ...(has('config-init-api-servers') && urls !== undefined
        ? [inDoubleQuotes(`--k8s-api-server-urls=${urls ?? ''}`)]
        : []),
    ],
    env: [...nodeEnv(), ...apiServerEnv(ctx), ...extraEnv(ctx)],
    volumeMounts: [mount('tmp', '/tmp'), ...kubeConfigMount(ctx), ...defaultTo(v.extraVolumeMounts, [])],
    ...TO_LOGS,
    securityContext: has('config-init-confined') ? configSecurity(ctx) : undefined,
  };
}

function configSecurity(ctx: Context): JsonObject {
  return isPrivileged(ctx) ? { privileged: true } : { capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] } };
}

/** Mounts cgroup v2 on the node with a static binary in the host's namespaces, because the host may lack the tools. */
function mountCgroup(ctx: Context): Container {
  const { cgroup, cni, initResources, securityContext } = ctx.v;
  const fallback = ctx.has('mount-cgroup-init-resources') ? initResources : undefined;
  return {
    name: 'mount-cgroup',
    ...containerImage(ctx.v.image),
    env: [
      { name: 'CGROUP_ROOT', value: cgroup.hostRoot },
      { name: 'BIN_PATH', value: cni.binPath },
    ],
    resources: defaultTo(cgroup.autoMount.resources, whenTruthy(fallback)),
    command: [
      shell(ctx),
      '-ec',
      onHost('cilium-mount', '--cgroup=/hostproc/1/ns/cgroup --mount=/hostproc/1/ns/mnt', ' $CGROUP_ROOT'),
    ],
    ...onHostParts(ctx, securityContext.capabilities.mountCgroup),
  };
}

/** Overwrites the sysctls of the node that would break the datapath. */
function applySysctlOverwrites(ctx: Context): Container {
  const { cni, initResources, securityContext } = ctx.v;
  return {
    name: 'apply-sysctl-overwrites',
    ...containerImage(ctx.v.image),
    resources: whenTruthy(initResources),
    env: [{ name: 'BIN_PATH', value: cni.binPath }],
    command: [shell(ctx), '-ec', onHost('cilium-sysctlfix', '--mount=/hostproc/1/ns/mnt')],
    ...onHostParts(ctx, securityContext.capabilities.applySysctlOverwrites),
  };
}

/** Runs one of the image's static binaries in the host's namespaces, from the CNI plugin directory, where files are executable. */
function onHost(binary: string, namespaces: string, argument = ''): string {
  const copy = `/hostbin/${binary}`;
  return [
    `cp /usr/bin/${binary} ${copy};`,
    `nsenter ${namespaces} "\${BIN_PATH}/${binary}"${argument};`,
    `rm ${copy}`,
  ].join('\n');
}

function onHostParts(ctx: Context, capabilities: readonly string[] | undefined): Partial<Container> {
  return {
    volumeMounts: [mount('hostproc', '/hostproc'), mount('cni-path', '/hostbin')],
    ...TO_LOGS,
    securityContext: confined(ctx, capabilities),
  };
}

function shell({ has }: Context): string {
  return has('bash-in-init-containers') ? 'bash' : 'sh';
}

/** Mounts the BPF file system if missing. Privileged, because only then the mount propagates to the host. */
function mountBpfFileSystem(ctx: Context): Container {
  return {
    name: 'mount-bpf-fs',
    ...containerImage(ctx.v.image),
    resources: whenTruthy(ctx.v.initResources),
    args: ['mount | grep "/sys/fs/bpf type bpf" || mount -t bpf bpf /sys/fs/bpf'],
    command: ['/bin/bash', '-c', '--'],
    ...TO_LOGS,
    securityContext: { privileged: true },
    volumeMounts: [{ ...mount('bpf-maps', '/sys/fs/bpf'), mountPropagation: 'Bidirectional' }],
  };
}

/** Removes the state of earlier agents from the node, when the configuration requests it. */
function cleanCiliumState(ctx: Context): Container {
  const { v } = ctx;
  return {
    name: 'clean-cilium-state',
    ...containerImage(ctx.v.image),
    command: ['/init-container.sh'],
    env: [
      configKey('CILIUM_ALL_STATE', 'clean-cilium-state'),
      configKey('CILIUM_BPF_STATE', 'clean-cilium-bpf-state'),
      configKey('WRITE_CNI_CONF_WHEN_READY', 'write-cni-conf-when-ready'),
      ...apiServerEnv(ctx),
      ...extraEnv(ctx),
    ],
    ...TO_LOGS,
    securityContext: confined(ctx, v.securityContext.capabilities.cleanCiliumState),
    volumeMounts: [
      mount('bpf-maps', '/sys/fs/bpf'),
      { ...mount('cilium-cgroup', v.cgroup.hostRoot ?? ''), mountPropagation: 'HostToContainer' },
      mount('cilium-run', '/var/run/cilium'),
      ...defaultTo(v.extraVolumeMounts, []),
    ],
    resources: whenTruthy(v.initResources),
  };
}

function configKey(name: string, key: string): EnvVar {
  return { name, valueFrom: { configMapKeyRef: { name: 'cilium-config', key, optional: true } } };
}

/** Installs the CNI plugin on the host, so that the agent needs no writable mount for it. */
function installCniBinaries(ctx: Context): Container {
  const { securityContext } = ctx.v;
  return {
    name: 'install-cni-binaries',
    ...containerImage(ctx.v.image),
    command: ['/install-plugin.sh'],
    resources: whenTruthy(ctx.v.cni.resources),
    securityContext: {
      ...(isPrivileged(ctx) ? { privileged: true } : { seLinuxOptions: whenTruthy(securityContext.seLinuxOptions) }),
      capabilities: { drop: ['ALL'] },
    },
    ...TO_LOGS,
    volumeMounts: [mount('cni-path', '/host/opt/cni/bin')],
  };
}
