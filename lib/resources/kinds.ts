import { bgpAdvertisement } from './bgp/advertisement';
import { bgpCluster } from './bgp/cluster';
import { bgpNodeOverride } from './bgp/node-override';
import { bgpPeer } from './bgp/peer';
import { egressGatewayPolicy } from './egress/egress-gateway-policy';
import { clusterwideEnvoyConfig, envoyConfig } from './envoy/envoy-config';
import { gateway } from './gateway-api/gateway';
import { gatewayClass } from './gateway-api/gateway-class';
import { gatewayClassConfig } from './gateway-api/gateway-class-config';
import { httpRoute } from './gateway-api/http-route';
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
  httpRoute,
  ipPool,
  l2AnnouncementPolicy,
  localRedirect,
  networkPolicy,
  nodeConfig,
  podIPPool,
];
