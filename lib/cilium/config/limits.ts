/** What the programs accept as values of their options beyond the types, as data: from the sources named. */
import { parseDuration } from '../../helm/durations';
import { parseGoRegexp } from '../../helm/go-regexp';
import { parseCidr } from '../../kubernetes/cidr';
import type { OptionReader } from '../options';
import { wholeNumber } from './option-types';

/** The keys of `cilium-config`, as the pods read them. */
export type Config = Readonly<Record<string, string>>;

/** The values that a program accepts for some options; it ends with any other. */
export interface Limit {
  readonly program: OptionReader;
  readonly keys: readonly string[];
  /** What is accepted, as in "Use …". */
  readonly accepts: string;
  readonly ok: (text: string) => boolean;
  /** The minors with this limit. Default: all that have the option. */
  readonly minors?: readonly string[];
  /** Where the option counts. Default: everywhere. */
  readonly when?: (config: Config) => boolean;
  /** File and function of Cilium's sources. */
  readonly source: string;
}

type Accepted = Pick<Limit, 'accepts' | 'ok'>;

const MEBI = 1024 ** 2;

/** Whole numbers of a range. What is not a whole number is a matter of the type. */
export function numbers(least: number, most: number = Infinity): Accepted {
  const number = (text: string): number => Number(wholeNumber(text.replace(/\..*$/, '') || '0'));
  return {
    accepts:
      most === Infinity
        ? `a whole number of ${String(least)} or more`
        : `a whole number from ${String(least)} to ${String(most)}`,
    ok: (text) => !(number(text) < least || number(text) > most),
  };
}

function words(...accepted: readonly string[]): Accepted {
  return {
    accepts: accepted
      .filter((word) => word !== '')
      .join(', ')
      .replace(/, ([^,]+)$/, ' or $1'),
    ok: (text) => accepted.includes(text),
  };
}

/** Each item of a list. */
function each({ accepts, ok }: Accepted): Accepted {
  return { accepts: `a list of ${accepts}`, ok: (text) => listOf(text).every(ok) };
}

/** As viper splits lists: by commas; a single item by blanks. */
export function listOf(text: string): readonly string[] {
  return (text.includes(',') ? text.split(',') : text.split(/\s+/))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function durations(least: string, most?: string): Accepted {
  const nanoseconds = (text: string): bigint => parseDuration(/[a-zµμ]/.test(text) ? text : `${text}ns`) ?? -1n;
  return {
    accepts: most === undefined ? `a duration of ${least} or more` : `a duration from ${least} to ${most}`,
    ok: (text) =>
      nanoseconds(text) >= nanoseconds(least) && (most === undefined || nanoseconds(text) <= nanoseconds(most)),
  };
}

function cidr(family: 4 | 6): Accepted {
  return {
    accepts: `an IPv${String(family)} network, such as ${family === 4 ? '10.0.0.0/8' : 'fd00::/64'}`,
    ok: (text) => text === '' || parseCidr(text)?.family === family,
  };
}

const NETWORK: Accepted = { accepts: 'networks', ok: (text) => parseCidr(text) !== undefined };
const EXPRESSION: Accepted = {
  accepts: 'label prefixes that are regular expressions of Go, such as k8s:app',
  ok: (text) => {
    const prefix = text.slice(text.indexOf(':') + 1);
    return prefix !== '' && !('error' in parseGoRegexp(prefix.replace(/^!/, '')));
  },
};
const EVENT_BUFFER: Accepted = {
  accepts: 'buffers such as cilium_ipcache_v2=enabled_1024_1h',
  ok: (text) => {
    const [, ttl = ''] = /^[^=]+=(?:enabled|disabled)_\d+_([^_=]+)$/.exec(text) ?? [];
    return parseDuration(ttl) !== undefined;
  },
};
const PORT_RANGE: Accepted = {
  accepts: 'a first and a higher last port, such as 30000,32767',
  ok: (text) => {
    const ports = text.split(/[\s,]+/).filter((port) => port !== '');
    const [first = 0, last = 0] = ports.map(Number);
    return (
      ports.length === 0 ||
      (ports.length === 2 && ports.every((port) => /^\d{1,5}$/.test(port)) && last <= 65535 && first < last)
    );
  },
};
const PRE_ALLOCATION: Accepted = {
  accepts: 'pairs of a pool and a whole number, such as default=8',
  ok: (text) => /^[^=]+=[-+]?\d{1,10}$/.test(text),
};

const agent = (keys: string, accepted: Accepted, source: string, when?: Limit['when']): Limit => ({
  program: 'agent',
  keys: keys.split(' '),
  ...accepted,
  source,
  ...(when === undefined ? {} : { when }),
});
const operator = (keys: string, accepted: Accepted, source: string, when?: Limit['when']): Limit => ({
  ...agent(keys, accepted, source, when),
  program: 'operator',
});

const isOn =
  (key: string) =>
  (config: Config): boolean =>
    config[key] === 'true';

const MAPS = 'pkg/option/config.go, checkMapSizeLimits';
const LOAD_BALANCER = 'pkg/loadbalancer/config.go, NewConfig';
const POPULATE = 'pkg/option/config.go, Populate';
const VALIDATE = 'pkg/option/config.go, Validate';
const LEADER = 'client-go tools/leaderelection, NewLeaderElector';

/** The limits of all options, apart from what several of them together must fulfil. */
export const LIMITS: readonly Limit[] = [
  // Sizes of BPF maps.
  agent('bpf-auth-map-max', numbers(256, 16 * MEBI), MAPS),
  agent('bpf-ct-global-tcp-max bpf-ct-global-any-max bpf-nat-global-max', numbers(1024, 16 * MEBI), MAPS),
  agent('bpf-fragments-map-max', numbers(256, 65536), MAPS),
  agent('bpf-lb-map-max', numbers(1), LOAD_BALANCER),
  agent(
    'bpf-lb-service-map-max bpf-lb-service-backend-map-max bpf-lb-rev-nat-map-max bpf-lb-affinity-map-max bpf-lb-source-range-map-max bpf-lb-maglev-map-max',
    numbers(0),
    LOAD_BALANCER,
  ),
  agent(
    'bpf-sock-rev-map-max',
    {
      accepts: '0 or a whole number from 1024 to 16777216',
      ok: (text) => ['', '0'].includes(text) || numbers(1024, 16 * MEBI).ok(text),
    },
    LOAD_BALANCER,
  ),
  agent('bpf-node-map-max', numbers(16384), 'pkg/maps/nodemap/cell.go, newNodeMap'),
  agent(
    'bpf-map-dynamic-size-ratio',
    { accepts: 'a number from 0 to 1', ok: (text) => !(Number(text) < 0 || Number(text) > 1) },
    'pkg/option/config.go, calculateBPFMapSizes',
  ),
  agent(
    'nat-map-stats-entries',
    numbers(1, 4096),
    'pkg/maps/nat/stats/stats.go, newStats',
    (config) => !/^0\D*$/.test(config['nat-map-stats-interval'] ?? ''),
  ),
  agent('bpf-map-event-buffers', each(EVENT_BUFFER), 'pkg/option/config.go, ParseEventBufferTupleString'),

  // Load balancing.
  agent('node-port-range', PORT_RANGE, LOAD_BALANCER),
  agent('bpf-lb-algorithm', words('random', 'maglev'), LOAD_BALANCER),
  agent('bpf-lb-mode', words('snat', 'dsr', 'hybrid'), LOAD_BALANCER),
  agent('bpf-lb-dsr-dispatch', words('opt', 'ipip', 'geneve'), LOAD_BALANCER),
  agent(
    'bpf-lb-acceleration',
    words('disabled', 'native', 'best-effort', 'testing-only', ''),
    'pkg/datapath/xdp/cell.go, Cell',
  ),
  agent(
    'bpf-lb-maglev-table-size',
    words('251', '509', '1021', '2039', '4093', '8191', '16381', '32749', '65521', '131071'),
    'pkg/maglev/maglev.go, UserConfig.ToConfig',
  ),
  agent(
    'bpf-lb-maglev-hash-seed',
    { accepts: '12 bytes in base64', ok: (text) => Buffer.from(text, 'base64').length === 12 },
    'pkg/maglev/maglev.go, UserConfig.ToConfig',
  ),
  agent('service-no-backend-response', words('reject', 'drop', ''), POPULATE),
  agent('lb-reflector-wait-time', durations('1ns'), LOAD_BALANCER),
  agent('kube-proxy-replacement', words('true', 'false'), 'pkg/kpr/kpr.go, NewKPRConfig'),

  // Networks and tunnels.
  agent('routing-mode', words('native', 'tunnel'), VALIDATE),
  agent('tunnel-protocol', words('vxlan', 'geneve'), 'pkg/datapath/tunnel/tunnel.go, newConfig'),
  {
    ...agent('underlay-protocol', words('ipv4', 'ipv6'), 'pkg/datapath/tunnel/tunnel.go, newConfig'),
    minors: ['1.18', '1.19'],
  },
  {
    ...agent('underlay-protocol', words('ipv4', 'ipv6', 'auto'), 'pkg/datapath/tunnel/tunnel.go, newConfig'),
    minors: ['1.20'],
  },
  agent(
    'tunnel-source-port-range',
    { accepts: 'two ports such as 0-0', ok: (text) => /^\+?\d{1,5}-\+?\d{1,5}/.test(text) },
    'pkg/datapath/tunnel/tunnel.go, newConfig',
  ),
  agent('ipv4-native-routing-cidr', cidr(4), POPULATE),
  agent('ipv6-native-routing-cidr', cidr(6), POPULATE),
  agent(
    'encryption-strict-mode-cidr',
    { ...cidr(4), ok: (text) => parseCidr(text)?.family === 4 },
    POPULATE,
    isOn('enable-encryption-strict-mode'),
  ),
  agent(
    'encryption-strict-egress-cidr',
    { ...cidr(4), ok: (text) => parseCidr(text)?.family === 4 },
    POPULATE,
    isOn('enable-encryption-strict-mode-egress'),
  ),
  agent('exclude-local-address', each(NETWORK), 'pkg/option/config.go, parseExcludedLocalAddresses'),
  agent(
    'ipv6-cluster-alloc-cidr',
    {
      accepts: 'an IPv6 network with a mask of 64 bits',
      ok: (text) => /\/64$/.test(text) && parseCidr(text)?.family === 6,
    },
    'pkg/option/config.go, validateIPv6ClusterAllocCIDR',
  ),
  agent(
    'bpf-lb-rss-ipv4-src-cidr',
    { ...cidr(4), ok: (text) => cidr(4).ok(text) && !text.endsWith('/0') },
    'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
    isOn('kube-proxy-replacement'),
  ),
  agent(
    'bpf-lb-rss-ipv6-src-cidr',
    { ...cidr(6), ok: (text) => cidr(6).ok(text) && !text.endsWith('/0') },
    'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
    isOn('kube-proxy-replacement'),
  ),
  agent('datapath-mode', words('veth', 'netkit', 'netkit-l2', 'auto', 'lb-only'), 'pkg/datapath/connector/config.go'),
  agent('route-metric mtu', numbers(0), VALIDATE),
  agent('vlan-bpf-bypass', each({ accepts: 'VLAN ids', ok: (text) => /^[-+]?\d{1,18}$/.test(text) }), POPULATE),
  agent(
    'container-ip-local-reserved-ports',
    {
      accepts: 'auto, or ports and ranges such as 8472,10000-10010',
      ok: (text) => ['', 'auto'].includes(text) || /^(\d+(-\d+)?)(,\d+(-\d+)?)*$/.test(text),
    },
    'pkg/option/config.go, validateContainerIPLocalReservedPorts',
  ),
  agent(
    'packetization-layer-pmtud-mode',
    words('always', 'blackhole', 'disabled', 'unset', ''),
    'pkg/mtu/cell.go, parsePLPMTUDMode',
  ),

  // Addresses, identities, clusters.
  agent(
    'ipam',
    words('cluster-pool', 'kubernetes', 'multi-pool', 'crd', 'eni', 'azure', 'alibabacloud', 'delegated-plugin'),
    'pkg/ipam/ipam.go, ConfigureAllocator',
  ),
  agent(
    'ipam-multi-pool-pre-allocation',
    each(PRE_ALLOCATION),
    'pkg/ipam/multipool.go, ParseMultiPoolPreAllocMap',
    (config) => config.ipam === 'multi-pool',
  ),
  agent(
    'identity-allocation-mode',
    words('crd', 'kvstore', 'doublewrite-readkvstore', 'doublewrite-readcrd', ''),
    POPULATE,
  ),
  agent('labels node-labels', each(EXPRESSION), 'pkg/labelsfilter/filter.go, parseLabelPrefix'),
  {
    ...agent('policy-cidr-match-mode', each(words('nodes')), 'pkg/option/config.go, validatePolicyCIDRMatchMode'),
    minors: ['1.18', '1.19'],
  },
  {
    ...agent(
      'policy-cidr-match-mode',
      each(words('nodes', 'pods')),
      'pkg/option/config.go, validatePolicyCIDRMatchMode',
    ),
    minors: ['1.20'],
  },
  agent('policy-deny-response', words('none', 'icmp', ''), POPULATE),
  agent('max-connected-clusters', words('255', '511'), 'pkg/clustermesh/types/types.go, InitClusterIDMax'),
  agent('kvstore-lease-ttl', durations('25s', '24h'), 'pkg/kvstore/cell.go, Validate'),
  operator('kvstore-lease-ttl', durations('25s', '24h'), 'pkg/kvstore/cell.go, Validate'),

  // Monitoring, logging, proxies.
  agent(
    'monitor-aggregation',
    {
      ...words('none', 'lowest', 'low', 'medium', 'maximum'),
      ok: (text) => /^(none|disabled|lowest|low|medium|maximum|max|[0-4]|)$/i.test(text),
    },
    'pkg/option/monitor.go, ParseMonitorAggregationLevel',
  ),
  agent(
    'monitor-aggregation-flags',
    each({
      ...words('none', 'all', 'fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr'),
      ok: (text) => /^(none|all|fin|syn|rst|psh|ack|urg|ece|cwr)$/i.test(text),
    }),
    POPULATE,
  ),
  agent(
    'allow-localhost',
    { ...words('auto', 'always', 'policy'), ok: (text) => /^(auto|always|policy)$/i.test(text) },
    'daemon/cmd/daemon_main.go, initEnv',
  ),
  agent(
    'log-driver',
    { ...each(words('syslog')), accepts: 'syslog, or nothing' },
    'pkg/logging/logging.go, SetupLogging',
  ),
  operator(
    'log-driver',
    { ...each(words('syslog')), accepts: 'syslog, or nothing' },
    'pkg/logging/logging.go, SetupLogging',
  ),
  agent('tofqdns-max-deferred-connection-deletes', numbers(0), POPULATE),

  // The operator.
  operator(
    'gateway-api-service-externaltrafficpolicy',
    words('Cluster', 'Local'),
    'operator/pkg/gateway-api/cell.go, validateExternalTrafficPolicy',
    (config) => config['enable-gateway-api'] === 'true' && config['gateway-api-hostnetwork-enabled'] !== 'true',
  ),
  operator(
    'cilium-endpoint-gc-interval',
    durations('1ns'),
    'operator/cmd/root.go, legacy checks of identity allocation',
    (config) =>
      ['crd', 'doublewrite-readkvstore', 'doublewrite-readcrd'].includes(config['identity-allocation-mode'] ?? ''),
  ),
  operator(
    'leader-election-lease-duration leader-election-renew-deadline leader-election-retry-period',
    durations('1ns'),
    LEADER,
  ),
  operator(
    'ces-rate-limits',
    { accepts: 'a JSON list of objects with nodes, limit and burst', ok: isRateLimits },
    'operator/pkg/ciliumendpointslice/rate_limit.go, parseDynamicRateLimit',
    isOn('enable-cilium-endpoint-slice'),
  ),
];

function isRateLimits(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    return (
      Array.isArray(read) &&
      read.every(
        (one: unknown) =>
          typeof one === 'object' &&
          one !== null &&
          Object.entries(one).every(
            ([key, value]) => /^(nodes|limit|burst)$/i.test(key) && (typeof value === 'number' || value === null),
          ),
      )
    );
  } catch {
    return false;
  }
}
