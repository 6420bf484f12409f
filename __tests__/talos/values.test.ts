import { CILIUM_VERSIONS } from '../../imports/cilium-chart';
import { resolveValues } from '../../lib/cilium/values';
import { TalosCluster } from '../../lib/talos/cluster/cluster';
import { kubeSpanValues, talosValues } from '../../lib/cilium/talos-values';

const talos = new TalosCluster({ talosVersion: '1.13' });

test('values for Talos contain only what Talos needs', () => {
  expect(talosValues(talos)).toEqual({
    cgroup: { autoMount: { enabled: false }, hostRoot: '/sys/fs/cgroup' },
    ipam: { mode: 'kubernetes' },
    k8sServiceHost: 'localhost',
    k8sServicePort: 7445,
    kubeProxyReplacement: true,
    securityContext: {
      capabilities: {
        ciliumAgent: [
          'CHOWN',
          'KILL',
          'NET_ADMIN',
          'NET_RAW',
          'IPC_LOCK',
          'SYS_ADMIN',
          'SYS_RESOURCE',
          'DAC_OVERRIDE',
          'FOWNER',
          'SETGID',
          'SETUID',
        ],
        cleanCiliumState: ['NET_ADMIN', 'SYS_ADMIN', 'SYS_RESOURCE'],
      },
    },
  });
});

test.each(CILIUM_VERSIONS)(
  'the agent gets the capabilities of the chart of %s, without those that Talos never grants',
  (version) => {
    const { v } = resolveValues({ version });
    const chart = v.securityContext?.capabilities;
    const ours = talosValues(talos, version).securityContext?.capabilities;
    const granted = (list: unknown): unknown =>
      (list as readonly string[]).filter((name) => !['SYS_MODULE', 'SYS_BOOT'].includes(name));
    expect(ours?.ciliumAgent).toEqual(granted(chart?.ciliumAgent));
    expect(ours?.cleanCiliumState).toEqual(granted(chart?.cleanCiliumState));
  },
);

test('every value is known to every version', () => {
  const cluster = new TalosCluster({
    talosVersion: '1.13',
    podSubnets: ['fd00:10::/56', '10.244.0.0/16'],
    serviceSubnets: ['10.96.0.0/12', 'fd00:20::/108'],
    kubeSpan: {},
  });
  for (const version of CILIUM_VERSIONS) {
    for (const values of [talosValues(cluster, version), kubeSpanValues(cluster)]) {
      expect(resolveValues({ version, values }).findings).toEqual([]);
    }
  }
});

test('Cilium uses the port of KubePrism; without KubePrism kube-proxy stays', () => {
  const values = (kubePrism: object): object => talosValues(new TalosCluster({ talosVersion: '1.13', kubePrism }));
  expect(values({ port: 7446 })).toMatchObject({ k8sServicePort: 7446 });
  expect(Object.keys(values({ enabled: false }))).toEqual(['cgroup', 'ipam', 'securityContext']);
});

test('Cilium has the address families of the pods', () => {
  const families = (podSubnets: readonly string[], serviceSubnets: readonly string[]): unknown => {
    const { ipv4, ipv6 } = talosValues(new TalosCluster({ talosVersion: '1.13', podSubnets, serviceSubnets }));
    return { ipv4, ipv6 };
  };
  expect(families(['10.0.0.0/16'], ['10.96.0.0/12'])).toEqual({});
  expect(families(['10.0.0.0/16', 'fd00:10::/56'], ['10.96.0.0/12', 'fd00:20::/108'])).toEqual({
    ipv6: { enabled: true },
  });
  expect(families(['fd00:10::/56'], ['fd00:20::/108'])).toEqual({ ipv4: { enabled: false }, ipv6: { enabled: true } });
});

test('values for native routing through KubeSpan', () => {
  const cluster = new TalosCluster({
    talosVersion: '1.13',
    podSubnets: ['10.10.0.0/16', 'fd00:10::/56'],
    serviceSubnets: ['10.96.0.0/12', 'fd00:20::/108'],
    kubeSpan: { mtu: 1370, advertiseKubernetesNetworks: true },
  });
  expect(kubeSpanValues(cluster)).toEqual({
    MTU: 1370,
    autoDirectNodeRoutes: false,
    bpf: { hostLegacyRouting: true },
    encryption: { nodeEncryption: false },
    ipam: { mode: 'kubernetes' },
    ipv4NativeRoutingCIDR: '10.10.0.0/16',
    ipv6NativeRoutingCIDR: 'fd00:10::/56',
    loadBalancer: { acceleration: 'disabled' },
    routingMode: 'native',
  });
  expect(kubeSpanValues(talos)).toMatchObject({ MTU: 1420, ipv4NativeRoutingCIDR: '10.244.0.0/16' });
});

test("values have the cluster's DNS domain where it is not the default", () => {
  const hubble = (dnsDomain: string): unknown =>
    talosValues(new TalosCluster({ talosVersion: '1.13', dnsDomain })).hubble;
  expect(hubble('home.example.org')).toEqual({ peerService: { clusterDomain: 'home.example.org' } });
  expect(hubble('cluster.local')).toBeUndefined();
});
