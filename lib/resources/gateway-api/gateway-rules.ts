import { LOW_PORTS_EXAMPLE, LOW_PORTS_FIX, mayBindLowPorts } from '../../cilium/parts/envoy-listeners';
import { shortenedName } from '../../cilium/services/shortened-name';
import { versionFeatures } from '../../cilium/version-features';
import { isTruthy } from '../../helm/truth';
import { isDnsLabel } from '../../kubernetes/names';
import { othersOf, othersWith } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_GATEWAY, GATEWAY_DOCS, GATEWAY_ON, PARAMETERS_DOCS, gatewayWith } from './examples';
import type { GatewayRule } from './examples';
import { DEFAULT_CLASS, classServiceOf, createsClass, onHostNetwork } from './gateway-model';
import type { GatewayModel } from './gateway-model';
import type { GatewayProps } from './props';

const good = { props: EXAMPLE_GATEWAY };
const HOST = { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } }, kubeProxyReplacement: true } as const;
const HIGH = gatewayWith({ name: 'http', port: 8080, protocol: 'HTTP' });

type GatewaySubject = Parameters<GatewayRule['find']>[0];

/** Rules about gateways as a whole: host network mode, class, parameters. */
export const GATEWAY_RULES: readonly GatewayRule[] = [
  {
    id: 'gateway/low-port',
    level: 'warning',
    docs: `${GATEWAY_DOCS}#bind-to-privileged-port`,
    find: ({ model, cilium }) =>
      cilium !== undefined &&
      onHostNetwork(cilium) &&
      !mayBindLowPorts(cilium) &&
      model.listeners
        .filter(({ port }) => port < 1024)
        .map(({ at, port }) =>
          problem(
            [`${at}.port`, 'cilium.gatewayAPI.hostNetwork.enabled'],
            `Envoy lacks the capability to listen on port ${String(port)} of a node.`,
            `${LOW_PORTS_FIX} Or use a port from 1024 on.`,
          ),
        ),
    examples: { bad: { ...good, values: HOST }, good: { ...good, values: { ...HOST, ...LOW_PORTS_EXAMPLE } } },
  },
  {
    id: 'gateway/host-port-twice',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ model, cilium, earlier }) =>
      onHostNetwork(cilium) &&
      othersWith<GatewayProps, GatewayModel>(earlier, 'gateway', portsOf, portsOf({ model })).flatMap((other) =>
        model.listeners
          .filter(({ port }) => other.model.listeners.some((theirs) => theirs.port === port))
          .map(({ at, port }) =>
            problem(
              `${at}.port`,
              `The gateway ${String(other.namespace)}/${other.name} already uses port ${String(port)} of the nodes.`,
              'Give each gateway its own ports, or move the listeners into one gateway.',
            ),
          ),
      ),
    examples: {
      bad: { props: HIGH, values: HOST, others: [{ subject: 'gateway', props: { ...HIGH, name: 'other' } }] },
      good: {
        props: HIGH,
        values: HOST,
        others: [
          {
            subject: 'gateway',
            props: { ...gatewayWith({ name: 'http', port: 8081, protocol: 'HTTP' }), name: 'other' },
          },
        ],
      },
    },
  },
  {
    id: 'gateway/host-protocol',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ model, cilium }) =>
      onHostNetwork(cilium) &&
      model.listeners
        .filter(({ protocol }) => protocol === 'TCP' || protocol === 'UDP')
        .map(({ at, protocol }) =>
          problem(
            [`${at}.protocol`, 'cilium.gatewayAPI.hostNetwork.enabled'],
            `Cilium does not support ${protocol} in host network mode.`,
            'Disable host network mode, or use HTTP, HTTPS or TLS.',
          ),
        ),
    examples: {
      bad: { version: '1.20.0', props: gatewayWith({ name: 'db', port: 5432, protocol: 'TCP' }), values: HOST },
      good: { version: '1.20.0', props: HIGH, values: HOST },
    },
  },
  {
    id: 'gateway/host-address',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ model, cilium }) =>
      onHostNetwork(cilium) &&
      model.addresses.length > 0 &&
      problem(
        ['addresses', 'cilium.gatewayAPI.hostNetwork.enabled'],
        'In host network mode gateways have the addresses of the nodes, so the gateway never gets these.',
        'Leave `addresses` out.',
      ),
    examples: {
      bad: { props: { ...HIGH, addresses: ['192.168.1.200'] }, values: HOST },
      good: { props: HIGH, values: HOST },
    },
  },
  {
    id: 'gateway/never-programmed',
    level: 'warning',
    docs: 'https://github.com/cilium/cilium/issues/42786',
    find: (subject) => neverProgrammed(subject),
    examples: {
      bad: { version: '1.18.11', props: HIGH, values: HOST },
      good: { version: '1.19.6', props: HIGH, values: HOST },
    },
  },
  {
    id: 'gateway/reserved-label',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ name, props: { infrastructure } }) => {
      const label = infrastructure?.labels?.[OWNER];
      return (
        label !== undefined &&
        label !== shortenedName(name) &&
        problem(
          `infrastructure.labels['${OWNER}']`,
          'Cilium finds the Service of the gateway by this label, so with another value the gateway never gets an address.',
          'Leave it out.',
        )
      );
    },
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, infrastructure: { labels: { 'io.cilium.gateway/owning-gateway': 'web' } } } },
      good: { props: { ...EXAMPLE_GATEWAY, infrastructure: { labels: { tier: 'web' } } } },
    },
  },
  {
    id: 'gateway/class',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: (subject) => classProblem(subject),
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, gatewayClassName: 'Cilium' }, values: GATEWAY_ON },
      good: {
        props: { ...EXAMPLE_GATEWAY, gatewayClassName: 'inside' },
        values: GATEWAY_ON,
        others: [{ subject: 'gateway-class', props: { name: 'inside' } }],
      },
    },
  },
  {
    id: 'gateway/parameters',
    level: ({ ciliumVersion }) => (versionFeatures(ciliumVersion)('gateway-parameters-refused') ? 'error' : 'warning'),
    docs: PARAMETERS_DOCS,
    find: ({ props: { infrastructure } }) =>
      infrastructure?.parametersRef !== undefined &&
      problem(
        'infrastructure.parametersRef',
        'Cilium supports parameters for a GatewayClass only, not for a single gateway.',
        'Set them as `parametersRef` of a separate GatewayClass.',
      ),
    examples: {
      bad: {
        props: {
          ...EXAMPLE_GATEWAY,
          infrastructure: { parametersRef: { group: 'cilium.io', kind: 'CiliumGatewayClassConfig', name: 'inside' } },
        },
      },
      good: { props: { ...EXAMPLE_GATEWAY, gatewayClassName: 'inside' } },
    },
  },
  {
    id: 'gateway/name-of-service',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ name }) => {
      const service = shortenedName(`cilium-gateway-${name}`);
      return (
        !isDnsLabel(service) &&
        problem(
          'name',
          `Cilium creates the Service '${service}', and names of Services cannot contain dots.`,
          'Use lower-case letters, digits and dashes.',
        )
      );
    },
    examples: { bad: { props: { ...EXAMPLE_GATEWAY, name: 'home.example' } }, good },
  },
];

/** The label by which Cilium finds the Service of a gateway. */
const OWNER = 'io.cilium.gateway/owning-gateway';

/** A gateway whose Service has no load balancer, where Cilium does not take the addresses of nodes for those of the gateway. */
function neverProgrammed(subject: GatewaySubject): Problem | undefined {
  const { cilium, ciliumVersion } = subject;
  const has = versionFeatures(ciliumVersion);
  if (!has('gateway-programmed-with-address') || has('gateway-node-addresses')) return undefined;
  const onHost = onHostNetwork(cilium);
  if (!onHost && classServiceOf(subject).type !== 'NodePort') return undefined;
  return problem(
    onHost ? 'cilium.gatewayAPI.hostNetwork.enabled' : 'gatewayClassName',
    `Cilium ${ciliumVersion} assigns no address to a gateway ${onHost ? 'on the host network' : 'of type NodePort'}: it serves requests, but its condition Programmed stays False (AddressNotAssigned).`,
    'Use 1.18.12, 1.19.6 or newer, or let nothing wait for the condition.',
  );
}

function portsOf({ model }: { readonly model: GatewayModel }): readonly string[] {
  return model.listeners.map(({ port }) => String(port));
}

function classProblem({ model: { className }, cilium, others }: GatewaySubject): Problem | undefined {
  if (cilium === undefined || !isTruthy(cilium.v.gatewayAPI.enabled)) return undefined;
  const classes = [
    ...(createsClass(cilium) ? [DEFAULT_CLASS] : []),
    ...othersOf(others, 'gateway-class').map(({ name }) => name),
  ];
  if (classes.includes(className)) return undefined;
  return problem(
    ['gatewayClassName', ...(className === DEFAULT_CLASS ? ['cilium.gatewayAPI.gatewayClass.create'] : [])],
    `This app has no GatewayClass '${className}', and Cilium ignores gateways of other classes${classes.length > 0 ? `; there is ${classes.join(', ')}` : ''}.`,
    'Add a GatewayClass, or use `Cilium.fromVersion()` for a cluster whose classes are outside this app.',
  );
}
