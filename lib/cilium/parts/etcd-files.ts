import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import type { PodContribution } from '../feature';
import { OWNER_READS } from './certificate-volume';

/** The directory of the client's certificates in a pod. */
export const ETCD_SECRETS = '/var/lib/etcd-secrets';

/** The files of an etcd client, as volumes and mounts: its configuration, from `cilium-config`, and its certificates. None without etcd. */
export function etcdFiles({ v: { etcd } }: Context): Required<Pick<PodContribution, 'volumes' | 'mounts'>> {
  if (!isTruthy(etcd.enabled)) return { volumes: [], mounts: [] };
  const config = {
    name: 'cilium-config',
    defaultMode: OWNER_READS,
    items: [{ key: 'etcd-config', path: 'etcd.config' }],
  };
  const secret = { secretName: 'cilium-etcd-secrets', defaultMode: OWNER_READS, optional: true };
  const withCertificates = isTruthy(etcd.ssl);
  return {
    volumes: [
      { name: 'etcd-config-path', configMap: config },
      ...(withCertificates ? [{ name: 'etcd-secrets', secret }] : []),
    ],
    mounts: [
      { name: 'etcd-config-path', mountPath: '/var/lib/etcd-config', readOnly: true },
      ...(withCertificates ? [{ name: 'etcd-secrets', mountPath: ETCD_SECRETS, readOnly: true }] : []),
    ],
  };
}
