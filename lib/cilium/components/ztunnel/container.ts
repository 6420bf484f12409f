import type { Json, JsonObject } from '../../../kubernetes/json';
import type { Container, EnvVar } from '../../../kubernetes/types';
import { defaultTo, whenTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { containerImage } from '../../parts/image';
import { fieldEnv } from '../../parts/node-env';
import { ROOT_CERTIFICATE, SECRET } from './secret';

/** The agent's socket for ztunnel; fixed. */
const AGENT = 'https://localhost:15012';
const FOLDER = '/etc/ztunnel';
const SOCKET = '/var/run/cilium/ztunnel.sock';

/** The ztunnel container, named like Istio's proxies. */
export function container(ctx: Context): Container {
  const values = ctx.v.encryption.ztunnel;
  return {
    name: 'istio-proxy',
    ...containerImage(values?.image ?? {}),
    args: ['proxy', 'ztunnel'],
    env: env(ctx),
    readinessProbe: {
      httpGet: { path: '/healthz/ready', port: values?.healthPort, host: '127.0.0.1', scheme: 'HTTP' },
      initialDelaySeconds: values?.readinessProbe?.initialDelaySeconds,
      periodSeconds: values?.readinessProbe?.periodSeconds,
      failureThreshold: values?.readinessProbe?.failureThreshold,
      successThreshold: 1,
      timeoutSeconds: 1,
    },
    resources: whenTruthy(values?.resources),
    securityContext: SECURITY,
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      { name: 'cilium-dir', mountPath: '/var/run/cilium', readOnly: false },
      { name: SECRET, mountPath: FOLDER, readOnly: true },
      ...defaultTo(values?.extraVolumeMounts, []),
    ],
  };
}

/** It opens sockets inside the network namespaces of pods, which needs root on the node. */
const SECURITY: Json = {
  allowPrivilegeEscalation: true,
  capabilities: { add: ['NET_ADMIN', 'SYS_ADMIN', 'NET_RAW'], drop: ['ALL'] },
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsGroup: 1337,
  runAsNonRoot: false,
  runAsUser: 0,
};

function env({ v }: Context): readonly EnvVar[] {
  const values = v.encryption.ztunnel;
  const root = `${FOLDER}/${ROOT_CERTIFICATE}`;
  return [
    { name: 'XDS_ADDRESS', value: AGENT },
    { name: 'XDS_ROOT_CA', value: root },
    { name: 'CA_ROOT_CA', value: root },
    { name: 'CA_ADDRESS', value: values?.caAddress },
    { name: 'ISTIO_META_DNS_CAPTURE', value: 'false' },
    { name: 'INPOD_UDS', value: SOCKET },
    fieldEnv('NODE_NAME', 'status.hostIP'),
    fieldEnv('INSTANCE_IP', 'status.podIP'),
    { name: 'ISTIO_META_ENABLE_HBONE', value: 'true' },
    ...defaultTo(values?.extraEnv as readonly (EnvVar & JsonObject)[] | undefined, []),
  ];
}
