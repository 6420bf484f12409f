import type { KubernetesObject } from '../../lib/kubernetes/types';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { TalosPatchInput } from '../../lib/talos/patch/input';
import type { RenderedTalosPatch } from '../../lib/talos/patch/render';
import { SETTINGS } from '../../lib/talos/cluster/settings';

type Files = Partial<Pick<RenderedTalosPatch, 'controlplane' | 'all' | 'worker'>>;

/** The files of a patch with nothing but what is asked for; absent ones are left out. */
function files(cluster: TalosClusterProps, patch: Partial<TalosPatchInput> = {}): Files {
  const { controlplane, all, worker } = renderTalosPatch({ talos: new TalosCluster(cluster), manifests: [], ...patch });
  return Object.fromEntries(Object.entries({ controlplane, all, worker }).filter(([, text]) => text !== undefined));
}

const LEGACY = { talosVersion: '1.13' } as const;
const MULTIDOC = { talosVersion: '1.14' } as const;
/** What makes Talos refuse a config that has sections. */
const DOCUMENTS_ONLY = '---\napiVersion: v1alpha1\nkind: KubeNetworkConfig\n';

test('nothing said is no file', () => {
  expect(files(LEGACY)).toEqual({});
  expect(files(MULTIDOC)).toEqual({});
});

/** Another CNI has URLs or arguments, which go first. */
const NO_CNI = 'cluster:\n  network:\n    cni:\n      $patch: delete\n---\n';

test('cni: Cilium is the only one', () => {
  const patch = { cilium: { kubeProxyReplacement: false } };
  expect(files(LEGACY, patch)).toEqual({ controlplane: `${NO_CNI}cluster:\n  network:\n    cni:\n      name: none\n` });
  expect(files(MULTIDOC, patch)).toEqual({
    controlplane: `apiVersion: v1alpha1\nkind: KubeFlannelCNIConfig\n$patch: delete\n${DOCUMENTS_ONLY}`,
  });
});

test('kube-proxy: goes when Cilium takes its place', () => {
  const patch = { cilium: { kubeProxyReplacement: true } };
  expect(files(LEGACY, patch)).toEqual({
    controlplane: `${NO_CNI}cluster:
  network:
    cni:
      name: none
  proxy:
    disabled: true
`,
  });
  expect(files(MULTIDOC, patch)).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeFlannelCNIConfig
$patch: delete
---
apiVersion: v1alpha1
kind: KubeProxyConfig
enabled: false
${DOCUMENTS_ONLY}`,
  });
});

const config: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'kube-system' },
  data: { b: 'c\nd\n' },
};
const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'a' },
  rules: [],
};

test('inline-manifests: a list item, or a document', () => {
  const patch = { manifests: [{ name: '10-a', objects: [config, role] }] };
  expect(files(LEGACY, patch)).toEqual({
    controlplane: `cluster:
  inlineManifests:
  - name: 10-a
    contents: |
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
        namespace: kube-system
      data:
        b: |
          c
          d
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata:
        name: a
      rules: []
`,
  });
  expect(files(MULTIDOC, { manifests: [{ name: '10-a', objects: [role] }] })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeInlineManifestConfig
name: 10-a
manifest: |
  apiVersion: rbac.authorization.k8s.io/v1
  kind: ClusterRole
  metadata:
    name: a
  rules: []
${DOCUMENTS_ONLY}`,
  });
});

test('inline-manifests: replace empties the list first; documents need nothing', () => {
  const patch = { manifests: [{ name: '10-a', objects: [role] }], cilium: { kubeProxyReplacement: false } };
  const { controlplane = '' } = files(LEGACY, { ...patch, replace: true });
  expect(controlplane.split('---\n')[0]).toBe(
    'cluster:\n  inlineManifests:\n    $patch: delete\n  network:\n    cni:\n      $patch: delete\n',
  );
  expect(NO_CNI + controlplane.slice(controlplane.indexOf('---\n') + 4)).toBe(files(LEGACY, patch).controlplane);
  expect(files(MULTIDOC, { ...patch, replace: true })).toEqual(files(MULTIDOC, patch));
});

const external = [{ name: '50-b', url: 'https://example.org/b.yaml', headers: { Accept: 'text/yaml' } }];

test('external-manifests: URLs with common headers, or documents', () => {
  expect(files(LEGACY, { externalManifests: external, replace: true })).toEqual({
    controlplane: `cluster:
  extraManifestHeaders:
    $patch: delete
  extraManifests:
    $patch: delete
---
cluster:
  extraManifestHeaders:
    Accept: text/yaml
  extraManifests:
  - https://example.org/b.yaml
`,
  });
  expect(files(MULTIDOC, { externalManifests: external, replace: true })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: KubeExternalManifestConfig
name: 50-b
headers:
  Accept: text/yaml
url: https://example.org/b.yaml
${DOCUMENTS_ONLY}`,
  });
});

test('kube-prism: off is a word, or the document gone', () => {
  const on = { kubePrism: { port: 7446 } };
  const off = { kubePrism: { enabled: false } };
  expect(files({ ...LEGACY, ...on })).toEqual({
    all: 'machine:\n  features:\n    kubePrism:\n      enabled: true\n      port: 7446\n',
  });
  expect(files({ ...LEGACY, ...off })).toEqual({
    all: 'machine:\n  features:\n    kubePrism:\n      enabled: false\n',
  });
  expect(files({ ...MULTIDOC, ...on })).toEqual({ all: 'apiVersion: v1alpha1\nkind: KubePrismConfig\nport: 7446\n' });
  expect(files({ ...MULTIDOC, ...off })).toEqual({
    all: `machine:\n  features:\n    kubePrism:\n      $patch: delete\n---\napiVersion: v1alpha1\nkind: KubePrismConfig\n$patch: delete\n${DOCUMENTS_ONLY}`,
  });
});

test('host-dns: what is generated does not contradict, and member names are written only when they are given', () => {
  const off = { hostDNS: { enabled: false } };
  expect(files({ ...LEGACY, ...off })).toEqual({
    all: `machine:
  features:
    hostDNS:
      enabled: false
      forwardKubeDNSToHost: false
      resolveMemberNames: false
`,
  });
  expect(files({ ...MULTIDOC, hostDNS: { forwardKubeDNSToHost: false } })).toEqual({
    all: `apiVersion: v1alpha1
kind: ResolverConfig
hostDNS:
  enabled: true
  forwardKubeDNSToHost: false
`,
  });
});

const NO_NAMESERVERS = 'machine:\n  network:\n    nameservers:\n      $patch: delete\n---\n';

test('nameservers: a document as soon as Talos knows it, whatever generated the config; one document with host DNS', () => {
  const said = { nameservers: ['1.1.1.1', 'fd00::53'] };
  const document =
    'apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n- address: 1.1.1.1\n- address: fd00::53\n';
  const emptied = 'apiVersion: v1alpha1\nkind: ResolverConfig\nnameservers:\n  $patch: delete\n';
  // From 1.14 on a file may hold a document more than once.
  const anew = ['apiVersion: v1alpha1\nkind: ResolverConfig\n', emptied, document].join('---\n');
  expect(files({ talosVersion: '1.11', ...said })).toEqual({
    all: `${NO_NAMESERVERS}machine:\n  network:\n    nameservers:\n    - 1.1.1.1\n    - fd00::53\n`,
  });
  expect(files({ talosVersion: '1.12', ...said })).toEqual({ all: NO_NAMESERVERS + document });
  expect(files({ talosVersion: '1.13', ...said })).toEqual({ all: document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.12', ...said })).toEqual({ all: NO_NAMESERVERS + anew });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...said })).toEqual({ all: anew });
  expect(files({ ...MULTIDOC, ...said })).toEqual({ all: anew });
  expect(files({ ...MULTIDOC, ...said, hostDNS: {} })).toEqual({
    all: `apiVersion: v1alpha1
kind: ResolverConfig
---
${emptied}---
apiVersion: v1alpha1
kind: ResolverConfig
hostDNS:
  enabled: true
  forwardKubeDNSToHost: true
nameservers:
- address: 1.1.1.1
- address: fd00::53
`,
  });
});

test('time: a document as soon as Talos knows it, whatever generated the config', () => {
  const said = { timeServers: ['time.cloudflare.com'] };
  const document = 'apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp:\n  servers:\n  - time.cloudflare.com\n';
  const emptied = 'apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp:\n  servers:\n    $patch: delete\n';
  const section = 'machine:\n  time:\n    $patch: delete\n---\n';
  expect(files({ talosVersion: '1.11', ...said })).toEqual({
    all: `${section}machine:\n  time:\n    servers:\n    - time.cloudflare.com\n`,
  });
  expect(files({ talosVersion: '1.12', ...said })).toEqual({ all: section + document });
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: section + ['apiVersion: v1alpha1\nkind: TimeSyncConfig\nntp: {}\n', emptied, document].join('---\n'),
  });
});

test('kubespan: a document as soon as Talos knows it, whatever generated the config; only what was said', () => {
  const said = { kubeSpan: { advertiseKubernetesNetworks: true, filters: { endpoints: ['!10.0.0.0/8'] } } };
  const document = `apiVersion: v1alpha1
kind: KubeSpanConfig
advertiseKubernetesNetworks: true
enabled: true
filters:
  endpoints:
  - "!10.0.0.0/8"
`;
  const emptied = 'apiVersion: v1alpha1\nkind: KubeSpanConfig\nfilters:\n  endpoints:\n    $patch: delete\n';
  const section = 'machine:\n  network:\n    kubespan:\n      $patch: delete\n---\n';
  expect(files({ talosVersion: '1.12', ...said })).toEqual({
    all: `${section}machine:
  network:
    kubespan:
      advertiseKubernetesNetworks: true
      enabled: true
      filters:
        endpoints:
        - "!10.0.0.0/8"
`,
  });
  const anew = ['apiVersion: v1alpha1\nkind: KubeSpanConfig\nfilters: {}\n', emptied, document].join('---\n');
  expect(files({ talosVersion: '1.13', ...said })).toEqual({ all: document });
  expect(files({ talosVersion: '1.13', generatedBy: '1.12', ...said })).toEqual({ all: section + document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...said })).toEqual({ all: anew });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', sections: ['machine.network.kubespan'], ...said })).toEqual(
    {
      all: section + anew,
    },
  );
  expect(files({ ...MULTIDOC, ...said })).toEqual({ all: anew });
});

test('node-labels: new ones on all nodes, one taken from the control planes; what can be deleted only where it is goes with all or is set first', () => {
  const said = { nodeLabels: { zone: 'a', 'node.kubernetes.io/exclude-from-external-load-balancers': null } };
  expect(files({ ...LEGACY, ...said })).toEqual({
    all: 'machine:\n  nodeLabels:\n    zone: a\n',
    controlplane: `machine:
  nodeLabels:
    $patch: delete
---
machine:
  nodeLabels:
    zone: a
`,
  });
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: `apiVersion: v1alpha1\nkind: KubeNodeConfig\nlabels:\n  zone: a\n${DOCUMENTS_ONLY}`,
    controlplane: `apiVersion: v1alpha1
kind: KubeNodeConfig
labels:
  node.kubernetes.io/exclude-from-external-load-balancers: ""
${DOCUMENTS_ONLY}---
apiVersion: v1alpha1
kind: KubeNodeConfig
labels:
  node.kubernetes.io/exclude-from-external-load-balancers:
    $patch: delete
`,
  });
});

test('subnets and node masks', () => {
  const said = { podSubnets: ['10.10.0.0/16'], nodeCIDRMaskSizeIPv4: 25 };
  expect(files({ ...LEGACY, ...said })).toEqual({
    all: 'cluster:\n  network:\n    podSubnets:\n    - 10.10.0.0/16\n',
    controlplane: 'cluster:\n  controllerManager:\n    extraArgs:\n      node-cidr-mask-size-ipv4: "25"\n',
  });
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeNetworkConfig\nnodeCIDRMaskSizeIPv4: 25\npodSubnets:\n- 10.10.0.0/16\n',
  });
});

test('install-disk: by path, or by a link to it', () => {
  expect(files({ ...LEGACY, installDisk: '/dev/sda' })).toEqual({ all: 'machine:\n  install:\n    disk: /dev/sda\n' });
  const match = (installDisk: string): string => files({ ...MULTIDOC, installDisk }).all ?? '';
  expect(match('/dev/sda')).toBe(`apiVersion: v1alpha1
kind: UnattendedInstallConfig
provisioning:
  diskSelector:
    match: disk.dev_path == "/dev/sda"
  wipe: false
`);
  expect(match('/dev/disk/by-id/x')).toContain(`match: '"/dev/disk/by-id/x" in disk.symlinks'\n`);
});

const NODE = {
  nodeAnnotations: { 'example.org/note': 'any text' },
  nodeTaints: { 'example.org/taint': 'a:NoSchedule' },
  sysctls: { 'net.core.somaxconn': '4096' },
  sysfs: { 'block.sda.queue.scheduler': 'none' },
  kernelModules: [{ name: 'btrfs' }],
  installDisk: '/dev/sda',
};

const EVERYTHING: Omit<TalosClusterProps, 'talosVersion'> = {
  podSubnets: ['10.10.0.0/16'],
  serviceSubnets: ['10.20.0.0/16'],
  nodeCIDRMaskSizeIPv4: 25,
  kubePrism: {},
  hostDNS: {},
  nameservers: ['1.1.1.1'],
  timeServers: ['time.cloudflare.com'],
  kubeSpan: {},
  discovery: {},
  vip: { ip: '192.168.0.5', deviceSelector: { driver: 'virtio_net' } },
  allowSchedulingOnControlPlanes: true,
  podSecurity: {},
  nodeLabels: { a: 'b', 'node.kubernetes.io/exclude-from-external-load-balancers': null },
  ...NODE,
  controlPlanes: { ...NODE, nodeLabels: { c: 'd' } },
  workers: { ...NODE, nodeLabels: { e: 'f' } },
};

const documentsOf = (text: string): readonly string[] => text.split(/^---\n/m);
/** What identifies a document: kind and name. */
const identityOf = (text: string): string =>
  [/^kind: (.*)$/m, /^name: (.*)$/m].map((line) => line.exec(text)?.[1] ?? '').join('/');

test.each(['1.11', '1.12.4', '1.13', '1.14'] as const)(
  'each document appears once when everything is set: %s',
  (talosVersion) => {
    for (const generatedBy of talosVersion === '1.14' ? (['1.13', '1.14'] as const) : [talosVersion]) {
      const patch = {
        manifests: [{ name: '10-a', objects: [role] }],
        externalManifests: external,
        cilium: { kubeProxyReplacement: true },
      };
      const { controlplane = '', all = '', worker = '' } = files({ talosVersion, generatedBy, ...EVERYTHING }, patch);
      for (const text of [controlplane, all, worker]) {
        // Deletes stand alone, before all or behind all; from 1.14 on what they empty comes before them as well.
        const documents = documentsOf(text);
        const emptied = documents.filter((document) => document.includes('$patch: delete')).map(identityOf);
        const identities = documents
          .filter((document) => !document.includes('$patch: delete') || /^(cluster|machine):/.test(document))
          .map(identityOf)
          .filter(
            (id, i, ids) =>
              !(talosVersion === '1.14' && emptied.includes(id) && ids.indexOf(id) === i && ids.includes(id, i + 1)),
          )
          .filter((id, i, ids) => !(id === '/' && i === 0 && ids.indexOf('/', 1) !== -1));
        expect(new Set(identities).size).toBe(identities.length);
      }
      expect(all + worker).not.toMatch(
        /cni|proxy|inlineManifests|Flannel|Manifest|Admission|vip|VIP|controlPlane|control-plane/,
      );
      const sections = (text: string): boolean => /^(cluster|machine):/m.test(text);
      // The time has one that can be deleted from every config.
      if (generatedBy === '1.14')
        expect(
          [controlplane, all.replace('machine:\n  time:\n    $patch: delete\n', ''), worker].map(sections),
        ).toEqual([false, false, false]);
    }
  },
);

test('every setting has its own name', () => {
  const names = SETTINGS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('kubespan: a filter without networks is not written, because older releases do not know all of them', () => {
  const kubeSpan = { filters: { endpoints: [], excludeAdvertisedNetworks: [] } };
  expect(files({ talosVersion: '1.12', kubeSpan })).toEqual({
    all: 'machine:\n  network:\n    kubespan:\n      enabled: true\n',
  });
  expect(files({ talosVersion: '1.13', kubeSpan })).toEqual({
    all: 'apiVersion: v1alpha1\nkind: KubeSpanConfig\nenabled: true\n',
  });
});
