import type { JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar } from '../../../kubernetes/types';
import { isTruthy, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { containerImage } from '../../parts/image';

const CERTIFICATES = '/var/lib/hubble-ui/certs';
const FRONTEND_PORT = 8081;
const BACKEND_PORT = 8090;

/** The frontend container. */
export function frontend(ctx: Context): Container {
  const { frontend: own } = ctx.v.hubble.ui;
  const port = ctx.has('hubble-ui-named-port') ? 'http' : FRONTEND_PORT;
  return {
    name: 'frontend',
    ...containerImage(own.image),
    ports: [{ name: 'http', containerPort: FRONTEND_PORT }],
    env: whenTruthy(own.extraEnv),
    livenessProbe: { httpGet: { path: '/healthz', port } },
    readinessProbe: { httpGet: { path: '/', port } },
    resources: whenTruthy(own.resources),
    volumeMounts: [
      { name: 'hubble-ui-nginx-conf', mountPath: '/etc/nginx/conf.d/default.conf', subPath: 'nginx.conf' },
      { name: 'tmp-dir', mountPath: '/tmp' },
      ...(own.extraVolumeMounts ?? []),
    ],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: whenTruthy(own.securityContext),
  };
}

/** The backend container, a client of the relay. */
export function backend(ctx: Context): Container {
  const { backend: own } = ctx.v.hubble.ui;
  const tls = isTruthy(ctx.v.hubble.relay.tls.server.enabled);
  return {
    name: 'backend',
    ...containerImage(own.image),
    env: [
      { name: 'EVENTS_SERVER_PORT', value: String(BACKEND_PORT) },
      ...relayAddress(ctx),
      ...((own.extraEnv ?? []) as readonly never[]),
    ],
    livenessProbe: healthProbe(own.livenessProbe?.enabled),
    readinessProbe: healthProbe(own.readinessProbe?.enabled),
    ports: [{ name: 'grpc', containerPort: BACKEND_PORT }],
    resources: whenTruthy(own.resources),
    volumeMounts: [
      ...(tls ? [{ name: 'hubble-ui-client-certs', mountPath: CERTIFICATES, readOnly: true }] : []),
      ...(own.extraVolumeMounts ?? []),
    ],
    terminationMessagePolicy: 'FallbackToLogsOnError',
    securityContext: whenTruthy(own.securityContext),
  };
}

function healthProbe(enabled: boolean | undefined): JsonObject | undefined {
  return isTruthy(enabled) ? { httpGet: { path: '/healthz', port: BACKEND_PORT } } : undefined;
}

/** The relay at its Service's default port, whatever port the user set. */
function relayAddress({ v }: Context): readonly EnvVar[] {
  const { server } = v.hubble.relay.tls;
  if (!isTruthy(server.enabled)) return [{ name: 'FLOWS_API_ADDR', value: 'hubble-relay:80' }];
  return [
    { name: 'FLOWS_API_ADDR', value: 'hubble-relay:443' },
    { name: 'TLS_TO_RELAY_ENABLED', value: 'true' },
    { name: 'TLS_RELAY_SERVER_NAME', value: whenTruthy(server.relayName) },
    { name: 'TLS_RELAY_CA_CERT_FILES', value: `${CERTIFICATES}/hubble-relay-ca.crt` },
    { name: 'TLS_RELAY_CLIENT_CERT_FILE', value: `${CERTIFICATES}/client.crt` },
    { name: 'TLS_RELAY_CLIENT_KEY_FILE', value: `${CERTIFICATES}/client.key` },
  ];
}
