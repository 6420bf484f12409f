import type { BgpAdvertisementProps, BgpRoutes } from './advertisement';
import { mapsOf } from './sessions';

/** Routes of an advertisement, with their path. */
export interface Placed {
  readonly routes: BgpRoutes;
  readonly at: string;
}

/** The routes of an advertisement. */
export function routesOf({ advertisements }: BgpAdvertisementProps): readonly Placed[] {
  return mapsOf(advertisements).map((routes, i) => ({ routes, at: `advertisements[${String(i)}]` }));
}

/** The routes of Services that announce one sort of their addresses; the path is that of the addresses. */
export function announcing(props: BgpAdvertisementProps, address: 'LoadBalancerIP' | 'ClusterIP'): readonly Placed[] {
  return routesOf(props)
    .filter(
      ({ routes }) => routes.advertisementType === 'Service' && routes.service?.addresses.includes(address) === true,
    )
    .map(({ routes, at }) => ({ routes, at: `${at}.service.addresses` }));
}
