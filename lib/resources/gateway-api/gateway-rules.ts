import type { GatewayProps } from './props';
import type { Context } from '../../cilium/context';
import { LOW_PORTS_EXAMPLE, LOW_PORTS_FIX, mayBindLowPorts, servesNodePorts } from '../../cilium/parts/envoy-listeners';
import { othersOf } from '../../resource/kind';
import { switchedOff } from '../../resource/needs';
import type { ResourceRule } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { isDnsLabel } from '../../kubernetes/names';
import { addressesOf } from './address-rules';
import {
  DEFAULT_CLASS,
  EXAMPLE_GATEWAY,
  GATEWAY_DOCS,
  GATEWAY_ON,
  gatewayWith,
  homeOf,
  makesClass,
  onHostNetwork,
} from './gateway-model';

type Check = ResourceRule<GatewayProps>;

const good = { props: EXAMPLE_GATEWAY };
const HOST = { gatewayAPI: { enabled: true, hostNetwork: { enabled: true } }, kubeProxyReplacement: true } as const;
const HIGH = gatewayWith({ name: 'http', port: 8080, protocol: 'HTTP' });

const HOST_CHECKS: readonly Check[] = [
  {
    id: 'gateway/low-port',
    level: 'error',
    docs: `${GATEWAY_DOCS}#bind-to-privileged-port`,
    find: ({ props, cilium }) =>
      !onHostNetwork(cilium) || mayBindLowPorts(cilium as Context)
        ? []
        : props.listeners.flatMap(({ port }, i) =>
            port < 1024
              ? [
                  {
                    paths: [`listeners[${String(i)}].port`, 'cilium.gatewayAPI.hostNetwork.enabled'],
                    message: `Envoy may not listen on port ${String(port)} of a node.`,
                    hint: `${LOW_PORTS_FIX} Or take a port from 1024 on.`,
                  },
                ]
              : [],
          ),
    examples: { bad: { ...good, values: HOST }, good: { ...good, values: { ...HOST, ...LOW_PORTS_EXAMPLE } } },
  },
  {
    id: 'gateway/host-port-twice',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props, cilium, earlier }) =>
      onHostNetwork(cilium)
        ? othersOf<GatewayProps>(earlier, 'gateway').flatMap((other) =>
            props.listeners.flatMap(({ port }, i) =>
              other.props.listeners.some((theirs) => theirs.port === port)
                ? [
                    {
                      paths: [`listeners[${String(i)}].port`],
                      message: `The gateway ${homeOf(other)}/${other.name} has port ${String(port)} of the nodes already.`,
                      hint: 'Give each gateway its own ports, or put the listeners into one gateway.',
                    },
                  ]
                : [],
            ),
          )
        : [],
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
    find: ({ props, cilium }) =>
      onHostNetwork(cilium)
        ? props.listeners.flatMap(({ protocol }, i) =>
            protocol === 'TCP' || protocol === 'UDP'
              ? [
                  {
                    paths: [`listeners[${String(i)}].protocol`, 'cilium.gatewayAPI.hostNetwork.enabled'],
                    message: `In host network mode Cilium serves no ${protocol}.`,
                    hint: 'Switch host network mode off, or take HTTP, HTTPS or TLS.',
                  },
                ]
              : [],
          )
        : [],
    examples: {
      bad: { version: '1.20.0', props: gatewayWith({ name: 'db', port: 5432, protocol: 'TCP' }), values: HOST },
      good: { version: '1.20.0', props: HIGH, values: HOST },
    },
  },
  {
    id: 'gateway/host-address',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props, cilium }) =>
      onHostNetwork(cilium) && addressesOf(props).length > 0
        ? [
            {
              paths: ['addresses', 'cilium.gatewayAPI.hostNetwork.enabled'],
              message:
                'In host network mode gateways have the addresses of the nodes, and the gateway waits for its own forever.',
              hint: 'Leave `addresses` out.',
            },
          ]
        : [],
    examples: {
      bad: { props: { ...HIGH, addresses: ['192.168.1.200'] }, values: HOST },
      good: { props: HIGH, values: HOST },
    },
  },
];

const SETTING_CHECKS: readonly Check[] = [
  {
    id: 'gateway/off',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: (subject) => switchedOff(subject, 'gatewayAPI.enabled', 'Cilium serves no gateways.'),
    examples: { bad: { ...good, values: {} }, good: { ...good, values: GATEWAY_ON } },
  },
  {
    id: 'gateway/kube-proxy',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ cilium }) =>
      cilium === undefined || !isTruthy(cilium.v.gatewayAPI.enabled) || servesNodePorts(cilium)
        ? []
        : [
            {
              paths: ['cilium.kubeProxyReplacement'],
              message:
                'The controller of gateways does not start while kube-proxy is kept; the operator only says so in its log.',
              hint: 'Set `kubeProxyReplacement: true`.',
            },
          ],
    examples: { bad: { ...good, values: { gatewayAPI: { enabled: true } } }, good: { ...good, values: GATEWAY_ON } },
  },
  {
    id: 'gateway/class',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props: { gatewayClassName = DEFAULT_CLASS }, cilium, others }) => {
      if (cilium === undefined || !isTruthy(cilium.v.gatewayAPI.enabled)) return [];
      const wanted = typeof gatewayClassName === 'string' ? gatewayClassName : gatewayClassName.name;
      const classes = [
        ...(makesClass(cilium) ? [DEFAULT_CLASS] : []),
        ...othersOf(others, 'gateway-class').map(({ name }) => name),
      ];
      if (classes.includes(wanted)) return [];
      return [
        {
          paths: ['gatewayClassName', ...(wanted === DEFAULT_CLASS ? ['cilium.gatewayAPI.gatewayClass.create'] : [])],
          message: `Nobody makes the class '${wanted}', and a gateway without its class is passed over${classes.length > 0 ? `; there is ${classes.join(', ')}` : ''}.`,
          hint: "Make a GatewayClass, or give `ciliumVersion` in place of `cilium` when it is somebody else's.",
        },
      ];
    },
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
    level: 'error',
    docs: `${GATEWAY_DOCS}#gatewayclass-parameters-support`,
    find: ({ props: { infrastructure } }) =>
      infrastructure?.parametersRef === undefined
        ? []
        : [
            {
              paths: ['infrastructure.parametersRef'],
              message: 'Cilium takes no settings for a single gateway, only for a class of them.',
              hint: 'Give them to a GatewayClass of its own as `parametersRef`.',
            },
          ],
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
    find: ({ name }) =>
      // Longer names are shortened by a hash; dots stay.
      isDnsLabel(`cilium-gateway-${name}`.slice(0, 63).replace(/-$/, 'x'))
        ? []
        : [
            {
              paths: ['name'],
              message: `Cilium makes a Service 'cilium-gateway-${name}' of it, and Services have no dots in their names.`,
              hint: 'Use lower case letters, digits and dashes.',
            },
          ],
    examples: { bad: { props: { ...EXAMPLE_GATEWAY, name: 'home.example' } }, good },
  },
];

/** What the host network asks of gateways, and what Cilium must be set to for gateways. */
export const GATEWAY_CHECKS: readonly Check[] = [...HOST_CHECKS, ...SETTING_CHECKS];
