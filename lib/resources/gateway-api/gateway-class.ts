import type { GatewayClassConfigProps, GatewayClassProps } from './props';
import { othersOf } from '../../resource/kind';
import { switchedOff } from '../../resource/needs';
import type { ResourceRule } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';

import { isMap } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import { gatewayApi } from './api';
import { DEFAULT_CLASS, GATEWAY_DOCS, GATEWAY_ON, makesClass } from './gateway-model';

/** Cilium's name as a controller of gateways. */
const CONTROLLER = 'io.cilium/gateway-controller';

type Check = ResourceRule<GatewayClassProps>;

const INSIDE = { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } } as const;
const good = { props: INSIDE };
const CONFIG = { subject: 'gateway-class-config', props: { name: 'inside', service: { type: 'NodePort' } } } as const;

const CHECKS: readonly Check[] = [
  {
    id: 'gateway-class/off',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: (subject) => switchedOff(subject, 'gatewayAPI.enabled', 'Cilium serves no gateways.'),
    examples: { bad: { ...good, values: {} }, good: { ...good, values: GATEWAY_ON, others: [CONFIG] } },
  },
  {
    id: 'gateway-class/controller',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props: { controllerName = CONTROLLER } }) =>
      controllerName === CONTROLLER
        ? []
        : [
            {
              paths: ['controllerName'],
              message: `Cilium is not called '${controllerName}', and passes over the class.`,
              hint: 'Leave it out.',
            },
          ],
    examples: { bad: { props: { ...INSIDE, controllerName: 'cilium.io/gateway-controller' } }, good },
  },
  {
    id: 'gateway-class/made-by-cilium',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ name, cilium }) =>
      name === DEFAULT_CLASS && cilium !== undefined && makesClass(cilium)
        ? [
            {
              paths: ['name', 'cilium.gatewayAPI.gatewayClass.create'],
              message: 'Cilium brings a class of this name itself.',
              hint: "Take another name, or set `gatewayAPI.gatewayClass.create: 'false'`.",
            },
          ]
        : [],
    examples: {
      bad: { props: { name: 'cilium' }, values: GATEWAY_ON },
      good: {
        props: { name: 'cilium' },
        values: { ...GATEWAY_ON, gatewayAPI: { enabled: true, gatewayClass: { create: 'false' } } },
      },
    },
  },
  {
    id: 'gateway-class/parameters',
    level: 'error',
    docs: `${GATEWAY_DOCS}#gatewayclass-parameters-support`,
    find: ({ props: { parametersRef } }) => {
      if (parametersRef === undefined) return [];
      const { group = 'cilium.io', kind = 'CiliumGatewayClassConfig', namespace } = parametersRef;
      if (group !== 'cilium.io' || kind !== 'CiliumGatewayClassConfig') {
        return [
          {
            paths: ['parametersRef'],
            message: `Cilium takes no settings from a ${kind} of ${group === '' ? 'core' : group}.`,
            hint: 'Refer to a GatewayClassConfig.',
          },
        ];
      }
      if (namespace !== undefined) return [];
      return [
        {
          paths: ['parametersRef.namespace'],
          message: 'Settings belong to a namespace, and Cilium cannot find them without.',
          hint: 'Write `namespace`, or refer to the GatewayClassConfig construct.',
        },
      ];
    },
    examples: { bad: { props: { name: 'inside', parametersRef: { name: 'inside' } } }, good },
  },
  {
    id: 'gateway-class/no-such-parameters',
    level: 'warning',
    docs: `${GATEWAY_DOCS}#gatewayclass-parameters-support`,
    find: ({ props: { parametersRef }, cilium, others }) => {
      const configs = othersOf<GatewayClassConfigProps>(others, 'gateway-class-config');
      const found = configs.some(
        ({ name, props }) => name === parametersRef?.name && (props.namespace ?? 'default') === parametersRef.namespace,
      );
      if (parametersRef === undefined || cilium === undefined || found) return [];
      return [
        {
          paths: ['parametersRef'],
          message: `The app has no GatewayClassConfig ${parametersRef.namespace ?? ''}/${parametersRef.name}, and a class without its settings is not accepted.`,
          hint: 'Make it, or acknowledge this when it is made elsewhere.',
        },
      ];
    },
    examples: { bad: { ...good, values: GATEWAY_ON }, good: { ...good, values: GATEWAY_ON, others: [CONFIG] } },
  },
];

/** A class of gateways: GatewayClass. Cilium brings one called `cilium` itself. */
export const gatewayClass = resourceKind<GatewayClassProps>({
  api: gatewayApi('GatewayClass'),
  subject: 'gateway-class',
  example: { ...good, values: GATEWAY_ON },
  elsewhere: {
    namespace: 'Leave it out: classes belong to no namespace.',
    service: 'It belongs to a GatewayClassConfig.',
    config: 'It is called `parametersRef`.',
  },
  body: ({ controllerName, parametersRef, ...fields }) => ({
    spec: {
      ...fields,
      controllerName: controllerName ?? CONTROLLER,
      parametersRef: isMap(parametersRef) ? inFull(parametersRef) : parametersRef,
    },
  }),
  rules: [...CHECKS],
});

/** A reference with what the API server wants; of a construct only its name and namespace. */
function inFull({ name, namespace, group, kind, ...rest }: { readonly [key: string]: Json | undefined }): Json {
  const others = 'apiObject' in rest ? {} : rest;
  return { ...others, name, namespace, group: group ?? 'cilium.io', kind: kind ?? 'CiliumGatewayClassConfig' };
}
