import { isMap } from '../../kubernetes/json';
import type { Json } from '../../kubernetes/json';
import { othersOf } from '../../resource/kind';
import type { ResourceRule, Subject } from '../../resource/kind';
import { resourceKind } from '../../resource/resource-kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { gatewayApi } from './api';
import { GATEWAY_DOCS, GATEWAY_ON, PARAMETERS_DOCS } from './examples';
import { GATEWAY_API } from './gateway';
import { DEFAULT_CLASS, createsClass } from './gateway-model';
import { CONTROLLER, concernsClass } from './owner';
import type { GatewayClassProps } from './props';

const INSIDE = { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } } as const;
const CONFIG = { subject: 'gateway-class-config', props: { name: 'inside', service: { type: 'NodePort' } } } as const;
const good = { props: INSIDE };

const RULES: readonly ResourceRule<GatewayClassProps>[] = [
  {
    id: 'gateway-class/controller',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props: { controllerName = CONTROLLER } }) =>
      controllerName !== CONTROLLER &&
      problem(
        'controllerName',
        `Cilium's controller is not '${controllerName}', so it ignores the class.`,
        'Leave it out.',
      ),
    examples: { bad: { props: { ...INSIDE, controllerName: 'cilium.io/gateway-controller' } }, good },
  },
  {
    id: 'gateway-class/made-by-cilium',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ name, cilium }) =>
      name === DEFAULT_CLASS &&
      cilium !== undefined &&
      createsClass(cilium) &&
      problem(
        ['name', 'cilium.gatewayAPI.gatewayClass.create'],
        'Cilium already creates a class of this name.',
        "Use another name, or set `gatewayAPI.gatewayClass.create: 'false'`.",
      ),
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
    docs: PARAMETERS_DOCS,
    find: ({ props: { parametersRef } }) => {
      if (parametersRef === undefined) return undefined;
      const { group = 'cilium.io', kind = 'CiliumGatewayClassConfig', namespace } = parametersRef;
      if (group !== 'cilium.io' || kind !== 'CiliumGatewayClassConfig')
        return problem(
          'parametersRef',
          `Cilium does not read parameters from a ${kind} of group ${group === '' ? 'core' : group}.`,
          'Refer to a GatewayClassConfig.',
        );
      return (
        namespace === undefined &&
        problem(
          'parametersRef.namespace',
          'A GatewayClassConfig is namespaced, and Cilium cannot find it without its namespace.',
          'Write `namespace`, or refer to the GatewayClassConfig construct.',
        )
      );
    },
    examples: { bad: { props: { name: 'inside', parametersRef: { name: 'inside' } } }, good },
  },
  {
    id: 'gateway-class/no-such-parameters',
    level: 'warning',
    docs: PARAMETERS_DOCS,
    find: (subject) => missingParameters(subject),
    examples: { bad: { ...good, values: GATEWAY_ON }, good: { ...good, values: GATEWAY_ON, others: [CONFIG] } },
  },
];

function missingParameters({
  props: { parametersRef },
  cilium,
  others,
}: Subject<GatewayClassProps>): Problem | undefined {
  if (parametersRef === undefined || cilium === undefined) return undefined;
  const { name, namespace } = parametersRef;
  const configs = othersOf(others, 'gateway-class-config');
  if (configs.some((config) => config.name === name && config.namespace === namespace)) return undefined;
  return problem(
    'parametersRef',
    `This app has no GatewayClassConfig ${namespace ?? ''}/${name}, without which Cilium does not accept the class.`,
    'Add it, or acknowledge this when it is created elsewhere.',
  );
}

/** GatewayClass. Cilium creates one called `cilium`. */
export const gatewayClass = resourceKind<GatewayClassProps>({
  api: gatewayApi('GatewayClass'),
  subject: 'gateway-class',
  docs: GATEWAY_DOCS,
  example: { ...good, values: GATEWAY_ON, others: [CONFIG] },
  elsewhere: {
    namespace: 'Leave it out: classes are cluster-scoped.',
    service: 'Write it in a GatewayClassConfig.',
    config: 'Write `parametersRef`.',
  },
  body: ({ controllerName, parametersRef, ...fields }) => ({
    spec: {
      ...fields,
      controllerName: controllerName ?? CONTROLLER,
      parametersRef: isMap(parametersRef) ? inFull(parametersRef) : parametersRef,
    },
  }),
  concerns: concernsClass,
  needs: [GATEWAY_API],
  rules: RULES,
});

/** A reference with all required fields; of a construct only its name and namespace. */
function inFull({ name, namespace, group, kind, ...rest }: { readonly [key: string]: Json | undefined }): Json {
  const others = 'apiObject' in rest ? {} : rest;
  return { ...others, name, namespace, group: group ?? 'cilium.io', kind: kind ?? 'CiliumGatewayClassConfig' };
}
