import type { Context } from '../../cilium/context';
import { isMap, mapOf, mapsIn } from '../../kubernetes/json';
import type { JsonObject } from '../../kubernetes/json';
import { selects } from '../../kubernetes/selector';
import type { LabelSelector } from '../../kubernetes/selector';
import type { KubernetesObject } from '../../kubernetes/types';
import { announcesLoadBalancers } from './service-announcers';
import { selectableLabels } from './services';

/** An object by which nodes announce the addresses of Services. */
export interface AddressAnnouncer {
  readonly by: 'L2' | 'BGP';
  /** `CiliumL2AnnouncementPolicy home`. */
  readonly name: string;
  readonly families: readonly (4 | 6)[];
  /** Nodes that one of them selects announce; one that is `undefined` selects all. */
  readonly nodeSelectors: readonly (LabelSelector | undefined)[];
  selects(service: KubernetesObject): boolean;
}

/** The objects by which nodes announce addresses of load balancers: L2 policies, and advertisements that sessions of BGP carry. */
export function addressAnnouncers(objects: readonly KubernetesObject[], { has }: Context): readonly AddressAnnouncer[] {
  const ofKind = (kind: string): readonly KubernetesObject[] =>
    objects.filter((object) => object.kind === kind && object.apiVersion.startsWith('cilium.io/'));
  const sessions = sessionsOf(ofKind('CiliumBGPClusterConfig'), ofKind('CiliumBGPPeerConfig'));
  return [
    ...ofKind('CiliumL2AnnouncementPolicy').flatMap((policy) => l2Announcer(policy, has('l2-announces-ipv6'))),
    ...ofKind('CiliumBGPAdvertisement').flatMap((advertisement) => bgpAnnouncer(advertisement, sessions)),
    ...(has('bgp-peering-policies-defined') ? ofKind('CiliumBGPPeeringPolicy').flatMap(peeringAnnouncer) : []),
  ];
}

function l2Announcer(policy: KubernetesObject, hasIpv6: boolean): readonly AddressAnnouncer[] {
  const { loadBalancerIPs, serviceSelector, nodeSelector } = mapOf(policy.spec);
  if (loadBalancerIPs !== true) return [];
  return [
    {
      by: 'L2',
      name: nameOf(policy),
      families: hasIpv6 ? [4, 6] : [4],
      nodeSelectors: [selectorOf(nodeSelector)],
      // Without a selector all.
      selects: (service) => selects(selectorOf(serviceSelector) ?? {}, selectableLabels(service)),
    },
  ];
}

/** An address family of the sessions of nodes, and the advertisements that it carries. */
interface SessionFamily {
  readonly family: 4 | 6;
  readonly advertisements: LabelSelector;
  readonly nodes: LabelSelector | undefined;
}

function sessionsOf(
  clusters: readonly KubernetesObject[],
  peerConfigs: readonly KubernetesObject[],
): readonly SessionFamily[] {
  const families = new Map(peerConfigs.map(({ metadata, spec }) => [metadata.name, mapsIn(mapOf(spec).families)]));
  return clusters.flatMap(({ spec }) => {
    const { nodeSelector, bgpInstances } = mapOf(spec);
    const used = mapsIn(bgpInstances)
      .flatMap(({ peers }) => mapsIn(peers))
      .map(({ peerConfigRef }) => String(mapOf(peerConfigRef).name));
    return [...new Set(used)]
      .flatMap((name) => families.get(name) ?? [])
      .flatMap(({ afi, advertisements }): readonly SessionFamily[] => {
        const selector = selectorOf(advertisements);
        // Without a selector none.
        if (selector === undefined) return [];
        return [{ family: afi === 'ipv6' ? 6 : 4, advertisements: selector, nodes: selectorOf(nodeSelector) }];
      });
  });
}

function bgpAnnouncer(object: KubernetesObject, sessions: readonly SessionFamily[]): readonly AddressAnnouncer[] {
  const carried = sessions.filter(({ advertisements }) => selects(advertisements, mapOf(object.metadata.labels)));
  const selectors = mapsIn(mapOf(object.spec).advertisements)
    .filter(announcesLoadBalancers)
    .flatMap(({ selector }) => selectorOf(selector) ?? []);
  if (carried.length === 0 || selectors.length === 0) return [];
  return [
    {
      by: 'BGP',
      name: nameOf(object),
      families: [...new Set(carried.map(({ family }) => family))],
      nodeSelectors: carried.map(({ nodes }) => nodes),
      selects: (service) => selectors.some((selector) => selects(selector, selectableLabels(service))),
    },
  ];
}

function peeringAnnouncer(policy: KubernetesObject): readonly AddressAnnouncer[] {
  const { nodeSelector, virtualRouters } = mapOf(policy.spec);
  const selectors = mapsIn(virtualRouters).flatMap(({ serviceSelector }) => selectorOf(serviceSelector) ?? []);
  return [
    {
      by: 'BGP',
      name: nameOf(policy),
      families: [4, 6],
      nodeSelectors: [selectorOf(nodeSelector)],
      selects: (service) => selectors.some((selector) => selects(selector, selectableLabels(service))),
    },
  ];
}

function nameOf({ kind, metadata: { name } }: KubernetesObject): string {
  return `${kind} ${name}`;
}

function selectorOf(selector: unknown): LabelSelector | undefined {
  return isMap(selector) ? (selector as JsonObject) : undefined;
}
