import type { Context } from '../../cilium/context';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { L2_ON, L2_POLICY, listed, poolOf, servedBy, web, webAt } from './service-examples';
import type { ServiceRule } from './service-examples';
import { races } from './service-race';
import type { Race } from './service-race';
import { dropsOtherPorts } from './node-addresses';
import { isOpen, shortages } from './service-supply';
import type { Shortage } from './service-supply';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
const EGRESS: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumEgressGatewayPolicy',
  metadata: { name: 'shop' },
  spec: {
    selectors: [{ podSelector: { matchLabels: { app: 'shop' } } }],
    destinationCIDRs: ['203.0.113.0/24'],
    egressGateway: { nodeSelector: {}, egressIP: '192.168.1.200' },
  },
};
const SMALL = poolOf({ blocks: [{ cidr: '192.168.1.200/32' }] });

/** Rules of all Services together, about the addresses that pools have for them. */
export const SUPPLY_RULES: readonly ServiceRule[] = [
  {
    id: 'service/too-few-addresses',
    level: 'warning',
    docs: LB_IPAM,
    find: (subject) => shortages(subject).map(tooFew),
    examples: {
      bad: { objects: [web(), web({ name: 'shop' }), SMALL, L2_POLICY], values: L2_ON },
      good: { objects: [web(), SMALL, L2_POLICY], values: L2_ON },
    },
  },
  {
    id: 'service/address-not-reserved',
    level: 'warning',
    docs: LB_IPAM,
    find: (subject) => {
      const short = new Set(shortages(subject).flatMap(({ pools }) => pools));
      return races(subject)
        .filter(({ pool }) => !short.has(pool))
        .map(notReserved);
    },
    examples: {
      bad: servedBy(webAt('192.168.1.200'), web({ name: 'shop' })),
      good: servedBy(webAt('192.168.1.207'), web({ name: 'shop' })),
    },
  },
  {
    id: 'service/node-address',
    level: ({ cilium }) => (dropsOtherPorts(cilium) ? 'error' : 'warning'),
    docs: 'https://github.com/cilium/cilium/issues/44901',
    find: ({ cilium, nodeAddresses, poolIndex, atPool }) =>
      nodeAddresses.flatMap(({ at, text, range }) =>
        poolIndex
          .holding(range)
          .filter(isOpen)
          .map((pool) => problem([atPool(pool), at], ...ofNode(text, pool.name, cilium))),
      ),
    examples: {
      bad: { objects: [SMALL, EGRESS], values: { egressGateway: { enabled: true }, ...L2_ON }, version: '1.19.6' },
      good: { objects: [SMALL], values: { egressGateway: { enabled: true }, ...L2_ON }, version: '1.19.6' },
    },
  },
];

/** Message and hint for an address of a node in a pool. */
export function ofNode(text: string, pool: string, cilium: Context): readonly [message: string, hint: string] {
  const effect = dropsOtherPorts(cilium)
    ? 'agents drop what comes to it on ports of no Service, so the node is not reachable once a Service has it'
    : 'a Service with it takes the traffic of the node on its ports; Cilium 1.19 and newer drop all other ports as well';
  return [
    `${pool} gives Services ${text}, the address of a node: ${effect}.`,
    "Leave the addresses of nodes out of pools; for Services on them use loadBalancerClass: 'io.cilium/node', or the host network.",
  ];
}

function tooFew({ family, services, pools, needed, available }: Shortage): Problem {
  const names = listed(pools.map(({ name }) => name));
  return problem(
    services.map(({ at }) => at()),
    `The Services need ${String(needed)} IPv${String(family)} addresses of ${names}, which ${pools.length === 1 ? 'has' : 'have'} ${String(available)}: some stay pending (out_of_ips).`,
    "Add addresses to a pool, let Services share one by lbipam.cilium.io/sharing-key, or exclude some by the pool's serviceSelector.",
  );
}

function notReserved({ pool, addresses, others }: Race): Problem {
  const requesting = addresses.flatMap(({ services }) => services);
  const texts = addresses.flatMap(({ services: [first], address }) =>
    first === undefined ? [] : first.requested.flatMap((one) => (one.address?.first === address ? [one.text] : [])),
  );
  return problem(
    [...requesting, ...others].map(({ at }) => at()),
    `LB IPAM may allocate ${listed(texts)} of ${pool.name} to ${listed(others.map(({ identity }) => identity))} before ${listed(requesting.map(({ identity }) => identity))}, which ${requesting.length === 1 ? 'requests' : 'request'} it and then ${requesting.length === 1 ? 'stays' : 'stay'} pending (already_allocated).`,
    'Request an address for every Service, or addresses further back in the block, or exclude the other Services by the serviceSelector of the pool.',
  );
}
