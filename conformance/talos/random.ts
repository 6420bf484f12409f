import fc from 'fast-check';
import type { NodeProps, TalosClusterProps } from '../../lib/talos/cluster/cluster';
import type { DiscoveryProps } from '../../lib/talos/cluster/discovery';
import type { KernelModuleProps } from '../../lib/talos/cluster/kernel-modules';
import type { IngressFirewallProps } from '../../lib/talos/cluster/ingress-firewall-props';
import type { KubeSpanProps } from '../../lib/talos/cluster/kubespan';
import type { PodSecurityProps } from '../../lib/talos/cluster/pod-security';
import type { VirtualIPProps } from '../../lib/talos/cluster/vip';
import { NODE_PORTS } from '../../lib/talos/cluster/node-ports';
import { talosHas } from '../../lib/talos/cluster/versions';
import type { Case, WantedFacts } from './case';
import { EXCLUDED } from './combinations';
import type { Combination } from './combinations';
import { runs } from './targets';
import type { Target } from './targets';

/*
 * Random clusters and patches: all settings, in any valid combination. All must be accepted by the library and by
 * Talos. The expected result follows from the settings, without the library.
 */

type Cluster = Omit<TalosClusterProps, 'talosVersion'>;

/** A target for each combination; one seed, one list. */
export function randomCombinations(
  targets: readonly Target[],
  count: number,
  seed: number,
): readonly [Target, Combination][] {
  const one = fc.constantFrom(...targets).chain((target) => fc.tuple(fc.constant(target), clusters(target), patches));
  return fc
    .sample(one, { numRuns: count, seed })
    .map(([target, cluster, patch], i) => [
      target,
      combinationOf(`random ${String(seed)}/${String(i)}`, cluster, patch),
    ]);
}

/** Each prop given or not. */
const some = <T extends object>(props: {
  readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>>;
}): fc.Arbitrary<T> => fc.record(props, { requiredKeys: [] }) as unknown as fc.Arbitrary<T>;
const listOf = <T>(items: readonly T[], minLength = 1): fc.Arbitrary<readonly T[]> =>
  fc.subarray([...items], { minLength }).chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
const mapOf = (keys: readonly string[], values: fc.Arbitrary<string>): fc.Arbitrary<Readonly<Record<string, string>>> =>
  listOf(keys).chain((names) =>
    fc
      .array(values, { minLength: names.length, maxLength: names.length })
      .map((list) => Object.fromEntries(names.map((name, i) => [name, list[i] ?? '']))),
  );

/** Pod and service subnets of one family, which never meet, and a share for a node. */
const IPV4 = fc
  .tuple(fc.integer({ min: 10, max: 26 }), fc.integer({ min: 0, max: 16 }), fc.integer({ min: 13, max: 28 }))
  .map(([prefix, more, services]) => ({
    pods: `10.128.0.0/${String(prefix)}`,
    mask: Math.min(prefix + more, 30),
    services: `172.16.0.0/${String(services)}`,
  }));
const IPV6 = fc
  .tuple(fc.integer({ min: 48, max: 100 }), fc.integer({ min: 0, max: 16 }), fc.integer({ min: 108, max: 124 }))
  .map(([prefix, more, services]) => ({
    pods: `fd10:a::/${String(prefix)}`,
    mask: prefix + more,
    services: `fd20:b::/${String(services)}`,
  }));

const networks: fc.Arbitrary<Cluster> = fc
  .tuple(IPV4, IPV6, fc.constantFrom('none', '4', '6', '46', '64'))
  .map(([four, six, families]) => {
    if (families === 'none') return {};
    const used = [...families].map((family) => (family === '4' ? four : six));
    return {
      podSubnets: used.map(({ pods }) => pods),
      serviceSubnets: used.map(({ services }) => services),
      ...(families.includes('4') ? { nodeCIDRMaskSizeIPv4: four.mask } : {}),
      ...(families.includes('6') ? { nodeCIDRMaskSizeIPv6: six.mask } : {}),
    };
  });

const freePort = fc
  .oneof(fc.constantFrom(7445, 7446, 6444, 16443), fc.integer({ min: 1, max: 65535 }))
  .filter((port) => !NODE_PORTS.some((one) => one.port === port) && ![4240, 9234, 9890, 9891].includes(port));

const hostDNS = fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()).map(([enabled, forward, names]) => ({
  enabled,
  forwardKubeDNSToHost: enabled && forward,
  resolveMemberNames: enabled && names,
}));

const CIDRS = ['0.0.0.0/0', '::/0', '192.168.0.0/16', 'fd99::/64', '203.0.113.7/32'];

const kubeSpan = ({ talosVersion }: Target): fc.Arbitrary<KubeSpanProps> =>
  some<KubeSpanProps>({
    enabled: fc.boolean(),
    advertiseKubernetesNetworks: fc.boolean(),
    allowDownPeerBypass: fc.boolean(),
    harvestExtraEndpoints: fc.boolean(),
    mtu: fc.integer({ min: 1280, max: 8920 }),
    filters: some({
      endpoints: listOf([...CIDRS, ...CIDRS.slice(2).map((text) => `!${text}`)]),
      excludeAdvertisedNetworks: talosHas(talosVersion, 'kubespan-exclude-advertised-networks')
        ? listOf(['192.168.0.0/16', 'fd99::/64'])
        : fc.constant([]),
    }),
  });

const ports = fc
  .tuple(fc.integer({ min: 1, max: 60000 }), fc.integer({ min: 0, max: 5000 }), fc.constantFrom('TCP', 'UDP'))
  .map(([first, more, protocol]) => `${String(first)}${more === 0 ? '' : `-${String(first + more)}`}/${protocol}`);

const extraRules = (name: string): fc.Arbitrary<IngressFirewallProps['extra']> =>
  fc
    .record(
      {
        name: fc.constant(name),
        ports: fc.array(ports, { minLength: 1, maxLength: 4 }),
        from: fc.subarray(['cluster', ...CIDRS], { minLength: 1 }),
      },
      { requiredKeys: ['name', 'ports'] },
    )
    .map((rule) => [rule]);

const ingressFirewall: fc.Arbitrary<IngressFirewallProps> = fc.record(
  {
    nodeNetworks: fc.subarray(CIDRS, { minLength: 1 }),
    controlPlaneNetworks: fc.subarray(CIDRS),
    apiFrom: fc.subarray(CIDRS),
    meshNodeNetworks: fc.subarray(CIDRS),
    kubernetesApiPort: fc.integer({ min: 1, max: 65535 }),
    metrics: fc.boolean(),
    extra: extraRules('more'),
    extraOnControlPlanes: extraRules('on-role'),
    extraOnWorkers: extraRules('on-role'),
  },
  { requiredKeys: ['nodeNetworks'] },
);

const discovery = (target: Target, kubernetes: boolean): fc.Arbitrary<DiscoveryProps> =>
  fc.constantFrom<DiscoveryProps>(
    {},
    { enabled: true },
    { enabled: false },
    { registries: { service: {} } },
    { registries: { service: { endpoint: 'https://discovery.example.org:8443/' } } },
    { registries: { service: { disabled: false, endpoint: 'http://10.9.9.9/' } } },
    ...(kubernetes && !runs(target, '1.14')
      ? [{ registries: { service: { disabled: true }, kubernetes: { disabled: false } } }]
      : []),
  );

const vip: fc.Arbitrary<VirtualIPProps> = fc
  .tuple(
    fc.constantFrom('192.168.7.9', 'fd99::9', '203.0.113.9'),
    fc.oneof(
      fc.constantFrom('eth0', 'enp0s2.5', 'br-lan', 'bond0').map((link) => ({ link })),
      fc
        .subarray(
          [
            ['hardwareAddr', '00:11:22:33:44:55'],
            ['permanentAddr', '00:11:*'],
            ['busPath', '0000:06:00.0'],
            ['pciID', '8086:1533'],
            ['driver', 'virtio*'],
          ] as const,
          { minLength: 1 },
        )
        .map((entries) => ({ deviceSelector: Object.fromEntries(entries) })),
    ),
  )
  .map(([ip, link]) => ({ ip, ...link }));

const level = fc.constantFrom('privileged' as const, 'baseline' as const, 'restricted' as const);
const podSecurity = some<PodSecurityProps>({
  enforce: level,
  audit: level,
  warn: level,
  exemptNamespaces: listOf(['demo', 'rook-ceph', '1e3', 'on']),
});

/** Text that YAML may read as another type. */
const TEXTS = fc.constantFrom('a', 'true', 'off', '0x10', '1e3', '0o17', '007', '1_000', 'null', '2026-01-01', '1.10');
const LABELS = ['example.org/zone', 'plain', 'topology.kubernetes.io/zone', 'on', '1e3'];
const MODULES: fc.Arbitrary<readonly KernelModuleProps[]> = listOf([
  'btrfs',
  'dm-thin-pool',
  'kvm_intel',
  'nvidia',
]).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      listOf(['nested=1', 'ept', 'mode=0x1f'], 0).map((list) =>
        list.length === 0 ? { name } : { name, parameters: list },
      ),
    ),
  ),
);

/** Without `bgp`, which only Talos 1.14 has: see `NODE_COMBINATIONS`. */
const nodes = (labels: fc.Arbitrary<Readonly<Record<string, string | null>>>): fc.Arbitrary<NodeProps> =>
  some<Omit<NodeProps, 'bgp'>>({
    nodeLabels: labels,
    nodeAnnotations: mapOf(
      ['example.org/note', 'plain', 'y'],
      fc.oneof(TEXTS, fc.string({ unit: 'grapheme', minLength: 1 })),
    ),
    nodeTaints: mapOf(
      ['example.org/some', 'dedicated', 'no'],
      fc
        .tuple(
          fc.constantFrom('', 'a:', 'true:', '1e3:', ':'),
          fc.constantFrom('NoSchedule', 'NoExecute', 'PreferNoSchedule'),
        )
        .map((parts) => parts.join('')),
    ),
    sysctls: mapOf(
      ['net.core.somaxconn', 'net/ipv4/conf/eth0.5/arp_filter', 'vm.nr_hugepages', 'net.ipv4.tcp_rmem'],
      fc.constantFrom('1', '4096', '4096 131072 6291456'),
    ),
    sysfs: mapOf(['devices.system.cpu.cpu0.cpufreq.scaling_governor', 'block.sda.queue.scheduler'], TEXTS),
    kernelModules: MODULES,
    installDisk: fc.constantFrom('/dev/sda', '/dev/disk/by-id/ata-disk_1', '/dev/nvme0n1'),
    links: listOf(['eth0', 'enp0s2.5', 'br-lan', 'bond0']),
    maxPods: fc.integer({ min: 1, max: 500 }),
    nodeIP: fc.subarray(['!192.168.7.9', '!10.9.0.0/16', '!fd99::/64']).map((validSubnets) => ({ validSubnets })),
  });

/** Networks of the families of services, in their order, before those that are excluded. */
function withNetworks(props: NodeProps, { serviceSubnets = ['10.96.0.0/12'] }: Cluster): NodeProps {
  if (props.nodeIP === undefined) return props;
  const networks = serviceSubnets.map((subnet) => (subnet.includes(':') ? '::/0' : '0.0.0.0/0'));
  return { ...props, nodeIP: { validSubnets: [...networks, ...(props.nodeIP.validSubnets ?? [])] } };
}

const added = mapOf(LABELS, TEXTS);
const maybeExcluded = fc
  .tuple(added, fc.boolean())
  .map(([labels, gone]) => (gone ? { ...labels, [EXCLUDED]: null } : labels));

type Settings = Pick<
  Cluster,
  | 'kubePrism'
  | 'hostDNS'
  | 'nameservers'
  | 'timeServers'
  | 'ingressFirewall'
  | 'kubeSpan'
  | 'vip'
  | 'allowSchedulingOnControlPlanes'
  | 'podSecurity'
  | 'dnsDomain'
  | 'controlPlanes'
  | 'workers'
>;

const clusters = (target: Target): fc.Arbitrary<Cluster> =>
  fc
    .tuple(
      networks,
      fc.boolean(),
      nodes(maybeExcluded),
      some<Settings>({
        kubePrism: some({ enabled: fc.boolean(), port: freePort }),
        hostDNS,
        nameservers: listOf(['9.9.9.9', '2620:fe::fe', '192.168.7.1']),
        timeServers: listOf(['time.example.org', '192.168.7.2', '2001:db8::123']),
        kubeSpan: kubeSpan(target),
        ingressFirewall,
        vip,
        allowSchedulingOnControlPlanes: fc.boolean(),
        podSecurity,
        dnsDomain: fc.constantFrom('cluster.local', 'home.example.org', 'on'),
        controlPlanes: nodes(maybeExcluded),
        workers: nodes(added),
      }),
    )
    .chain(([subnets, old, node, rest]) => {
      const isOld = old && !runs(target, '1.14');
      const { controlPlanes, workers } = rest;
      const cluster: Cluster = {
        ...withNetworks(node, subnets),
        ...rest,
        ...(controlPlanes === undefined ? {} : { controlPlanes: withNetworks(controlPlanes, subnets) }),
        ...(workers === undefined ? {} : { workers: withNetworks(workers, subnets) }),
        ...subnets,
        ...(isOld ? { kubernetesVersion: '1.31' } : {}),
      };
      return fc.option(discovery(target, isOld), { nil: undefined }).map((found) => {
        const meshNeedsIt = cluster.kubeSpan !== undefined && (cluster.kubeSpan.enabled ?? true);
        const isOn = found !== undefined && found.enabled !== false && found.registries?.service?.disabled !== true;
        return found === undefined || (meshNeedsIt && !isOn) ? cluster : { ...cluster, discovery: found };
      });
    });

type Patch = NonNullable<Combination['patch']>;

const patches: fc.Arbitrary<Patch> = fc
  .tuple(
    some<Pick<Patch, 'cilium' | 'replace' | 'manifests'>>({
      cilium: fc.boolean().map((kubeProxyReplacement) => ({ kubeProxyReplacement })),
      replace: fc.boolean(),
      manifests: fc.constant([]),
    }),
    fc.constantFrom<Readonly<Record<string, string>> | undefined>(
      undefined,
      {},
      { Accept: 'text/yaml', 'X-Some': 'on' },
    ),
    listOf(['50-more', '60.more', '0']),
    fc.boolean(),
  )
  .map(([patch, headers, names, external]): Patch =>
    external
      ? {
          ...patch,
          externalManifests: names.map((name) => ({
            name,
            url: `https://example.org/${name}.yaml?a=b#c`,
            ...(headers === undefined ? {} : { headers }),
          })),
        }
      : patch,
  );

function combinationOf(name: string, cluster: Cluster, patch: Patch): Combination {
  return { name, cluster, patch, facts: () => wanted(cluster) };
}

function wanted(cluster: Cluster): Case['expect']['facts'] {
  const node = (own: NodeProps = {}): WantedFacts => {
    const both = <T>(
      of: (props: NodeProps) => Readonly<Record<string, T>> | undefined,
    ): Readonly<Record<string, T>> => ({
      ...of(cluster),
      ...of(own),
    });
    const labels = Object.entries(both((props) => props.nodeLabels)).filter(
      ([, value]) => value !== null || own === cluster.controlPlanes,
    );
    return {
      labels: Object.fromEntries(labels),
      annotations: both((props) => props.nodeAnnotations),
      taints: both((props) => props.nodeTaints),
      sysctls: both((props) => props.sysctls),
      sysfs: both((props) => props.sysfs),
      modules: modulesOf(cluster, own),
      ...(cluster.dnsDomain === undefined ? {} : { dnsDomain: cluster.dnsDomain }),
      ...(own.maxPods === undefined && cluster.maxPods === undefined
        ? {}
        : { maxPods: own.maxPods ?? cluster.maxPods }),
      ...(own.nodeIP === undefined && cluster.nodeIP === undefined
        ? {}
        : { nodeIPs: (own.nodeIP ?? cluster.nodeIP)?.validSubnets }),
      ...(cluster.podSubnets === undefined
        ? {}
        : { podSubnets: cluster.podSubnets, serviceSubnets: cluster.serviceSubnets }),
      ...(cluster.hostDNS === undefined
        ? {}
        : {
            hostDNS: Object.entries(cluster.hostDNS)
              .flatMap(([name, isOn]) => (isOn === true ? [name] : []))
              .sort(),
          }),
      ...(cluster.kubePrism === undefined
        ? {}
        : { kubePrism: cluster.kubePrism.enabled === false ? 0 : (cluster.kubePrism.port ?? 7445) }),
    } as WantedFacts;
  };
  const { allowSchedulingOnControlPlanes: schedulable, podSecurity: security, vip: shared } = cluster;
  return {
    controlplane: {
      ...node(cluster.controlPlanes),
      ...(schedulable === undefined ? {} : { schedulable }),
      ...(security === undefined
        ? {}
        : {
            podSecurity: { exemptions: { namespaces: ['kube-system', ...(security.exemptNamespaces ?? [])] } } as never,
          }),
    },
    worker: { ...node(cluster.workers), ...(shared === undefined ? {} : { vips: [] }) },
  };
}

/** Modules of a role win over those of all nodes. */
function modulesOf(...props: readonly NodeProps[]): readonly string[] {
  const all = props.flatMap(({ kernelModules = [] }) => kernelModules);
  return [...new Map(all.map(({ name, parameters = [] }) => [name, [name, ...parameters].join(' ')])).values()];
}
