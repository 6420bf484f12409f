import type { GatewayProps } from './props';
import { othersOf } from '../../resource/kind';
import type { Problem } from '../../rules/rule';
import type { ResourceRule } from '../../resource/kind';
import { isTruthy } from '../../helm/truth';
import { addressFamily, overlaps, parseCidr } from '../../kubernetes/cidr';
import type { PoolModel } from '../load-balancer/pool-model';
import type { LoadBalancerIPPoolProps } from '../load-balancer/props';
import { EXAMPLE_GATEWAY, GATEWAY_DOCS, GATEWAY_ON, onHostNetwork } from './gateway-model';

type Check = ResourceRule<GatewayProps>;

/** The addresses of a gateway, in full. */
export function addressesOf({
  addresses = [],
}: GatewayProps): readonly { readonly type: string; readonly value: string | undefined }[] {
  return addresses.map((address) =>
    typeof address === 'string'
      ? { type: 'IPAddress', value: address }
      : { type: address.type ?? 'IPAddress', value: address.value },
  );
}

const CHECKS: readonly Check[] = [
  {
    id: 'gateway/address',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) =>
      addressesOf(props).flatMap(({ type, value }, i): readonly Problem[] => {
        const paths = [`addresses[${String(i)}]`];
        if (type !== 'IPAddress')
          return [
            {
              paths,
              message: `Cilium gives gateways no address of the type ${type}, and refuses the gateway.`,
              hint: 'Write an IP address.',
            },
          ];
        if (value === undefined || value === '')
          return [
            {
              paths,
              message: 'It has no value, and Cilium refuses the gateway.',
              hint: 'Write an IP address, or leave the list out for any.',
            },
          ];
        return addressFamily(value) === undefined
          ? [{ paths, message: `'${value}' is no IP address.`, hint: 'Write one address of a pool, without a prefix.' }]
          : [];
      }),
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, addresses: [{ type: 'Hostname', value: 'home.example.test' }] } },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200'] } },
    },
  },
  {
    id: 'gateway/address-twice',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ props }) => {
      const values = addressesOf(props).map(({ value }) => value);
      return values.flatMap((value, i) => {
        const first = values.indexOf(value);
        return value === undefined || first === i
          ? []
          : [
              {
                paths: [`addresses[${String(first)}]`, `addresses[${String(i)}]`],
                message: `${value} is there twice, and the API server refuses it.`,
                hint: 'Give it once.',
              },
            ];
      });
    },
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200', '192.168.1.200'] } },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200', '192.168.1.201'] } },
    },
  },
  {
    id: 'gateway/address-outside-pools',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props, cilium, others }) => {
      if (cilium === undefined || onHostNetwork(cilium)) return [];
      const ranges = othersOf<LoadBalancerIPPoolProps, PoolModel>(others, 'ip-pool').flatMap(
        ({ model }) => model.sound,
      );
      return addressesOf(props).flatMap(({ value = '' }, i) => {
        const address = addressFamily(value) === undefined ? undefined : parseCidr(value);
        if (address === undefined || ranges.some(({ range }) => overlaps(range, address))) return [];
        const message =
          ranges.length === 0
            ? 'There is no pool to take it from.'
            : `${value} is in none of the pools, and the gateway waits for it forever.`;
        return [{ paths: [`addresses[${String(i)}]`], message, hint: 'Make a LoadBalancerIPPool that holds it.' }];
      });
    },
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200'] }, values: GATEWAY_ON },
      good: {
        props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200'] },
        values: GATEWAY_ON,
        others: [{ subject: 'ip-pool', props: { blocks: ['192.168.1.200/29'] } }],
      },
    },
  },
  {
    id: 'gateway/address-overruled',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props }) => {
      const annotation = annotationOf(props);
      if (annotation === undefined || addressesOf(props).length === 0) return [];
      return [
        {
          paths: ['addresses', `infrastructure.annotations['${annotation}']`],
          message: "The annotation asks for addresses, too, and the two get in each other's way.",
          hint: 'Leave the annotation out.',
        },
      ];
    },
    examples: {
      bad: {
        props: {
          ...EXAMPLE_GATEWAY,
          addresses: ['192.168.1.200'],
          infrastructure: { annotations: { 'io.cilium/lb-ipam-ips': '192.168.1.201' } },
        },
      },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200'] } },
    },
  },
  {
    id: 'gateway/address-annotation',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props }) => {
      const annotation = annotationOf(props);
      if (annotation === undefined || addressesOf(props).length > 0) return [];
      return [
        {
          paths: [`infrastructure.annotations['${annotation}']`],
          message: 'Cilium calls this way to ask for an address outdated, and will drop it.',
          hint: 'Write `addresses: [ … ]`.',
        },
      ];
    },
    examples: {
      bad: {
        props: { ...EXAMPLE_GATEWAY, infrastructure: { annotations: { 'lbipam.cilium.io/ips': '192.168.1.201' } } },
      },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.201'] } },
    },
  },
];

/** The annotation by which the Service of a gateway asks for addresses, if there is one. */
function annotationOf({ infrastructure }: GatewayProps): string | undefined {
  return ['io.cilium/lb-ipam-ips', 'lbipam.cilium.io/ips'].find((key) => isTruthy(infrastructure?.annotations?.[key]));
}

/** The addresses that a gateway asks for. */
export const ADDRESS_CHECKS: readonly Check[] = [...CHECKS];
