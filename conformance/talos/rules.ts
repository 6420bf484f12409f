import { atPath, deletedPaths, documentsIn, isSame } from './documents';
import type { PatchDocument } from './documents';
import { KINDS, schemaErrors } from './schema';

/*
 * What Talos 1.14 checks beyond its schema, for configs that it generated itself: documents against sections, documents
 * that only control planes take, documents twice, deletes of what is not there. The facts are those of v1.14.0-rc.1.
 */

/** Sections of the v1alpha1 document that a document excludes. */
const EXCLUDES: Readonly<Record<string, readonly string[]>> = {
  DiscoveryIdentityConfig: ['cluster.id', 'cluster.secret'],
  DiscoveryServiceConfig: ['cluster.discovery'],
  HostnameConfig: ['machine.network.hostname'],
  KubeAPIServerConfig: ['cluster.apiServer'],
  KubeAdmissionControlConfig: ['cluster.apiServer.admissionControl'],
  KubeClusterConfig: ['cluster.clusterName', 'cluster.controlPlane'],
  KubeControllerManagerConfig: ['cluster.controllerManager'],
  KubeCoreDNSConfig: ['cluster.coreDNS'],
  KubeFlannelCNIConfig: ['cluster.network'],
  KubeNetworkConfig: ['cluster.network'],
  KubeNodeConfig: ['machine.nodeLabels', 'machine.nodeAnnotations', 'machine.nodeTaints', 'cluster.allowSchedulingOnControlPlanes'],
  KubePrismConfig: ['machine.features.kubePrism'],
  KubeProxyConfig: ['cluster.proxy'],
  KubeSchedulerConfig: ['cluster.scheduler'],
  KubeSpanConfig: ['machine.network.kubespan'],
  KubeletConfig: ['machine.kubelet'],
  ResolverConfig: ['machine.network.nameservers', 'machine.network.searchDomains', 'machine.features.hostDNS'],
  TimeSyncConfig: ['machine.time'],
  UnattendedInstallConfig: ['machine.install'],
};

/** What Talos generates for every node. */
const EVERY_NODE = [
  'DiscoveryIdentityConfig',
  'DiscoveryServiceConfig',
  'FilesystemTrimConfig',
  'HostnameConfig',
  'KubeAPIServerCAConfig',
  'KubeClusterConfig',
  'KubeNetworkConfig',
  'KubeNodeConfig',
  'KubePrismConfig',
  'KubeletConfig',
  'ResolverConfig',
  'SecurityProfileConfig',
  'VolumeConfig',
];

/** What control planes have besides. */
const CONTROL_PLANES = [
  'KubeAPIServerConfig',
  'KubeAdmissionControlConfig',
  'KubeAggregatorCAConfig',
  'KubeAuditPolicyConfig',
  'KubeAuthenticationConfig',
  'KubeAuthorizerConfig',
  'KubeControllerManagerConfig',
  'KubeCoreDNSConfig',
  'KubeEtcdEncryptionConfig',
  'KubeFlannelCNIConfig',
  'KubeProxyConfig',
  'KubeSchedulerConfig',
  'KubeServiceAccountConfig',
];

/** Documents that Talos takes on control planes only. */
const CONTROL_PLANE_ONLY = [...CONTROL_PLANES, 'KubeTalosAPIAccessConfig'];

/** Fields that generated configs have, and that a patch may therefore delete once. */
const GENERATED: Readonly<Record<'controlplane' | 'worker', readonly string[]>> = {
  controlplane: ['KubeNodeConfig labels/node.kubernetes.io/exclude-from-external-load-balancers', 'ResolverConfig hostDNS'],
  worker: ['ResolverConfig hostDNS'],
};

const NAME = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** What is wrong with patches for configs that Talos 1.14 generated in its own style, for both kinds of node. */
export function structuralErrors(patches: {
  readonly controlplane?: string | undefined;
  readonly all?: string | undefined;
  readonly worker?: string | undefined;
}): readonly string[] {
  const read = (patch: string | undefined): readonly PatchDocument[] => (patch === undefined ? [] : documentsIn(patch));
  const [all, controlplane, worker] = [read(patches.all), read(patches.controlplane), read(patches.worker)];
  return [
    ...fileErrors('all', all),
    ...fileErrors('controlplane', controlplane),
    ...fileErrors('worker', worker),
    ...nodeErrors('controlplane', [...all, ...controlplane]),
    ...nodeErrors('worker', [...all, ...worker]),
    ...manifestErrors([...all, ...controlplane]),
  ];
}

function fileErrors(file: string, documents: readonly PatchDocument[]): readonly string[] {
  const seen = new Set<string>();
  const errors: string[] = [];
  for (const document of documents) {
    if (Object.keys(document.fields).length === 0) errors.push(`${file}: an empty document`);
    const id = `${document.kind}/${document.name}`;
    // 1.14 takes a document twice; we have no use for that but to take away what was set before, and to set it anew after that.
    if (seen.has(id) && !document.onlyDeletes) errors.push(`${file}: ${id} is there twice`);
    // Nothing but deletes leaves no document behind.
    if (!document.deleted && !document.onlyDeletes) seen.add(id);
    else seen.delete(id);
  }
  return errors;
}

function nodeErrors(node: 'controlplane' | 'worker', documents: readonly PatchDocument[]): readonly string[] {
  const generated = node === 'worker' ? EVERY_NODE : [...EVERY_NODE, ...CONTROL_PLANES];
  const named = documents.filter(({ kind }) => kind !== '');
  const sections = documents.filter(({ kind, onlyDeletes }) => kind === '' && !onlyDeletes).map(({ fields }) => fields);
  const gone = named.filter((one, i) => one.deleted && !named.slice(i + 1).some((other) => isSame(one, other))).map(({ kind }) => kind);
  const present = [...new Set([...generated, ...named.map(({ kind }) => kind)])].filter((kind) => !gone.includes(kind));
  return [
    ...named.flatMap((document, i) => schemaErrors(document, !generated.includes(document.kind) || isNew(document, named.slice(0, i)))),
    ...present.flatMap((kind) =>
      (EXCLUDES[kind] ?? [])
        .filter((path) => sections.some((section) => atPath(section, path.split('.')) !== undefined))
        .map((path) => `${node}: ${path} next to ${kind}`),
    ),
    ...(node === 'worker'
      ? named
          .filter(({ kind, deleted }) => !deleted && CONTROL_PLANE_ONLY.includes(kind))
          .map(({ kind }) => `worker: ${kind} is for control planes`)
      : []),
    ...named.flatMap((document, i) =>
      deletedPaths(document.fields)
        // A field of a document that is there can be deleted whether it is set or not; a name in a map cannot.
        .filter(
          (path) =>
            !named
              .slice(0, i)
              .some((before) => isSame(before, document) && (path.length === 1 || atPath(before.fields, path) !== undefined)),
        )
        .map((path) => `${document.kind} ${path.join('/')}`)
        .filter((path) => !GENERATED[node].includes(path))
        .map((path) => `${node}: deletes ${path}, which is not generated`),
    ),
    ...(gone.includes('DiscoveryServiceConfig') && named.some(({ kind, fields }) => kind === 'KubeSpanConfig' && fields.enabled === true)
      ? [`${node}: KubeSpanConfig without DiscoveryServiceConfig`]
      : []),
  ];
}

/** The document was deleted before, so that what was generated of it is no longer there. */
function isNew(document: PatchDocument, before: readonly PatchDocument[]): boolean {
  return before.filter((other) => isSame(other, document)).at(-1)?.deleted === true;
}

function manifestErrors(documents: readonly PatchDocument[]): readonly string[] {
  const names = documents
    .filter(({ kind }) => ['KubeInlineManifestConfig', 'KubeExternalManifestConfig'].includes(kind))
    .map(({ name }) => name);
  return names.flatMap((name, i) => [
    ...(NAME.test(name) ? [] : [`'${name}' is no name for a manifest`]),
    ...(names.indexOf(name) === i ? [] : [`two manifests are called ${name}`]),
  ]);
}

/** Every kind named above must be one of Talos'. @throws Error naming those that are not. */
export function assertRulesNameKinds(): void {
  const strange = [...Object.keys(EXCLUDES), ...EVERY_NODE, ...CONTROL_PLANE_ONLY].filter((kind) => !KINDS.includes(kind));
  if (strange.length > 0) throw new Error(`No documents of Talos 1.14: ${strange.join(', ')}`);
}
