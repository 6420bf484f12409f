import type { Context } from '../../cilium/context';
import { push } from '../../kubernetes/groups';
import { mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { selectableLabels } from './services';

/** What announces the addresses of Services, in one of the two ways. */
export interface Announcers {
  /** Whether there are any objects for it. */
  readonly exist: boolean;
  /** Whether any of them announces addresses of load balancers. */
  readonly announce: boolean;
  /** Whether one of them announces the address of a Service. */
  selects(service: KubernetesObject): boolean;
}

/** What a cluster has to announce Services. */
export interface Announcements {
  readonly l2: Announcers;
  readonly bgp: Announcers;
  /** Whether nodes have BGP sessions, as far as the objects show. */
  readonly hasSessions: boolean;
}

/** Reads what announces Services. */
export function readAnnouncements(objects: readonly KubernetesObject[], { has }: Context): Announcements {
  const specsOf = (kind: string, version = ''): readonly JsonObject[] =>
    objects
      .filter((object) => object.kind === kind && object.apiVersion.startsWith(`cilium.io/${version}`))
      .map(({ spec }) => mapOf(spec));
  const policies = specsOf('CiliumL2AnnouncementPolicy', 'v2alpha1');
  const advertisements = specsOf('CiliumBGPAdvertisement');
  const peerings = has('bgp-peering-policies-defined') ? specsOf('CiliumBGPPeeringPolicy') : [];
  const routes = advertisements.flatMap((spec) => mapsIn(spec.advertisements)).filter(announcesLoadBalancers);
  const routers = peerings.flatMap((spec) => mapsIn(spec.virtualRouters));
  return {
    l2: announcers(
      policies.length,
      // Without a selector all.
      policies.filter(({ loadBalancerIPs }) => loadBalancerIPs === true).map((spec) => spec.serviceSelector ?? {}),
    ),
    bgp: announcers(advertisements.length + peerings.length, [
      // Without a selector none.
      ...routes.map(({ selector }) => selector),
      ...routers.map(({ serviceSelector }) => serviceSelector),
    ]),
    hasSessions: peerings.length > 0 || specsOf('CiliumBGPClusterConfig').length > 0,
  };
}

/** Whether a route of an advertisement announces the addresses of load balancers. */
export function announcesLoadBalancers({ advertisementType, service }: JsonObject): boolean {
  const { addresses } = mapOf(service);
  return advertisementType === 'Service' && Array.isArray(addresses) && addresses.includes('LoadBalancerIP');
}

function announcers(count: number, selectors: readonly unknown[]): Announcers {
  const sound = mapsIn(selectors);
  // By their first label, so that a Service is compared with few of many.
  const byLabel = new Map<string, JsonObject[]>();
  const others: JsonObject[] = [];
  for (const selector of sound) {
    const [label] = Object.entries(mapOf(selector.matchLabels));
    if (label === undefined) others.push(selector);
    else push(byLabel, `${label[0]}=${String(label[1])}`, selector);
  }
  return {
    exist: count > 0,
    announce: sound.length > 0,
    selects: (service) => {
      const labels = selectableLabels(service);
      const near = Object.entries(labels).flatMap(([key, value]) => byLabel.get(`${key}=${String(value)}`) ?? []);
      return [...others, ...near].some((selector) => selects(selector, labels));
    },
  };
}
