import type { Container } from '../../../kubernetes/types';
import { printScalar } from '../../../helm/numbers';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { ETCD_PORT } from '../../parts/mesh-store';
import { CLUSTER_TOKEN, MESH_PROGRAM, configEnv, debugArgument, envWith, meshContainer, ports } from './container';
import { NAME } from './labels';

const DATA = { name: 'etcd-data-dir', mountPath: '/var/run/etcd' } as const;
const CERTIFICATES = '/var/lib/etcd-secrets';
const TOKEN = '--initial-cluster-token=$(INITIAL_CLUSTER_TOKEN)';

/** Prepares the etcd: its users and what they may read. */
export function etcdInit(ctx: Context): Container {
  const { etcd: values, extraVolumeMounts } = ctx.v.clustermesh.apiserver;
  return {
    ...meshContainer(ctx, 'etcd-init', MESH_PROGRAM, {
      resources: values.init.resources,
      securityContext: values.securityContext,
    }),
    args: [
      'etcdinit',
      ...debugArgument(ctx),
      `--etcd-cluster-name=${NAME}`,
      TOKEN.replace('--', '--etcd-'),
      `--etcd-data-dir=${DATA.mountPath}`,
      ...(values.init.extraArgs ?? []),
    ],
    env: envWith([configEnv('CILIUM_CLUSTER_NAME', 'cluster-name'), CLUSTER_TOKEN], values.init.extraEnv),
    volumeMounts: [DATA, ...(extraVolumeMounts ?? [])],
  };
}

/** The etcd of one pod, whose data can be rebuilt. */
export function etcd(ctx: Context): Container {
  const { etcd: values, extraVolumeMounts, metrics } = ctx.v.clustermesh.apiserver;
  return {
    ...meshContainer(ctx, 'etcd', '/usr/bin/etcd', values),
    args: etcdArguments(ctx),
    env: [
      { name: 'ETCDCTL_API', value: '3' },
      ...(ctx.has('mesh-etcd-on-all-addresses')
        ? []
        : [{ name: 'HOSTNAME_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }]),
      CLUSTER_TOKEN,
    ],
    ports: ports({ etcd: ETCD_PORT, 'etcd-metrics': isTruthy(metrics.etcd.enabled) && metrics.etcd.port }),
    volumeMounts: [
      { name: 'etcd-server-secrets', mountPath: CERTIFICATES, readOnly: true },
      DATA,
      ...(extraVolumeMounts ?? []),
    ],
  };
}

function etcdArguments(ctx: Context): readonly string[] {
  const { etcd: metrics } = ctx.v.clustermesh.apiserver.metrics;
  const everywhere = ctx.has('mesh-etcd-on-all-addresses');
  const address = everywhere ? '0.0.0.0' : '[$(HOSTNAME_IP)]';
  const port = String(ETCD_PORT);
  return [
    `--data-dir=${DATA.mountPath}`,
    `--name=${NAME}`,
    '--client-cert-auth',
    `--trusted-ca-file=${CERTIFICATES}/ca.crt`,
    `--cert-file=${CERTIFICATES}/tls.crt`,
    `--key-file=${CERTIFICATES}/tls.key`,
    `--listen-client-urls=${everywhere ? '' : `https://127.0.0.1:${port},`}https://${address}:${port}`,
    // Clients have the address of the etcd configured; its advertised address is not used.
    `--advertise-client-urls=https://${everywhere ? 'localhost' : address}:${port}`,
    TOKEN,
    '--auto-compaction-retention=1',
    ...(ctx.has('mesh-etcd-without-gateway') ? ['--enable-grpc-gateway=false'] : []),
    ...(isTruthy(metrics.enabled)
      ? [
          `--listen-metrics-urls=http://${address}:${printScalar(metrics.port)}`,
          `--metrics=${printScalar(metrics.mode)}`,
        ]
      : []),
  ];
}
