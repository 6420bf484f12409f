import { networkOf } from '../../kubernetes/cidr';
import type { Cidr } from '../../kubernetes/cidr';
import { ciliumApi } from '../../resource/api';
import { eachItem } from '../../resource/each';
import { othersOf } from '../../resource/kind';
import type { ResourceRule, Subject } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { nearest } from '../../rules/nearest';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GATEWAY_DOCS, GATEWAY_ON, PARAMETERS_DOCS } from './examples';
import { CLASS_FAMILY_RULES } from './class-family-rules';
import { GATEWAY_API } from './gateway';
import { onHostNetwork } from './gateway-model';
import type { GatewayClassConfigProps, GatewayClassProps } from './props';

/** The source ranges of the Service; without a network where one is not a CIDR. */
interface ConfigModel {
  readonly sourceRanges: readonly { readonly at: string; readonly text: string; readonly network: Cidr | undefined }[];
}

type ConfigRule = ResourceRule<GatewayClassConfigProps, ConfigModel>;
type Service = NonNullable<GatewayClassConfigProps['service']>;

const NODE_PORT = { name: 'inside', service: { type: 'NodePort' } } as const;
const good = { props: NODE_PORT };
const CLASS = {
  subject: 'gateway-class',
  props: { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } },
} as const;

/** Values of a Service that the CRD does not restrict, and that the API server rejects when Cilium creates the Service. */
const WORDS = {
  externalTrafficPolicy: ['Cluster', 'Local'],
  ipFamilyPolicy: ['SingleStack', 'PreferDualStack', 'RequireDualStack'],
  trafficDistribution: ['PreferClose', 'PreferSameZone', 'PreferSameNode'],
} as const satisfies Partial<Record<keyof Service, readonly string[]>>;

const RULES: readonly ConfigRule[] = [
  {
    id: 'gateway-class-config/service-word',
    level: 'error',
    docs: PARAMETERS_DOCS,
    find: ({ props: { service = {} } }) => [
      ...(Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap((field) =>
        unknownWord(`service.${field}`, service[field], WORDS[field]),
      ),
      ...(service.ipFamilies ?? []).flatMap((family, i) =>
        unknownWord(`service.ipFamilies[${String(i)}]`, family, ['IPv4', 'IPv6']),
      ),
    ],
    examples: { bad: { props: { ...NODE_PORT, service: { externalTrafficPolicy: 'local' } } }, good },
  },
  {
    id: 'gateway-class-config/source-range',
    level: 'error',
    docs: PARAMETERS_DOCS,
    find: ({ model }) =>
      model.sourceRanges
        .filter(({ network }) => network === undefined)
        .map(({ at, text }) =>
          problem(at, `'${text}' is not a CIDR.`, 'Write an address with its prefix length: `203.0.113.0/24`.'),
        ),
    examples: {
      bad: { props: { name: 'inside', service: { loadBalancerSourceRanges: ['203.0.113.7'] } } },
      good: { props: { name: 'inside', service: { loadBalancerSourceRanges: ['203.0.113.7/32'] } } },
    },
  },
  {
    id: 'gateway-class-config/idle-field',
    level: 'warning',
    docs: PARAMETERS_DOCS,
    find: ({ props: { service = {} }, cilium }) => {
      if (onHostNetwork(cilium))
        return (
          Object.keys(service).length > 0 &&
          problem(
            ['service', 'cilium.gatewayAPI.hostNetwork.enabled'],
            'In host network mode gateways are ports of the nodes, and their Services are cluster-internal.',
            'Leave `service` out.',
          )
        );
      return (
        service.type === 'NodePort' &&
        (['loadBalancerClass', 'loadBalancerSourceRanges', 'allocateLoadBalancerNodePorts'] as const)
          .filter((field) => service[field] !== undefined)
          .map((field) =>
            problem(
              [`service.${field}`, 'service.type'],
              `\`${field}\` only has an effect for Services of type LoadBalancer.`,
              'Leave it out, or write the type LoadBalancer.',
            ),
          )
      );
    },
    examples: {
      bad: { props: { name: 'inside', service: { type: 'NodePort', loadBalancerClass: 'io.cilium/l2-announcer' } } },
      good,
    },
  },
  {
    id: 'gateway-class-config/access-log-format',
    level: 'warning',
    docs: PARAMETERS_DOCS,
    find: ({ props: { telemetry } }) =>
      (telemetry?.accessLogs ?? []).flatMap((log, i) => {
        const idle = log.format === 'JSON' ? 'text' : 'json';
        return log[idle] === undefined
          ? []
          : problem(
              `telemetry.accessLogs[${String(i)}].${idle}`,
              `\`${idle}\` has no effect while the format is ${log.format}.`,
              'Leave it out, or change `format`.',
            );
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
    docs: PARAMETERS_DOCS,
    find: (subject) =>
      !isUsed(subject) &&
      problem(
        'name',
        'No GatewayClass of this app refers to the GatewayClassConfig, so it has no effect.',
        'Set it as `parametersRef` of a GatewayClass.',
      ),
    examples: { bad: { ...good, values: GATEWAY_ON }, good: { ...good, values: GATEWAY_ON, others: [CLASS] } },
  },
];

function unknownWord(at: string, value: string | undefined, words: readonly string[]): readonly Problem[] {
  if (value === undefined || words.includes(value)) return [];
  const near = nearest(value, words);
  return [
    problem(
      at,
      `'${value}' is none of ${words.join(', ')}; Cilium cannot create the Service.`,
      near === undefined ? 'Write one of them.' : `Write '${near}'.`,
    ),
  ];
}

function isUsed({ name, namespace, cilium, others }: Subject<GatewayClassConfigProps>): boolean {
  if (cilium === undefined) return true;
  return othersOf<GatewayClassProps>(others, 'gateway-class').some(
    ({ props: { parametersRef } }) => parametersRef?.name === name && parametersRef.namespace === namespace,
  );
}

/** CiliumGatewayClassConfig: settings for the gateways of a class. */
export const gatewayClassConfig = resourceKind<GatewayClassConfigProps, ConfigModel>({
  api: ciliumApi('CiliumGatewayClassConfig'),
  construct: 'GatewayClassConfig',
  subject: 'gateway-class-config',
  docs: GATEWAY_DOCS,
  example: { ...good, values: GATEWAY_ON, others: [CLASS] },
  elsewhere: {
    type: 'Write `service: { type: … }`.',
    externalTrafficPolicy: 'Write `service: { externalTrafficPolicy: … }`.',
    loadBalancerClass: 'Write `service: { loadBalancerClass: … }`.',
    accessLogs: 'Write `telemetry: { accessLogs: … }`.',
    'service.annotations': 'Write `infrastructure: { annotations: … }` in the Gateway.',
    'service.loadBalancerIP': 'Write `addresses: [ … ]` in the Gateway.',
    'service.ports': 'Leave it out: the Service has the ports of the listeners; node ports cannot be chosen.',
    'service.type: ClusterIP': 'Enable `gatewayAPI.hostNetwork` for gateways without a Service.',
  },
  read: ({ service }) => ({
    sourceRanges: eachItem(service?.loadBalancerSourceRanges, 'service.loadBalancerSourceRanges', (text, at) => ({
      at,
      text,
      network: networkOf(String(text)),
    })),
  }),
  needs: [GATEWAY_API],
  families: {
    of: ({ props }) =>
      (props.service?.ipFamilies ?? []).map((family, i) => ({
        at: `service.ipFamilies[${String(i)}]`,
        family: family === 'IPv6' ? 6 : 4,
      })),
    effect: 'the Services of gateways get no address of this family',
    example: { name: 'inside', service: { ipFamilies: ['IPv6'], ipFamilyPolicy: 'SingleStack' } },
  },
  rules: [...RULES, ...CLASS_FAMILY_RULES],
});
