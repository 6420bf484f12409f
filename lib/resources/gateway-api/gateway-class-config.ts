import type { GatewayClassConfigProps, GatewayClassProps } from './props';
import { ciliumApi } from '../../resource/api';
import { othersOf } from '../../resource/kind';
import { switchedOff } from '../../resource/needs';
import type { Problem } from '../../rules/rule';
import type { ResourceRule, Subject } from '../../resource/kind';
import type { ResourceKind } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import { nearest } from '../../rules/nearest';
import { GATEWAY_DOCS, GATEWAY_ON, onHostNetwork } from './gateway-model';

type Check = ResourceRule<GatewayClassConfigProps>;
type Service = NonNullable<GatewayClassConfigProps['service']>;

const DOCS = `${GATEWAY_DOCS}#gatewayclass-parameters-support`;
const NODE_PORT = { name: 'inside', service: { type: 'NodePort' } } as const;
const good = { props: NODE_PORT };
const CLASS = {
  subject: 'gateway-class',
  props: { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } },
} as const;

/** Words of a Service that the schema leaves open, and that the API server refuses when Cilium writes the Service. */
const WORDS = {
  externalTrafficPolicy: ['Cluster', 'Local'],
  ipFamilyPolicy: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  trafficDistribution: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
} as const satisfies Partial<Record<keyof Service, readonly string[]>>;

const CHECKS: readonly Check[] = [
  {
    id: 'gateway-class-config/service-word',
    level: 'error',
    docs: DOCS,
    find: ({ props: { service = {} } }) => [
      ...(Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((field) =>
        wrongWord(`service.${field}`, service[field], WORDS[field]),
      ),
      ...(service.ipFamilies ?? []).flatMap((family, i) =>
        wrongWord(`service.ipFamilies[${String(i)}]`, family, ['IPv4', 'IPv6']),
      ),
    ],
    examples: { bad: { props: { ...NODE_PORT, service: { externalTrafficPolicy: 'local' } } }, good },
  },
  {
    id: 'gateway-class-config/source-range',
    level: 'error',
    docs: DOCS,
    find: ({ props: { service } }) =>
      (service?.loadBalancerSourceRanges ?? []).flatMap((text, i) =>
        networkOf(text) === undefined
          ? [
              {
                paths: [`service.loadBalancerSourceRanges[${String(i)}]`],
                message: `'${text}' is no network.`,
                hint: 'Write an address with its prefix: `203.0.113.0/24`.',
              },
            ]
          : [],
      ),
    examples: {
      bad: { props: { name: 'inside', service: { loadBalancerSourceRanges: ['203.0.113.7'] } } },
      good: { props: { name: 'inside', service: { loadBalancerSourceRanges: ['203.0.113.7/32'] } } },
    },
  },
  {
    id: 'gateway-class-config/idle-field',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { service = {} }, cilium }) => {
      if (onHostNetwork(cilium)) {
        return Object.keys(service).length === 0
          ? []
          : [
              {
                paths: ['service', 'cilium.gatewayAPI.hostNetwork.enabled'],
                message:
                  'In host network mode gateways are ports of the nodes, and their Services are for inside only.',
                hint: 'Leave `service` out.',
              },
            ];
      }
      if (service.type !== 'NodePort') return [];
      return (['loadBalancerClass', 'loadBalancerSourceRanges', 'allocateLoadBalancerNodePorts'] as const)
        .filter((field) => service[field] !== undefined)
        .map((field) => ({
          paths: [`service.${field}`, 'service.type'],
          message: 'It counts for Services of type LoadBalancer only.',
          hint: 'Leave it out, or take the type LoadBalancer.',
        }));
    },
    examples: {
      bad: { props: { name: 'inside', service: { type: 'NodePort', loadBalancerClass: 'io.cilium/l2-announcer' } } },
      good,
    },
  },
  {
    id: 'gateway-class-config/family-off',
    level: 'warning',
    docs: DOCS,
    find: ({ props, cilium }) =>
      (props.service?.ipFamilies ?? []).flatMap((family, i) => {
        const value = family === 'IPv6' ? 'ipv6' : 'ipv4';
        if (cilium === undefined || isTruthy(cilium.v[value].enabled)) return [];
        return [
          {
            paths: [`service.ipFamilies[${String(i)}]`, `cilium.${value}.enabled`],
            message: `The cluster has no ${family}.`,
            hint: `Set \`${value}.enabled: true\`, or leave it out.`,
          },
        ];
      }),
    examples: {
      bad: { props: { name: 'inside', service: { ipFamilies: ['IPv6'] } }, values: GATEWAY_ON },
      good: { props: { name: 'inside', service: { ipFamilies: ['IPv4'] } }, values: GATEWAY_ON },
    },
  },
  {
    id: 'gateway-class-config/families',
    level: 'error',
    docs: DOCS,
    find: ({ props: { service: { ipFamilies = [], ipFamilyPolicy } = {} } }) => {
      const paths = ['service.ipFamilies', 'service.ipFamilyPolicy'];
      if (new Set(ipFamilies).size < ipFamilies.length)
        return [{ paths, message: 'A family is there twice; no Service comes of it.', hint: 'Name each once.' }];
      if (ipFamilies.length < 2 || (ipFamilyPolicy ?? 'SingleStack') !== 'SingleStack') return [];
      return [
        {
          paths,
          message: 'A Service has one family unless its policy says otherwise; no Service comes of it.',
          hint: 'Write `ipFamilyPolicy: PreferDualStack`, or name one family.',
        },
      ];
    },
    examples: {
      bad: { props: { name: 'inside', service: { ipFamilies: ['IPv4', 'IPv6'] } } },
      good: { props: { name: 'inside', service: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' } } },
    },
  },
  {
    id: 'gateway-class-config/dual-stack',
    level: 'error',
    docs: DOCS,
    find: ({ props: { service }, cilium }) =>
      service?.ipFamilyPolicy !== 'RequireDualStack' ||
      cilium === undefined ||
      (isTruthy(cilium.v.ipv4.enabled) && isTruthy(cilium.v.ipv6.enabled))
        ? []
        : [
            {
              paths: [
                'service.ipFamilyPolicy',
                isTruthy(cilium.v.ipv6.enabled) ? 'cilium.ipv4.enabled' : 'cilium.ipv6.enabled',
              ],
              message: 'The cluster has one family only, so no Service comes of it.',
              hint: 'Write `PreferDualStack`.',
            },
          ],
    examples: {
      bad: {
        props: { name: 'inside', service: { ipFamilyPolicy: 'RequireDualStack' } },
        values: GATEWAY_ON,
        others: [CLASS],
      },
      good: {
        props: { name: 'inside', service: { ipFamilyPolicy: 'PreferDualStack' } },
        values: GATEWAY_ON,
        others: [CLASS],
      },
    },
  },
  {
    id: 'gateway-class-config/access-log-format',
    level: 'warning',
    docs: DOCS,
    find: ({ props: { telemetry } }) =>
      (telemetry?.accessLogs ?? []).flatMap(({ format, json, text }, i) => {
        const idle =
          format === 'JSON' ? (text === undefined ? undefined : 'text') : json === undefined ? undefined : 'json';
        return idle === undefined
          ? []
          : [
              {
                paths: [`telemetry.accessLogs[${String(i)}].${idle}`],
                message: `The format is ${format}, so it counts for nothing.`,
                hint: 'Leave it out, or change `format`.',
              },
            ];
      }),
    examples: {
      bad: {
        version: '1.20.0',
        props: { name: 'inside', telemetry: { accessLogs: [{ format: 'JSON', text: '%PROTOCOL%' }] } },
      },
      good: {
        version: '1.20.0',
        props: { name: 'inside', telemetry: { accessLogs: [{ format: 'Text', text: '%PROTOCOL%' }] } },
      },
    },
  },
  {
    id: 'gateway-class-config/unused',
    level: 'warning',
    docs: DOCS,
    find: (subject) =>
      usedBy(subject)
        ? []
        : [
            {
              paths: ['name'],
              message: 'No GatewayClass of the app refers to it, so it changes nothing.',
              hint: 'Give it to a GatewayClass as `parametersRef`.',
            },
          ],
    examples: { bad: { ...good, values: GATEWAY_ON }, good: { ...good, values: GATEWAY_ON, others: [CLASS] } },
  },
  {
    id: 'gateway-class-config/off',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: (subject) => switchedOff(subject, 'gatewayAPI.enabled', 'Cilium serves no gateways.'),
    examples: { bad: { ...good, values: {} }, good: { ...good, values: GATEWAY_ON, others: [CLASS] } },
  },
];

function wrongWord(at: string, value: string | undefined, words: readonly string[]): readonly Problem[] {
  if (value === undefined || words.includes(value)) return [];
  const near = nearest(value, words);
  return [
    {
      paths: [at],
      message: `'${value}' is none of ${words.join(', ')}; no Service comes of it.`,
      hint: near === undefined ? 'Write one of them.' : `Write '${near}'.`,
    },
  ];
}

function usedBy({ name, namespace, cilium, others }: Subject<GatewayClassConfigProps>): boolean {
  if (cilium === undefined) return true;
  return othersOf<GatewayClassProps>(others, 'gateway-class').some(
    ({ props: { parametersRef } }) => parametersRef?.name === name && parametersRef.namespace === namespace,
  );
}

/** What Cilium makes of the gateways of a class: CiliumGatewayClassConfig. */
export const gatewayClassConfig: ResourceKind<GatewayClassConfigProps> = {
  api: ciliumApi('CiliumGatewayClassConfig'),
  subject: 'gateway-class-config',
  elsewhere: {
    type: 'Write `service: { type: … }`.',
    externalTrafficPolicy: 'Write `service: { externalTrafficPolicy: … }`.',
    loadBalancerClass: 'Write `service: { loadBalancerClass: … }`.',
    accessLogs: 'Write `telemetry: { accessLogs: … }`.',
    'service.annotations': 'Write `infrastructure: { annotations: … }` in the Gateway.',
    'service.loadBalancerIP': 'Write `addresses: [ … ]` in the Gateway.',
    'service.ports': 'The Service has the ports of the listeners; node ports cannot be chosen.',
    'service.type: ClusterIP':
      'Switch `gatewayAPI.hostNetwork.enabled` on for gateways without a Service of their own.',
  },
  rules: [...CHECKS],
};
