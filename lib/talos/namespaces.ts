import type { Finding } from '../findings';
import { identity } from '../kubernetes/order';
import { namespaceObject } from '../kubernetes/namespaces';
import { isSound } from '../kubernetes/guard';
import type { MeasuredText } from '../kubernetes/sizes';
import type { KubernetesObject } from '../kubernetes/types';
import type { PodSecurityProps } from './cluster-props';

/** The namespaces that every cluster has. */
const BUILT_IN: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** A manifest before it becomes text. */
export interface Manifest {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  /** Make several manifests of it, of at most so many bytes each; an object is never cut. @default - one */
  readonly splitAt?: number | undefined;
  /** The manifest that this is a piece of. @internal */
  readonly partOf?: string | undefined;
  /** The text of just these objects, where somebody has it already. @internal */
  readonly written?: (() => MeasuredText) | undefined;
}

/**
 * The manifests with a Namespace object at the head of the first one that uses a namespace which nobody makes.
 * Without it Talos would wait for the namespace forever, and everything behind would wait too.
 * The namespace is labelled privileged when pods of the set need that, otherwise as the cluster's default is.
 */
export function withNamespaces(manifests: readonly Manifest[], { enforce }: Required<PodSecurityProps>): readonly Manifest[] {
  const objects = manifests.flatMap((manifest) => manifest.objects.filter(isSound));
  const made = new Set([...BUILT_IN, ...objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)]);
  return manifests.map((manifest) => {
    const { name, objects: own } = manifest;
    const used = own.filter(isSound).flatMap(({ metadata: { namespace } }) => (namespace === undefined ? [] : [namespace]));
    const missing = [...new Set(used)].filter((namespace) => !made.has(namespace)).sort();
    for (const namespace of missing) made.add(namespace);
    const added = missing.map((n) => namespaceObject(n, privilegedIn(objects, n).length > 0 ? 'privileged' : enforce));
    return added.length === 0 ? manifest : { name, splitAt: manifest.splitAt, objects: [...added, ...own] };
  });
}

/** Pods that Pod Security would refuse where they are: in namespaces that are neither exempt nor labelled privileged. */
export function podSecurityFindings(
  manifests: readonly Manifest[],
  { enforce, exemptNamespaces }: Required<PodSecurityProps>,
): readonly Finding[] {
  const objects = manifests.flatMap((manifest) => manifest.objects);
  const spaces = new Set(objects.map(({ metadata }) => metadata.namespace ?? ''));
  return [...spaces].sort().flatMap((namespace) => {
    const isOpen = exemptNamespaces.includes(namespace) || (levelOf(objects, namespace) ?? enforce) === 'privileged';
    const refused = isOpen ? [] : privilegedIn(objects, namespace);
    if (refused.length === 0) return [];
    const says = `Namespace '${namespace}' does not admit privileged pods, and ${refused.map(identity).join(', ')} ${refused.length === 1 ? 'is one' : 'are some'}.`;
    const fix = 'Label the namespace pod-security.kubernetes.io/enforce: privileged, or use kube-system.';
    return [{ id: 'talos-patch/pod-security', level: 'warning' as const, at: refused.map(identity), says, fix }];
  });
}

function levelOf(objects: readonly KubernetesObject[], namespace: string): unknown {
  const object = objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === namespace);
  return object?.metadata.labels?.['pod-security.kubernetes.io/enforce'];
}

function privilegedIn(objects: readonly KubernetesObject[], namespace: string): readonly KubernetesObject[] {
  return objects.filter((object) => object.metadata.namespace === namespace && needsPrivileges(object));
}

type Fields = Readonly<Record<string, unknown>>;

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

/** Whether an object's pods break the baseline level of Pod Security, as far as their spec tells. */
function needsPrivileges(object: KubernetesObject): boolean {
  const spec = podSpecOf(object);
  if (spec === undefined) return false;
  const containers = [...list(spec.initContainers), ...list(spec.containers), ...list(spec.ephemeralContainers)];
  return (
    [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true) ||
    list(spec.volumes).some((volume) => volume.hostPath !== undefined) ||
    containers.some(breaksBaseline)
  );
}

function breaksBaseline(container: Fields): boolean {
  const { privileged, capabilities } = map(container.securityContext);
  const added = map(capabilities).add;
  return (
    privileged === true ||
    (Array.isArray(added) && added.some((capability) => !BASELINE_CAPABILITIES.includes(capability))) ||
    list(container.ports).some(({ hostPort }) => hostPort !== undefined && hostPort !== 0)
  );
}

/** The spec of the pods that an object makes; `undefined` for one that makes none. */
export function podSpecOf({ kind, spec }: KubernetesObject): Fields | undefined {
  if (kind === 'Pod') return map(spec);
  const job = kind === 'CronJob' ? map(map(spec).jobTemplate).spec : spec;
  const template = map(job).template;
  return template === undefined ? undefined : map(map(template).spec);
}

function map(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(map) : [];
}
