import type { JsonObject } from '../../../kubernetes/json';
import type { KubernetesObject } from '../../../kubernetes/types';
import { writeYaml } from '../../../kubernetes/yaml';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { PEER_SERVICE, peerServicePort } from '../../parts/hubble-peer';
import { joined, namespaced } from '../../parts/metadata';
import { inDoubleQuotes } from '../../../helm/yaml-scalars';

/** The directory of the relay's certificates. */
export const CERTIFICATES = '/var/lib/hubble-relay/tls';

/** The relay's ConfigMap, without its metadata. */
export function configData(ctx: Context): Readonly<Record<string, string>> {
  return { 'config.yaml': writeYaml({ ...listening(ctx), ...peers(ctx), ...debugging(ctx), ...serverTls(ctx) }) };
}

/** The relay's configuration: listen address, peers, TLS. */
export function configMap(ctx: Context): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: namespaced(ctx, 'hubble-relay-config', {
      labels: joined(ctx.v.commonLabels),
      annotations: joined(ctx.v.hubble.relay.annotations),
    }),
    data: configData(ctx),
  };
}

function listening({ v }: Context): JsonObject {
  const { relay } = v.hubble;
  return {
    'listen-address': `${relay.listenHost ?? ''}:${relay.listenPort ?? ''}`,
    'metrics-listen-address': isTruthy(relay.prometheus.enabled)
      ? `:${String(relay.prometheus.port ?? '')}`
      : undefined,
  };
}

function peers(ctx: Context): JsonObject {
  const { cluster, hubble } = ctx.v;
  const { relay, tls, peerService } = hubble;
  // The last dot skips the search domains.
  const domain = inDoubleQuotes(peerService.clusterDomain ?? '');
  const address = `${PEER_SERVICE}.${ctx.namespace}.svc.${domain}.:${String(peerServicePort(ctx.v))}`;
  return {
    'cluster-name': cluster.name,
    'peer-service': address,
    'retry-timeout': whenTruthy(relay.retryTimeout) ?? undefined,
    'sort-buffer-len-max': relay.sortBufferLenMax ?? undefined,
    'sort-buffer-drain-timeout': whenTruthy(relay.sortBufferDrainTimeout) ?? undefined,
    ...(isTruthy(tls.enabled)
      ? {
          'tls-hubble-client-cert-file': `${CERTIFICATES}/client.crt`,
          'tls-hubble-client-key-file': `${CERTIFICATES}/client.key`,
          'tls-hubble-server-ca-files': `${CERTIFICATES}/hubble-server-ca.crt`,
        }
      : { 'disable-client-tls': true }),
  };
}

function debugging({ v }: Context): JsonObject {
  const { gops, pprof, logOptions } = v.hubble.relay;
  return {
    gops: gops.enabled,
    'gops-port': text(gops.port),
    ...(isTruthy(pprof.enabled)
      ? {
          pprof: text(pprof.enabled),
          'pprof-address': pprof.address,
          'pprof-port': text(pprof.port),
          'pprof-mutex-profile-fraction': text(pprof.mutexProfileFraction),
          'pprof-block-profile-rate': text(pprof.blockProfileRate),
        }
      : {}),
    'log-format': whenTruthy(logOptions?.format) ?? undefined,
    'log-level': whenTruthy(logOptions?.level) ?? undefined,
  };
}

function serverTls({ v }: Context): JsonObject {
  const { tls, relay } = v.hubble;
  if (!isTruthy(tls.enabled) || !isTruthy(relay.tls.server.enabled)) return { 'disable-server-tls': true };
  return {
    'tls-relay-server-cert-file': `${CERTIFICATES}/server.crt`,
    'tls-relay-server-key-file': `${CERTIFICATES}/server.key`,
    'tls-relay-client-ca-files': isTruthy(relay.tls.server.mtls) ? `${CERTIFICATES}/hubble-server-ca.crt` : undefined,
  };
}

function text(value: number | boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}
