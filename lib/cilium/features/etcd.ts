import type { ChartValues } from '../../../imports/cilium-chart/values';
import type { Feature, PodParts } from '../feature';
import { toJson } from '../../helm/json';
import { given } from '../../helm/truth';
import { writeYaml } from '../../kubernetes/yaml';
import { OWNER_READS } from '../parts/certificate-volume';

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
      agent: files(v),
      operator: files(v),
    };
  },
};

/** The client's configuration, out of `cilium-config`, and its certificates. */
function files({ etcd: { ssl } }: ChartValues): PodParts {
  const config = { name: 'cilium-config', defaultMode: OWNER_READS, items: [{ key: 'etcd-config', path: 'etcd.config' }] };
  const secret = { secretName: 'cilium-etcd-secrets', defaultMode: OWNER_READS, optional: true };
  const withCertificates = given(ssl);
  return {
    volumes: [{ name: 'etcd-config-path', configMap: config }, ...(withCertificates ? [{ name: 'etcd-secrets', secret }] : [])],
    mounts: [
      { name: 'etcd-config-path', mountPath: '/var/lib/etcd-config', readOnly: true },
      ...(withCertificates ? [{ name: 'etcd-secrets', mountPath: SECRETS, readOnly: true }] : []),
    ],
  };
}
