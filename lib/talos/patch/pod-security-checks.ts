import type { Finding } from '../../rules/finding';
import { mapOf as map } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { identity } from '../../kubernetes/order';
import type { KubernetesObject } from '../../kubernetes/types';
import type { PodSecurityProps } from '../cluster/pod-security';
import type { Manifest } from './namespaces';
import { containersOf, mapsOf as list, podSpecOf } from './pods';

const LABEL = 'pod-security.kubernetes.io/enforce';

/** Pods that Pod Security would refuse where they are, by the labels of their namespaces and the defaults of the cluster. */
export function podSecurityFindings(
  manifests: readonly Manifest[],
  { enforce, exemptNamespaces }: Required<PodSecurityProps>,
): readonly Finding[] {
  const objects = manifests.flatMap((manifest) => manifest.objects);
  const spaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? ''));
  return [...spaces].sort().flatMap((namespace) => {
    const level = exemptNamespaces.includes(namespace) ? 'privileged' : (levelOf(objects, namespace) ?? enforce);
    const own = objects.filter(({ metadata }) => metadata.namespace === namespace);
    const privileged = level === 'privileged' ? [] : own.filter(needsPrivileges);
    const careless =
      level === 'restricted' ? own.filter((object) => !privileged.includes(object) && breaksRestricted(object)) : [];
    return [
      ...refusal(privileged, `Namespace '${namespace}' does not admit privileged pods`, LABELLED),
      ...refusal(careless, `Namespace '${namespace}' admits restricted pods alone`, RESTRICTED),
    ];
  });
}

const LABELLED = `Label the namespace ${LABEL}: privileged, or use kube-system.`;
const RESTRICTED = `Give the pods runAsNonRoot, seccompProfile RuntimeDefault, allowPrivilegeEscalation: false and drop ALL capabilities, or label the namespace ${LABEL}: baseline.`;

function refusal(pods: readonly KubernetesObject[], fact: string, hint: string): readonly Finding[] {
  if (pods.length === 0) return [];
  const paths = pods.map(identity);
  const message = `${fact}, and ${paths.join(', ')} ${paths.length === 1 ? 'is' : 'are'} ${hint === LABELLED ? (paths.length === 1 ? 'one' : 'some') : 'not'}.`;
  return [{ id: 'talos-patch/pod-security', level: 'warning', paths, message, hint }];
}

function levelOf(objects: readonly KubernetesObject[], namespace: string): unknown {
  const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  return object?.metadata.labels?.[LABEL];
}

/** Capabilities that the baseline level lets containers add. */
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

/** Sysctls that the baseline level lets pods set. */
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

/** Volumes of the restricted level. */
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

/** Whether an object's pods break the baseline level of Pod Security, as far as their spec tells. */
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

/** Whether an object's pods break what the restricted level asks for beyond the baseline. */
function breaksRestricted(object: KubernetesObject): boolean {
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
