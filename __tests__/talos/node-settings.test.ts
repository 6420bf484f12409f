import { TalosCluster } from '../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster/cluster';
import { renderTalosPatch } from '../../lib/talos/patch/render';
import type { RenderedTalosPatch } from '../../lib/talos/patch/render';

function rendered(cluster: TalosClusterProps): RenderedTalosPatch {
  return renderTalosPatch({ talos: new TalosCluster(cluster), manifests: [] });
}

/** The files of a patch with nothing but what is asked for; absent ones are left out. */
function files(cluster: TalosClusterProps): Partial<Pick<RenderedTalosPatch, 'controlplane' | 'all' | 'worker'>> {
  const { controlplane, all, worker } = rendered(cluster);
  return Object.fromEntries(Object.entries({ controlplane, all, worker }).filter(([, text]) => text !== undefined));
}

const LEGACY = { talosVersion: '1.13' } as const;
const MULTIDOC = { talosVersion: '1.14' } as const;
/** What makes Talos refuse a config that has sections. */
const DOCUMENTS_ONLY = '---\napiVersion: v1alpha1\nkind: KubeNetworkConfig\n';

test('what is said of control planes and of workers goes to their own files', () => {
  const said = {
    nodeLabels: { zone: 'a' },
    controlPlanes: { nodeLabels: { zone: 'b' } },
    workers: { nodeLabels: { zone: 'c' } },
  };
  expect(files({ ...LEGACY, ...said })).toEqual({
    all: 'machine:\n  nodeLabels:\n    zone: a\n',
    controlplane: 'machine:\n  nodeLabels:\n    zone: b\n',
    worker: 'machine:\n  nodeLabels:\n    zone: c\n',
  });
  const document = (zone: string): string => `apiVersion: v1alpha1\nkind: KubeNodeConfig\nlabels:\n  zone: ${zone}\n`;
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: document('a') + DOCUMENTS_ONLY,
    controlplane: document('b') + DOCUMENTS_ONLY,
    worker: document('c'),
  });
});

test('the report names every file', () => {
  const { report } = rendered({ ...LEGACY, nodeLabels: { a: 'b' }, workers: { installDisk: '/dev/sda' } });
  expect(report.map(({ output, file, objects }) => [output, file, objects])).toEqual([
    ['all', 'all.patch.yaml', 0],
    ['worker', 'worker.patch.yaml', 0],
  ]);
});

test('node-annotations, node-taints: one document with the labels', () => {
  const workers = {
    nodeLabels: { a: 'b' },
    nodeAnnotations: { 'example.org/note': 'any text' },
    nodeTaints: { c: 'd:NoSchedule', e: 'NoExecute' },
  };
  expect(files({ talosVersion: '1.13', workers })).toEqual({
    worker: `machine:
  nodeAnnotations:
    example.org/note: any text
  nodeLabels:
    a: b
  nodeTaints:
    c: d:NoSchedule
    e: NoExecute
`,
  });
  expect(files({ ...MULTIDOC, workers })).toEqual({
    worker: `apiVersion: v1alpha1
kind: KubeNodeConfig
annotations:
  example.org/note: any text
labels:
  a: b
taints:
  c: d:NoSchedule
  e: NoExecute
`,
  });
});

test('sysctls, sysfs', () => {
  const said = { sysctls: { 'net.core.somaxconn': '4096' }, sysfs: { 'block.sda.queue.scheduler': 'none' } };
  expect(files({ ...LEGACY, ...said })).toEqual({
    all: 'machine:\n  sysctls:\n    net.core.somaxconn: "4096"\n  sysfs:\n    block.sda.queue.scheduler: none\n',
  });
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: `apiVersion: v1alpha1
kind: SysctlConfig
params:
  net.core.somaxconn: "4096"
---
apiVersion: v1alpha1
kind: SysfsConfig
params:
  block.sda.queue.scheduler: none
`,
  });
});

test('kernel-modules: a list, or a document each, whose parameters are emptied first, so that those of a role win', () => {
  const module = (name: string): string => `apiVersion: v1alpha1\nkind: KernelModuleConfig\nname: ${name}\n`;
  const emptied = (name: string): string => `${module(name)}parameters:\n  $patch: delete\n`;
  const set = [module('btrfs'), `${module('kvm_intel')}parameters:\n- nested=1\n`];
  const said = { kernelModules: [{ name: 'btrfs' }, { name: 'kvm_intel', parameters: ['nested=1'] }] };
  expect(files({ ...LEGACY, ...said })).toEqual({
    all: `machine:
  kernel:
    modules:
    - name: btrfs
    - name: kvm_intel
      parameters:
      - nested=1
`,
  });
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    all: [module('btrfs'), module('kvm_intel'), emptied('btrfs'), emptied('kvm_intel'), ...set].join('---\n'),
  });
});

test('discovery: off is a word, or the document gone', () => {
  const off = { discovery: { enabled: false } };
  const elsewhere = { discovery: { registries: { service: { endpoint: 'https://discovery.example.org/' } } } };
  const document = 'apiVersion: v1alpha1\nkind: DiscoveryServiceConfig\nname: default\n';
  expect(files({ ...LEGACY, ...off })).toEqual({ all: 'cluster:\n  discovery:\n    enabled: false\n' });
  expect(files({ ...LEGACY, ...elsewhere })).toEqual({
    all: 'cluster:\n  discovery:\n    enabled: true\n    registries:\n      kubernetes:\n        disabled: true\n      service:\n        endpoint: https://discovery.example.org/\n',
  });
  expect(files({ ...MULTIDOC, ...off })).toEqual({
    all: `cluster:\n  discovery:\n    $patch: delete\n---\n${document}$patch: delete\n${DOCUMENTS_ONLY}`,
  });
  expect(files({ ...MULTIDOC, ...elsewhere })).toEqual({
    all: `${document}endpoint: https://discovery.example.org/\n`,
  });
  expect(files({ ...MULTIDOC, discovery: {} })).toEqual({ all: `${document}endpoint: https://discovery.talos.dev/\n` });
});

test('vip: a part of the link up to 1.11, then a document that leaves the link alone; control planes only', () => {
  const said = { vip: { ip: '192.168.0.5', link: 'eth0' } };
  const document = 'apiVersion: v1alpha1\nkind: Layer2VIPConfig\nname: 192.168.0.5\nlink: eth0\n';
  expect(files({ talosVersion: '1.11', ...said })).toEqual({
    controlplane: `machine:
  network:
    interfaces:
    - dhcp: true
      interface: eth0
      vip:
        ip: 192.168.0.5
`,
  });
  expect(files({ talosVersion: '1.12', ...said })).toEqual({ controlplane: document });
  expect(files({ talosVersion: '1.14', generatedBy: '1.13', ...said })).toEqual({ controlplane: document });
  expect(files({ ...MULTIDOC, ...said })).toEqual({ controlplane: document });
});

test('vip: a link by what it is made of gets an alias', () => {
  const said = { vip: { ip: '192.168.0.5', deviceSelector: { hardwareAddr: '00:11:22:33:44:55', driver: 'virtio*' } } };
  expect(files({ talosVersion: '1.11', ...said }).controlplane).toContain(
    '- deviceSelector:\n        driver: virtio*\n        hardwareAddr: "00:11:22:33:44:55"\n      dhcp: true\n',
  );
  expect(files({ talosVersion: '1.12', ...said })).toEqual({
    controlplane: `apiVersion: v1alpha1
kind: LinkAliasConfig
name: vip0
selector:
  match: glob("00:11:22:33:44:55", mac(link.hardware_addr)) && glob("virtio*", link.driver)
---
apiVersion: v1alpha1
kind: Layer2VIPConfig
name: 192.168.0.5
link: vip0
`,
  });
});

test('scheduling: a word, or the taint gone; it is set first, so that it is there to go', () => {
  const taint = (value: string): string =>
    `apiVersion: v1alpha1\nkind: KubeNodeConfig\ntaints:\n  node-role.kubernetes.io/control-plane:${value}\n`;
  const said = (allowSchedulingOnControlPlanes: boolean): object => ({ allowSchedulingOnControlPlanes });
  expect(files({ ...LEGACY, ...said(true) })).toEqual({
    controlplane: 'cluster:\n  allowSchedulingOnControlPlanes: true\n',
  });
  expect(files({ ...LEGACY, ...said(false) })).toEqual({
    controlplane: 'cluster:\n  allowSchedulingOnControlPlanes: false\n',
  });
  expect(files({ ...MULTIDOC, ...said(true) })).toEqual({
    controlplane: `${taint(' NoSchedule')}${DOCUMENTS_ONLY}---\n${taint('\n    $patch: delete')}`,
  });
  expect(files({ ...MULTIDOC, ...said(false) })).toEqual({ controlplane: taint(' NoSchedule') + DOCUMENTS_ONLY });
});

test('what control planes lose stands in one document behind all others', () => {
  const { controlplane = '' } = files({
    ...MULTIDOC,
    allowSchedulingOnControlPlanes: true,
    nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null },
    controlPlanes: { nodeTaints: { a: 'NoSchedule' } },
  });
  const [set = '', lost = '', ...more] = controlplane.replace(DOCUMENTS_ONLY, '').split('---\n');
  expect(set).toContain(
    'exclude-from-external-load-balancers: ""\ntaints:\n  a: NoSchedule\n  node-role.kubernetes.io/control-plane: NoSchedule\n',
  );
  expect(lost.match(/\$patch: delete/g)).toHaveLength(2);
  expect(more).toEqual([]);
});

const POD_SECURITY = `apiVersion: pod-security.admission.config.k8s.io/v1
defaults:
  audit: restricted
  audit-version: latest
  enforce: baseline
  enforce-version: latest
  warn: restricted
  warn-version: latest
exemptions:
  namespaces:
  - kube-system
  - demo
  runtimeClasses: []
  usernames: []
kind: PodSecurityConfiguration
`;

test('pod-security: the configuration goes and comes whole, because its lists would append; of a section the list of plugins', () => {
  const said = { podSecurity: { exemptNamespaces: ['demo'] } };
  const indented = (by: string): string => POD_SECURITY.replace(/^/gm, by).trimEnd() + '\n';
  const list = 'cluster:\n  apiServer:\n    admissionControl:\n';
  const document = 'apiVersion: v1alpha1\nkind: KubeAdmissionControlConfig\nname: PodSecurity\n';
  expect(files({ ...LEGACY, ...said })).toEqual({
    controlplane: `${list}      $patch: delete\n---\n${list}    - name: PodSecurity\n      configuration:\n${indented('        ')}`,
  });
  const set = `${document}configuration:\n${indented('  ')}`;
  expect(files({ ...MULTIDOC, ...said })).toEqual({
    controlplane: `${document}---\n${document}configuration:\n  $patch: delete\n---\n${set}`,
  });
});

test('the report names each section that a patch replaces as a whole, and its file', () => {
  const nodeLabels = { 'node.kubernetes.io/exclude-from-external-load-balancers': null };
  const replaced = (cluster: TalosClusterProps): readonly unknown[] =>
    rendered(cluster).report.flatMap(({ file, replaces }) => (replaces.length === 0 ? [] : [[file, ...replaces]]));
  expect(replaced({ ...LEGACY, nodeLabels })).toEqual([['controlplane.patch.yaml', 'machine.nodeLabels']]);
  expect(replaced({ ...LEGACY, controlPlanes: { nodeLabels } })).toEqual([
    ['controlplane.patch.yaml', 'machine.nodeLabels'],
  ]);
  expect(replaced({ ...LEGACY, nodeLabels: { rack: 'a' } })).toEqual([]);
  expect(
    replaced({ ...LEGACY, talosVersion: '1.11', nameservers: ['1.1.1.1'], timeServers: ['time.example.org'] }),
  ).toEqual([['all.patch.yaml', 'machine.network.nameservers', 'machine.time']]);
  expect(replaced({ ...MULTIDOC, nodeLabels })).toEqual([]);
});

const PROBE = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'probe', namespace: 'demo' },
  spec: {
    selector: { matchLabels: { app: 'probe' } },
    template: {
      metadata: { labels: { app: 'probe' } },
      spec: { hostNetwork: true, containers: [{ name: 'a', image: 'example.org/a:1' }] },
    },
  },
};
const DEMO = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'demo' } };

test.each<[string, TalosClusterProps['podSecurity'], readonly string[]]>([
  ['as generated', undefined, ['talos-patch/pod-security']],
  ['in a namespace that is exempt', { exemptNamespaces: ['demo'] }, []],
  ['where everything is admitted', { enforce: 'privileged' }, []],
  ['in another namespace', { exemptNamespaces: ['other'] }, ['talos-patch/pod-security']],
])('pods that need privileges, %s', (_, podSecurity, ids) => {
  const talos = new TalosCluster({ ...LEGACY, ...(podSecurity === undefined ? {} : { podSecurity }) });
  const { findings } = renderTalosPatch({ talos, manifests: [{ name: '10-a', objects: [DEMO, PROBE] }] });
  expect(findings.map(({ id }) => id)).toEqual(ids);
});

test('a Namespace that nobody makes is labelled as the cluster is', () => {
  const talos = new TalosCluster({ ...LEGACY, podSecurity: { enforce: 'restricted' } });
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'demo' } };
  const { controlplane = '' } = renderTalosPatch({ talos, manifests: [{ name: '10-a', objects: [map] }] });
  expect(controlplane).toContain('pod-security.kubernetes.io/enforce: restricted');
});
