import type { Feature } from '../feature';
import { apiRateLimit } from './api-rate-limit';
import { bgp } from './bgp';
import { clusterMesh } from './cluster-mesh';
import { connectivityProbes } from './connectivity-probes';
import { customCalls } from './custom-calls';
import { datapathPlugins } from './datapath-plugins';
import { dnsProxy } from './dns-proxy';
import { driftDetection } from './drift-detection';
import { egressGateway } from './egress-gateway';
import { endpointSlices } from './endpoint-slices';
import { envoy } from './envoy';
import { ipMasq } from './ip-masq';
import { ipam } from './ipam';
import { k8sClient } from './k8s-client';
import { l2Announcements } from './l2-announcements';
import { loadBalancerIpam } from './load-balancer-ipam';
import { mutualAuth } from './mutual-auth';
import { natStatistics } from './nat-statistics';
import { nodes } from './nodes';
import { operatorApi } from './operator-api';
import { pathMtu } from './path-mtu';
import { podIPPools } from './pod-ip-pools';
import { sctp } from './sctp';
import { sourceIPVerification } from './source-ip-verification';
import { unmanagedPods } from './unmanaged-pods';
import { vtep } from './vtep';

export { extraConfig } from './extra-config';

/** Every feature, in no order that matters. */
export const FEATURES: readonly Feature[] = [
  apiRateLimit,
  bgp,
  clusterMesh,
  connectivityProbes,
  customCalls,
  datapathPlugins,
  dnsProxy,
  driftDetection,
  egressGateway,
  endpointSlices,
  envoy,
  ipMasq,
  ipam,
  k8sClient,
  l2Announcements,
  loadBalancerIpam,
  mutualAuth,
  natStatistics,
  nodes,
  operatorApi,
  pathMtu,
  podIPPools,
  sctp,
  sourceIPVerification,
  unmanagedPods,
  vtep,
];
