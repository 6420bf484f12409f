import { versionFeatures } from '../../cilium/version-features';
import type { Context } from '../../cilium/context';
import { isTruthy } from '../../helm/truth';
import type { KubernetesObject } from '../../kubernetes/types';
import { problem } from '../../rules/rule';
import type { Problem } from '../../rules/rule';
import { L2_ON, L2_POLICY, eachService, poolOf, servedBy, together, web } from './service-examples';
import type { ServiceExample, ServiceRule } from './service-examples';
import type { LoadBalancerService, ServiceSubject } from './service-model';
import { copyHint } from './services';

const L2 = 'https://docs.cilium.io/en/stable/network/l2-announcements/';
const BGP = 'https://docs.cilium.io/en/stable/network/bgp-control-plane/bgp-control-plane-configuration/';
const BGP_ON = { bgpControlPlane: { enabled: true } } as const;

const CLUSTER_CONFIG: KubernetesObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumBGPClusterConfig',
  metadata: { name: 'rack' },
  spec: { bgpInstances: [{ name: 'rack', localASN: 65010, peers: [{ name: 'tor', peerAddress: '192.168.1.1' }] }] },
};

/** An advertisement of the addresses of Services. */
function advertising(address: string): KubernetesObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumBGPAdvertisement',
    metadata: { name: 'services' },
    spec: {
      advertisements: [
        {
          advertisementType: 'Service',
          service: { addresses: [address] },
          selector: { matchExpressions: [{ key: 'io.kubernetes.service.name', operator: 'Exists' }] },
        },
      ],
    },
  };
}

/** A Service and a pool, in a cluster with BGP. */
function routed(...objects: readonly KubernetesObject[]): ServiceExample {
  return { objects: [web(), poolOf(), ...objects], values: BGP_ON };
}

/** Rules of what announces the addresses of Services. */
export const ANNOUNCEMENT_RULES: readonly ServiceRule[] = [
  {
    id: 'service/no-l2-policy',
    level: 'warning',
    docs: L2,
    find: together(
      ({ isAnnouncedOnL2 }, { announcements: { l2 } }) => isAnnouncedOnL2 && !l2.exist,
      ['cilium.l2announcements.enabled'],
      'The manifests have no CiliumL2AnnouncementPolicy, and without one no node answers for their addresses in the local network.',
      'Add an L2AnnouncementPolicy with loadBalancerIPs: true.',
    ),
    examples: { bad: { objects: [web(), poolOf()], values: L2_ON }, good: servedBy(web()) },
  },
  {
    id: 'service/no-bgp-advertisement',
    level: 'warning',
    docs: BGP,
    find: together(
      ({ mayUse }, { announcements: { bgp } }) => mayUse.bgp && !mayUse.l2 && !bgp.exist,
      ['cilium.bgpControlPlane.enabled'],
      'The manifests have no CiliumBGPAdvertisement, and without one no router learns their addresses.',
      'Add a BgpAdvertisement for Services, with the labels that a BgpPeerConfig selects.',
    ),
    examples: { bad: routed(), good: routed(advertising('LoadBalancerIP'), CLUSTER_CONFIG) },
  },
  {
    id: 'service/no-bgp-session',
    level: 'warning',
    docs: BGP,
    find: together(
      ({ mayUse }, { announcements: { bgp, hasSessions } }) => mayUse.bgp && !mayUse.l2 && bgp.exist && !hasSessions,
      ['cilium.bgpControlPlane.enabled'],
      'The manifests have no CiliumBGPClusterConfig, and without one no node peers with a router.',
      'Add a BgpClusterConfig with a peer, and a BgpPeerConfig that selects the advertisement.',
    ),
    examples: {
      bad: routed(advertising('LoadBalancerIP')),
      good: routed(advertising('LoadBalancerIP'), CLUSTER_CONFIG),
    },
  },
  {
    id: 'service/not-announced',
    level: 'warning',
    docs: L2,
    find: notAnnounced,
    examples: { bad: { objects: [web(), poolOf()], values: {} }, good: servedBy(web()) },
  },
  {
    id: 'service/not-selected',
    level: 'warning',
    docs: L2,
    find: notSelected,
    examples: {
      bad: routed(advertising('ClusterIP'), CLUSTER_CONFIG),
      good: routed(advertising('LoadBalancerIP'), CLUSTER_CONFIG),
    },
  },
  {
    id: 'service/local-on-l2',
    level: 'warning',
    docs: L2,
    find: eachService((service, { cilium }) => localOnL2(service, cilium)),
    examples: { bad: servedBy(web({ externalTrafficPolicy: 'Local' })), good: servedBy(web()) },
  },
  {
    id: 'service/ipv6-on-l2',
    level: 'warning',
    docs: L2,
    find: eachService(({ isAnnouncedOnL2, requested, families, at }, { cilium }) => {
      if (!isAnnouncedOnL2 || cilium.has('l2-announces-ipv6')) return undefined;
      const addresses = requested.flatMap(({ address }) => address ?? []);
      if (!(addresses.length > 0 ? addresses.map(({ family }) => family) : families).includes(6)) return undefined;
      return problem(
        [at('spec.ipFamilies'), 'cilium.l2announcements.enabled'],
        `Cilium ${cilium.version} announces only IPv4 addresses in the local network, so the IPv6 address of the Service is not reachable.`,
        'Use a newer minor of Cilium, announce the Service by BGP, or request IPv4.',
      );
    }),
    examples: {
      bad: {
        objects: [web({ ipFamilies: ['IPv6'] }), poolOf({ blocks: [{ cidr: '2001:db8::/120' }] }), L2_POLICY],
        values: { ...L2_ON, ipv6: { enabled: true } },
      },
      good: servedBy(web({ ipFamilies: ['IPv4'] })),
    },
  },
];

/** Whether Envoy serves it, on any node: the Services of Gateways and Ingresses, whose only endpoint is a placeholder. */
function isOfEnvoy({ object, source }: LoadBalancerService): boolean {
  return source !== undefined || object.metadata.labels?.['cilium.io/ingress'] === 'true';
}

/** The chart makes the Service of the shared Ingress in any mode. */
function isUnused(service: LoadBalancerService, { v }: Context): boolean {
  return isOfEnvoy(service) && service.source === undefined && v.ingressController.loadbalancerMode !== 'shared';
}

/** The policy of all gateways, or of the shared Ingress, is a value, which `l2-announcements/local-gateways` judges. */
function localOnL2(service: LoadBalancerService, { profile }: Context): Problem | undefined {
  const { source, externalTrafficPolicy, isAnnouncedOnL2, at } = service;
  const place = at('spec.externalTrafficPolicy');
  if (externalTrafficPolicy !== 'Local' || !isAnnouncedOnL2 || place.startsWith('cilium.')) return undefined;
  const fromBackends = versionFeatures(profile.behavesAs)('l2-announces-from-backends');
  if (isOfEnvoy(service) ? source === undefined || !fromBackends : fromBackends) return undefined;
  return problem(
    [place, 'cilium.l2announcements.enabled'],
    fromBackends
      ? "This version announces a Service with externalTrafficPolicy Local only from nodes with one of its pods, and Envoy's placeholder endpoint is on none: no node answers ARP."
      : 'Any node may announce the address in the local network, and one without a pod of the Service drops the traffic.',
    'Leave externalTrafficPolicy at Cluster, or announce the Service by BGP.',
  );
}

/** Services with addresses from a pool while both ways are off, or while neither has any object. */
function notAnnounced(subject: ServiceSubject): readonly Problem[] {
  const { cilium, announcements, pools, services } = subject;
  const { l2announcements, bgpControlPlane } = cilium.v;
  const paths = ['cilium.l2announcements.enabled', 'cilium.bgpControlPlane.enabled'];
  const concerned = (concerns: (service: LoadBalancerService) => boolean): readonly string[] =>
    services.filter(concerns).map(({ at }) => at());
  const isOff = !isTruthy(l2announcements.enabled) && !isTruthy(bgpControlPlane.enabled);
  const off = concerned(
    ({ giver, loadBalancerClass }) => isOff && giver === 'lbipam' && loadBalancerClass === undefined,
  );
  const without = concerned(
    ({ mayUse }) => mayUse.l2 && mayUse.bgp && !announcements.l2.exist && !announcements.bgp.exist,
  );
  return [
    ...(off.length === 0 || pools.length === 0
      ? []
      : [
          problem(
            [...off, ...paths],
            'They get addresses from a pool that Cilium does not announce: outside the cluster only configured routes lead to them.',
            'Set l2announcements.enabled or bgpControlPlane.enabled, and add an L2AnnouncementPolicy or a BgpAdvertisement.',
          ),
        ]),
    ...(without.length === 0
      ? []
      : [
          problem(
            [...without, ...paths],
            'The manifests have neither a CiliumL2AnnouncementPolicy nor a CiliumBGPAdvertisement, and without one of them Cilium does not announce their addresses.',
            'Add an L2AnnouncementPolicy with loadBalancerIPs: true, or a BgpAdvertisement for Services.',
          ),
        ]),
  ];
}

/** Services whose address nothing announces, although there are policies or advertisements. */
function notSelected({ services, announcements, cilium }: ServiceSubject): readonly Problem[] {
  const judged = services.flatMap((service) => {
    if (isUnused(service, cilium)) return [];
    const ways = (['l2', 'bgp'] as const).filter((way) => service.mayUse[way] && announcements[way].exist);
    if (ways.length === 0) return [];
    const announcing = ways.filter((way) => announcements[way].announce);
    const isSelected = announcing.some((way) => announcements[way].selects(service.object));
    return [{ service, announcing, isSelected }];
  });
  const mute = judged.filter(({ announcing }) => announcing.length === 0);
  // A selector that matches no Service at all is reported with its policy; one for gateways only leaves other Services out by intent.
  const selected = judged.filter(({ isSelected }) => isSelected).map(({ service }) => service);
  const hasWritten = !selected.every(isOfEnvoy);
  const missed = judged.filter(
    ({ service, announcing, isSelected }) =>
      announcing.length > 0 && !isSelected && (isOfEnvoy(service) ? selected.length > 0 : hasWritten),
  );
  return [
    ...(mute.length === 0
      ? []
      : [
          problem(
            mute.map(({ service }) => service.at()),
            'No CiliumL2AnnouncementPolicy and no CiliumBGPAdvertisement of the manifests announces addresses of load balancers, so theirs are not announced.',
            "Set `loadBalancerIPs: true` in the policy, or `service: { addresses: ['LoadBalancerIP'] }` in the advertisement.",
          ),
        ]),
    ...(missed.length === 0
      ? []
      : [
          problem(
            missed.map(({ service }) => service.at()),
            'No serviceSelector of a CiliumL2AnnouncementPolicy and no selector of a CiliumBGPAdvertisement of the manifests matches them, so their addresses are not announced.',
            copyHint(
              missed.map(({ service }) => service.object),
              (service) => (['l2', 'bgp'] as const).some((way) => announcements[way].selects(service)),
            ) ?? 'Give the Services labels that a selector matches, or widen the selector.',
          ),
        ]),
  ];
}
