/** Removed values since 1.14, the release that removed each, and what to use instead. */
import { valueAt } from '../kubernetes/json';
import { isTruthy } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';

/** A value that a supported release no longer has. */
export interface RemovedValue {
  /** The release that removed it; `1.19.5` when a patch did. */
  readonly since: string;
  /** Its replacement; none when its effect is always on or never needed. */
  readonly use?: string;
  /** Why it is no longer needed, where no other value replaces it. */
  readonly because?: string;
  /** What it switched on is always on: `true` is right, and only superfluous. Otherwise that is true of an empty value. */
  readonly always?: boolean;
  /** A section: all that was in it. */
  readonly section?: true;
  /**
   * What `upgrade --write` writes instead: the path that has the same values, or values by path; `undefined` where a person must decide.
   * Default: nothing is known, so the value stays where it has a meaning.
   */
  readonly becomes?: string | ((value: Json, values: JsonObject) => Values | undefined);
  /** Where nothing is lost without it. Default: where it is superfluous. */
  readonly drops?: true | ((value: Json, values: JsonObject) => boolean);
  /** Where the official chart refuses to render, for which minors and when. Otherwise it silently ignores the value. */
  readonly refused?: {
    readonly minors?: readonly string[];
    readonly when: (value: Json, values: JsonObject) => boolean;
  };
}

/** Values by path; none when nothing replaces a value. */
export type Values = Readonly<Record<string, Json>>;

const whenGiven = { when: isTruthy };
/** The chart compares the value as a string, so even `false` is refused. */
const whenWritten = { when: (value: Json): boolean => value !== '' };

/** The agent looked at the switch only without kube-proxy replacement. */
const ALWAYS_REPLACED = {
  because: 'kube-proxy replacement always does this',
  always: true,
  drops: (value: Json, values: JsonObject): boolean => replacesKubeProxy(values) || !isTruthy(value),
};

function replacesKubeProxy(values: JsonObject): boolean {
  return ['true', 'strict'].includes(String(valueAt(values, 'kubeProxyReplacement')));
}

const NO_ETCD = { since: '1.16', because: 'Cilium deploys no etcd', drops: true } as const;

/** What described the etcd that Cilium deployed. */
const DEPLOYED_ETCD: Readonly<Record<string, RemovedValue>> = Object.fromEntries([
  ...['affinity', 'annotations', 'image', 'nodeSelector', 'podDisruptionBudget', 'updateStrategy'].map(
    (name): [string, RemovedValue] => [`etcd.${name}`, { ...NO_ETCD, section: true }],
  ),
  ...[
    ...[
      'clusterDomain',
      'clusterSize',
      'extraArgs',
      'extraVolumeMounts',
      'extraVolumes',
      'podAnnotations',
      'podLabels',
    ],
    ...['podSecurityContext', 'priorityClassName', 'resources', 'securityContext', 'tolerations'],
    'topologySpreadConstraints',
  ].map((name): [string, RemovedValue] => [`etcd.${name}`, NO_ETCD]),
]);

/** MetalLB's speaker in the agent. */
const BGP_SPEAKER: RemovedValue = {
  since: '1.17',
  use: 'bgpControlPlane.enabled and a CiliumBGPClusterConfig',
  drops: (_, values) => !isTruthy(valueAt(values, 'bgp.enabled')),
};

/** By path. `findRemoved` looks up a user's value. */
export const REMOVED_VALUES: Readonly<Record<string, RemovedValue>> = {
  ...DEPLOYED_ETCD,
  'bgp.announce.loadbalancerIP': BGP_SPEAKER,
  'bgp.announce.podCIDR': BGP_SPEAKER,
  'bgp.enabled': BGP_SPEAKER,
  'ciliumEndpointSlice.sliceMode': {
    since: '1.18',
    drops: true,
    because: 'endpoints are always batched in order of arrival',
    refused: whenGiven,
  },
  'clustermesh.apiserver.etcd.image': {
    since: '1.15',
    because: 'etcd is in the image of clustermesh-apiserver',
    section: true,
    drops: true,
  },
  'clustermesh.apiserver.kvstoremesh.image': {
    since: '1.15',
    because: 'kvstoremesh is in the image of clustermesh-apiserver',
    section: true,
    drops: true,
  },
  'clustermesh.apiserver.tls.admin.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.apiserver.tls.admin.key': { since: '1.20', use: 'an existing Secret' },
  'clustermesh.apiserver.tls.ca.cert': {
    since: '1.15',
    use: 'tls.ca.cert',
    becomes: 'tls.ca.cert',
    refused: whenGiven,
  },
  'clustermesh.apiserver.tls.ca.key': { since: '1.15', use: 'tls.ca.key', becomes: 'tls.ca.key', refused: whenGiven },
  'clustermesh.apiserver.tls.client.cert': {
    since: '1.19',
    use: 'clustermesh.apiserver.tls.remote.cert',
    becomes: 'clustermesh.apiserver.tls.remote.cert',
  },
  'clustermesh.apiserver.tls.client.key': {
    since: '1.19',
    use: 'clustermesh.apiserver.tls.remote.key',
    becomes: 'clustermesh.apiserver.tls.remote.key',
  },
  'clustermesh.apiserver.tls.enableSecrets': { since: '1.20', use: 'existing Secrets' },
  'clustermesh.apiserver.tls.remote.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.apiserver.tls.remote.key': { since: '1.20', use: 'an existing Secret' },
  'clustermesh.apiserver.tls.server.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.apiserver.tls.server.key': { since: '1.20', use: 'an existing Secret' },
  'clustermesh.enableMCSAPISupport': {
    since: '1.20',
    use: 'clustermesh.mcsapi.enabled',
    becomes: 'clustermesh.mcsapi.enabled',
  },
  'containerRuntime.integration': { since: '1.16', because: 'no runtime needs it', drops: true, refused: whenGiven },
  'customCalls.enabled': { since: '1.19', because: 'custom BPF calls were removed' },
  enableCiliumEndpointSlice: {
    since: '1.18',
    use: 'ciliumEndpointSlice.enabled',
    becomes: 'ciliumEndpointSlice.enabled',
    refused: whenGiven,
  },
  enableCnpStatusUpdates: {
    since: '1.15',
    because: 'policy status is no longer written per node',
    drops: true,
    refused: whenGiven,
  },
  'egressGateway.installRoutes': { since: '1.16', because: 'egress gateways need no routes', drops: true },
  enableK8sEndpointSlice: { since: '1.19', because: 'EndpointSlices are always used', always: true },
  enableK8sEventHandover: {
    since: '1.15',
    because: 'events no longer go through the kvstore',
    drops: true,
    refused: whenGiven,
  },
  enableK8sTerminatingEndpoint: { since: '1.18', because: 'terminating endpoints are always followed', always: true },
  enableRuntimeDeviceDetection: {
    since: '1.18',
    because: 'devices are always detected at run time',
    always: true,
    drops: true,
  },
  enableTunnelBIGTCP: { since: '1.19.3', because: 'BIG TCP in tunnels needs no switch', always: true },
  'encryption.interface': {
    since: '1.16',
    use: 'encryption.ipsec.interface',
    becomes: 'encryption.ipsec.interface',
    refused: whenGiven,
  },
  'encryption.ipsec.encryptedOverlay': { since: '1.20', because: 'the overlay is always encrypted', always: true },
  'encryption.keyFile': {
    since: '1.16',
    use: 'encryption.ipsec.keyFile',
    becomes: 'encryption.ipsec.keyFile',
    refused: whenGiven,
  },
  'encryption.mountPath': {
    since: '1.16',
    use: 'encryption.ipsec.mountPath',
    becomes: 'encryption.ipsec.mountPath',
    refused: whenGiven,
  },
  'encryption.secretName': {
    since: '1.16',
    use: 'encryption.ipsec.secretName',
    becomes: 'encryption.ipsec.secretName',
    refused: whenGiven,
  },
  'encryption.strictMode.allowRemoteNodeIdentities': {
    since: '1.20',
    use: 'encryption.strictMode.egress.allowRemoteNodeIdentities',
    becomes: 'encryption.strictMode.egress.allowRemoteNodeIdentities',
  },
  'encryption.strictMode.cidr': {
    since: '1.20',
    use: 'encryption.strictMode.egress.cidr',
    becomes: 'encryption.strictMode.egress.cidr',
  },
  'encryption.strictMode.enabled': {
    since: '1.20',
    use: 'encryption.strictMode.egress.enabled',
    becomes: 'encryption.strictMode.egress.enabled',
  },
  'encryption.wireguard.encapsulate': {
    since: '1.15',
    because: 'traffic is always encapsulated before WireGuard encrypts it',
    always: true,
  },
  'encryption.wireguard.userspaceFallback': {
    since: '1.17',
    because: 'only the WireGuard of the kernel is used',
    drops: true,
  },
  endpointStatus: {
    since: '1.16',
    section: true,
    because: 'the status of endpoints is always written',
    drops: true,
    refused: whenGiven,
  },
  'eni.updateEC2AdapterLimitViaAPI': {
    since: '1.18',
    because: 'the operator always reads the limits of instances from the API of EC2',
    always: true,
  },
  'etcd.k8sService': {
    since: '1.16',
    because: 'names of Services among the endpoints are always translated',
    always: true,
    drops: true,
  },
  'etcd.managed': { since: '1.16', use: 'etcd.endpoints with your own etcd', refused: whenGiven },
  'externalIPs.enabled': { since: '1.17.6', ...ALWAYS_REPLACED },
  'externalWorkloads.enabled': { since: '1.18', because: 'external workloads were removed' },
  'highScaleIPcache.enabled': { since: '1.18', because: 'the high-scale mode of the ipcache was removed' },
  'hostPort.enabled': { since: '1.18', ...ALWAYS_REPLACED },
  'hubble.redact.kafka.apiKey': { since: '1.20', because: 'Kafka policies were removed', drops: true },
  'hubble.relay.dialTimeout': { since: '1.18', because: 'it had no effect', drops: true },
  'hubble.ui.backend.livenessProbe.enabled': { since: '1.20', because: 'the probe is always on', always: true },
  'hubble.ui.backend.readinessProbe.enabled': { since: '1.20', because: 'the probe is always on', always: true },
  'ipam.operator.clusterPoolIPv4PodCIDR': removedPool('4'),
  'ipam.operator.clusterPoolIPv6PodCIDR': removedPool('6'),
  'l2NeighDiscovery.refreshPeriod': {
    since: '1.18',
    because: 'the kernel setting base_reachable_time_ms decides',
    drops: true,
  },
  'l2podAnnouncements.interface': {
    since: '1.19.5',
    use: 'l2podAnnouncements.interfacePattern',
    becomes: (value) => ({ 'l2podAnnouncements.interfacePattern': exactly(value) }),
  },
  'loadBalancer.experimental': { since: '1.18', because: 'the new control plane is the only one', always: true },
  'loadBalancer.protocolDifferentiation.enabled': {
    since: '1.19',
    because: 'services always distinguish protocols',
    always: true,
  },
  'loadBalancer.standalone': { since: '1.19.5', because: 'the standalone load balancer was removed' },
  'nodePort.enabled': { since: '1.19', ...ALWAYS_REPLACED },
  'operator.skipCNPStatusStartupClean': {
    since: '1.16',
    because: 'the operator no longer cleans the status of policies when it starts',
    drops: true,
  },
  'preflight.tofqdnsPreCache': { since: '1.20', because: 'it converts caches from before 1.4', drops: true },
  'proxy.prometheus.enabled': {
    since: '1.16',
    use: 'envoy.prometheus.enabled',
    becomes: 'envoy.prometheus.enabled',
    refused: whenWritten,
  },
  'proxy.prometheus.port': {
    since: '1.16',
    use: 'envoy.prometheus.port',
    becomes: 'envoy.prometheus.port',
    refused: whenGiven,
  },
  'proxy.sidecarImageRegex': { since: '1.16', because: 'nothing read it', drops: true },
  remoteNodeIdentity: {
    since: '1.16',
    because: 'remote nodes always have their own identity',
    drops: isTruthy,
    refused: whenGiven,
  },
  'serviceAccounts.etcd': { ...NO_ETCD, section: true },
  sessionAffinity: { since: '1.19', because: 'session affinity is always on', always: true },
  svcSourceRangeCheck: { since: '1.19', because: 'source ranges are always checked', always: true },
  tunnel: { since: '1.15', use: 'routingMode and tunnelProtocol', becomes: routingOf, refused: whenGiven },
};

/** `tunnel` was mode and protocol in one. A mode that is written as well must agree. */
function routingOf(value: Json, values: JsonObject): Values | undefined {
  const mode = value === 'disabled' ? 'native' : 'tunnel';
  const [written, protocol] = [valueAt(values, 'routingMode'), valueAt(values, 'tunnelProtocol')];
  if (isTruthy(written) && written !== mode) return undefined;
  if (value === 'disabled') return { routingMode: mode };
  if ((value !== 'vxlan' && value !== 'geneve') || (isTruthy(protocol) && protocol !== value)) return undefined;
  return { routingMode: mode, tunnelProtocol: value };
}

/** A pattern that only one name matches. */
function exactly(name: Json): string {
  return `^${String(name).replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
}

function removedPool(family: string): RemovedValue {
  return {
    since: '1.14',
    use: `ipam.operator.clusterPoolIPv${family}PodCIDRList`,
    becomes: (value) =>
      typeof value === 'string' ? { [`ipam.operator.clusterPoolIPv${family}PodCIDRList`]: [value] } : undefined,
    refused: {
      minors: ['1.18'],
      // The chart looks at the value only where it writes the pool of that family.
      when: (_, values) => {
        const value = (path: string, usual: Json): Json => valueAt(values, path) ?? usual;
        return (
          ['cluster-pool', ''].includes(String(value('ipam.mode', ''))) &&
          isTruthy(value(`ipv${family}.enabled`, family === '4')) &&
          !isTruthy(value('preflight.enabled', false))
        );
      },
    },
  };
}

/** Only a mesh without automatic certificates and existing Secrets would have used them. */
function meshCertificate(): NonNullable<RemovedValue['refused']> {
  return {
    minors: ['1.20'],
    when: (value, values) => {
      // On by default: only a written value, `null` included, disables it.
      const made = valueAt(values, 'clustermesh.apiserver.tls.auto.enabled');
      return (
        isTruthy(value) &&
        isTruthy(valueAt(values, 'clustermesh.useAPIServer')) &&
        made !== undefined &&
        !isTruthy(made)
      );
    },
  };
}

/** A value that still exists, of which releases refuse a former form. */
export interface ChangedValue {
  /** The release that refuses the former form. */
  readonly since: string;
  /** Whether a value is in the former form. */
  readonly isFormer: (value: Json) => boolean;
  /** What is written instead; `undefined` where a person must decide. */
  readonly becomes: (value: Json, values: JsonObject) => Json | undefined;
  /** What a person decides. */
  readonly hint: string;
}

/** By path. */
export const CHANGED_VALUES: Readonly<Record<string, ChangedValue>> = {
  'authentication.mutual.spire.install.agent.image': spireImage(),
  'authentication.mutual.spire.install.server.image': spireImage(),
  kubeProxyReplacement: {
    since: '1.16',
    isFormer: (value) => ['disabled', 'partial', 'probe', 'strict'].includes(String(value)),
    becomes: replacementOf,
    hint: 'Set kubeProxyReplacement to true (and disable kube-proxy) or to false.',
  },
};

/** Up to 1.15: `partial` switched on what its own switches name, `probe` what the kernel supports. */
function replacementOf(value: Json, values: JsonObject): Json | undefined {
  if (value === 'strict') return true;
  if (value === 'disabled') return false;
  const switches = ['externalIPs.enabled', 'hostPort.enabled', 'nodePort.enabled', 'socketLB.enabled'];
  const isWhole = value === 'partial' && switches.every((path) => isTruthy(valueAt(values, path)));
  return isWhole ? true : undefined;
}

function spireImage(): ChangedValue {
  return {
    since: '1.15',
    isFormer: (value) => typeof value === 'string',
    becomes: (value) => ({ override: value }),
    hint: 'Set repository, tag and digest below it.',
  };
}
