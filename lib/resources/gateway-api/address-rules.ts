import { isTruthy } from '../../helm/truth';
import { overlaps } from '../../kubernetes/cidr';
import type { AddressRange } from '../../kubernetes/cidr';
import { othersOf } from '../../resource/kind';
import type { Others } from '../../resource/kind';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import type { PoolModel } from '../load-balancer/pool-model';
import type { LoadBalancerIPPoolProps } from '../load-balancer/props';
import { EXAMPLE_GATEWAY, GATEWAY_DOCS, GATEWAY_ON } from './examples';
import type { GatewayRule } from './examples';
import { addressGiverOf, classServiceOf, onHostNetwork } from './gateway-model';
import type { Address } from './gateway-model';
import type { GatewayProps } from './props';

/** Rules about the addresses of a gateway. */
export const ADDRESS_RULES: readonly GatewayRule[] = [
  {
    id: 'gateway/address',
    level: 'error',
    docs: GATEWAY_DOCS,
    find: ({ model }) =>
      model.addresses.flatMap(({ at, type, value, address }) => {
        if (type !== 'IPAddress')
          return problem(
            at,
            `Cilium does not support addresses of type ${type}, and rejects the gateway.`,
            'Write an IP address.',
          );
        if (value === '')
          return problem(
            at,
            'The address has no value, and Cilium rejects the gateway.',
            'Write an IP address, or leave the list out for any.',
          );
        return address === undefined
          ? problem(at, `'${value}' is not an IP address.`, 'Write one address of a pool, without a prefix length.')
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
    find: ({ model: { addresses } }) =>
      addresses.flatMap((address, i) => {
        const first = addresses.findIndex(({ value }) => value === address.value);
        return address.value === '' || first === i
          ? []
          : problem(
              [addresses[first]?.at ?? '', address.at],
              `${address.value} is listed twice, and the API server rejects it.`,
              'Write it once.',
            );
      }),
    examples: {
      bad: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200', '192.168.1.200'] } },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200', '192.168.1.201'] } },
    },
  },
  {
    id: 'gateway/address-outside-pools',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: (subject) =>
      subject.cilium !== undefined &&
      addressGiverOf(subject, subject.cilium) === 'pools' &&
      outsidePools(subject.model.addresses, subject.others.ofCluster(poolRanges)),
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
    id: 'gateway/static-address',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: (subject) => {
      const { model, cilium } = subject;
      // On the host network there is no Service.
      if (model.addresses.length === 0 || cilium === undefined || onHostNetwork(cilium)) return undefined;
      if (addressGiverOf(subject, cilium) !== 'nodes') return undefined;
      const effect =
        classServiceOf(subject).type === 'NodePort'
          ? 'so it never gets these'
          : "so with others its condition Programmed stays False (AddressNotUsable: StaticAddress can't be used)";
      return problem(
        ['addresses', 'gatewayClassName', 'cilium.defaultLBServiceIPAM'],
        `The gateway gets the addresses of nodes, ${effect}.`,
        'Leave `addresses` out, or use a class whose Services get addresses of pools.',
      );
    },
    examples: {
      bad: {
        props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.200'] },
        values: { ...GATEWAY_ON, nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' },
      },
      good: {
        props: EXAMPLE_GATEWAY,
        values: { ...GATEWAY_ON, nodeIPAM: { enabled: true }, defaultLBServiceIPAM: 'nodeipam' },
      },
    },
  },
  {
    id: 'gateway/address-overruled',
    level: 'warning',
    docs: GATEWAY_DOCS,
    find: ({ props, model }) =>
      model.addresses.length > 0 &&
      addressAnnotations(props).map((at) =>
        problem(
          ['addresses', at],
          'The annotation requests addresses, too, and conflicts with `addresses`.',
          'Leave the annotation out.',
        ),
      ),
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
    find: ({ props: { infrastructure }, model }) =>
      model.addresses.length === 0 &&
      isTruthy(infrastructure?.annotations?.[OLD_KEY]) &&
      problem(
        `infrastructure.annotations['${OLD_KEY}']`,
        'Cilium deprecates this annotation for gateways, and will remove it.',
        'Write `addresses: [ … ]`.',
      ),
    examples: {
      bad: {
        props: { ...EXAMPLE_GATEWAY, infrastructure: { annotations: { 'io.cilium/lb-ipam-ips': '192.168.1.201' } } },
      },
      good: { props: { ...EXAMPLE_GATEWAY, addresses: ['192.168.1.201'] } },
    },
  },
];

/** The annotation that `addresses` of a gateway become on its Service. */
const OLD_KEY = 'io.cilium/lb-ipam-ips';

/** The annotation that requests addresses for the Service of a gateway: the first that Cilium reads. */
function addressAnnotations({ infrastructure }: GatewayProps): readonly string[] {
  return [OLD_KEY, 'lbipam.cilium.io/ips']
    .filter((key) => isTruthy(infrastructure?.annotations?.[key]))
    .slice(0, 1)
    .map((key) => `infrastructure.annotations['${key}']`);
}

function poolRanges(others: Others): readonly AddressRange[] {
  return othersOf<LoadBalancerIPPoolProps, PoolModel>(others, 'ip-pool').flatMap(({ model }) =>
    model.sound.map(({ range }) => range),
  );
}

function outsidePools(addresses: readonly Address[], ranges: readonly AddressRange[]): readonly Problem[] {
  return addresses
    .filter(({ address }) => address !== undefined && !ranges.some((range) => overlaps(range, address)))
    .map(({ at, value }) =>
      problem(
        at,
        ranges.length === 0
          ? 'This app has no LoadBalancerIPPool.'
          : `${value} is in none of the pools, so the gateway never gets it.`,
        'Add a LoadBalancerIPPool that includes it.',
      ),
    );
}
