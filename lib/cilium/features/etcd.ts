import type { Feature } from '../feature';
import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import { writeYaml } from '../../kubernetes/yaml';

const CONFIG = '/var/lib/etcd-config/etcd.config';
const SECRETS = '/var/lib/etcd-secrets';

/** An etcd as the store of Cilium's state, in place of or beside CRDs. */
export const etcd: Feature = {
  name: 'etcd',
  contribute: ({ v }) => {
    if (!given(v.etcd.enabled)) return {};
    const client = {
      endpoints: v.etcd.endpoints ?? null,
      ...(given(v.etcd.ssl)
        ? {
            'trusted-ca-file': `${SECRETS}/etcd-client-ca.crt`,
            'key-file': `${SECRETS}/etcd-client.key`,
            'cert-file': `${SECRETS}/etcd-client.crt`,
          }
        : {}),
    };
    return {
      config: {
        'etcd-config': writeYaml(client),
        kvstore: 'etcd',
        'kvstore-opt': toJson({ 'etcd.config': CONFIG }),
      },
    };
  },
};
