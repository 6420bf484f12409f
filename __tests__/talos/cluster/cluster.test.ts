import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../../lib/kubernetes/types';
import { TalosCluster } from '../../../lib/talos/cluster/cluster';
import type { TalosClusterProps } from '../../../lib/talos/cluster/cluster';
import { SETTINGS } from '../../../lib/talos/cluster/settings';
import { LEGACY, MULTIDOC, files, findingsOf, judged, judges } from './harness';
import type { Props } from './harness';

test('the defaults are what Talos generates', () => {
  const talos = new TalosCluster({ talosVersion: '1.13' });
  expect(talos).toMatchObject({
    talosVersion: '1.13',
    generatedBy: '1.13',
    kubernetesVersion: '1.36.3',
    podSubnets: ['10.244.0.0/16'],
    serviceSubnets: ['10.96.0.0/12'],
    nodeCIDRMaskSizeIPv4: 24,
    nodeCIDRMaskSizeIPv6: 64,
    kubePrism: { enabled: true, port: 7445 },
    hostDNS: { enabled: true, forwardKubeDNSToHost: true, resolveMemberNames: false },
    kubeSpan: undefined,
    nodeLabels: {},
  });
  expect(talos.given).toEqual({ talosVersion: '1.13' });
});

test.each([
  ['1.5.5', false, false, false],
  ['1.6', true, false, false],
  ['1.7', true, true, false],
  ['1.8', true, true, true],
  ['1.13', true, true, true],
] as const)('defaults are what Talos %s generates', (generatedBy, kubePrism, hostDNS, forwards) => {
  const talos = new TalosCluster({ talosVersion: '1.13', generatedBy });
  expect([talos.kubePrism.enabled, talos.hostDNS.enabled, talos.hostDNS.forwardKubeDNSToHost]).toEqual([
    kubePrism,
    hostDNS,
    forwards,
  ]);
  const given = new TalosCluster({ talosVersion: '1.13', generatedBy, kubePrism: {}, hostDNS: {} });
  expect([given.kubePrism.enabled, given.hostDNS.enabled, given.hostDNS.forwardKubeDNSToHost]).toEqual([
    true,
    true,
    true,
  ]);
});

test('a cluster is a frozen copy: later changes of the props change nothing', () => {
  const podSubnets = ['10.0.0.0/16'];
  const props = {
    talosVersion: '1.13',
    podSubnets,
    hostDNS: { enabled: undefined, forwardKubeDNSToHost: false },
  } as const;
  const talos = new TalosCluster(props);
  podSubnets.push('nonsense');
  expect(talos.podSubnets).toEqual(['10.0.0.0/16']);
  expect(talos.hostDNS).toEqual({ enabled: true, forwardKubeDNSToHost: false, resolveMemberNames: false });
  expect(Object.isFrozen(talos) && Object.isFrozen(talos.podSubnets) && Object.isFrozen(talos.given.hostDNS)).toBe(
    true,
  );
  expect(Object.isFrozen(props.hostDNS)).toBe(false);
});

test('a patch of a cluster without settings has no file', () => {
  expect(files(LEGACY)).toEqual({});
  expect(files(MULTIDOC)).toEqual({});
});

test('every setting has its own name, file and test', () => {
  const names = SETTINGS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const root = join(__dirname, '..', '..', '..');
  const paths = names.flatMap((name) => [`lib/talos/cluster/${name}.ts`, `__tests__/talos/cluster/${name}.test.ts`]);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

const role: KubernetesObject = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'a' },
  rules: [],
};
const external = [{ name: '50-b', url: 'https://example.org/b.yaml', headers: { Accept: 'text/yaml' } }];

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
  'each document appears once with every setting on Talos %s',
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

judges([
  ['an unknown name', { nameserver: ['1.1.1.1'] }, 'error unknown-prop nameserver'],
  [
    'an unknown name inside a prop',
    { kubeSpan: { filters: { endpoint: [] } } },
    'error unknown-prop kubeSpan.filters.endpoint',
  ],
  ['an unknown name of workers', { workers: { nodeLabel: {} } }, 'error unknown-prop workers.nodeLabel'],
  [
    'an unknown name in a list',
    { kernelModules: [{ name: 'btrfs', params: [] }] },
    'error unknown-prop kernelModules[0].params',
  ],
  [
    'a prop of the cluster under workers',
    { workers: { podSubnets: ['10.0.0.0/16'] } },
    'error unknown-prop workers.podSubnets',
  ],
  ['a string in place of a list', { nameservers: '1.1.1.1' }, 'error type nameservers'],
  ['a list in place of a string', { kubernetesVersion: ['1.34'] }, 'error type kubernetesVersion'],
  ['a number in a list of strings', { timeServers: [1] }, 'error type timeServers[0]'],
  [
    'a string in place of a boolean',
    { allowSchedulingOnControlPlanes: 'true' },
    'error type allowSchedulingOnControlPlanes',
  ],
  ['a string in place of a number', { kubeSpan: { mtu: '1420' } }, 'error type kubeSpan.mtu'],
  ['a boolean in place of props', { kubePrism: false }, 'error type kubePrism'],
  ['a map in place of a list', { kernelModules: { name: 'btrfs' } }, 'error type kernelModules'],
  ['a list in place of a map', { sysctls: ['a.b=1'] }, 'error type sysctls'],
  [
    'a number as a sysctl value',
    { sysctls: { 'net.core.somaxconn': 4096 } },
    "error type sysctls['net.core.somaxconn']",
  ],
  ['null as an annotation', { nodeAnnotations: { a: null } }, 'error type nodeAnnotations.a'],
  ['a missing version', { talosVersion: undefined }, 'error missing talosVersion'],
  ['a VIP without an address', { vip: { link: 'eth0' } }, 'error missing vip.ip'],
  ['a module without a name', { kernelModules: [{}] }, 'error missing kernelModules[0].name'],
  ['sections that are not a list', { sections: 'cluster.network' }, 'error type sections'],
  ['no props but the version', {}],
]);

test('all problems are reported at once, with their paths', () => {
  const props: Props = {
    podSubnets: ['10.96.0.0/16'],
    nameservers: ['x'],
    kubeSpan: { mtu: 0 },
    hostDNS: { enabled: false, forwardKubeDNSToHost: true },
  };
  expect(findingsOf(props).map(({ id, paths }) => [id, ...paths])).toEqual([
    ['talos-cluster/subnet-overlap', 'talos.podSubnets[0]', 'talos.serviceSubnets[0]'],
    ['talos-cluster/host-dns', 'talos.hostDNS.forwardKubeDNSToHost', 'talos.hostDNS.enabled'],
    ['talos-cluster/nameserver', 'talos.nameservers[0]'],
    ['talos-cluster/kubespan-mtu', 'talos.kubeSpan.mtu'],
  ]);
});

test('unknown names and wrong types are reported at once, before any rule runs', () => {
  expect(judged({ podSubnets: 'x', kubePrism: { prot: 1 }, workers: { sysctls: { a: 1 } } })).toEqual([
    'error type podSubnets',
    'error unknown-prop kubePrism.prot',
    'error type workers.sysctls.a',
  ]);
});

test('hints of unknown names give the name or the place that is meant', () => {
  const hint = (props: Props): string | undefined => findingsOf(props)[0]?.hint;
  expect(hint({ nameserver: [] })).toBe('Did you mean `nameservers`?');
  expect(hint({ workers: { nodelabels: {} } })).toBe('Did you mean `nodeLabels`?');
  expect(hint({ kubeSpan: { filters: { peerEndpoints: [] } } })).toContain('from Talos 1.15 on');
  expect(hint({ workerNodeLabels: {} })).toBe('Write `workers: { nodeLabels: … }`.');
  expect(hint({ proxy: {} })).toContain('kubeProxyReplacement');
});

test('documents and sections of 1.14 are refused alike', () => {
  const wrong = { kubeSpan: {}, discovery: { enabled: false }, vip: { ip: '10.96.0.1', link: 'eth0' } };
  const documents = judged({ talosVersion: '1.14', ...wrong });
  expect(documents).toEqual(['error vip-in-subnet vip.ip', 'error kubespan-discovery kubeSpan.enabled']);
  expect(judged({ talosVersion: '1.14', generatedBy: '1.13', ...wrong })).toEqual(documents);
});
