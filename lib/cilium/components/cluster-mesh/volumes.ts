import type { JsonObject } from '../../../kubernetes/json';
import type { PodSpec, Volume } from '../../../kubernetes/types';
import { isTruthy } from '../../../helm/truth';
import type { Context } from '../../context';
import { OWNER_READS, certificateSources, certificateVolume } from '../../parts/certificate-volume';
import { keepsOwnStore } from '../../parts/mesh-store';
import { CERTIFICATES } from './certificates';
import { knowsUsers } from './labels';
import { USERS } from './users-config-map';

/** Certificates, the mesh's etcd or the client of an external one, and the remote clusters. */
export function volumes(ctx: Context): NonNullable<PodSpec['volumes']> {
  const { kvstoremesh, extraVolumes } = ctx.v.clustermesh.apiserver;
  const withMesh = isTruthy(kvstoremesh.enabled);
  return [
    ...(keepsOwnStore(ctx) ? ownStore(ctx) : []),
    ...(withMesh ? [remoteClusters(ctx)] : []),
    ...(withMesh && !keepsOwnStore(ctx) ? [externalStore()] : []),
    ...(extraVolumes ?? []),
  ];
}

function ownStore(ctx: Context): readonly Volume[] {
  const { storageMedium } = ctx.v.clustermesh.apiserver.etcd;
  const certificate = (secret: string): readonly JsonObject[] =>
    certificateSources(ctx, {
      secret,
      files: { 'tls.crt': 'tls.crt', 'tls.key': 'tls.key' },
      authority: 'ca.crt',
      required: true,
    });
  return [
    certificateVolume('etcd-server-secrets', certificate(CERTIFICATES.server)),
    certificateVolume('etcd-admin-client', certificate(CERTIFICATES.admin)),
    ...(knowsUsers(ctx) ? [{ name: 'etcd-users-config', configMap: { name: USERS, defaultMode: OWNER_READS } }] : []),
    { name: 'etcd-data-dir', emptyDir: { medium: storageMedium === 'Memory' ? 'Memory' : '' } },
  ];
}

/** All keys of the first Secret, without a list: clusters can change without a restart. */
function remoteClusters(ctx: Context): Volume {
  const bundle = ctx.v.tls.caBundle;
  const certificate = { 'tls.key': 'common-etcd-client.key', 'tls.crt': 'common-etcd-client.crt' };
  const authority = 'common-etcd-client-ca.crt';
  const secret = CERTIFICATES.remote;
  return certificateVolume('kvstoremesh-secrets', [
    { secret: { name: 'cilium-kvstoremesh', optional: true } },
    ...(isTruthy(bundle.enabled) && !ctx.has('mesh-trusts-bundle')
      ? certificateSources(ctx, { secret, files: { ...certificate, 'ca.crt': authority } })
      : certificateSources(ctx, { secret, files: certificate, authority })),
  ]);
}

function externalStore(): Volume {
  const items = [{ key: 'etcd-config', path: 'etcd-config.yaml' }];
  return { name: 'etcd-config', configMap: { name: 'cilium-config', defaultMode: OWNER_READS, items } };
}
