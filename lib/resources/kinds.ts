import { bgpAdvertisement } from './bgp/advertisement';
import { bgpCluster } from './bgp/cluster';
import { bgpNodeOverride } from './bgp/node-override';
import { bgpPeer } from './bgp/peer';
import { egressGatewayPolicy } from './egress/egress-gateway-policy';
import { clusterwideEnvoyConfig, envoyConfig } from './envoy/envoy-config';
import { backendTlsPolicy } from './gateway-api/backend-tls-policy';
import { gateway } from './gateway-api/gateway';
import { gatewayClass } from './gateway-api/gateway-class';
import { gatewayClassConfig } from './gateway-api/gateway-class-config';
import { grpcRoute } from './gateway-api/grpc-route';
import { httpRoute } from './gateway-api/http-route';
import { listenerSet } from './gateway-api/listener-set';
import { referenceGrant } from './gateway-api/reference-grant';
import { tcpRoute, udpRoute } from './gateway-api/stream-route';
import { tlsRoute } from './gateway-api/tls-route';
import { ipPool } from './load-balancer/ip-pool';
import { l2AnnouncementPolicy } from './load-balancer/l2-announcement-policy';
import { localRedirect } from './load-balancer/local-redirect';
import { nodeConfig } from './nodes/node-config';
import { podIPPool } from './nodes/pod-ip-pool';
import { cidrGroup } from './policy/cidr-group';
import { clusterwideNetworkPolicy, networkPolicy } from './policy/network-policy';
import type { ResourceKind } from '../resource/kind';

/** Every kind of custom resource that has a construct: what the tests run and the generated pages list. */
export const RESOURCE_KINDS: readonly ResourceKind[] = [
  backendTlsPolicy,
  bgpAdvertisement,
  bgpCluster,
  bgpNodeOverride,
  bgpPeer,
  cidrGroup,
  clusterwideEnvoyConfig,
  clusterwideNetworkPolicy,
  egressGatewayPolicy,
  envoyConfig,
  gateway,
  gatewayClass,
  gatewayClassConfig,
  grpcRoute,
  httpRoute,
  ipPool,
  l2AnnouncementPolicy,
  listenerSet,
  localRedirect,
  networkPolicy,
  nodeConfig,
  podIPPool,
  referenceGrant,
  tcpRoute,
  tlsRoute,
  udpRoute,
];
