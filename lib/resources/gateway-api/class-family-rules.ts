import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import { networkOf } from '../../kubernetes/cidr';
import type { ResourceRule, Subject } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { GATEWAY_ON, PARAMETERS_DOCS } from './examples';
import type { GatewayClassConfigProps } from './props';

const CLASS = {
  subject: 'gateway-class',
  props: { name: 'inside', parametersRef: { name: 'inside', namespace: 'default' } },
} as const;
const DUAL = { values: { ...GATEWAY_ON, ipv6: { enabled: true } }, others: [CLASS] } as const;

/** Rules about the address families of the Services of a class. */
export const CLASS_FAMILY_RULES: readonly ResourceRule<GatewayClassConfigProps>[] = [
  {
    id: 'gateway-class-config/families',
    level: 'error',
    docs: PARAMETERS_DOCS,
    find: (subject) => familiesProblem(subject),
    examples: {
      bad: { props: { name: 'inside', service: { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'SingleStack' } } },
      good: { props: { name: 'inside', service: { ipFamilies: ['IPv4', 'IPv6'] } } },
    },
  },
  {
    id: 'gateway-class-config/one-family',
    // Only Talos' subnets show that the API server adds the other family.
    level: ({ cilium }) => (hasBothFamilies(cilium?.talos?.serviceSubnets) ? 'error' : 'warning'),
    docs: PARAMETERS_DOCS,
    find: (subject) => oneFamilyProblem(subject),
    examples: {
      bad: {
        props: { name: 'inside', service: { ipFamilies: ['IPv4'] } },
        ...DUAL,
      },
      good: {
        props: { name: 'inside', service: { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' } },
        ...DUAL,
      },
    },
  },
  {
    id: 'gateway-class-config/dual-stack',
    // Without Talos' subnets the API server may have both families, and only Cilium one.
    level: ({ cilium }) => (cilium?.talos === undefined ? 'warning' : 'error'),
    docs: PARAMETERS_DOCS,
    find: ({ props: { service }, cilium }) =>
      service?.ipFamilyPolicy === 'RequireDualStack' &&
      cilium !== undefined &&
      !hasBothFamilies(cilium.talos?.serviceSubnets) &&
      (['ipv4', 'ipv6'] as const)
        .filter((family) => !isTruthy(cilium.v[family].enabled))
        .slice(-1)
        .map((family) =>
          problem(
            ['service.ipFamilyPolicy', `cilium.${family}.enabled`],
            'An API server with one address family rejects the Service.',
            'Write `PreferDualStack`.',
          ),
        ),
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
];

/** Whether Cilium serves both address families, so that a Service without a policy gets `PreferDualStack`. */
function isDualStack({ v }: Context): boolean {
  return isTruthy(v.ipv4.enabled) && isTruthy(v.ipv6.enabled);
}

function hasBothFamilies(subnets: readonly string[] = []): boolean {
  return new Set(subnets.map((text) => networkOf(text)?.family)).size > 1;
}

function familiesProblem({ props: { service = {} }, cilium }: Subject<GatewayClassConfigProps>): Problem | undefined {
  const { ipFamilies = [], ipFamilyPolicy } = service;
  const paths = ['service.ipFamilies', 'service.ipFamilyPolicy'];
  if (new Set(ipFamilies).size < ipFamilies.length)
    return problem(paths, 'An address family is listed twice; Cilium cannot create the Service.', 'Write each once.');
  const isSingle = ipFamilyPolicy === undefined ? cilium && !isDualStack(cilium) : ipFamilyPolicy === 'SingleStack';
  if (ipFamilies.length < 2 || isSingle !== true) return undefined;
  return problem(
    paths,
    'A Service has one address family unless its policy allows two; Cilium cannot create the Service.',
    'Write `ipFamilyPolicy: PreferDualStack`, or one family.',
  );
}

/** The API server adds the other family to the Service, and rejects Cilium's next update, which takes it away. */
function oneFamilyProblem({ props: { service = {} }, cilium }: Subject<GatewayClassConfigProps>): Problem | undefined {
  const { ipFamilies = [], ipFamilyPolicy } = service;
  if (ipFamilies.length !== 1 || cilium === undefined) return undefined;
  const policy = ipFamilyPolicy ?? (isDualStack(cilium) ? 'PreferDualStack' : 'SingleStack');
  const { talos } = cilium;
  const isDual = talos === undefined ? isDualStack(cilium) : hasBothFamilies(talos.serviceSubnets);
  if (!isDual || policy === 'SingleStack') return undefined;
  return problem(
    ['service.ipFamilies', 'service.ipFamilyPolicy'],
    `With ${policy}${ipFamilyPolicy === undefined ? ', which Cilium writes in a dual-stack cluster,' : ''} the API server adds the other family and then rejects every update of the Service: gateways stay \`Accepted=False NoResources\`.`,
    'Write `ipFamilyPolicy: SingleStack`, or both families.',
  );
}
