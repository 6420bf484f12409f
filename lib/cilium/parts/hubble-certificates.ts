import type { ChartValues } from '../../../imports/cilium-chart/values';
import { isTruthy, defaultTo } from '../../helm/truth';
import type { CertificateRequest } from './certificates';

/** Values of one certificate, which may also be in an existing Secret. */
export interface CertificateValues {
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly existingSecret?: string | undefined;
}

/** One of Hubble's certificates: its holder, the path of its values, and whether it is used. */
export interface HubbleCertificate extends CertificateRequest {
  readonly holder: 'agent' | 'relay' | 'ui';
  /** `hubble.relay.tls.client` */
  readonly path: string;
  readonly values: CertificateValues;
  /** An enabled component uses it. */
  readonly wanted: boolean;
}

/** Hubble's certificates by purpose. */
export interface HubbleCertificates {
  /** The agents' server certificate for the relay and for each other. */
  readonly server: HubbleCertificate;
  /** The relay's client certificate for the agents. */
  readonly relayClient: HubbleCertificate;
  /** The relay's server certificate for its clients. */
  readonly relayServer: HubbleCertificate;
  /** The agents' server certificate for metrics. */
  readonly metricsServer: HubbleCertificate;
  /** Hubble UI's client certificate for the relay. */
  readonly uiClient: HubbleCertificate;
}

/** All certificates of Hubble, used or not. */
export function hubbleCertificates(v: ChartValues): HubbleCertificates {
  const { hubble } = v;
  const { relay, ui, metrics } = hubble;
  const tls = isTruthy(hubble.enabled) && isTruthy(hubble.tls.enabled);
  const relayTls = tls && isTruthy(relay.enabled);
  const servedTls = relayTls && isTruthy(relay.tls.server.enabled);
  return {
    server: {
      ...named('hubble-server-certs', `*.${clusterLabel(v)}.hubble-grpc.cilium.io`, hubble.tls.server),
      uses: ['server auth', 'client auth'],
      holder: 'agent',
      path: 'hubble.tls.server',
      values: hubble.tls.server,
      wanted: tls,
    },
    relayClient: {
      ...named('hubble-relay-client-certs', '*.hubble-relay.cilium.io'),
      uses: ['client auth'],
      holder: 'relay',
      path: 'hubble.relay.tls.client',
      values: relay.tls.client,
      wanted: relayTls,
    },
    relayServer: {
      ...named('hubble-relay-server-certs', '*.hubble-relay.cilium.io', relay.tls.server),
      uses: ['server auth'],
      holder: 'relay',
      path: 'hubble.relay.tls.server',
      values: relay.tls.server,
      wanted: servedTls,
    },
    metricsServer: {
      ...named('hubble-metrics-server-certs', metricsServerName(v), metrics.tls.server),
      uses: ['server auth'],
      holder: 'agent',
      path: 'hubble.metrics.tls.server',
      values: metrics.tls.server,
      // Metrics have a separate TLS switch.
      wanted: isTruthy(hubble.enabled) && isTruthy(metrics.tls.enabled),
    },
    uiClient: {
      ...named('hubble-ui-client-certs', '*.hubble-ui.cilium.io'),
      uses: ['client auth'],
      holder: 'ui',
      path: 'hubble.ui.tls.client',
      values: ui.tls.client,
      wanted: servedTls && isTruthy(ui.enabled),
    },
  };
}

/** The Secret that a pod mounts: the user's if set. */
export function secretOf({ name, values }: HubbleCertificate): string {
  return defaultTo(values.existingSecret, name);
}

/** The server name of the agents' metrics certificate. */
export function metricsServerName(v: ChartValues): string {
  return `${clusterLabel(v)}.hubble-metrics.cilium.io`;
}

/** The cluster's name as one label of a DNS name. */
function clusterLabel({ cluster }: ChartValues): string {
  return (cluster.name ?? '').replaceAll('.', '-');
}

function named(
  name: string,
  commonName: string,
  more: {
    readonly extraDnsNames?: readonly string[] | undefined;
    readonly extraIpAddresses?: readonly string[] | undefined;
  } = {},
): Pick<CertificateRequest, 'name' | 'commonName' | 'dnsNames' | 'ipAddresses'> {
  return {
    name,
    commonName,
    dnsNames: [commonName, ...(more.extraDnsNames ?? [])],
    ipAddresses: more.extraIpAddresses,
  };
}
