import { isSet } from '../../../../helm/truth';
import type { KubernetesObject } from '../../../../kubernetes/types';
import type { Context } from '../../../context';
import { attributes, block, hclText, list, map, quoted } from '../hcl';
import { healthChecks } from '../health';
import type { Lines } from '../hcl';
import { inSpire, spireNamespace } from '../place';

/** The server's health port. */
export const SERVER_HEALTH_PORT = 8080;
/** The server's port for agents and Cilium's operator. */
export const SERVER_PORT = 8081;
/** The directory of its keys and entries. */
export const SERVER_DATA = '/run/spire/data';
/** The directory of its registration socket. */
export const SERVER_SOCKETS = '/tmp/spire-server/private';

/** The server's configuration. */
export function serverConfigMap(ctx: Context): KubernetesObject {
  const data = { 'server.conf': hclText(server(ctx), plugins(ctx), healthChecks(SERVER_HEALTH_PORT)) };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: inSpire(ctx, 'spire-server'), data };
}

function server({ v }: Context): Lines {
  const { trustDomain, install } = v.authentication.mutual.spire;
  const { keyType, subject } = install.server.ca;
  const { country, organization, commonName } = subject;
  return block(
    'server',
    attributes({
      bind_address: '0.0.0.0',
      bind_port: String(SERVER_PORT),
      socket_path: `${SERVER_SOCKETS}/api.sock`,
      trust_domain: trustDomain ?? '',
      data_dir: SERVER_DATA,
      log_level: 'INFO',
      ca_key_type: keyType ?? '',
    }),
    map('ca_subject', {
      country: [country].filter(isSet),
      organization: [organization].filter(isSet),
      common_name: commonName ?? '',
    }),
    list('admin_ids', [`spiffe://${trustDomain ?? ''}/cilium-operator`]),
  );
}

/** Nodes are attested by tokens of their agents; data is kept in files; the bundle is published in a ConfigMap. */
function plugins(ctx: Context): Lines {
  const { install } = ctx.v.authentication.mutual.spire;
  const namespace = spireNamespace(ctx);
  const cluster = attributes({
    use_token_review_api_validation: true,
    service_account_allow_list: [`${namespace}:${install.agent.serviceAccount.name ?? ''}`],
  });
  return block(
    'plugins',
    plugin(
      'DataStore "sql"',
      attributes({ database_type: 'sqlite3', connection_string: `${SERVER_DATA}/datastore.sqlite3` }),
    ),
    plugin('NodeAttestor "k8s_psat"', block('clusters =', block(`${quoted(ctx.v.cluster.name ?? '')} =`, cluster))),
    plugin('KeyManager "disk"', attributes({ keys_path: `${SERVER_DATA}/keys.json` })),
    plugin('Notifier "k8sbundle"', attributes({ namespace })),
  );
}

function plugin(head: string, data: Lines): Lines {
  return block(head, block('plugin_data', data));
}
