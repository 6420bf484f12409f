import { shortenedName } from '../../cilium/services/shortened-name';
import { versionFeatures } from '../../cilium/version-features';
import { isTruthy } from '../../helm/truth';
import { isDnsLabel } from '../../kubernetes/names';
import { othersOf } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { EXAMPLE_GATEWAY, GATEWAY_DOCS, GATEWAY_ON, PARAMETERS_DOCS, gatewayWith } from './examples';
import type { GatewayRule } from './examples';
import { DEFAULT_CLASS, classServiceOf, createsClass, onHostNetwork } from './gateway-model';

const good = { props: EXAMPLE_GATEWAY };
const HOST = { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } }, kubeProxyReplacement: true } as const;
const HIGH = gatewayWith({ name: 'http', port: 8080, protocol: 'HTTP' });

type GatewaySubject = Parameters<GatewayRule['find']>[0];

/** Rules about gateways as a whole: host network mode, class, parameters. */
export const GATEWAY_RULES: readonly GatewayRule[] = [
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
