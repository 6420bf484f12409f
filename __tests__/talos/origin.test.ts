import { parseAllDocuments } from 'yaml';
import { omniPatches } from '../../lib/talos/patch/omni';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import type { RenderedTalosPatch } from '../../lib/talos/patch/render';
import { CONFIG_SECTIONS } from '../../lib/talos/cluster/sections';
import type { ConfigSection } from '../../lib/talos/cluster/sections';

/*
 * The origin of a config decides which settings are sections and which are documents. Talos' machinery judges the results
 * (conformance/talos).
 */

type Document = Readonly<Record<string, unknown>>;

const EVERYTHING: Omit<TalosClusterProps, 'talosVersion'> = {
  podSubnets: ['10.10.0.0/16'],
  nodeCIDRMaskSizeIPv4: 25,
  kubePrism: {},
  hostDNS: {},
  coreDNS: { enabled: false },
  nameservers: ['1.1.1.1'],
  timeServers: ['time.cloudflare.com'],
  kubeSpan: { filters: { endpoints: ['0.0.0.0/0'] } },
  discovery: {},
  allowSchedulingOnControlPlanes: true,
  podSecurity: {},
  nodeLabels: { a: 'b' },
  nodeAnnotations: { a: 'b' },
  nodeTaints: { 'example.org/a': 'NoSchedule' },
  maxPods: 250,
  dnsDomain: 'home.example.org',
  sysctls: { 'net.core.somaxconn': '4096' },
  kernelModules: [{ name: 'btrfs' }],
  installDisk: '/dev/sda',
};

const PATCH: Omit<TalosPatchInput, 'talos'> = {
  manifests: [
    {
      name: '10-a',
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'kube-system' } }],
    },
  ],
  externalManifests: [{ name: '50-b', url: 'https://example.org/b.yaml' }],
  cilium: { kubeProxyReplacement: true },
  replace: true,
};

function rendered(cluster: TalosClusterProps, patch: Partial<TalosPatchInput> = {}): RenderedTalosPatch {
  return renderTalosPatch({ talos: new TalosCluster(cluster), manifests: [], ...patch });
}

function documentsIn(text = ''): readonly Document[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Document);
}

const read = ({ all, controlplane, worker }: RenderedTalosPatch): readonly Document[] =>
  [all, controlplane, worker].flatMap(documentsIn);
const at = (document: Document, path: string): unknown =>
  path.split('.').reduce<unknown>((inner, key) => (inner as Document | undefined)?.[key], document);
const isGone = (value: unknown): boolean => (value as { $patch?: unknown } | undefined)?.$patch === 'delete';

/** Sections that a patch sets, and the kinds of its documents. */
function written(patch: RenderedTalosPatch): {
  readonly sections: readonly string[];
  readonly kinds: readonly string[];
} {
  const documents = read(patch);
  const sections = CONFIG_SECTIONS.filter((path) =>
    documents.some(
      (document) => document.kind === undefined && at(document, path) !== undefined && !isGone(at(document, path)),
    ),
  );
  return {
    sections,
    kinds: [...new Set(documents.flatMap(({ kind }) => (typeof kind === 'string' ? [kind] : [])))].sort(),
  };
}

/** Per section the documents that it excludes, and what is written in sections instead. */
const NODE = [
  'cluster.allowSchedulingOnControlPlanes',
  'machine.nodeAnnotations',
  'machine.nodeLabels',
  'machine.nodeTaints',
] as const;
const KUBELET = { kinds: ['KubeNodeConfig', 'KubeletConfig'], sections: [...NODE, 'machine.kubelet'] };
const MOVED: Readonly<
  Record<ConfigSection, { readonly kinds: readonly string[]; readonly sections: readonly string[] }>
> = {
  'cluster.allowSchedulingOnControlPlanes': { kinds: ['KubeNodeConfig'], sections: NODE },
  'cluster.apiServer.admissionControl': {
    kinds: ['KubeAdmissionControlConfig'],
    sections: ['cluster.apiServer.admissionControl'],
  },
  'cluster.controllerManager': { kinds: [], sections: [] },
  'cluster.coreDNS': { kinds: ['KubeCoreDNSConfig'], sections: ['cluster.coreDNS'] },
  'cluster.discovery': { kinds: ['DiscoveryServiceConfig'], sections: ['cluster.discovery'] },
  'cluster.extraManifests': { kinds: ['KubeExternalManifestConfig'], sections: ['cluster.extraManifests'] },
  'cluster.inlineManifests': { kinds: ['KubeInlineManifestConfig'], sections: ['cluster.inlineManifests'] },
  'cluster.network': { kinds: ['KubeFlannelCNIConfig', 'KubeNetworkConfig'], sections: ['cluster.network'] },
  'cluster.proxy': { kinds: ['KubeProxyConfig'], sections: ['cluster.proxy'] },
  'machine.features.hostDNS': { kinds: [], sections: ['machine.features.hostDNS'] },
  'machine.features.kubePrism': { kinds: ['KubePrismConfig'], sections: ['machine.features.kubePrism'] },
  'machine.install': { kinds: ['UnattendedInstallConfig'], sections: ['machine.install'] },
  'machine.kubelet': { kinds: ['KubeletConfig'], sections: ['machine.kubelet'] },
  'machine.kubelet.nodeIP': KUBELET,
  'machine.kubelet.registerWithFQDN': KUBELET,
  'machine.kubelet.skipNodeRegistration': KUBELET,
  'machine.network.disableSearchDomain': {
    kinds: ['ResolverConfig'],
    sections: ['machine.features.hostDNS', 'machine.network.nameservers'],
  },
  'machine.network.kubespan': { kinds: [], sections: [] },
  'machine.network.nameservers': { kinds: [], sections: ['machine.features.hostDNS'] },
  'machine.network.searchDomains': {
    kinds: ['ResolverConfig'],
    sections: ['machine.features.hostDNS', 'machine.network.nameservers'],
  },
  'machine.nodeAnnotations': { kinds: ['KubeNodeConfig'], sections: NODE },
  'machine.nodeLabels': { kinds: ['KubeNodeConfig'], sections: NODE },
  'machine.nodeTaints': { kinds: ['KubeNodeConfig'], sections: NODE },
  'machine.time': { kinds: [], sections: [] },
};

const DOCUMENTS = written(rendered({ talosVersion: '1.14', ...EVERYTHING }, PATCH));

test('a config of Talos 1.14 is documents only', () => {
  expect(DOCUMENTS.sections).toEqual([]);
});

test.each(Object.entries(MOVED))(
  '%s in a config keeps what it excludes in sections, and nothing else',
  (section, moved) => {
    const { kinds, sections } = written(
      rendered({ talosVersion: '1.14', sections: [section as ConfigSection], ...EVERYTHING }, PATCH),
    );
    // The size of a node's share is an argument when the network is a section.
    const added = section === 'cluster.network' ? ['KubeControllerManagerConfig'] : [];
    expect(kinds).toEqual([...DOCUMENTS.kinds, ...added].filter((kind) => !moved.kinds.includes(kind)).sort());
    expect([...sections].sort()).toEqual([...moved.sections].sort());
  },
);

test.each(['1.5.5', '1.11', '1.12', '1.13'] as const)(
  'a config of Talos %s has on 1.14 all sections that were generated',
  (generatedBy) => {
    const upgraded = written(rendered({ talosVersion: '1.14', generatedBy, ...EVERYTHING }, PATCH));
    expect(upgraded.kinds).toEqual([
      'KernelModuleConfig',
      'KubeSpanConfig',
      'ResolverConfig',
      'SysctlConfig',
      'TimeSyncConfig',
    ]);
    const kept = new Set(Object.values(MOVED).flatMap(({ sections }) => sections));
    kept.delete('machine.network.nameservers');
    expect([...upgraded.sections].sort()).toEqual([...kept, 'cluster.controllerManager'].sort());
  },
);

test('all sections can be listed when none was moved', () => {
  const listed = written(rendered({ talosVersion: '1.14', sections: CONFIG_SECTIONS, ...EVERYTHING }, PATCH));
  expect(listed.kinds).toEqual(['KernelModuleConfig', 'KubeSpanConfig', 'SysctlConfig', 'TimeSyncConfig']);
});

/** A section that a document replaces is deleted only where it may exist, or where any config accepts the delete. */
test.each<[TalosClusterProps, readonly string[]]>([
  [{ talosVersion: '1.11' }, ['machine.network.kubespan', 'machine.network.nameservers', 'machine.time']],
  [{ talosVersion: '1.12' }, ['machine.network.kubespan', 'machine.network.nameservers', 'machine.time']],
  [{ talosVersion: '1.13' }, ['machine.time']],
  [
    { talosVersion: '1.13', generatedBy: '1.12.4' },
    ['machine.network.kubespan', 'machine.network.nameservers', 'machine.time'],
  ],
  [{ talosVersion: '1.13', generatedBy: '1.12', sections: [] }, ['machine.time']],
  [{ talosVersion: '1.13', sections: ['machine.network.kubespan'] }, ['machine.network.kubespan', 'machine.time']],
  [
    { talosVersion: '1.14', generatedBy: '1.12' },
    ['machine.network.kubespan', 'machine.network.nameservers', 'machine.time'],
  ],
  [{ talosVersion: '1.14', generatedBy: '1.13' }, ['machine.time']],
  [{ talosVersion: '1.14' }, ['machine.time']],
])('%j deletes the sections that its documents replace', (cluster, gone) => {
  const { nameservers, timeServers, kubeSpan } = EVERYTHING;
  const lists = { nameservers, timeServers, kubeSpan } as Pick<
    TalosClusterProps,
    'nameservers' | 'timeServers' | 'kubeSpan'
  >;
  const documents = read(rendered({ ...cluster, ...lists }));
  expect(CONFIG_SECTIONS.filter((path) => documents.some((document) => isGone(at(document, path))))).toEqual(gone);
});

test('a patch for Talos before 1.14 neither deletes a document nor has one twice', () => {
  for (const talosVersion of ['1.11', '1.12', '1.13'] as const) {
    const { all, controlplane, worker } = rendered(
      { talosVersion, ...EVERYTHING, controlPlanes: { kernelModules: [{ name: 'nbd' }] } },
      PATCH,
    );
    for (const documents of [all, controlplane, worker].map(documentsIn)) {
      const named = documents.filter(({ kind }) => kind !== undefined);
      expect(JSON.stringify(named)).not.toContain('$patch');
      const identities = named.map(({ kind, name }) => `${String(kind)}/${String(name)}`);
      expect(new Set(identities).size).toBe(identities.length);
    }
  }
});

/** What Talos accepts on a config of sections without an error, and ignores. */
test.each<
  [string, Partial<TalosClusterProps>, Partial<TalosPatchInput>, readonly ('all' | 'controlplane' | 'worker')[]]
>([
  ['no CNI', {}, { cilium: { kubeProxyReplacement: false } }, ['controlplane']],
  ['manifests', {}, { manifests: PATCH.manifests }, ['controlplane']],
  ['manifests to fetch', {}, { externalManifests: PATCH.externalManifests }, ['controlplane']],
  ['KubePrism off', { kubePrism: { enabled: false } }, {}, ['all']],
  ['discovery off', { discovery: { enabled: false } }, {}, ['all']],
  ['labels', { nodeLabels: { a: 'b' } }, {}, ['all']],
  ['labels of control planes', { controlPlanes: { nodeLabels: { a: 'b' } } }, {}, ['controlplane']],
  ['labels of workers, which have no role to lose', { workers: { nodeLabels: { a: 'b' } } }, {}, []],
  ['KubePrism on, which Talos refuses beside the section', { kubePrism: {} }, {}, []],
])('%s makes Talos refuse a config of sections', (_, cluster, patch, outputs) => {
  const made = rendered({ talosVersion: '1.14', ...cluster }, patch);
  const bare = (text = ''): boolean => /(^|---\n)apiVersion: v1alpha1\nkind: KubeNetworkConfig\n(---|$)/.test(text);
  expect((['all', 'controlplane', 'worker'] as const).filter((output) => bare(made[output]))).toEqual(outputs);
  const omni = omniPatches(made, { cluster: 'home' });
  expect((omni.match(/kind: KubeNetworkConfig/g) ?? []).length).toBe(outputs.length);
  // For pasting into a config, which has the document.
  expect(made.inlineManifests()).not.toContain('KubeNetworkConfig');
  const upgraded = rendered({ talosVersion: '1.14', generatedBy: '1.13', ...cluster }, patch);
  expect(JSON.stringify(upgraded)).not.toContain('KubeNetworkConfig');
});

test.each<[TalosClusterProps, Partial<TalosPatchInput>, readonly string[]]>([
  [{ talosVersion: '1.11' }, {}, ['kernelModules']],
  [{ talosVersion: '1.12' }, {}, ['nameservers', 'timeServers', 'kernelModules']],
  [{ talosVersion: '1.13' }, {}, ['nameservers', 'timeServers', 'kubeSpan.filters.endpoints', 'kernelModules']],
  [
    { talosVersion: '1.13' },
    { replace: false },
    ['nameservers', 'timeServers', 'kubeSpan.filters.endpoints', 'kernelModules', 'externalManifests', 'manifests'],
  ],
  [{ talosVersion: '1.14', generatedBy: '1.13' }, {}, []],
  [{ talosVersion: '1.14', generatedBy: '1.13' }, { replace: false }, ['externalManifests', 'manifests']],
  [{ talosVersion: '1.14' }, { replace: false }, []],
])('%j %j reports the lists that append when the patch is applied again', (cluster, patch, appends) => {
  expect(rendered({ ...cluster, ...EVERYTHING }, { ...PATCH, ...patch }).appends).toEqual(appends);
});

test('modules of a role win over those of all nodes, however their names are written', () => {
  const { controlplane } = rendered({
    talosVersion: '1.14',
    kernelModules: [{ name: 'dm-thin-pool', parameters: ['a=1'] }],
    controlPlanes: { kernelModules: [{ name: 'dm_thin_pool' }] },
  });
  const [, ...rest] = documentsIn(controlplane);
  expect(rest).toEqual([
    { apiVersion: 'v1alpha1', kind: 'KernelModuleConfig', name: 'dm-thin-pool', $patch: 'delete' },
    { apiVersion: 'v1alpha1', kind: 'KernelModuleConfig', name: 'dm_thin_pool', parameters: { $patch: 'delete' } },
    { apiVersion: 'v1alpha1', kind: 'KernelModuleConfig', name: 'dm_thin_pool' },
  ]);
});

test('labels that are kept on control planes are set again after one was removed', () => {
  const { all, controlplane } = rendered({
    talosVersion: '1.13',
    nodeLabels: { zone: 'a', pool: 'b', 'node.kubernetes.io/exclude-from-external-load-balancers': null },
    controlPlanes: { nodeLabels: { zone: 'c' } },
  });
  expect(documentsIn(all)).toEqual([{ machine: { nodeLabels: { zone: 'a', pool: 'b' } } }]);
  expect(documentsIn(controlplane)).toEqual([
    { machine: { nodeLabels: { $patch: 'delete' } } },
    { machine: { nodeLabels: { zone: 'c', pool: 'b' } } },
  ]);
});

test('a config of sections that gets its first document of a node keeps the role and the taint of control planes', () => {
  const role = { 'node-role.kubernetes.io/control-plane': '' };
  const taints = { 'node-role.kubernetes.io/control-plane': 'NoSchedule' };
  const nodes = (cluster: Partial<TalosClusterProps>): readonly unknown[] =>
    documentsIn(
      rendered({ talosVersion: '1.14', generatedBy: '1.5', sections: ['cluster.network'], ...cluster }).controlplane,
    )
      .filter(({ kind }) => kind === 'KubeNodeConfig')
      .map(({ labels, taints: own }) => ({ labels, taints: own }));
  expect(nodes({ nodeLabels: { a: 'b' } })).toEqual([{ labels: role, taints }]);
  expect(nodes({ controlPlanes: { nodeAnnotations: { a: 'b' } } })).toEqual([{ labels: role, taints }]);
  expect(nodes({ allowSchedulingOnControlPlanes: true })).toEqual([
    { labels: role, taints },
    { labels: undefined, taints: { 'node-role.kubernetes.io/control-plane': { $patch: 'delete' } } },
  ]);
  expect(nodes({ workers: { nodeLabels: { a: 'b' } } })).toEqual([]);
  // A config of documents has them, unless its user removed them.
  expect(nodes({ nodeLabels: { a: 'b' }, generatedBy: '1.14' })).toEqual([]);
});
