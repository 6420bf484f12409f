import { isTruthy } from '../../helm/truth';
import type { Context } from '../context';
import { errorOnTalos } from '../values-rule';
import { cilium } from './fault';
import type { ValuesFault } from './fault';

const BGP = { bgpControlPlane: { enabled: true } } as const;
const L2 = { kubeProxyReplacement: true, l2announcements: { enabled: true } } as const;
const LOCAL_GATEWAYS = { gatewayAPI: { enabled: true, externalTrafficPolicy: 'Local' } } as const;

/** Faults of Service addresses, BGP and L2 announcements that values decide. */
export const LOAD_BALANCING_FAULTS: readonly ValuesFault[] = [
  {
    id: 'known-fault/bgp-without-secrets-namespace',
    title: 'BGP without a namespace for Secrets',
    affected: [{ from: '1.18.0', until: '1.18.3' }],
    level: errorOnTalos,
    find: ({ v: { bgpControlPlane } }) =>
      isTruthy(bgpControlPlane.enabled) &&
      isTruthy(bgpControlPlane.statusReport.enabled) &&
      !isTruthy(bgpControlPlane.secretsNamespace.name) &&
      'bgpControlPlane.secretsNamespace.name',
    message: 'The operator crashes with a nil pointer when BGP has no namespace for Secrets.',
    avoid: 'set bgpControlPlane.secretsNamespace.name',
    source: cilium(42425),
    example: {
      version: '1.18.3',
      values: { bgpControlPlane: { enabled: true, secretsNamespace: { name: '' } } },
    },
  },
  {
    id: 'known-fault/bgp-local-gateways',
    title: 'BGP and Gateways or Ingresses with externalTrafficPolicy Local',
    affected: [{ from: '1.18.0' }],
    find: ({ v }) => isTruthy(v.bgpControlPlane.enabled) && localProxies(v),
    message:
      "BGP advertises a Service with externalTrafficPolicy Local only from nodes with one of its endpoints, and Envoy's placeholder endpoint is on none: no node advertises its address.",
    avoid: 'set the externalTrafficPolicy to Cluster',
    source: cilium(42386),
    example: { version: '1.18.11', values: { ...BGP, kubeProxyReplacement: true, ...LOCAL_GATEWAYS } },
  },
  {
    id: 'known-fault/l2-local-gateways',
    title: 'L2 announcements and Gateways or Ingresses with externalTrafficPolicy Local',
    affected: [{ from: '1.20.2' }],
    find: ({ v }) => isTruthy(v.l2announcements.enabled) && localProxies(v),
    message:
      "Cilium announces a Service with externalTrafficPolicy Local only from nodes with one of its pods, and Envoy's placeholder endpoint is on none: no node answers ARP.",
    avoid: 'set the externalTrafficPolicy to Cluster',
    source: cilium(48799),
    example: { version: '1.20.2', values: { ...L2, ...LOCAL_GATEWAYS } },
    good: { version: '1.20.1' },
  },
  {
    id: 'known-fault/l2-pod-announcements-interface',
    title: 'L2 announcements of pods by interface name',
    affected: [{ from: '1.19.0', until: '1.19.4' }],
    level: errorOnTalos,
    find: ({ v: { l2podAnnouncements } }) =>
      isTruthy(l2podAnnouncements.enabled) &&
      !isTruthy(l2podAnnouncements.interfacePattern) &&
      'l2podAnnouncements.interface',
    message:
      'The chart writes l2podAnnouncements.interface as a key that the agent no longer knows, and the agent crashes.',
    avoid: 'set l2podAnnouncements.interfacePattern',
    source: cilium(46093),
    example: { version: '1.19.4', values: { l2podAnnouncements: { enabled: true } } },
    good: { values: { l2podAnnouncements: { enabled: true, interfacePattern: '^eth0$' } } },
  },
  {
    id: 'known-fault/l2-arp-answers',
    title: 'L2 announcements answer ARP intermittently',
    affected: [{ from: '1.19.0', until: '1.19.3' }],
    find: ({ v }) => isTruthy(v.l2announcements.enabled) && 'l2announcements.enabled',
    message:
      'The L2 responder loses entries of its BPF map, so that ARP requests for addresses of LoadBalancer Services are answered only at times.',
    source: cilium(45197),
    example: { version: '1.19.3', values: L2 },
  },
  {
    id: 'known-fault/l2-ipv6-failover',
    title: 'L2 announcements of IPv6 addresses after a failover',
    affected: [{ from: '1.19.0', until: '1.19.4' }],
    find: ({ v }) =>
      isTruthy(v.l2announcements.enabled) && isTruthy(v.ipv6.enabled) && ['l2announcements.enabled', 'ipv6.enabled'],
    message:
      'Hosts ignore the unsolicited neighbour advertisements, so that they keep sending to the previous node of an IPv6 address after a failover.',
    source: cilium(46079),
    example: { version: '1.19.4', values: { ...L2, ipv6: { enabled: true } } },
  },
];

/** Values by which Services of Envoy are Local. */
function localProxies({ gatewayAPI, ingressController }: Context['v']): readonly string[] {
  const { enabled, loadbalancerMode, service: shared } = ingressController;
  return [
    ...(isTruthy(gatewayAPI.enabled) && gatewayAPI.externalTrafficPolicy === 'Local'
      ? ['gatewayAPI.externalTrafficPolicy']
      : []),
    ...(isTruthy(enabled) && loadbalancerMode === 'shared' && shared.externalTrafficPolicy === 'Local'
      ? ['ingressController.service.externalTrafficPolicy']
      : []),
  ];
}
