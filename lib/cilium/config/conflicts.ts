/** Options that a program refuses together, as data: from the sources named. */
import { overlaps, parseCidr } from '../../kubernetes/cidr';
import type { OptionReader } from '../options';
import { listOf } from './limits';
import type { Config } from './limits';

/** Options that a program refuses together; it ends. */
export interface Conflict {
  readonly program: OptionReader;
  /** The options concerned. */
  readonly keys: readonly string[];
  readonly minors?: readonly string[];
  readonly when: (config: Config) => boolean;
  /** The fact, in the program's terms, without a full stop. */
  readonly message: string;
  readonly hint: string;
  /** File and function of Cilium's sources. */
  readonly source: string;
}

const on = (config: Config, key: string): boolean => config[key] === 'true';
const off = (config: Config, key: string): boolean => config[key] === 'false';
const number = (config: Config, key: string): number => Number(config[key] ?? 0);
const isFilled = (config: Config, key: string): boolean => (config[key] ?? '') !== '';

/** Nodes of an IPv6 network are numbered with so many bits at most. */
const MOST_BITS = 16;
const LONGEST_MASK = { '4': 32, '6': 128 } as const;

const poolsOf = (config: Config, family: '4' | '6'): readonly string[] =>
  listOf(config[`cluster-pool-ipv${family}-cidr`] ?? '');

function collides(texts: readonly string[]): boolean {
  const networks = texts.map((text) => parseCidr(text));
  return networks.some((one, i) =>
    networks.some((other, j) => j < i && one !== undefined && other !== undefined && overlaps(one, other)),
  );
}

/** All pairs and groups. */
export const CONFLICTS: readonly Conflict[] = [
  {
    program: 'agent',
    keys: ['bpf-events-default-rate-limit', 'bpf-events-default-burst-limit'],
    when: (config) =>
      number(config, 'bpf-events-default-rate-limit') > 0 !== number(config, 'bpf-events-default-burst-limit') > 0,
    message: 'The rate limit and the burst limit of BPF events need each other',
    hint: 'Set both, or neither.',
    source: 'pkg/option/config.go, Populate',
  },
  {
    program: 'agent',
    keys: ['bpf-nat-global-max', 'bpf-ct-global-tcp-max', 'bpf-ct-global-any-max'],
    when: (config) =>
      ['bpf-nat-global-max', 'bpf-ct-global-tcp-max', 'bpf-ct-global-any-max'].every((key) => isFilled(config, key)) &&
      number(config, 'bpf-nat-global-max') !== 524288 &&
      number(config, 'bpf-nat-global-max') >
        number(config, 'bpf-ct-global-tcp-max') + number(config, 'bpf-ct-global-any-max'),
    message: 'The NAT table is larger than both connection tracking tables together',
    hint: 'Use a NAT table of two thirds of the connection tracking tables.',
    source: 'pkg/option/config.go, checkMapSizeLimits',
  },
  {
    program: 'agent',
    keys: ['bpf-distributed-lru', 'bpf-map-dynamic-size-ratio'],
    when: (config) => on(config, 'bpf-distributed-lru') && !(number(config, 'bpf-map-dynamic-size-ratio') > 0),
    message: 'Distributed LRU maps need a dynamic size ratio',
    hint: 'Set a ratio such as 0.0025, or switch distributed LRU maps off.',
    source: 'pkg/option/config.go, calculateBPFMapSizes',
  },
  ...(['agent', 'operator'] as const).map((program): Conflict => ({
    program,
    keys: ['enable-nat46x64-gateway', 'enable-ipv4', 'enable-ipv6'],
    when: (config) =>
      on(config, 'enable-nat46x64-gateway') && (!on(config, 'enable-ipv4') || !on(config, 'enable-ipv6')),
    message: 'The NAT46/NAT64 gateway needs IPv4 and IPv6',
    hint: 'Enable both families, or switch the gateway off.',
    source: 'pkg/option/config.go, Populate',
  })),
  {
    program: 'agent',
    keys: ['bpf-lb-mode-annotation', 'bpf-lb-mode'],
    when: (config) => on(config, 'bpf-lb-mode-annotation') && config['bpf-lb-mode'] === 'hybrid',
    message: 'Load balancer mode hybrid cannot be the default where annotations of Services set the mode',
    hint: 'Use snat or dsr as default, or switch the annotation off.',
    source: 'pkg/loadbalancer/config.go, NewConfig',
  },
  {
    program: 'agent',
    keys: ['bpf-lb-mode-annotation', 'routing-mode', 'tunnel-protocol', 'bpf-lb-dsr-dispatch'],
    when: (config) =>
      on(config, 'kube-proxy-replacement') &&
      on(config, 'bpf-lb-mode-annotation') &&
      config['routing-mode'] === 'tunnel' &&
      (config['tunnel-protocol'] ?? 'vxlan') === 'vxlan' &&
      config['bpf-lb-dsr-dispatch'] !== 'ipip',
    message: 'The annotation for the load balancer mode needs DSR dispatch ipip in VXLAN tunnels',
    hint: 'Use native routing or Geneve, set the DSR dispatch to ipip, or switch the annotation off.',
    minors: ['1.20'],
    source: 'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
  },
  {
    program: 'agent',
    keys: ['bpf-lb-acceleration', 'underlay-protocol'],
    when: (config) =>
      on(config, 'kube-proxy-replacement') &&
      config['routing-mode'] === 'tunnel' &&
      config['underlay-protocol'] === 'ipv6' &&
      !['disabled', ''].includes(config['bpf-lb-acceleration'] ?? ''),
    message: 'XDP acceleration does not work with an IPv6 underlay',
    hint: 'Set the acceleration to disabled, or use IPv4 or native routing.',
    source: 'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
  },
  {
    program: 'agent',
    keys: ['bpf-lb-rss-ipv4-src-cidr', 'bpf-lb-rss-ipv6-src-cidr', 'bpf-lb-mode', 'bpf-lb-dsr-dispatch'],
    when: (config) =>
      on(config, 'kube-proxy-replacement') &&
      (isFilled(config, 'bpf-lb-rss-ipv4-src-cidr') || isFilled(config, 'bpf-lb-rss-ipv6-src-cidr')) &&
      !on(config, 'bpf-lb-mode-annotation') &&
      !(['dsr', 'hybrid'].includes(config['bpf-lb-mode'] ?? '') && config['bpf-lb-dsr-dispatch'] === 'ipip'),
    message: 'RSS source networks need DSR with dispatch ipip',
    hint: 'Set the load balancer mode to dsr and its dispatch to ipip, or remove the networks.',
    source: 'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
  },
  {
    program: 'agent',
    keys: ['underlay-protocol', 'enable-ipv4', 'enable-ipv6'],
    when: (config) =>
      (config['underlay-protocol'] === 'ipv4' && off(config, 'enable-ipv4')) ||
      (config['underlay-protocol'] === 'ipv6' && !on(config, 'enable-ipv6')),
    message: 'The underlay uses an address family that is off',
    hint: 'Enable the family, or change the underlay.',
    minors: ['1.20'],
    source: 'pkg/datapath/tunnel/tunnel.go, newConfig',
  },
  {
    program: 'agent',
    keys: ['install-iptables-rules', 'kube-proxy-replacement', 'enable-bpf-masquerade', 'enable-l7-proxy'],
    when: (config) =>
      off(config, 'install-iptables-rules') &&
      (on(config, 'kube-proxy-replacement') ||
        on(config, 'enable-bpf-masquerade') ||
        (on(config, 'enable-l7-proxy') && !on(config, 'enable-bpf-tproxy'))),
    message: 'kube-proxy replacement, BPF masquerading and the L7 proxy need iptables rules',
    hint: 'Install the iptables rules.',
    minors: ['1.20'],
    source: 'daemon/cmd/daemon.go, initAndValidateDaemonConfig',
  },
  {
    program: 'agent',
    keys: ['install-iptables-rules', 'enable-l7-proxy'],
    when: (config) => off(config, 'install-iptables-rules') && on(config, 'enable-l7-proxy'),
    message: 'The L7 proxy needs iptables rules',
    hint: 'Install the iptables rules, or switch the L7 proxy off.',
    minors: ['1.18', '1.19'],
    source: 'daemon/cmd/daemon_main.go, initEnv',
  },
  {
    program: 'agent',
    keys: ['enable-remote-node-masquerade', 'enable-bpf-masquerade'],
    when: (config) => on(config, 'enable-remote-node-masquerade') && !on(config, 'enable-bpf-masquerade'),
    message: 'Masquerading to remote nodes needs BPF masquerading',
    hint: 'Enable BPF masquerading, or switch masquerading to remote nodes off.',
    minors: ['1.19', '1.20'],
    source: 'daemon/cmd/daemon_main.go, initEnv',
  },
  {
    program: 'agent',
    keys: ['direct-routing-skip-unreachable', 'auto-direct-node-routes'],
    when: (config) => on(config, 'direct-routing-skip-unreachable') && !on(config, 'auto-direct-node-routes'),
    message: 'Unreachable nodes can be skipped only with direct node routes',
    hint: 'Enable auto-direct-node-routes, or remove the other.',
    source: 'pkg/option/config.go, Populate',
  },
  {
    program: 'agent',
    keys: ['local-router-ipv4', 'local-router-ipv6', 'routing-mode'],
    when: (config) =>
      config['routing-mode'] === 'tunnel' &&
      (isFilled(config, 'local-router-ipv4') || isFilled(config, 'local-router-ipv6')),
    message: 'The address of the local router cannot be set with tunnels',
    hint: 'Use native routing, or remove the address.',
    source: 'daemon/cmd/daemon_main.go, initEnv',
  },
  {
    program: 'agent',
    keys: ['local-router-ipv4', 'local-router-ipv6', 'enable-endpoint-routes'],
    when: (config) =>
      config['routing-mode'] === 'native' &&
      !on(config, 'enable-endpoint-routes') &&
      (isFilled(config, 'local-router-ipv4') || isFilled(config, 'local-router-ipv6')),
    message: 'The address of the local router needs endpoint routes',
    hint: 'Set endpointRoutes.enabled to true, or remove the address.',
    minors: ['1.18'],
    source: 'daemon/cmd/daemon_main.go, initEnv',
  },
  {
    program: 'agent',
    keys: ['ipam', 'routing-mode'],
    when: (config) => config.ipam === 'eni' && config['routing-mode'] === 'tunnel',
    message: 'IPAM mode eni does not work with tunnels',
    hint: 'Use native routing.',
    source: 'daemon/cmd/daemon_main.go, initEnv',
  },
  {
    program: 'agent',
    keys: ['ipam', 'enable-endpoint-health-checking', 'local-router-ipv4', 'local-router-ipv6', 'enable-envoy-config'],
    when: (config) =>
      config.ipam === 'delegated-plugin' &&
      ((on(config, 'enable-ipv4') && !isFilled(config, 'local-router-ipv4')) ||
        (on(config, 'enable-ipv6') && !isFilled(config, 'local-router-ipv6')) ||
        !off(config, 'enable-endpoint-health-checking') ||
        on(config, 'enable-envoy-config')),
    message:
      'A delegated IPAM plugin needs the address of the local router, and neither health checks of endpoints nor Envoy configuration',
    hint: 'Set local-router-ipv4 and local-router-ipv6 for the families that are on, and switch the others off.',
    source: 'pkg/option/config.go, checkIPAMDelegatedPlugin',
  },
  {
    program: 'agent',
    keys: ['enable-ipsec', 'enable-l7-proxy', 'dnsproxy-enable-transparent-mode'],
    when: (config) =>
      on(config, 'enable-ipsec') &&
      on(config, 'enable-l7-proxy') &&
      !on(config, 'dnsproxy-enable-transparent-mode') &&
      !on(config, 'dnsproxy-insecure-skip-transparent-mode-check'),
    message: 'IPsec with the L7 proxy needs the transparent mode of the DNS proxy',
    hint: 'Enable the transparent mode.',
    source: 'daemon/cmd/daemon.go, initAndValidateDaemonConfig',
  },
  {
    program: 'agent',
    keys: ['hubble-redact-http-headers-allow', 'hubble-redact-http-headers-deny'],
    when: (config) =>
      listOf(config['hubble-redact-http-headers-allow'] ?? '').length > 0 &&
      listOf(config['hubble-redact-http-headers-deny'] ?? '').length > 0,
    message: 'Hubble redacts HTTP headers by one list only',
    hint: 'Set either the allowed or the denied headers.',
    source: 'pkg/hubble/parser/cell/config.go, validate',
  },
  {
    program: 'agent',
    keys: ['hubble-metrics', 'hubble-dynamic-metrics-config-path'],
    when: (config) => isFilled(config, 'hubble-metrics') && isFilled(config, 'hubble-dynamic-metrics-config-path'),
    message: 'Hubble metrics are either static or dynamic',
    hint: 'Remove one of the two.',
    source: 'pkg/hubble/metrics/cell/cell.go, Validate',
  },
  {
    program: 'agent',
    keys: ['enable-bbr-hostns-only', 'enable-bbr'],
    when: (config) =>
      on(config, 'enable-bandwidth-manager') && on(config, 'enable-bbr-hostns-only') && !on(config, 'enable-bbr'),
    message: 'BBR for the host namespace needs BBR',
    hint: 'Enable BBR too, or remove the other.',
    source: 'pkg/datapath/linux/bandwidth/bandwidth.go, probe',
  },
  {
    program: 'agent',
    keys: ['enable-dynamic-lifecycle-manager', 'enable-dynamic-config'],
    when: (config) => on(config, 'enable-dynamic-lifecycle-manager') && !on(config, 'enable-dynamic-config'),
    message: 'The dynamic lifecycle manager needs dynamic configuration',
    hint: 'Enable dynamic configuration too.',
    source: 'pkg/dynamiclifecycle/watcher.go',
  },
  {
    program: 'agent',
    keys: ['ipam', 'egress-masquerade-interfaces', 'enable-bpf-masquerade', 'enable-ipv4-masquerade'],
    when: (config) =>
      !['cluster-pool', 'kubernetes', ''].includes(config.ipam ?? '') &&
      !on(config, 'enable-bpf-masquerade') &&
      ((on(config, 'enable-ipv4') && on(config, 'enable-ipv4-masquerade')) ||
        (on(config, 'enable-ipv6') && on(config, 'enable-ipv6-masquerade'))) &&
      listOf(config['egress-masquerade-interfaces'] ?? '').length === 0,
    message: 'Masquerading by iptables needs egress interfaces with IPAM modes other than cluster-pool and kubernetes',
    hint: 'Set bpf.masquerade to true, or egressMasqueradeInterfaces, or switch masquerading off.',
    minors: ['1.19', '1.20'],
    source: 'pkg/datapath/iptables/iptables.go, newIptablesManager',
  },
  {
    program: 'agent',
    keys: ['enable-l2-pod-announcements', 'l2-pod-announcements-interface', 'l2-pod-announcements-interface-pattern'],
    when: (config) =>
      on(config, 'enable-l2-pod-announcements') &&
      !isFilled(config, 'l2-pod-announcements-interface') &&
      !isFilled(config, 'l2-pod-announcements-interface-pattern'),
    message: 'Announcements of pods on layer 2 need a pattern for the interfaces',
    hint: 'Set l2podAnnouncements.interfacePattern.',
    source: 'pkg/datapath/gneigh/processor.go, newGNeighProcessor',
  },
  {
    program: 'agent',
    keys: ['cluster-id', 'cluster-name'],
    when: (config) => number(config, 'cluster-id') > 0 && config['cluster-name'] === 'default',
    message: 'A cluster with an id needs a name other than default',
    hint: 'Give the cluster a name of its own, or leave its id at 0.',
    source: 'pkg/clustermesh/types/option.go, ValidateStrict',
  },
  ...(['agent', 'operator'] as const).map((program): Conflict => ({
    program,
    keys: ['cluster-id', 'max-connected-clusters'],
    when: (config) => number(config, 'cluster-id') > 255 && (config['max-connected-clusters'] ?? '255') === '255',
    message: 'The id of the cluster is above 255, and the mesh has at most 255 clusters',
    hint: 'Use an id of 0 to 255, or set clustermesh.maxConnectedClusters to 511 in all clusters.',
    source: 'pkg/clustermesh/types/option.go, ValidateClusterID',
  })),
  ...(['4', '6'] as const).flatMap((family): readonly Conflict[] => [
    {
      program: 'operator',
      keys: [`cluster-pool-ipv${family}-cidr`],
      when: (config) => config.ipam === 'cluster-pool' && collides(poolsOf(config, family)),
      message: `The IPv${family} networks of the cluster pool overlap`,
      hint: 'List each network once, and none that lies in another.',
      source: 'operator/pkg/ipam/allocator/clusterpool/cidralloc/cidralloc.go, NewCIDRSets',
    },
    {
      program: 'operator',
      keys: [`cluster-pool-ipv${family}-cidr`],
      when: (config) =>
        config.ipam === 'cluster-pool' &&
        on(config, `enable-ipv${family}`) &&
        poolsOf(config, family).some((text) => !text.includes('/') || String(parseCidr(text)?.family) !== family),
      message: `The cluster pool lists what is not an IPv${family} network`,
      hint: `List networks such as ${family === '4' ? '10.0.0.0/8' : 'fd00::/104'}.`,
      source: 'operator/pkg/ipam/allocator/clusterpool/cidralloc/cidralloc.go, NewCIDRSets',
    },
    {
      program: 'operator',
      keys: [`cluster-pool-ipv${family}-mask-size`, `cluster-pool-ipv${family}-cidr`],
      when: (config) => {
        const mask = number(config, `cluster-pool-ipv${family}-mask-size`);
        const lengths = poolsOf(config, family).map((text) => Number(text.split('/')[1]));
        return (
          config.ipam === 'cluster-pool' &&
          on(config, `enable-ipv${family}`) &&
          (mask > LONGEST_MASK[family] || (family === '6' && lengths.some((length) => mask - length > MOST_BITS)))
        );
      },
      message: `The mask of nodes does not fit the networks of the IPv${family} cluster pool`,
      hint: `Use a mask of at most ${String(LONGEST_MASK[family])} bits${family === '6' ? `, and ${String(MOST_BITS)} more than the networks have` : ''}.`,
      source: 'pkg/ipam/cidrset/cidr_set.go, NewCIDRSet',
    },
  ]),
  {
    program: 'operator',
    keys: ['leader-election-lease-duration', 'leader-election-renew-deadline', 'leader-election-retry-period'],
    when: leasesTooShort,
    message:
      'The lease of the leader must be longer than the renew deadline, and that longer than 1.2 times the retry period',
    hint: 'Use the defaults 15s, 10s and 2s, or the same proportions.',
    source: 'client-go tools/leaderelection, NewLeaderElector',
  },
];

function leasesTooShort(config: Config): boolean {
  const seconds = (key: string, preset: number): number => {
    const [, amount, unit = ''] = /^([\d.]+)(ms|s|m|h)$/.exec(config[key] ?? '') ?? [];
    return amount === undefined ? preset : Number(amount) * ({ ms: 0.001, s: 1, m: 60, h: 3600 }[unit] ?? 1);
  };
  const lease = seconds('leader-election-lease-duration', 15);
  const renew = seconds('leader-election-renew-deadline', 10);
  const retry = seconds('leader-election-retry-period', 2);
  return lease <= renew || renew <= retry * 1.2;
}
