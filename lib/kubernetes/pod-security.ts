import { mapOf as map } from './json';
import type { JsonObject } from './json';
import type { KubernetesObject } from './types';
import { containersOf, mapsOf as list, podSpecOf } from './pods';

/** The label of a namespace with its Pod Security level. */
export const ENFORCE_LABEL = 'pod-security.kubernetes.io/enforce';

/** The level that the Namespace object among the objects enforces; `undefined` without one. */
export function enforcedLevel(objects: readonly KubernetesObject[], namespace: string): unknown {
  const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  return object?.metadata.labels?.[ENFORCE_LABEL];
}

/** Whether Pod Security rejects an object's pods at a level. */
export function isRejected(object: KubernetesObject, level: unknown): boolean {
  if (level === 'privileged') return false;
  return needsPrivileges(object) || (level === 'restricted' && breaksRestricted(object));
}

/** Capabilities that containers may add at the baseline level. */
const BASELINE_CAPABILITIES: readonly unknown[] = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];

/** Sysctls that pods may set at the baseline level. */
const SAFE_SYSCTLS: readonly unknown[] = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
];

/** Volumes that the restricted level allows. */
const RESTRICTED_VOLUMES: readonly string[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Whether an object's pods violate the baseline level of Pod Security. */
export function needsPrivileges(object: KubernetesObject): boolean {
  const spec = podSpecOf(object);
  if (spec === undefined) return false;
  const sysctls = list(map(spec.securityContext).sysctls);
  return (
    [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true) ||
    list(spec.volumes).some((volume) => volume.hostPath !== undefined) ||
    sysctls.some(({ name }) => !SAFE_SYSCTLS.includes(name)) ||
    isUnconfined(map(spec.securityContext)) ||
    containersOf(spec).some(breaksBaseline)
  );
}

function breaksBaseline(container: JsonObject): boolean {
  const context = map(container.securityContext);
  const added = map(context.capabilities).add;
  return (
    context.privileged === true ||
    (context.procMount ?? 'Default') !== 'Default' ||
    isUnconfined(context) ||
    (Array.isArray(added) && added.some((capability) => !BASELINE_CAPABILITIES.includes(capability))) ||
    list(container.ports).some(({ hostPort }) => hostPort !== undefined && hostPort !== 0)
  );
}

function isUnconfined({ seccompProfile, appArmorProfile }: JsonObject): boolean {
  return map(seccompProfile).type === 'Unconfined' || map(appArmorProfile).type === 'Unconfined';
}

/** Whether an object's pods violate what the restricted level requires beyond the baseline. */
export function breaksRestricted(object: KubernetesObject): boolean {
  const spec = podSpecOf(object);
  if (spec === undefined) return false;
  const pod = map(spec.securityContext);
  return (
    list(spec.volumes).some((volume) =>
      Object.keys(volume).some((key) => key !== 'name' && !RESTRICTED_VOLUMES.includes(key)),
    ) ||
    containersOf(spec).some((container) => {
      const own = map(container.securityContext);
      const { add, drop } = map(own.capabilities);
      return (
        own.allowPrivilegeEscalation !== false ||
        (own.runAsNonRoot ?? pod.runAsNonRoot) !== true ||
        (own.runAsUser ?? pod.runAsUser) === 0 ||
        map(own.seccompProfile ?? pod.seccompProfile).type === undefined ||
        !(Array.isArray(drop) && drop.includes('ALL')) ||
        (Array.isArray(add) && add.some((capability) => capability !== 'NET_BIND_SERVICE'))
      );
    })
  );
}
