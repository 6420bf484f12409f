import type { Feature } from '../feature';
import { toJson } from '../../helm/json';
import { isTruthy } from '../../helm/truth';
import { writeYaml } from '../../kubernetes/yaml';
import { ETCD_SECRETS, etcdFiles } from '../parts/etcd-files';

const CONFIG = '/var/lib/etcd-config/etcd.config';

/** An etcd as Cilium's kvstore, instead of or in addition to CRDs. */
export const etcd: Feature = {
  name: 'etcd',
  contribute: (ctx) => {
    const { v } = ctx;
    if (!isTruthy(v.etcd.enabled)) return {};
    const client = {
      endpoints: v.etcd.endpoints ?? null,
      ...(isTruthy(v.etcd.ssl)
        ? {
            'trusted-ca-file': `${ETCD_SECRETS}/etcd-client-ca.crt`,
            'key-file': `${ETCD_SECRETS}/etcd-client.key`,
            'cert-file': `${ETCD_SECRETS}/etcd-client.crt`,
          }
        : {}),
    };
    return {
      config: {
        'etcd-config': writeYaml(client),
        kvstore: 'etcd',
        'kvstore-opt': toJson({ 'etcd.config': CONFIG }),
      },
      agent: etcdFiles(ctx),
      operator: etcdFiles(ctx),
    };
  },
};
