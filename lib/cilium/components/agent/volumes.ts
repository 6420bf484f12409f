import type { JsonObject } from '../../../kubernetes/json';
import type { Volume, VolumeMount } from '../../../kubernetes/types';
import { isTruthy, defaultTo } from '../../../helm/truth';
import type { Context } from '../../context';
import { hostPathMounts, hostPathVolumes } from '../../parts/host-paths';
import { soleConfigMap } from './config-source';
import { isPrivileged } from './security-context';

/*
 * The volumes of the agent's skeleton, or of several of its containers. Those of one concern alone come
 * with the concern's feature.
 */

/** All volumes of the pod but those of the features. */
export function agentVolumes(ctx: Context): readonly (Volume | JsonObject)[] {
  const { v } = ctx;
  const created = 'DirectoryOrCreate';
  return [
    configVolume(ctx),
    hostPath('cilium-run', v.daemon.runPath, created),
    hostPath('cilium-netns', '/var/run/netns', created),
    hostPath('bpf-maps', '/sys/fs/bpf', created),
    ...(isTruthy(v.cgroup.autoMount.enabled) || isTruthy(v.sysctlfix.enabled)
      ? [hostPath('hostproc', '/proc', 'Directory')]
      : []),
    hostPath('cilium-cgroup', v.cgroup.hostRoot, created),
    hostPath('cni-path', v.cni.binPath, created),
    hostPath('etc-cni-netd', v.cni.confPath, created),
    hostPath('lib-modules', '/lib/modules'),
    hostPath('xtables-lock', '/run/xtables.lock', 'FileOrCreate'),
    ...(isTruthy(v.kubeConfigPath) ? [hostPath('kube-config', v.kubeConfigPath, 'FileOrCreate')] : []),
    ...(isPrivileged(ctx)
      ? []
      : [
          hostPath('host-proc-sys-net', '/proc/sys/net', 'Directory'),
          hostPath('host-proc-sys-kernel', '/proc/sys/kernel', 'Directory'),
        ]),
    ...hostPathVolumes(v.extraHostPathMounts),
    ...defaultTo(v.extraVolumes, []),
  ];
}

/** All mounts of the agent's container but those of the features. */
export function agentMounts(ctx: Context): readonly (VolumeMount | JsonObject)[] {
  const { v } = ctx;
  const cgroup = v.cgroup.hostRoot ?? '';
  return [
    // An unprivileged container can write sysctls only through separate mounts.
    ...(isPrivileged(ctx)
      ? []
      : [mount('host-proc-sys-net', '/host/proc/sys/net'), mount('host-proc-sys-kernel', '/host/proc/sys/kernel')]),
    // Only a privileged container can propagate mounts; for others an init container has mounted it.
    { ...mount('bpf-maps', '/sys/fs/bpf'), mountPropagation: isPrivileged(ctx) ? 'Bidirectional' : 'HostToContainer' },
    // Below the agent's own directory it exists already.
    ...(cgroup.includes('/run/cilium/cgroupv2') ? [] : [mount('cilium-cgroup', cgroup)]),
    mount('cilium-run', '/var/run/cilium'),
    { ...mount('cilium-netns', '/var/run/cilium/netns'), mountPropagation: 'HostToContainer' },
    mount('etc-cni-netd', v.cni.hostConfDirMountPath ?? ''),
    readOnly('lib-modules', '/lib/modules'),
    mount('xtables-lock', '/run/xtables.lock'),
    ...kubeConfigMount(ctx),
    soleConfigMap(ctx) === undefined ? mount('tmp', '/tmp') : readOnly('cilium-config-path', '/tmp/cilium/config-map'),
    ...hostPathMounts(v.extraHostPathMounts),
    ...defaultTo(v.extraVolumeMounts, []),
  ];
}

/** The user's kubeconfig from the host, when there is one. */
export function kubeConfigMount({ v }: Context): readonly VolumeMount[] {
  return isTruthy(v.kubeConfigPath) ? [readOnly('kube-config', v.kubeConfigPath)] : [];
}

export function mount(name: string, mountPath: string): VolumeMount {
  return { name, mountPath };
}

function readOnly(name: string, mountPath: string): VolumeMount {
  return { name, mountPath, readOnly: true };
}

/** The volume through which the init container passes the configuration to the agent, or the ConfigMap. */
function configVolume(ctx: Context): Volume | JsonObject {
  const configMap = soleConfigMap(ctx);
  if (configMap !== undefined) return { name: 'cilium-config-path', configMap: { name: configMap } };
  const { tmpVolume } = ctx.v;
  return { name: 'tmp', ...(isTruthy(tmpVolume) ? tmpVolume : { emptyDir: {} }) };
}

function hostPath(name: string, path: string | undefined, type?: string): Volume {
  return { name, hostPath: { path, type } };
}
