/** What the programs accept as values of their options beyond the types, as data: from the sources named. */
import { parseDuration } from '../../helm/durations';
import { parseGoRegexp } from '../../helm/go-regexp';
import { addressFamily, parseCidr } from '../../kubernetes/cidr';
import { isPlain } from '../../rules/words';
import type { OptionReader } from '../options';
import { wholeNumber } from '../option-types';

/** The keys of `cilium-config`, as the pods read them. */
export type Config = Readonly<Record<string, string>>;

/** The values that a program accepts for some options; it ends with any other. */
export interface Limit {
  readonly program: OptionReader;
  readonly keys: readonly string[];
  /** What is accepted, as in "Use …". */
  readonly accepts: string;
  readonly ok: (text: string, isLenient: boolean) => boolean;
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
  return {
    accepts: `a list of ${accepts}`,
    ok: (text, isLenient) => listOf(text, isLenient).every((item) => ok(item, isLenient)),
  };
}

/** Cells split lists by commas, or else by blanks; viper splits by blanks only. */
export function listOf(text: string, isLenient = false): readonly string[] {
  return (text.includes(',') && !isLenient ? text.split(',') : text.split(/\s+/))
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
    ok: (text) => text === '' || prefixFamily(text) === family,
  };
}

/** An address with the length of its prefix, as Go reads it. */
function prefixFamily(text: string): 4 | 6 | undefined {
  return text.includes('/') ? parseCidr(text)?.family : undefined;
}

const NETWORK: Accepted = { accepts: 'networks, separated by blanks', ok: (text) => prefixFamily(text) !== undefined };
const ADDRESSES: Accepted = each({ accepts: 'addresses', ok: (text) => addressFamily(text) !== undefined });
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
const CLIENT = 'client-go kubernetes, NewForConfig';
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
      ok: (text, isLenient) => ['', '0'].includes(text) || numbers(1024, 16 * MEBI).ok(text, isLenient),
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
  { ...agent('bpf-lb-dsr-dispatch', words('opt', 'ipip', 'geneve'), LOAD_BALANCER), minors: ['1.19', '1.20'] },
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
    {
      accepts: 'two ports such as 32768-60999, or 0-0',
      ok: (text) => {
        const [, low, high] = /^(\d+)-(\d+)/.exec(text) ?? [];
        return low !== undefined && Number(low) <= 65535 && Number(high) <= 65535;
      },
    },
    'pkg/datapath/tunnel/tunnel.go, newConfig',
  ),
  agent('ipv4-native-routing-cidr', cidr(4), POPULATE),
  agent('ipv6-native-routing-cidr', cidr(6), POPULATE),
  agent(
    'encryption-strict-mode-cidr',
    { ...cidr(4), ok: (text) => prefixFamily(text) === 4 },
    POPULATE,
    isOn('enable-encryption-strict-mode'),
  ),
  agent(
    'encryption-strict-egress-cidr',
    { ...cidr(4), ok: (text) => prefixFamily(text) === 4 },
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
    { ...cidr(4), ok: (text) => text === '' || (prefixFamily(text) === 4 && !text.endsWith('/0')) },
    'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
    isOn('kube-proxy-replacement'),
  ),
  agent(
    'bpf-lb-rss-ipv6-src-cidr',
    { ...cidr(6), ok: (text) => text === '' || (prefixFamily(text) === 6 && !text.endsWith('/0')) },
    'pkg/kpr/initializer/kube_proxy_replacement.go, InitKubeProxyReplacementOptions',
    isOn('kube-proxy-replacement'),
  ),
  {
    ...agent('datapath-mode', words('veth', 'netkit', 'netkit-l2'), 'daemon/cmd/daemon_main.go, initEnv'),
    minors: ['1.18'],
  },
  {
    ...agent('datapath-mode', words('veth', 'netkit', 'netkit-l2', 'auto'), 'pkg/datapath/connector/config.go'),
    minors: ['1.19', '1.20'],
  },
  agent('route-metric', numbers(0), VALIDATE),
  { ...agent('mtu', numbers(0), VALIDATE), minors: ['1.18'] },
  agent('nodeport-addresses', each(NETWORK), 'pkg/datapath/tables/node_address.go, NodeAddressConfig'),
  agent('lrp-address-matcher-cidrs', each(NETWORK), 'pkg/loadbalancer/redirectpolicy, Config'),
  agent(
    'vtep-mask',
    { accepts: 'a mask such as 255.255.255.0', ok: isAddress },
    'pkg/option/config.go, validateVTEP',
    isOn('enable-vtep'),
  ),
  agent('vtep-endpoint', ADDRESSES, 'pkg/maps/vtep, newVTEPConfig', isOn('enable-vtep')),
  agent('vtep-cidr', each(NETWORK), 'pkg/maps/vtep, newVTEPConfig', isOn('enable-vtep')),
  agent(
    'vtep-mac',
    each({ accepts: 'MAC addresses', ok: (text) => /^[\da-f]{2}([:-][\da-f]{2}){5}$/i.test(text) }),
    'pkg/maps/vtep, newVTEPConfig',
    isOn('enable-vtep'),
  ),
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
  agent(
    'cluster-name',
    {
      accepts: 'a name of up to 32 lower-case letters, digits and dashes',
      ok: (text) => /^[a-z\d]([-a-z\d]{0,30}[a-z\d])?$/.test(text),
    },
    'pkg/clustermesh/types/types.go, ValidateClusterName',
  ),
  agent('mesh-auth-queue-size', numbers(0), 'pkg/auth/cell.go, registerAuthManager', isOn('mesh-auth-enabled')),
  agent(
    'node-encryption-opt-out-labels',
    { accepts: 'a label selector such as node-role.kubernetes.io/control-plane', ok: isSelector },
    'pkg/wireguard/agent/agent.go; pkg/option/config.go, Populate',
  ),
  agent(
    'l2-pod-announcements-interface-pattern',
    { accepts: 'a regular expression of Go', ok: (text) => !('error' in parseGoRegexp(text)) },
    'pkg/datapath/gneigh/processor.go, newGNeighProcessor',
    isOn('enable-l2-pod-announcements'),
  ),
  agent(
    'hubble-event-queue-size',
    numbers(0),
    'pkg/hubble/observer/local_observer.go, NewLocalServer',
    isOn('enable-hubble'),
  ),
  agent(
    'hubble-export-fieldmask',
    each({ accepts: 'fields of a flow such as source.namespace', ok: isFlowField }),
    'pkg/hubble/exporter/cell/cell.go, Validate',
  ),
  agent('cluster-id', numbers(0, 511), 'pkg/clustermesh/types/option.go, ValidateClusterID'),
  operator('cluster-id', numbers(0, 511), 'pkg/clustermesh/types/option.go, ValidateClusterID'),
  agent(
    'fixed-identity-mapping',
    { accepts: 'identities from 128 to 255 such as 128=k8s:app', ok: isIdentityMapping },
    'daemon/cmd/daemon_main.go, FixedIdentityMappingValidator',
  ),
  agent('k8s-client-burst', numbers(1), CLIENT, (config) => Number(config['k8s-client-qps'] ?? 10) > 0),
  operator(
    'operator-k8s-client-burst',
    numbers(1),
    CLIENT,
    (config) => Number(config['operator-k8s-client-qps'] ?? 100) > 0,
  ),
  agent(
    'api-rate-limit',
    { accepts: 'limits such as endpoint-create=rate-limit:10/m,rate-burst:2', ok: isRateLimit },
    'pkg/rate/api_limiter.go, mergeUserConfig',
  ),
  agent(
    'hubble-export-allowlist hubble-export-denylist',
    { accepts: 'JSON objects of flow filters', ok: isFilters },
    'pkg/hubble/exporter/cell/cell.go, newHubbleStaticExporter',
    (config) => (config['hubble-export-file-path'] ?? '') !== '',
  ),
  agent(
    'hubble-metrics',
    { accepts: 'metrics with known contexts', ok: hasKnownContexts },
    'pkg/hubble/metrics/api/context.go, ParseContextOptions',
    (config) => (config['hubble-metrics-server'] ?? '') !== '',
  ),
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

/** JSON that holds; `undefined` where it does not parse. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRateLimits(text: string): boolean {
  const read = jsonOf(text);
  return (
    Array.isArray(read) &&
    read.every(
      (one: unknown) =>
        isPlain(one) &&
        Object.entries(one).every(
          ([key, value]) => /^(nodes|limit|burst)$/i.test(key) && (typeof value === 'number' || value === null),
        ),
    )
  );
}

/** One JSON object after the other, separated by white space. */
function isFilters(text: string): boolean {
  return text === '' || jsonOf(`[${text.replace(/\}\s*\{/g, '},{')}]`) !== undefined;
}

/** The fields of a flow, in `api/v1/flow/flow.proto`. */
const FLOW_FIELDS: readonly string[] =
  'IP Summary Type aggregate auth_type cgroup_id debug_capture_point destination destination_names destination_service drop_reason drop_reason_desc egress_allowed_by egress_denied_by emitter ethernet event_type extensions file ingress_allowed_by ingress_denied_by interface ip_trace_id is_reply l4 l7 node_labels node_name policy_log policy_match_type proxy_port reply sock_xlate_point socket_cookie source source_names source_service time trace_context trace_observation_point trace_reason traffic_direction tunnel uuid verdict'.split(
    ' ',
  );

function isFlowField(path: string): boolean {
  return FLOW_FIELDS.includes(path.split('.')[0] ?? '');
}

/** A selector of Kubernetes, as far as brackets and names go: what is left is a matter of the API. */
export function isSelector(text: string): boolean {
  const key = String.raw`[\w./-]+`;
  const values = String.raw`\(\s*[\w.-]*(\s*,\s*[\w.-]*)*\s*\)`;
  const one = String.raw`\s*(!?\s*${key}|${key}\s*(=|==|!=|<|>)\s*[\w.-]*|${key}\s+(in|notin)\s*${values})\s*`;
  return text === '' || new RegExp(`^${one}(,${one})*$`).test(text);
}

function isAddress(text: string): boolean {
  return addressFamily(text) !== undefined;
}

function isIdentityMapping(text: string): boolean {
  return text.split(',').every((pair) => {
    const [, id] = /^(\d+)=(?!reserved:)[^=]*$/.exec(pair) ?? [];
    return id !== undefined && Number(id) >= 128 && Number(id) <= 255;
  });
}

/** The options of a rate limit that are numbers, durations and switches. */
const RATE_OPTIONS: Readonly<Record<string, (value: string) => boolean>> = {
  'rate-limit': (value) => /^[\d.]+(\/\d*\.?\d*[a-zµ]+)?$/.test(value),
  'rate-burst': (value) => /^\d+$/.test(value),
  'min-wait-duration': (value) => parseDuration(value) !== undefined,
  'max-wait-duration': (value) => parseDuration(value) !== undefined,
  'estimated-processing-duration': (value) => parseDuration(value) !== undefined,
  'auto-adjust': (value) => /^(1|t|true|0|f|false)$/i.test(value),
  'parallel-requests': (value) => /^\d+$/.test(value),
  'min-parallel-requests': (value) => /^\d+$/.test(value),
  'max-parallel-requests': (value) => /^\d+$/.test(value),
  'mean-over': (value) => /^\d+$/.test(value),
  log: (value) => /^(1|t|true|0|f|false)$/i.test(value),
  'delayed-adjustment-factor': (value) => !Number.isNaN(Number(value)),
  'max-adjustment-factor': (value) => !Number.isNaN(Number(value)),
  'skip-initial': (value) => /^\d+$/.test(value),
};

/** `name=option:value,option:value,name=option:value`, or the same as JSON. */
function isRateLimit(text: string): boolean {
  const json = jsonOf(text);
  if (text === '') return true;
  const options = isPlain(json)
    ? Object.values(json).flatMap((value) => String(value).split(','))
    : text.split(',').map((option) => option.replace(/^[^=:]*=/, ''));
  return (
    (isPlain(json) || text.includes('=')) &&
    options.every((option) => {
      const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(option.trim()) ?? [];
      return option.trim() === '' || RATE_OPTIONS[name.toLowerCase()]?.(value) === true;
    })
  );
}

const CONTEXTS = /^(identity|namespace|pod|pod-name|dns|ip|reserved-identity|workload|workload-name|app)$/i;

const LABELS =
  /^(source_(ip|pod|namespace|workload|workload_kind|app)|destination_(ip|pod|namespace|workload|workload_kind|app)|traffic_direction)$/;

/** `dns:sourceContext=pod|ip;labelsContext=source_ip,source_pod`, separated by blanks. */
function hasKnownContexts(text: string): boolean {
  return text
    .split(/\s+/)
    .flatMap((metric) => metric.split(':').slice(1).join(':').split(';'))
    .every((option) => {
      const [, name = '', values = ''] = /^([^=]*)=(.*)$/.exec(option) ?? [];
      if (/^labelscontext$/i.test(name)) return values.split(/[,|]/).every((one) => LABELS.test(one));
      return (
        !/^(source|destination)((e|in)gress)?context$/i.test(name) ||
        values.split(/[,|]/).every((one) => CONTEXTS.test(one))
      );
    });
}
