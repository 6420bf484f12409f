import { CiliumError } from '../../lib/findings';
import { TalosCluster } from '../../lib/talos/cluster';
import type { TalosClusterProps } from '../../lib/talos/cluster';
import { TALOS_MINORS, defaultKubernetes, runsKubernetes, talosHas, talosMinor } from '../../lib/talos/versions';

function refused(props: Partial<TalosClusterProps> | Record<string, unknown>): readonly (readonly [string, ...string[]])[] {
  try {
    new TalosCluster({ talosVersion: '1.13', ...props } as TalosClusterProps);
  } catch (error) {
    if (error instanceof CiliumError) return error.findings.map(({ id, at }) => [id.replace('talos-cluster/', ''), ...at] as const);
    throw error;
  }
  return [];
}

test('what is not said is as Talos generates it', () => {
  const talos = new TalosCluster({ talosVersion: '1.13' });
  expect(talos).toMatchObject({
    talosVersion: '1.13',
    configStyle: 'legacy',
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

test('the style follows the version, unless it is said', () => {
  const style = (props: TalosClusterProps): string => new TalosCluster(props).configStyle;
  expect(TALOS_MINORS.map((talosVersion) => style({ talosVersion }))).toEqual(['legacy', 'legacy', 'legacy', 'multidoc']);
  expect(style({ talosVersion: '1.14.2', configStyle: 'legacy' })).toBe('legacy');
});

test('it is a frozen copy: later changes of the props change nothing', () => {
  const podSubnets = ['10.0.0.0/16'];
  const props = { talosVersion: '1.13', podSubnets, hostDNS: { enabled: undefined, forwardKubeDNSToHost: false } } as const;
  const talos = new TalosCluster(props);
  podSubnets.push('nonsense');
  expect(talos.podSubnets).toEqual(['10.0.0.0/16']);
  expect(talos.hostDNS).toEqual({ enabled: true, forwardKubeDNSToHost: false, resolveMemberNames: false });
  expect(Object.isFrozen(talos) && Object.isFrozen(talos.podSubnets) && Object.isFrozen(talos.given.hostDNS)).toBe(true);
  expect(Object.isFrozen(props.hostDNS)).toBe(false);
});

test('KubeSpan is on when it is spoken of', () => {
  expect(new TalosCluster({ talosVersion: '1.13', kubeSpan: {} }).kubeSpan).toMatchObject({
    enabled: true,
    mtu: 1420,
    advertiseKubernetesNetworks: false,
  });
});

test('host DNS that is off takes its wishes along', () => {
  expect(new TalosCluster({ talosVersion: '1.13', hostDNS: { enabled: false } }).hostDNS).toEqual({
    enabled: false,
    forwardKubeDNSToHost: false,
    resolveMemberNames: false,
  });
});

test.each<[string, Record<string, unknown>, readonly string[]]>([
  ['an unsupported minor', { talosVersion: '1.10' }, ['version']],
  ['an unsupported minor, and no style', { talosVersion: '1.10', configStyle: 'multi' }, ['style', 'version']],
  ['a minor to come', { talosVersion: '1.15' }, ['version']],
  ['a prerelease', { talosVersion: '1.14.0-rc.1' }, ['version']],
  ['documents before their time', { talosVersion: '1.13', configStyle: 'multidoc' }, ['style']],
  ['no style', { configStyle: 'both' }, ['style']],
  ['an older Kubernetes than Talos runs', { kubernetesVersion: '1.30.1' }, ['kubernetes-version']],
  ['a newer Kubernetes than Talos runs', { kubernetesVersion: '1.37' }, ['kubernetes-version']],
  ['no Kubernetes version', { kubernetesVersion: 'latest' }, ['kubernetes-version']],
  ['a pod subnet without prefix', { podSubnets: ['10.0.0.0'] }, ['subnet']],
  ['a pod subnet with host bits', { podSubnets: ['10.0.0.1/16'] }, ['subnet']],
  ['no pod subnet at all', { podSubnets: [] }, ['subnet-count', 'subnet-families']],
  ['two subnets of a family', { podSubnets: ['10.0.0.0/16', '10.1.0.0/16'] }, ['subnet-count', 'subnet-families']],
  ['pods of another family than services', { podSubnets: ['fd00::/56'] }, ['subnet-families']],
  ['pods and services in one network', { podSubnets: ['10.96.0.0/16'] }, ['subnet-overlap']],
  ['too small a pod subnet', { podSubnets: ['10.0.0.0/25'] }, ['node-mask']],
  ['too large a pod subnet', { podSubnets: ['10.0.0.0/7'] }, ['node-mask', 'subnet-overlap']],
  ['too large a service subnet', { serviceSubnets: ['172.0.0.0/11'] }, ['service-subnet-size']],
  ['no prefix length', { nodeCIDRMaskSizeIPv4: 33 }, ['node-mask']],
  ['a mask for a family that is not there', { nodeCIDRMaskSizeIPv6: 64 }, ['node-mask']],
  ['no port', { kubePrism: { port: 70000 } }, ['kube-prism-port']],
  ['forwarding to a cache that is off', { hostDNS: { enabled: false, forwardKubeDNSToHost: true } }, ['host-dns']],
  ['member names from a cache that is off', { hostDNS: { enabled: false, resolveMemberNames: true } }, ['host-dns']],
  ['a nameserver by name', { nameservers: ['dns.example.org'] }, ['nameserver']],
  ['a nameserver as URL', { nameservers: ['tls://1.1.1.1'] }, ['nameserver']],
  ['a nameserver with a port', { nameservers: ['1.1.1.1:53'] }, ['nameserver']],
  ['a nameserver with an empty link', { nameservers: ['fe80::1%'] }, ['nameserver']],
  ['a nameserver of IPv4 with a link', { nameservers: ['192.168.0.1%eth0'] }, ['nameserver']],
  ['a nameserver twice', { nameservers: ['1.1.1.1', '1.1.1.1'] }, ['repeated']],
  ['a time server as URL', { timeServers: ['ntp://time.example.org'] }, ['time-server']],
  ['too small an MTU', { kubeSpan: { mtu: 1279 } }, ['kubespan-mtu']],
  ['no network as filter', { kubeSpan: { filters: { endpoints: ['!lan'] } } }, ['network']],
  ['an excluded address without prefix', { kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.1'] } } }, ['network']],
  [
    'exclusions before their time',
    { talosVersion: '1.12.3', kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    ['kubespan-exclude'],
  ],
  [
    'exclusions on a minor without a patch',
    { talosVersion: '1.12', kubeSpan: { filters: { excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
    ['kubespan-exclude'],
  ],
  ['no device', { installDisk: 'sda' }, ['install-disk']],
  ['a device that breaks out of its expression', { installDisk: '/dev/a" || true || "' }, ['install-disk']],
  ['no label key', { nodeLabels: { 'a/b/c': '' } }, ['node-label']],
  ['no label value', { nodeLabels: { a: 'not a value' } }, ['node-label']],
  ['a label taken away that may not be there', { nodeLabels: { 'example.org/a': null } }, ['node-label']],
])('%s is refused', (_, props, rules) => {
  expect(refused(props).map(([rule]) => rule)).toEqual(rules);
});

test.each<[string, Record<string, unknown>]>([
  ['a release', { talosVersion: '1.12.11' }],
  [
    'exclusions in time',
    { talosVersion: '1.12.4', kubeSpan: { filters: { endpoints: ['!192.168.0.0/16'], excludeAdvertisedNetworks: ['10.0.0.0/8'] } } },
  ],
  [
    'two families',
    { podSubnets: ['fd00:10::/56', '10.0.0.0/16'], serviceSubnets: ['10.200.0.0/16', 'fd00:20::/108'], nodeCIDRMaskSizeIPv6: 72 },
  ],
  ['the oldest Kubernetes', { kubernetesVersion: '1.31' }],
  ['servers', { nameservers: ['1.1.1.1', '2606:4700:4700::1111'], timeServers: ['time.cloudflare.com', '10.0.0.1', 'fd00::1'] }],
  [
    'a label taken away',
    { nodeLabels: { 'node.kubernetes.io/exclude-from-external-load-balancers': null, 'example.org/zone': 'a', plain: '' } },
  ],
])('%s is accepted', (_, props) => {
  expect(refused(props)).toEqual([]);
});

test('all problems come at once, with their places', () => {
  expect(
    refused({
      podSubnets: ['10.96.0.0/16'],
      nameservers: ['x'],
      kubeSpan: { mtu: 0 },
      hostDNS: { enabled: false, forwardKubeDNSToHost: true },
    }),
  ).toEqual([
    ['subnet-overlap', 'talos.podSubnets[0]', 'talos.serviceSubnets[0]'],
    ['host-dns', 'talos.hostDNS.forwardKubeDNSToHost', 'talos.hostDNS.enabled'],
    ['nameserver', 'talos.nameservers[0]'],
    ['kubespan-mtu', 'talos.kubeSpan.mtu'],
  ]);
});

test('a minor alone stands for its first release', () => {
  expect(
    ['1.11', '1.12', '1.12.3', '1.12.4', '1.12.11', '1.13'].map((version) => talosHas(version, 'kubespan-announces-node-pod-cidrs')),
  ).toEqual([false, false, false, true, true, true]);
  expect(['1.13.9', '1.14', '1.14.0'].map((version) => talosHas(version, 'kubernetes-documents'))).toEqual([false, true, true]);
});

test('every minor runs the Kubernetes that it installs', () => {
  expect(TALOS_MINORS.every((minor) => runsKubernetes(minor, defaultKubernetes(minor)))).toBe(true);
  expect([talosMinor('1.12.4'), talosMinor('1.1'), talosMinor('1.12.4-beta'), talosMinor('v1.12')]).toEqual([
    '1.12',
    undefined,
    undefined,
    undefined,
  ]);
});
