import type { CiliumValues } from '../../../../imports/cilium-chart';
import { isSet, isTruthy } from '../../../helm/truth';
import { problem } from '../../../rules/rule';
import type { Context } from '../../context';
import { layered, valuesWith } from '../../layers';
import { errorOnTalos } from '../../values-rule';
import type { ValuesRule } from '../../values-rule';
import { neededValues } from '../../parts/needed-values';
import { selectorLabelRule } from '../../parts/selector-label';
import { installsSpire } from '../../parts/spire';
import { AGENT_SELECTOR, SOCKETS } from './agent/daemon-set';
import { ROLE } from './server/access';
import { SERVER_SELECTOR } from './server/service';

const DOCS = 'https://docs.cilium.io/en/stable/network/servicemesh/mutual-authentication/mutual-authentication/';
const PATH = 'authentication.mutual.spire';
const TRUST_DOMAIN = /^[a-z0-9._-]{1,255}$/;
const ON: CiliumValues = { authentication: { enabled: true, mutual: { spire: { enabled: true } } } };

function on(path: string, value: unknown): { readonly values: CiliumValues } {
  return { values: layered([ON, valuesWith(`${PATH}.${path}`, value)]) };
}

const spireOf = ({ v }: Context): Context['v']['authentication']['mutual']['spire'] => v.authentication.mutual.spire;

/** Rules about SPIRE. */
export const SPIRE_RULES: readonly ValuesRule[] = [
  {
    id: 'spire/no-socket',
    level: 'error',
    find: (ctx) =>
      isTruthy(spireOf(ctx).enabled) &&
      !(isSet(spireOf(ctx).agentSocketPath) && isSet(spireOf(ctx).adminSocketPath)) &&
      problem(
        [`${PATH}.agentSocketPath`, `${PATH}.adminSocketPath`],
        "Cilium gets certificates from SPIRE's agent, but its socket path is not set.",
        `Remove both paths for their defaults, or use paths below ${SOCKETS}.`,
      ),
    chart: 'cilium-agent/daemonset.yaml',
    docs: DOCS,
    examples: { bad: on('agentSocketPath', null), good: on('agentSocketPath', '/run/spire/sockets/agent.sock') },
  },
  {
    id: 'spire/trust-domain',
    level: errorOnTalos,
    find: (ctx) =>
      isTruthy(spireOf(ctx).enabled) &&
      !TRUST_DOMAIN.test(spireOf(ctx).trustDomain ?? '') &&
      problem(
        `${PATH}.trustDomain`,
        'A trust domain is 1 to 255 lower-case letters, digits, dots, dashes and underscores; SPIRE does not start with any other.',
        'Remove it for the default, spiffe.cilium, or use a name such as example.org.',
      ),
    docs: 'https://spiffe.io/docs/latest/spiffe-specs/spiffe-id/#21-trust-domain',
    examples: { bad: on('trustDomain', 'https://example.org'), good: on('trustDomain', 'example.org') },
  },
  {
    id: 'spire/socket-folder',
    level: errorOnTalos,
    find: (ctx) =>
      installsSpire(ctx) &&
      socketsElsewhere(ctx).length > 0 &&
      problem(
        [`${PATH}.agentSocketPath`, `${PATH}.adminSocketPath`],
        `${socketsElsewhere(ctx).join(' and ')} is not below ${SOCKETS}, the only directory that SPIRE's agent shares with its node: Cilium cannot find the socket.`,
        `Use a path below ${SOCKETS}.`,
      ),
    docs: DOCS,
    examples: {
      bad: on('adminSocketPath', '/run/admin.sock'),
      good: on('adminSocketPath', '/run/spire/sockets/other.sock'),
    },
  },
  {
    id: 'spire/server-account',
    level: 'warning',
    find: (ctx) =>
      installsSpire(ctx) &&
      spireOf(ctx).install.server.serviceAccount.name !== ROLE &&
      problem(
        `${PATH}.install.server.serviceAccount.name`,
        `The role bindings of SPIRE's server refer to the role ${ROLE}, but the role has the name of the service account: the server gets no permissions.`,
        `Leave the name at ${ROLE}.`,
      ),
    docs: DOCS,
    examples: {
      bad: on('install.server.serviceAccount.name', 'issuer'),
      good: on('install.server.serviceAccount.create', true),
    },
  },
  {
    id: 'spire/agent-annotations',
    level: 'warning',
    find: (ctx) =>
      installsSpire(ctx) &&
      isTruthy(spireOf(ctx).install.agent.annotations) &&
      problem(
        `${PATH}.install.agent.annotations`,
        "These annotations have no effect: the DaemonSet of SPIRE's agents uses those of the server.",
        `Use ${PATH}.annotations, or ${PATH}.install.server.annotations.`,
      ),
    examples: {
      bad: on('install.agent.annotations', { team: 'network' }),
      good: on('annotations', { team: 'network' }),
    },
  },
  ...(['server', 'agent'] as const).map((pod) =>
    selectorLabelRule({
      component: `spire-${pod}`,
      label: (pod === 'server' ? SERVER_SELECTOR : AGENT_SELECTOR).app,
      key: 'app',
      path: `${PATH}.install.${pod}.labels`,
      podLabels: (ctx) => spireOf(ctx).install[pod].labels,
      enabled: installsSpire,
      on: ON,
    }),
  ),
  ...neededValues([
    { ...needed('install.namespace', (spire) => spire.install.namespace), good: 'spire' },
    {
      ...needed('install.server.serviceAccount.name', ({ install }) => install.server.serviceAccount.name),
      good: ROLE,
    },
    {
      ...needed('install.agent.serviceAccount.name', ({ install }) => install.agent.serviceAccount.name),
      good: 'spire-agent',
    },
  ]),
];

function needed(
  path: string,
  read: (spire: ReturnType<typeof spireOf>) => unknown,
): {
  readonly path: string;
  readonly value: (ctx: Context) => unknown;
  readonly when: (ctx: Context) => boolean;
  readonly on: CiliumValues;
} {
  return { path: `${PATH}.${path}`, value: (ctx) => read(spireOf(ctx)), when: installsSpire, on: ON };
}

function socketsElsewhere(ctx: Context): readonly string[] {
  const { agentSocketPath, adminSocketPath } = spireOf(ctx);
  return [agentSocketPath, adminSocketPath].map((path) => path ?? '').filter((path) => !path.startsWith(`${SOCKETS}/`));
}
