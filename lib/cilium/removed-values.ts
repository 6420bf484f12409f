/** Removed values: the release that removed them and what to use instead. */
import { valueAt } from '../kubernetes/json';
import { isTruthy } from '../helm/truth';
import type { Json, JsonObject } from '../kubernetes/json';

/** A value that a supported version no longer has. */
export interface RemovedValue {
  /** The release that removed it; `1.19.5` when a patch did. If removed before the first supported minor, it may be that minor. */
  readonly since: string;
  /** Its replacement; none when its effect is always on or never needed. */
  readonly use?: string;
  /** Why it is no longer needed, where no other value replaces it. */
  readonly because?: string;
  /** What it switched on is always on: `true` is right, and only superfluous. Otherwise that is true of an empty value. */
  readonly always?: boolean;
  /** Where the official chart refuses to render, for which minors and when. Otherwise it silently ignores the value. */
  readonly refused?: {
    readonly minors?: readonly string[];
    readonly when: (value: Json, values: JsonObject) => boolean;
  };
}

const whenGiven = { when: isTruthy };
/** The chart compares the value as a string, so even `false` is refused. */
const whenWritten = { when: (value: Json): boolean => value !== '' };

const ALWAYS_REPLACED = { because: 'kube-proxy replacement always does this', always: true };

/** By path. `findRemoved` looks up a user's value. */
export const REMOVED_VALUES: Readonly<Record<string, RemovedValue>> = {
  'ciliumEndpointSlice.sliceMode': {
    since: '1.18',
    because: 'endpoints are always batched in order of arrival',
    refused: whenGiven,
  },
  'clustermesh.apiserver.tls.admin.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.apiserver.tls.ca.cert': { since: '1.15', use: 'tls.ca.cert', refused: whenGiven },
  'clustermesh.apiserver.tls.ca.key': { since: '1.15', use: 'tls.ca.key', refused: whenGiven },
  'clustermesh.apiserver.tls.client.cert': { since: '1.19', use: 'clustermesh.apiserver.tls.remote.cert' },
  'clustermesh.apiserver.tls.client.key': { since: '1.19', use: 'clustermesh.apiserver.tls.remote.key' },
  'clustermesh.apiserver.tls.enableSecrets': { since: '1.20', use: 'existing Secrets' },
  'clustermesh.apiserver.tls.remote.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.apiserver.tls.server.cert': {
    since: '1.20',
    use: 'an existing Secret',
    refused: meshCertificate(),
  },
  'clustermesh.enableMCSAPISupport': { since: '1.20', use: 'clustermesh.mcsapi.enabled' },
  'containerRuntime.integration': { since: '1.16', because: 'no runtime needs it', refused: whenGiven },
  'customCalls.enabled': { since: '1.19', because: 'custom BPF calls were removed' },
  enableCiliumEndpointSlice: { since: '1.18', use: 'ciliumEndpointSlice.enabled', refused: whenGiven },
  enableCnpStatusUpdates: {
    since: '1.15',
    because: 'policy status is no longer written per node',
    refused: whenGiven,
  },
  enableK8sEndpointSlice: { since: '1.19', because: 'EndpointSlices are always used', always: true },
  enableK8sEventHandover: { since: '1.15', because: 'events no longer go through the kvstore', refused: whenGiven },
  enableRuntimeDeviceDetection: { since: '1.18', because: 'devices are always detected at run time', always: true },
  'encryption.interface': { since: '1.16', use: 'encryption.ipsec.interface', refused: whenGiven },
  'encryption.ipsec.encryptedOverlay': { since: '1.20', because: 'the overlay is always encrypted', always: true },
  'encryption.keyFile': { since: '1.16', use: 'encryption.ipsec.keyFile', refused: whenGiven },
  'encryption.mountPath': { since: '1.16', use: 'encryption.ipsec.mountPath', refused: whenGiven },
  'encryption.secretName': { since: '1.16', use: 'encryption.ipsec.secretName', refused: whenGiven },
  'encryption.strictMode.allowRemoteNodeIdentities': {
    since: '1.20',
    use: 'encryption.strictMode.egress.allowRemoteNodeIdentities',
  },
  'encryption.strictMode.cidr': { since: '1.20', use: 'encryption.strictMode.egress.cidr' },
  'encryption.strictMode.enabled': { since: '1.20', use: 'encryption.strictMode.egress.enabled' },
  endpointStatus: { since: '1.16', because: 'the status of endpoints is always written', refused: whenGiven },
  'etcd.managed': { since: '1.16', use: 'etcd.endpoints with your own etcd', refused: whenGiven },
  'externalIPs.enabled': { since: '1.18', ...ALWAYS_REPLACED },
  'hostPort.enabled': { since: '1.18', ...ALWAYS_REPLACED },
  'hubble.redact.kafka.apiKey': { since: '1.20', because: 'Kafka policies were removed' },
  'hubble.ui.backend.livenessProbe.enabled': { since: '1.20', because: 'the probe is always on', always: true },
  'hubble.ui.backend.readinessProbe.enabled': { since: '1.20', because: 'the probe is always on', always: true },
  'ipam.operator.clusterPoolIPv4PodCIDR': removedPool('4'),
  'ipam.operator.clusterPoolIPv6PodCIDR': removedPool('6'),
  'l2podAnnouncements.interface': { since: '1.19.5', use: 'l2podAnnouncements.interfacePattern' },
  'loadBalancer.protocolDifferentiation.enabled': {
    since: '1.19',
    because: 'services always distinguish protocols',
    always: true,
  },
  'loadBalancer.standalone': { since: '1.19.5', because: 'the standalone load balancer was removed' },
  'nodePort.enabled': { since: '1.19', ...ALWAYS_REPLACED },
  'preflight.tofqdnsPreCache': { since: '1.20', because: 'it converts caches from before 1.4' },
  'proxy.prometheus.enabled': { since: '1.16', use: 'envoy.prometheus.enabled', refused: whenWritten },
  'proxy.prometheus.port': { since: '1.16', use: 'envoy.prometheus.port', refused: whenGiven },
  remoteNodeIdentity: {
    since: '1.16',
    because: 'remote nodes always have their own identity',
    refused: whenGiven,
  },
  sessionAffinity: { since: '1.19', because: 'session affinity is always on', always: true },
  svcSourceRangeCheck: { since: '1.19', because: 'source ranges are always checked', always: true },
  tunnel: { since: '1.15', use: 'routingMode and tunnelProtocol', refused: whenGiven },
};

function removedPool(family: string): RemovedValue {
  return {
    since: '1.14',
    use: `ipam.operator.clusterPoolIPv${family}PodCIDRList`,
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

/** A removed value that a user wrote. */
export interface RemovedFound {
  readonly path: string;
  readonly entry: RemovedValue;
  /** The official chart refuses it. */
  readonly refused: boolean;
  /** Without the value the result is the same. */
  readonly isSuperfluous: boolean;
}

/** The entry for an unknown path, if it was removed. `values` are all of the user's values. */
export function findRemoved(path: string, value: Json, values: JsonObject, minor: string): RemovedFound | undefined {
  if (!Object.hasOwn(REMOVED_VALUES, path)) return undefined;
  const entry = REMOVED_VALUES[path];
  const { refused } = entry;
  return {
    path,
    entry,
    refused: refused !== undefined && (refused.minors?.includes(minor) ?? true) && refused.when(value, values),
    isSuperfluous: entry.always === true ? value === true : !isTruthy(value),
  };
}

/** Whether a removed value may be below a path, so that its map must be read name by name. */
export function holdsRemoved(path: string): boolean {
  return Object.keys(REMOVED_VALUES).some((removed) => removed.startsWith(`${path}.`));
}
