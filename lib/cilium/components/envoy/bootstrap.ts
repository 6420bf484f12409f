import type { Context } from '../../context';
import { isTruthy, defaultTo } from '../../../helm/truth';
import { ADMIN_SOCKET, clusters } from './bootstrap-clusters';
import { listeners } from './bootstrap-listeners';
import { typed } from './bootstrap-parts';
import type { Bootstrap, Extension } from './bootstrap-types';
import { dynamicResources, LOCALITY_CLUSTER } from './bootstrap-xds';
import { logText } from './log-format';

/** Read and write for owner and group (octal 0660). */
const OWNER_AND_GROUP = 0o660;
/** The constant of versions without a value for it. */
const DEFAULT_CONNECTIONS = 50000;

/** Envoy's bootstrap configuration: the agent as its control plane, and its admin interface. */
export function bootstrap(ctx: Context): Bootstrap {
  return {
    node: { id: 'host~127.0.0.1~no-id~localdomain', cluster: 'ingress-cluster' },
    clusterManager: isTruthy(ctx.v.envoy.nodeLocality?.enabled) ? { localClusterName: LOCALITY_CLUSTER } : undefined,
    staticResources: { listeners: listeners(ctx), clusters: clusters(ctx) },
    dynamicResources: dynamicResources(ctx),
    bootstrapExtensions: [
      {
        name: 'envoy.bootstrap.internal_listener',
        typedConfig: typed('envoy.extensions.bootstrap.internal_listener.v3.InternalListener'),
      },
    ],
    overloadManager: { resourceMonitors: [connectionMonitor(ctx)] },
    applicationLogConfig: { logFormat: logFormat(ctx) },
    admin: {
      address: { pipe: { path: ADMIN_SOCKET, mode: ctx.has('envoy-admin-socket-mode') ? OWNER_AND_GROUP : undefined } },
    },
  };
}

/** The limit of downstream connections. */
function connectionMonitor({ v: { envoy } }: Context): Extension {
  return {
    name: 'envoy.resource_monitors.global_downstream_max_connections',
    typedConfig: typed('envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig', {
      max_active_downstream_connections: String(envoy.maxGlobalDownstreamConnections ?? DEFAULT_CONNECTIONS),
    }),
  };
}

function logFormat({ v: { envoy } }: Context): Bootstrap['applicationLogConfig']['logFormat'] {
  const { format, format_json: jsonFormat } = envoy.log;
  return isTruthy(jsonFormat) ? { jsonFormat } : { textFormat: logText(defaultTo(format, '')) ?? '' };
}
