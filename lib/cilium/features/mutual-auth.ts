import { directoryOf } from '../../helm/paths';
import { isTruthy, whenTruthy } from '../../helm/truth';
import { problem } from '../../rules/rule';
import type { Context } from '../context';
import type { ConfigValue, Feature, PodContribution } from '../feature';
import type { ValuesRule } from '../values-rule';
import { duration } from '../parts/config-text';
import { spireServerAddress } from '../parts/spire';
import { durationRules } from '../parts/duration-rules';

/** SPIRE without mutual authentication, which newer versions disable by default. */
const spireWithoutAuthentication: ValuesRule = {
  id: 'mutual-auth/spire-without-authentication',
  level: 'error',
  find: ({ v: { authentication } }) =>
    isTruthy(authentication.mutual.spire.enabled) &&
    !isTruthy(authentication.enabled) &&
    problem(
      ['authentication.enabled', 'authentication.mutual.spire.enabled'],
      'SPIRE is on, but mutual authentication, which uses it, is off.',
      'Set authentication.enabled too.',
    ),
  chart: 'validate.yaml',
  examples: {
    bad: {
      values: { authentication: { enabled: false, mutual: { spire: { enabled: true, install: { enabled: false } } } } },
    },
    good: {
      values: { authentication: { enabled: true, mutual: { spire: { enabled: true, install: { enabled: false } } } } },
    },
  },
};

/** Mutual authentication between identities, with SPIRE as the source of certificates. */
export const mutualAuth: Feature = {
  name: 'mutual-auth',
  contribute: (ctx) => {
    const { authentication } = ctx.v;
    const { spire } = authentication.mutual;
    return {
      config: {
        'mesh-auth-enabled': authentication.enabled,
        'mesh-auth-queue-size': authentication.queueSize,
        'mesh-auth-rotated-identities-queue-size': authentication.rotatedIdentitiesQueueSize,
        'mesh-auth-gc-interval': duration(authentication.gcInterval),
        ...spireConfig(ctx),
      },
      agent: spireSocket(ctx, spire.adminSocketPath, { readOnly: false }),
      operator: spireSocket(ctx, spire.agentSocketPath, { readOnly: true }),
    };
  },
  rules: [
    spireWithoutAuthentication,
    ...durationRules(['authentication.gcInterval']),
    ...durationRules(['authentication.mutual.connectTimeout'], {
      when: ({ v, facts }) => facts.hasConfigMap && isTruthy(v.authentication.mutual.spire.enabled),
      beside: { authentication: { enabled: true, mutual: { spire: { enabled: true, install: { enabled: false } } } } },
    }),
  ],
};

function spireConfig(ctx: Context): Readonly<Record<string, ConfigValue>> {
  const { mutual } = ctx.v.authentication;
  const { spire: values } = mutual;
  if (!isTruthy(values.enabled)) return {};
  return {
    'mesh-auth-mutual-enabled': true,
    'mesh-auth-mutual-listener-port': mutual.port,
    'mesh-auth-mutual-connect-timeout': duration(mutual.connectTimeout),
    'mesh-auth-spire-agent-socket': values.agentSocketPath,
    'mesh-auth-spire-admin-socket': values.adminSocketPath,
    'mesh-auth-spire-server-address': spireServerAddress(ctx),
    'mesh-auth-spire-server-connection-timeout': whenTruthy(values.connectionTimeout),
    'mesh-auth-spiffe-trust-domain': values.trustDomain,
  };
}

/** The directory of the socket of the node's SPIRE agent. */
function spireSocket(
  { v }: Context,
  socket: string | undefined,
  { readOnly }: { readonly readOnly: boolean },
): PodContribution {
  if (!isTruthy(v.authentication.mutual.spire.enabled)) return {};
  const name = 'spire-agent-socket';
  const path = directoryOf(socket ?? '');
  return {
    volumes: [{ name, hostPath: { path, type: 'DirectoryOrCreate' } }],
    mounts: [{ name, mountPath: path, readOnly }],
  };
}
