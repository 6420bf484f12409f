import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { L2_ON, L2_POLICY, listed, poolOf, servedBy, web, webAt } from './service-examples';
import type { ServiceRule } from './service-examples';
import { races } from './service-race';
import type { Race } from './service-race';
import { shortages } from './service-supply';
import type { Shortage } from './service-supply';

const LB_IPAM = 'https://docs.cilium.io/en/stable/network/lb-ipam/';
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
];

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
