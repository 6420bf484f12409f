import { given, or } from '../../helm/truth';
import type { Context } from '../context';
import type { ConfigValue, Feature } from '../feature';
import { duration } from '../parts/config-text';

/** Mutual authentication between identities, with SPIRE as the source of certificates. */
export const mutualAuth: Feature = {
  name: 'mutual-auth',
  contribute: (ctx) => {
    const { authentication } = ctx.v;
    return {
      config: {
        'mesh-auth-enabled': authentication.enabled,
        'mesh-auth-queue-size': authentication.queueSize,
        'mesh-auth-rotated-identities-queue-size': authentication.rotatedIdentitiesQueueSize,
        'mesh-auth-gc-interval': duration(authentication.gcInterval),
        ...spire(ctx),
      },
    };
  },
};

function spire({ v }: Context): Readonly<Record<string, ConfigValue>> {
  const { mutual } = v.authentication;
  const { spire: values } = mutual;
  if (!given(values.enabled)) return {};
  return {
    'mesh-auth-mutual-enabled': true,
    'mesh-auth-mutual-listener-port': mutual.port,
    'mesh-auth-mutual-connect-timeout': duration(mutual.connectTimeout),
    'mesh-auth-spire-agent-socket': values.agentSocketPath,
    'mesh-auth-spire-admin-socket': values.adminSocketPath,
    'mesh-auth-spire-server-address': or(values.serverAddress, `spire-server.${values.install.namespace ?? ''}.svc:8081`),
    'mesh-auth-spire-server-connection-timeout': values.connectionTimeout,
    'mesh-auth-spiffe-trust-domain': values.trustDomain,
  };
}
